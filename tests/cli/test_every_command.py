"""What holds for each command: help with examples, completion, and no stack trace for a person."""

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner, Result

from cli.examples import EXAMPLES
from cli.main import app
from rehearsal.emulator.wire import Reply
from rehearsal.server import serving
from tests.cli.standins import NOBODY, SOMEBODY, Answering
from tests.cli.typed import SPRINGFIELD, typed

COMMANDS = typer.main.get_group(app).commands
ROOT = Path(__file__).parents[2]
WHY = ("--why", "late batch")
ASKING = {
    "status": ("status", SPRINGFIELD),
    "status --watch": ("status", SPRINGFIELD, "--watch"),
    "overtime": ("overtime", SPRINGFIELD, "paint", "--until", "23:30", *WHY),
    "skip": ("skip", SPRINGFIELD, "paint", "2026-03-03", *WHY),
    "hold": ("hold", SPRINGFIELD, "paint", "off", "--until", "23:30", *WHY),
    "overrides": ("overrides", SPRINGFIELD),
    "cancel": ("cancel", SPRINGFIELD, "paint"),
    "explain --ledger": ("explain", SPRINGFIELD, "paint", "2026-03-02T05:45", "--ledger"),
    "report": ("report", SPRINGFIELD, "--month", "2026-03"),
    "checkup": ("checkup", SPRINGFIELD),
    "doctor": ("doctor", SPRINGFIELD),
    "orphans": ("orphans", SPRINGFIELD),
    "deploy": ("deploy", SPRINGFIELD),
}
"""Commands that ask AWS."""
ASKING_NOBODY = {"validate", "plan", "diff", "rehearse", "emulate", "plants"}
STAND_INS = sorted(ASKING.keys() - {"orphans", "deploy"})
"""Those of them that may ask a stand-in."""


def said_by(words: tuple[object, ...], env: dict[str, str | None]) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


def sentence(result: Result) -> str:
    """Return the one line of a command that cannot ask what it has to."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("punchclock: ")
    return line


def test_every_command_is_tested_here():
    assert COMMANDS.keys() == {each.split()[0] for each in ASKING} | ASKING_NOBODY
    assert COMMANDS.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_says_what_it_does_and_ends_with_examples(name):
    shown = typed(name, "--help").stdout
    assert "Examples:" in shown
    for line in EXAMPLES[name]:
        assert f"    {line}\n" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


@pytest.mark.parametrize("line", [each for some in EXAMPLES.values() for each in some])
def test_an_example_can_be_typed_as_it_stands(line):
    words = shlex.split(line)
    if words[0] != "punchclock":
        assert words[0] == "git"
        return
    COMMANDS[words[1]].make_context(words[1], words[2:])


@pytest.mark.parametrize("name", sorted(ASKING))
def test_without_credentials_a_command_ends_in_one_sentence(name):
    said = sentence(said_by(ASKING[name], dict(NOBODY)))
    assert "there are no AWS credentials" in said
    assert "log in" in said


@pytest.mark.parametrize("name", sorted(ASKING))
def test_without_a_network_a_command_ends_in_one_sentence(name):
    # Nobody listens there, and botocore's own pauses between attempts would be waited for.
    env = {**SOMEBODY, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    assert "no answer from" in sentence(said_by(ASKING[name], env))


@pytest.mark.parametrize("name", STAND_INS)
def test_a_web_page_instead_of_a_service_is_told(name):
    page = Reply(status=200, content_type="text/html", body=b"<html>Log in to this network")
    with serving(Answering(page)) as address:
        said = sentence(said_by((*ASKING[name], "--endpoint", address), dict(NOBODY)))
    assert f"{address} answers with a web page, as no service of AWS does" in said


@pytest.mark.parametrize("name", sorted(ASKING))
def test_a_broken_profile_ends_in_one_sentence(name):
    env = {**NOBODY, "AWS_PROFILE": "nonsense"}
    assert "nonsense" in sentence(said_by(ASKING[name], env))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_file_that_is_not_there_or_a_folder_is_told(name, tmp_path):
    words: list[object] = list(ASKING.get(name, (name, SPRINGFIELD)))
    more: dict[str, list[object]] = {
        "plan": ["--from", "2026-03-02", "--to", "2026-03-03"],
        "rehearse": ["--from", "2026-03-02", "--to", "2026-03-03"],
        "diff": [SPRINGFIELD],
        "explain": ["paint", "2026-03-02T05:45"],
    }
    for place in (tmp_path / "nowhere.yaml", tmp_path):
        said = typed(
            *[place if each == SPRINGFIELD else each for each in words], *more.get(name, [])
        )
        assert isinstance(said.exception, SystemExit) or name == "plants", said.exception
        assert said.exit_code in {0, 2}
        assert "Traceback" not in said.output


def test_a_command_of_its_own_ends_in_one_sentence_without_credentials():
    """Once as a process, whatever the runner of the other tests may hide."""
    main = "from cli.main import main; main()"
    program = [sys.executable, "-c", main, "status", str(SPRINGFIELD)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)} | {k: v for k, v in NOBODY.items() if v}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        env.pop(name, None)
    ran = subprocess.run(program, capture_output=True, text=True, env=env, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith("punchclock: springfield: there are no AWS credentials")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found.getsockname()[1]


def test_a_port_that_is_taken_is_told_with_what_would_do(taken):
    result = typed("emulate", SPRINGFIELD, "--port", taken)
    assert result.exit_code == 2
    assert f"--port: {taken}: Address already in use; 0 would take any free port" in " ".join(
        result.stderr.split()
    )


# Completion


def completed(words: str) -> list[str]:
    env = {
        "_PUNCHCLOCK_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    result = CliRunner().invoke(app, [], env=env, prog_name="punchclock")
    assert not result.stderr
    return result.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("punchclock over", ["overtime", "overrides"]),
        ("punchclock hold FILE we", ["weld-seams"]),
        ("punchclock cancel FILE pa", ["paint"]),
        ("punchclock skip FILE paint 2026-03-03 ni", ["night"]),
        ("punchclock hold FILE paint o", ["on", "off"]),
        ("punchclock overtime FILE paint --un", ["--until"]),
        ("punchclock hold nowhere.yaml we", []),
    ],
)
def test_names_are_completed_from_the_plant_file(words, expected):
    assert completed(words.replace("FILE", str(SPRINGFIELD))) == expected


def test_a_file_that_does_not_hold_completes_nothing_and_says_nothing(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("plant: [")
    assert completed(f"punchclock hold {broken} we") == []

"""``punchclock rehearse --faults`` as it is typed."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from rehearsal.faults.kinds import KINDS
from tests.rehearsal.faults.plants import PAIR

DAYS = ["--from", "2026-04-02", "--to", "2026-04-04"]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plants") / "pair.yaml"
    path.write_bytes(PAIR)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_seeds_under_all_faults_are_one_document_with_every_fault_counted(plant):
    result = run("rehearse", plant, *DAYS, "--faults", "all", "--seeds", 3, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["violations"] == []
    assert list(document["faults"]) == list(KINDS)
    assert sum(document["faults"].values()) > 0
    assert document["calls"]["rekognition:start"] > 0
    assert "models" not in document


def test_a_defect_exits_with_1_and_a_command_that_shows_it_again(plant):
    words = ("--defect", "holiday-stops-nothing", "--json")
    result = run("rehearse", plant, *DAYS, "--faults", "all", *words)
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["violations"]
    assert found["name"] == "left-running"
    assert found["model"] == "paint"
    assert any("start_models asks for a start" in line for line in found["history"])
    again = run(*shlex.split(found["replay"])[1:], "--json")
    assert again.exit_code == 1
    (same,) = json.loads(again.stdout)["violations"]
    assert (same["name"], same["at"]) == (found["name"], found["at"])


def test_people_are_told_what_struck_and_that_nothing_broke(plant):
    result = run("rehearse", plant, *DAYS, "--faults", "throttled,events-lost", "--seed", 3)
    assert result.exit_code == 0
    assert "edges' events never arrive" in result.stdout
    assert "no violations: pair from 2026-04-02 to 2026-04-04, seed 3" in result.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--faults", "gremlins"), "'gremlins' is none of"),
        (("--faults", "all", "--defect", "typo"), "'typo' is none of"),
        (("--wire",), "need --faults"),
        (("--defect", "edges-only"), "need --faults"),
        (("--faults", "all", "--html", "day.html"), "without faults"),
    ],
)
def test_wrong_usage_is_said(plant, words, told):
    result = run("rehearse", plant, *DAYS, *words)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.replace("│", " ").split())

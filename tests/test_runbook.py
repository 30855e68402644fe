"""Has the runbook a section for all that people are called for, and only what can be typed?"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
import typer.main
from botocore import xform_name

from cli.main import app
from functions.services import descriptions
from infra.alarms import ROWS
from punchclock.actions import Trouble
from punchclock.notices import RUNBOOK, WORDS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / RUNBOOK
TEXT = PAGE.read_text(encoding="utf-8")

OURS = typer.main.get_group(app).commands
"""Commands of ``punchclock`` by name."""

GLOBAL = {"region", "query", "output", "profile"}
"""Options that every command of the AWS CLI has."""
BESIDE = {("logs", "tail"): {"since", "follow", "filter_pattern"}}
"""Commands that the AWS CLI has beside the operations of its services, with their options."""


RENAMED = {("sns", "subscribe"): {"notification_endpoint"}}
"""Options that the AWS CLI calls otherwise than the service, because one of that name is global."""


def sections(level: str) -> list[str]:
    return re.findall(rf"^{level} (.+)$", TEXT, flags=re.MULTILINE)


def part(title: str) -> str:
    """Return the text of a chapter."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def typed() -> Iterator[list[str]]:
    """Yield the words of every command in the page's blocks of code."""
    joined = re.sub(r" \\\n +", " ", TEXT)
    for line in re.findall(r"^ {4}(\S.*)$", joined, flags=re.MULTILINE):
        yield shlex.split(line)


def commands(name: str) -> list[list[str]]:
    return [words[1:] for words in typed() if words[0] == name]


def test_every_alarm_and_no_other_has_its_section():
    found = re.findall(r"^### (.+)$", part("Alarms"), flags=re.MULTILINE)
    assert found == [row.name for row in ROWS]


def test_every_trouble_and_no_other_has_its_section():
    found = re.findall(r"^### (.+)$", part("Incidents"), flags=re.MULTILINE)
    assert sorted(found) == sorted(each.value for each in Trouble)
    assert set(WORDS) == set(Trouble)


def test_no_two_sections_share_a_name():
    names = [*sections("##"), *sections("###")]
    assert len(names) == len({each.lower() for each in names})


def test_nothing_is_typed_but_commands_that_are_known():
    assert {words[0] for words in typed()} == {"punchclock", "aws", "git", "make"}


@pytest.mark.parametrize("words", commands("punchclock"), ids=" ".join)
def test_every_command_of_punchclock_is_taken_as_it_stands(words, monkeypatch):
    monkeypatch.chdir(ROOT)
    OURS[words[0]].make_context(words[0], words[1:])


@pytest.mark.parametrize("words", commands("aws"), ids=" ".join)
def test_every_command_of_the_aws_cli_exists_with_its_options(words):
    service, operation, *rest = words
    asked = {each[2:].replace("-", "_") for each in rest if each.startswith("--")}
    assert asked - GLOBAL <= known(service, operation)
    # An account has regions, and a message comes from one.
    assert "region" in asked


def known(service: str, operation: str) -> set[str]:
    """Return the options of a command, as botocore's description of the service has them."""
    if (service, operation) in BESIDE:
        return BESIDE[service, operation]
    session = botocore.session.get_session()
    descriptions.add(session)
    model = session.get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    members = {} if shape is None else shape.members
    # A switch is turned off by the same name with a word before it.
    return RENAMED.get((service, operation), set()) | {
        f"{word}{xform_name(name)}"
        for name, member in members.items()
        for word in ("", "no_" if member.type_name == "boolean" else "")
    }

"""Stacks that no plant file names any more, and the list of those that are named."""

import json

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.cli.deploying.accounts import Account, Deployed, reached
from tests.cli.standins import SOMEBODY
from tests.cli.typed import answered, typed, written

PLANT = """
shifts: {early: {days: Mon-Fri, start: 06:00, end: 14:00}}
models:
  paint: {@paint, shifts: [early]}
"""


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, PLANT)


@pytest.fixture
def account():
    stacks = {
        "punchclock-demo": Deployed("demo"),
        "punchclock-gone": Deployed("gone"),
        "other": Deployed("x", app="other"),
    }
    return Account(stacks=stacks)


def orphans(account, *words):
    with reached(account) as env:
        return CliRunner().invoke(app, ["orphans", *map(str, words)], env={**SOMEBODY, **env})


def test_a_stack_that_no_file_names_is_told_with_the_command_that_removes_it(account, file):
    told = orphans(account, file)
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "punchclock-gone in eu-central-1: no plant file names gone; to remove it:",
        "  aws cloudformation delete-stack --stack-name punchclock-gone --region eu-central-1",
    ]


def test_where_every_stack_has_its_file_nothing_is_said(account, file):
    del account.stacks["punchclock-gone"]
    told = orphans(account, file)
    assert (told.exit_code, told.output) == (0, "")


def test_a_plant_that_moved_to_another_region_has_left_a_stack_behind(account, file):
    file.write_text(file.read_text().replace("eu-central-1", "eu-west-1"))
    told = orphans(account, file, "--region", "eu-central-1", "--json")
    found = json.loads(told.stdout)["orphans"]
    assert {"stack": "punchclock-demo", "region": "eu-central-1"}.items() <= found[0].items()


def test_a_plant_of_another_account_does_not_account_for_a_stack_here(account, file):
    file.write_text(f'account: "{"9" * 12}"\n' + file.read_text().replace("123456789012", "9" * 12))
    told = orphans(account, file, "--json")
    assert {each["plant"] for each in json.loads(told.stdout)["orphans"]} == {"demo", "gone"}


def test_a_broken_file_makes_no_orphan_of_its_stack(account, file):
    file.write_text("plant: demo\n")
    told = orphans(account, file)
    assert told.exit_code == 1
    assert "orphan" not in told.stdout
    assert "is missing" in told.stderr
    assert account.asked == []


def test_plants_are_listed_with_their_stacks_and_a_broken_one_all_the_same(file, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("plant: broken\n")
    nothing = {"plant": None, "stack": None, "account": None, "region": None}
    assert answered("plants", file, broken)["plants"] == [
        {
            "name": "plant",
            "file": str(file),
            "plant": "demo",
            "stack": "punchclock-demo",
            "account": None,
            "region": "eu-central-1",
        },
        {"name": "broken", "file": str(broken), **nothing},
    ]


def test_a_file_that_is_not_there_is_wrong_usage():
    told = typed("plants", "nowhere.yaml")
    assert (told.exit_code, told.stderr) == (
        2,
        "punchclock: nowhere.yaml: No such file or directory\n",
    )

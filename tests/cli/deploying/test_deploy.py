"""A deployment: what is refused beforehand, what takes it back, and what it is taken back to."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk import Stack as CdkStack
from typer.testing import CliRunner

from cli.aws.reaching import Desk
from cli.aws.stacks import Stack
from cli.deploying import cdk
from cli.deploying.cdk import CdkFailed, as_it_was
from cli.deploying.deploy import UNWATCHED, Deployment, Refused
from cli.main import app
from plantfile.reader import read
from punchclock.rosters import CLAIMS, claim
from tests.cli.deploying.accounts import ALARM, FINE, Account, Deployed, Hand, reached
from tests.cli.standins import ACCOUNT, SOMEBODY
from tests.cli.typed import written

PLANT = """
shifts: {early: {days: Mon-Fri, start: 06:00, end: 14:00}}
models:
  paint: {@paint, shifts: [early]}
"""
STACK = "punchclock-demo"
OLD: dict[str, Any] = {"Resources": {"Old": {}}}
NEW: dict[str, Any] = {"Resources": {"New": {}}}
GONE = {"paint": {"state": "missing", "seen": "MISSING", "units": None}}
WATCHED = ("--rollback-trigger-alarm-arns", ALARM, "--monitoring-time-minutes", "10")


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, PLANT)


@pytest.fixture
def account(monkeypatch):
    """An account in which the plant runs."""
    account = Account(stacks={STACK: Deployed("demo", OLD)})
    with reached(account) as env:
        for key, value in {**SOMEBODY, **env}.items():
            if value is None:
                monkeypatch.delenv(key, raising=False)
            else:
                monkeypatch.setenv(key, value)
        yield account


def deployment(file: Path, hand: Any) -> Deployment:
    desk = Desk(plant=read(file))
    return Deployment(desk=desk, cdk=hand, file=file, folder=file.parent / "build")


# What is refused


def test_a_wrong_account_is_refused_in_one_sentence_before_anything_is_asked_or_changed(
    account, tmp_path
):
    pinned = written(tmp_path, f'account: "{ACCOUNT}"\n{PLANT}')
    pinned.write_text(pinned.read_text().replace(ACCOUNT, "9" * 12))
    told = CliRunner().invoke(app, ["deploy", str(pinned)])
    assert told.exit_code == 2
    assert told.stderr == (
        f"punchclock: demo: the credentials are of account {ACCOUNT}, the plant is in 999999999999:"
        " log in there, for example with AWS_PROFILE\n"
    )
    assert account.asked == ["GetCallerIdentity"]
    assert account.stacks[STACK].template == OLD


def test_a_model_that_another_plant_has_claimed_is_refused_before_anything_changes(account, file):
    (model,) = read(file).models
    theirs = {"Metadata": {CLAIMS: [claim(model.target)]}}
    account.stacks["punchclock-other"] = Deployed("other", theirs)
    hand = Hand(account, NEW)
    with pytest.raises(Refused, match=r"models\.paint is a model of plant other already"):
        deployment(file, hand).run()
    assert hand.deployed == []


def test_what_our_stack_claims_already_is_not_refused_because_another_one_claims_it_later(
    account, file
):
    (model,) = read(file).models
    both = {"Metadata": {CLAIMS: [claim(model.target)]}}
    account.stacks[STACK] = Deployed("demo", both)
    account.stacks["punchclock-other"] = Deployed("other", both)
    deployment(file, Hand(account, NEW)).run()
    assert account.stacks[STACK].template == NEW


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"])
def test_a_stack_that_was_never_made_claims_nothing(account, file, status):
    (model,) = read(file).models
    theirs = {"Metadata": {CLAIMS: [claim(model.target)]}}
    account.stacks["punchclock-other"] = Deployed("other", theirs, status=status)
    deployment(file, Hand(account, NEW)).run()
    assert account.stacks[STACK].template == NEW


def test_a_model_that_is_another_plants_by_what_the_sweep_says_takes_the_deployment_back(
    account, file
):
    theirs = {"paint": {"error": "stack punchclock-other has claimed it first"}}
    hand = Hand(account, NEW, models=theirs)
    with pytest.raises(Refused, match="cannot look after paint"):
        deployment(file, hand).run()
    assert account.stacks[STACK].template == OLD


def test_what_a_stack_of_somebody_else_says_claims_nothing(account, file):
    (model,) = read(file).models
    theirs = {"Metadata": {CLAIMS: [claim(model.target)]}}
    account.stacks["theirs"] = Deployed("other", theirs, app="theirs")
    account.stacks["punchclock-older"] = Deployed("older", {})
    deployment(file, Hand(account, NEW)).run()
    assert account.stacks[STACK].template == NEW


# What is deployed, and what takes it back


def test_a_deployment_is_watched_by_the_heartbeat_and_stays_where_all_is_seen(account, file):
    hand = Hand(account, NEW)
    deployment(file, hand).run()
    assert hand.deployed == [("new", WATCHED)]
    assert account.stacks[STACK].template == NEW
    assert account.asked.count("Invoke") == 2


def test_the_first_deployment_has_no_alarm_to_watch_and_is_looked_at_all_the_same(account, file):
    account.stacks.clear()
    hand = Hand(account, NEW)
    deployment(file, hand).run()
    assert hand.deployed == [("new", UNWATCHED)]
    assert account.asked.count("Invoke") == 1


def test_a_stack_whose_creation_failed_is_deployed_as_if_for_the_first_time(account, file):
    account.stacks[STACK].outputs = {}
    hand = Hand(account, NEW)
    deployment(file, hand).run()
    assert hand.deployed == [("new", UNWATCHED)]


def test_a_deployment_that_mends_the_heartbeat_is_not_rolled_back_for_it(account, file):
    account.alarm = "ALARM"
    hand = Hand(account, NEW)
    deployment(file, hand).run()
    assert hand.deployed == [("new", UNWATCHED)]


@pytest.mark.parametrize(
    "after", [GONE, {"paint": {"error": "AccessDenied"}}, RuntimeError("no module")]
)
def test_functions_that_cannot_look_after_a_model_take_the_deployment_back(account, file, after):
    hand = Hand(account, NEW, models=after)
    with pytest.raises(Refused, match="cannot look after"):
        deployment(file, hand).run()
    assert [folder for folder, _ in hand.deployed] == ["new", "old"]
    assert account.stacks[STACK].template == OLD
    assert hand.deployed[1][1] == UNWATCHED


def test_what_was_so_before_is_told_and_takes_nothing_back(account, file, capsys):
    account.models = GONE
    hand = Hand(account, NEW, models=GONE)
    deployment(file, hand).run()
    assert account.stacks[STACK].template == NEW
    assert "demo: paint: is MISSING" in capsys.readouterr().err


def test_there_is_nothing_to_go_back_to_from_a_first_deployment(account, file):
    account.stacks.clear()
    hand = Hand(account, NEW, models=GONE)
    with pytest.raises(Refused, match="cannot look after paint"):
        deployment(file, hand).run()
    assert account.stacks[STACK].template == NEW


def test_what_cloudformation_has_rolled_back_is_not_asked(account, file):
    hand = Hand(account, NEW, refuses=True)
    with pytest.raises(CdkFailed):
        deployment(file, hand).run()
    assert account.asked.count("Invoke") == 1


def test_a_stack_that_knows_no_checkups_yet_is_deployed_over(account, file):
    account.stacks[STACK].outputs = {"LedgerTable": "x"}
    hand = Hand(account, NEW)
    deployment(file, hand).run()
    assert hand.deployed == [("new", UNWATCHED)]


# The checkup alone


def test_a_checkup_asks_until_all_models_are_looked_at(account, file):
    account.models = {f"m{n}": FINE["paint"] for n in range(5)}
    account.most = 2
    told = CliRunner().invoke(app, ["checkup", str(file), "--json"])
    assert told.exit_code == 0
    assert list(json.loads(told.stdout)["models"]) == [f"m{n}" for n in range(5)]
    assert account.asked.count("Invoke") == 3


def test_a_checkup_says_what_is_wrong_and_exits_with_1(account, file):
    account.models = {**FINE, "glue": {"error": "not authorized"}}
    told = CliRunner().invoke(app, ["checkup", str(file)])
    assert told.exit_code == 1
    assert [line.split() for line in told.stdout.splitlines()[2:]] == [
        ["paint", "STOPPED", "2"],
        ["glue", "-", "-", "not", "authorized"],
    ]


def test_a_checkup_of_what_is_not_deployed_says_what_to_do(account, file):
    account.stacks.clear()
    told = CliRunner().invoke(app, ["checkup", str(file)])
    assert told.exit_code == 2
    assert f"the stack {STACK} is not there, or too old: make deploy PLANT={file}" in told.stderr


# The assembly that goes back


def test_the_cdk_itself_reads_the_assembly_that_goes_back(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    made = App(outdir=str(new), analytics_reporting=False)
    stack = CdkStack(made, "demo", tags={"version": "2"})
    stack.template_options.description = "new"
    made.synth()
    before = Stack(name="demo", outputs={}, status="UPDATE_COMPLETE", tags={"version": "1"})
    template = {"Description": "old", "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}
    as_it_was(old, before, template, new)
    said = subprocess.run(
        [*cdk.installed().command, "synth", "demo", "--app", str(old), "--json"],
        cwd=cdk.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == template
    manifest = json.loads((old / "manifest.json").read_text())
    properties = manifest["artifacts"]["demo"]["properties"]
    ((digest, asset),) = json.loads((old / "demo.assets.json").read_text())["files"].items()
    assert properties["tags"] == {"version": "1"}
    assert properties["stackTemplateAssetObjectUrl"].endswith(f"/{digest}.json")
    assert [each["objectKey"] for each in asset["destinations"].values()] == [f"{digest}.json"]
    assert (old / asset["source"]["path"]).is_file()

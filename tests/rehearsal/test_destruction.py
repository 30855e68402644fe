"""A stack is destroyed in mid-shift: in the order that its template gives."""

import datetime as dt

import pytest

from infra.synth import synthesize
from punchclock.timecards import Origin
from rehearsal.emulator.hosting import Phase, Stage
from rehearsal.order import creation_order
from rehearsal.rehearsing import Happening, Rehearsed, rehearse
from rehearsal.stacks import Destruction
from rehearsal.template import ACCOUNT, deploy
from tests.rehearsal import days

MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
MIDSHIFT = dt.datetime(2026, 3, 2, 5, 30, tzinfo=dt.UTC)
"""The dawn shift is from 05:00Z to 06:00Z."""

SPARE = """
  spare: {service: lookoutvision, project: spare-parts, version: "1", shifts: [dusk]}
"""
BY_HAND = Happening(
    at=dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC),
    model="spare",
    happen=lambda model: model.start(2),
)
BUSY = Happening(
    at=dt.datetime(2026, 3, 2, 5, 29, tzinfo=dt.UTC),
    model="boards",
    happen=lambda model: model.enter(
        Stage(phase=Phase.UPDATING, begin=model.now()),
        Stage(phase=Phase.RUNNING, begin=model.now() + dt.timedelta(minutes=10), units=2),
    ),
)
"""A service that is busy with a model for ten minutes and takes no stop."""


def destroyed(text: str) -> Rehearsed:
    plant = days.plant(text)
    return rehearse(
        plant,
        synthesize(plant),
        MONDAY,
        TUESDAY,
        happenings=[BY_HAND, BUSY],
        destroyed_at=MIDSHIFT,
    )


def end_of(rehearsed: Rehearsed) -> Destruction:
    assert rehearsed.destruction is not None
    return rehearsed.destruction


@pytest.fixture(scope="module")
def stopped() -> Rehearsed:
    return destroyed(days.PAIR + SPARE)


def test_what_was_started_is_stopped_and_a_persons_run_is_left(stopped):
    phases = {name: hosted.phase for name, hosted in stopped.hosted.items()}
    assert phases == {"boards": Phase.STOPPED, "paint": Phase.STOPPED, "spare": Phase.RUNNING}
    assert stopped.ended - MIDSHIFT < dt.timedelta(minutes=16)


def test_the_end_is_confirmed_on_the_cards(stopped):
    ours = [card for card in stopped.cards if card.origin is Origin.PLANNED]
    assert len(ours) == 2
    assert all(card.stopped is not None and card.stopped >= MIDSHIFT for card in ours)


def test_cloudformation_is_answered_and_every_call_was_allowed(stopped):
    [answer] = end_of(stopped).answers.values()
    assert (answer["Status"], end_of(stopped).failed) == ("SUCCESS", None)
    assert stopped.world.cloud.denials == {}
    assert stopped.world.failures == []


def test_closing_needs_every_permission_that_it_has(stopped):
    template = synthesize(stopped.plant).template
    stack = deploy(template, stack="punchclock-pair", region="eu-central-1", account=ACCOUNT)
    closers = [each.role for each in stack.functions.values() if "close_plant" in each.handler]
    assert days.unused_permissions(closers, stopped.world.cloud.needed) == []


def test_schedules_go_before_the_closing_and_all_that_it_needs_after(stopped):
    went = end_of(stopped).deleted
    [closing] = end_of(stopped).answers
    kinds = synthesize(stopped.plant).template["Resources"]

    def places(kind: str) -> list[int]:
        return [went.index(key) for key in went if kinds[key]["Type"] == f"AWS::{kind}"]

    assert max(places("Scheduler::Schedule")) < went.index(closing)
    for kind in ("Lambda::Function", "DynamoDB::Table", "SQS::Queue"):
        assert min(places(kind)) > went.index(closing)
    assert stopped.world.deployment.schedules == ()
    assert stopped.world.deployment.functions == {}


def test_a_plant_that_leaves_what_runs_leaves_it():
    left = destroyed(f"on_destroy: leave\n{days.PAIR}{SPARE}")
    assert {hosted.phase for hosted in left.hosted.values()} <= {Phase.RUNNING, Phase.UPDATING}
    assert end_of(left).failed is None
    assert left.world.cloud.denials == {}


def test_a_closing_that_may_not_stop_fails_the_deletion_and_says_so():
    plant = days.plant(days.EIGHT_HOURS)
    synthesis = days.edited(synthesize(plant), days.without_action("lookoutvision:StopModel"))
    left = rehearse(
        plant,
        synthesis,
        MONDAY,
        TUESDAY,
        destroyed_at=dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC),
    )
    [answer] = end_of(left).answers.values()
    assert answer["Status"] == "FAILED"
    assert "boards (lookoutvision:circuit-boards/1) was last seen running" in answer["Reason"]
    assert left.world.deployment.functions != {}
    assert left.ended - dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC) < dt.timedelta(minutes=52)


# The order itself


def test_a_resource_comes_after_all_that_it_names():
    resources = {
        "A": {"Properties": {"x": {"Fn::Sub": "arn:${AWS::Region}:${B.Arn}-${C}"}}},
        "B": {"Properties": {"y": [{"Fn::GetAtt": ["C", "Arn"]}, {"Ref": "AWS::Region"}]}},
        "C": {"DependsOn": ["D"]},
        "D": {"DependsOn": "E"},
        "E": {"Properties": {"z": {"Fn::GetAtt": "F.Arn"}}},
        "F": {"Properties": {"z": {"Fn::Sub": ["${G}", {"G": {"Ref": "H"}}]}}},
        "H": {},
    }
    assert list(creation_order(resources)) == ["H", "F", "E", "D", "C", "B", "A"]

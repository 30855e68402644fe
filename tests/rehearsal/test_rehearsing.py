"""Days of small plants, lived through as their templates deploy them."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from functions import journal as events
from infra.synth import Synthesis, synthesize
from rehearsal.bills import account_of
from rehearsal.describing import Neighbour
from rehearsal.rehearsing import NextDoor, Rehearsed, rehearse
from rehearsal.verdicts import violations
from tests.rehearsal import days

MONDAY = dt.date(2026, 3, 2)
TUESDAY = dt.date(2026, 3, 3)
EARLIER = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def synthesis() -> Synthesis:
    return synthesize(days.plant(days.PAIR))


@pytest.fixture(scope="module")
def day(synthesis: Synthesis) -> Rehearsed:
    beside = [NextDoor(at=EARLIER, stack="punchclock-other", neighbour=Neighbour(metadata={}))]
    return rehearse(days.plant(days.PAIR), synthesis, MONDAY, TUESDAY, seed=3, next_door=beside)


def edited_day(synthesis: Synthesis, *edits, seed: int = 3) -> Rehearsed:
    """A day that is over in no time, because nobody sweeps."""
    for edit in (lambda template: days.without_schedules(template, days.SWEEPING), *edits):
        synthesis = days.edited(synthesis, edit)
    return rehearse(days.plant(days.PAIR), synthesis, MONDAY, TUESDAY, seed=seed)


def names(rehearsed: Rehearsed) -> set[tuple[str, str | None]]:
    return {(violation.name, violation.model) for violation in violations(rehearsed)}


def test_a_day_without_faults_has_no_violations(day):
    assert violations(day) == []


def test_every_run_has_one_card_that_is_closed_and_in_time(day):
    for model in day.plant.models:
        cards = account_of(day, model).cards
        assert [card.planned_ready for card in cards] == [run.ready for run in day.runs(model)]
        assert all(card.closed and card.late_seconds == 0 for card in cards)


def test_our_cards_are_the_emulators_bill(day):
    for model in day.plant.models:
        account = account_of(day, model)
        assert account.usage == account.billed
        assert account.usage.unit_minutes > 0


def test_edges_and_sweeps_both_start_and_both_stop(day):
    acted = [line for line in day.world.lines if line.fields.get("action") in {"start", "stop"}]
    by_edge = {line.function for line in acted if "scheduled_at" in line.fields}
    by_sweep = {line.function for line in acted if "scheduled_at" not in line.fields}
    assert by_sweep == {"start_models", "stop_models"}
    assert by_edge


def test_no_line_of_a_day_without_faults_says_whose_account_it_is(day):
    told = [json.dumps(line.fields) for line in day.world.lines]
    assert len(told) > 1000
    assert not [text for text in told if day.world.deployment.account in text or "arn:" in text]


def test_the_same_seed_tells_the_same_story_and_another_seed_another(synthesis):
    first, again, other = (edited_day(synthesis, seed=seed) for seed in (3, 3, 4))
    assert first.cards == again.cards
    assert first.cards != other.cards


def test_every_permission_is_needed_on_that_day(day):
    """What a rehearsal needs it would miss: so no permission can be taken away unnoticed."""
    there = day.world.deployment
    roles = {
        each.role.name: each.role
        # What closes the plant has its own day.
        for each in [*there.functions.values(), *there.schedules]
        if "ClosePlant" not in each.role.name
    }
    # What is granted for models that the file has forgotten shows in no day that has none.
    assert days.unused_permissions(roles.values(), day.world.cloud.needed) == []


@pytest.mark.parametrize(
    ("action", "role", "symptom"),
    [
        ("rekognition:StartProjectVersion", "StartModels", ("not-ready", "paint")),
        ("lookoutvision:StopModel", "StopModels", ("left-running", "boards")),
        ("dynamodb:Query", "Models", ("function-failed", None)),
        ("sqs:SendMessage", "", ("denied", None)),
    ],
)
def test_a_permission_taken_away_is_named_with_its_role(synthesis, action, role, symptom):
    rehearsed = edited_day(synthesis, days.without_action(action))
    denied = [each for each in violations(rehearsed) if each.name == "denied"]
    assert any(action in each.reason and role in each.reason for each in denied)
    assert symptom in names(rehearsed)


def test_a_start_that_nobody_asks_for_is_a_model_that_is_not_ready(synthesis):
    rehearsed = edited_day(synthesis, lambda each: days.without_schedules(each, "start-"))
    assert names(rehearsed) == {("not-ready", "boards"), ("not-ready", "paint")}


def test_starts_whose_schedules_are_gone_are_made_by_the_sweep_and_told_of(synthesis, day):
    assert not [line for line in day.world.lines if line.event == events.MISSED]
    fewer = days.edited(synthesis, lambda each: days.without_schedules(each, "start-"))
    rehearsed = rehearse(days.plant(days.PAIR), fewer, MONDAY, TUESDAY, seed=3)
    assert violations(rehearsed) == []
    told = [line.fields for line in rehearsed.world.lines if line.event == events.INCIDENT]
    assert [(each["model"], each["trouble"]) for each in told] == [("start schedules", "unheard")]


def test_a_stop_that_nobody_asks_for_is_a_model_left_running(synthesis):
    rehearsed = edited_day(synthesis, lambda each: days.without_schedules(each, "stop-"))
    assert {("left-running", "boards"), ("left-running", "paint")} <= names(rehearsed)


def test_a_start_by_hand_with_one_unit_is_seen(day):
    client = day.world.cloud.client("rekognition")
    arn = day.plant.models[1].target.address["project_version_arn"]
    try:
        client.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
        assert ("too-few-units", None) in names(day)
    finally:
        day.emulator.calls.pop()


def test_five_days_of_eight_hours_on_two_units_are_eighty_unit_hours_of_the_plan():
    plant = days.plant(days.EIGHT_HOURS)
    rehearsed = rehearse(plant, synthesize(plant), MONDAY, MONDAY + dt.timedelta(days=5))
    [model] = plant.models
    account = account_of(rehearsed, model)
    assert violations(rehearsed) == []
    assert len(account.cards) == 5
    assert [card.late_seconds for card in account.cards] == [0] * 5
    difference = account.usage.unit_hours - account.billed.unit_hours
    assert abs(difference) <= account.billed.unit_hours * Decimal("0.01")
    # The shift's own 16.00 unit-hours a day, and the end of the lead in which the model is ready.
    assert account.usage.unit_hours > 80

"""An edited plant is deployed in mid-shift, and taken back: nothing that runs is touched."""

import datetime as dt

import pytest

from infra.synth import synthesize
from rehearsal.emulator.hosting import HostedModel, Phase
from rehearsal.rehearsing import Change, Rehearsed, rehearse
from tests.rehearsal import days

MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)

BEFORE = (
    days.PAIR
    + """
  valves: {service: lookoutvision, project: valves, version: "1", shifts: [dawn]}
"""
)
EDITED = (
    days.PAIR.replace("end: 07:00", "end: 07:30")
    .replace("20:00", "21:00")
    .replace("20:30", "21:30")
)
"""Dawn is half an hour longer, dusk an hour later, and ``valves`` has left the file."""


CLOSED = BEFORE.replace(
    "shifts:\n", "calendars: {works: {closed: [2026-03-02]}}\nshifts:\n", 1
).replace("region:", "defaults: {calendar: works}\nregion:")
"""The day is closed."""


def at(text: str) -> dt.datetime:
    return dt.datetime.combine(MONDAY, dt.time.fromisoformat(text), dt.UTC)


def change(text: str, when: str) -> Change:
    plant = days.plant(text)
    return Change(at=at(when), plant=plant, synthesis=synthesize(plant))


def changed(*changes: Change) -> Rehearsed:
    """Live through a day that begins with three models on dawn: 05:00Z to 06:00Z."""
    plant = days.plant(BEFORE)
    return rehearse(plant, synthesize(plant), MONDAY, TUESDAY, seed=3, changes=changes)


@pytest.fixture(scope="module")
def edited() -> Rehearsed:
    return changed(change(EDITED, "05:30"))


@pytest.fixture(scope="module")
def taken_back() -> Rehearsed:
    return changed(change(EDITED, "05:30"), change(BEFORE, "05:45"))


@pytest.fixture(scope="module")
def closed() -> Rehearsed:
    return changed(change(CLOSED, "05:30"))


def begun(model: HostedModel, phase: Phase) -> list[dt.datetime]:
    return [stage.begin for stage in model.stages if stage.phase is phase]


@pytest.mark.parametrize("world", ["edited", "taken_back"])
@pytest.mark.parametrize("name", ["boards", "paint"])
def test_a_deployment_in_mid_shift_restarts_nothing_and_stops_nothing(world, name, request):
    model = request.getfixturevalue(world).hosted[name]
    morning = [each for each in begun(model, Phase.STARTING) if each < at("12:00")]
    assert len(morning) == 1
    assert not [each for each in begun(model, Phase.STOPPING) if each < at("06:00")]


@pytest.mark.parametrize(("world", "end"), [("edited", "06:30"), ("taken_back", "06:00")])
@pytest.mark.parametrize("name", ["boards", "paint"])
def test_the_end_that_was_deployed_last_holds(world, end, name, request):
    stopping = begun(request.getfixturevalue(world).hosted[name], Phase.STOPPING)[0]
    assert dt.timedelta() <= stopping - at(end) <= dt.timedelta(minutes=2)


def test_a_later_shift_begins_when_the_edited_file_says(edited):
    *_, evening = begun(edited.hosted["boards"], Phase.RUNNING)
    assert at("19:40") < evening <= at("20:00")


def test_a_model_that_left_the_file_while_it_ran_is_stopped_by_its_card(edited):
    valves = edited.hosted["valves"]
    (stopping,) = begun(valves, Phase.STOPPING)
    assert dt.timedelta() <= stopping - at("05:30") <= dt.timedelta(minutes=2)
    (card,) = [card for card in edited.cards if card.model == "valves"]
    assert card.closed is not None


@pytest.mark.parametrize("name", ["boards", "paint", "valves"])
def test_a_closure_that_comes_in_mid_shift_takes_away_later_starts_and_stops_nothing(closed, name):
    model = closed.hosted[name]
    assert len(begun(model, Phase.STARTING)) == 1
    (stopping,) = begun(model, Phase.STOPPING)
    assert dt.timedelta() <= stopping - at("06:00") <= dt.timedelta(minutes=2)
    assert closed.world.failures == []


def test_what_is_no_longer_worth_a_start_is_not_started_because_its_model_came_back(taken_back):
    assert len(begun(taken_back.hosted["valves"], Phase.STARTING)) == 1


@pytest.mark.parametrize("world", ["edited", "taken_back"])
def test_no_call_is_denied_and_no_function_fails_between_two_templates(world, request):
    found = request.getfixturevalue(world).world
    assert found.failures == []
    assert found.cloud.denials == {}


@pytest.mark.parametrize("world", ["edited", "taken_back"])
def test_every_minute_before_and_after_is_on_one_card_of_one_run(world, request):
    found = request.getfixturevalue(world)
    for name in ("boards", "paint"):
        morning = [card for card in found.cards if card.model == name and card.opened < at("12:00")]
        (card,) = morning
        assert card.closed is not None
        assert card.late_seconds == 0


def test_cloudformation_asks_about_no_more_than_that_the_closing_stays_as_it_is(taken_back):
    assert [each["Status"] for each in taken_back.world.answers] == ["SUCCESS"] * 3
    assert len({each["PhysicalResourceId"] for each in taken_back.world.answers}) == 1

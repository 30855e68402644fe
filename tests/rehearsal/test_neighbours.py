"""Two plants claim one model: whose it is, by calls that go the whole way to CloudFormation."""

import datetime as dt
from dataclasses import replace

import pytest

from functions import journal as events
from infra.synth import synthesize
from rehearsal.bills import account_of
from rehearsal.describing import Neighbour
from rehearsal.rehearsing import Happening, NextDoor, Rehearsed, rehearse
from rehearsal.verdicts import violations
from tests.rehearsal import days

MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
EARLIER = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
GIVEN_UP = dt.datetime(2026, 3, 2, 12, 2, tzinfo=dt.UTC)
FIVE, EIGHT = (dt.datetime(2026, 3, 2, hour, tzinfo=dt.UTC) for hour in (5, 8))
"""They run it between, in our dawn shift, from 05:00Z to 06:00Z, and long after that."""

OTHER = replace(days.plant(days.EIGHT_HOURS), name="other")
"""It has the model boards, as the pair does."""


def theirs(*, without_boards: bool = False) -> Neighbour:
    """Return the other plant's stack, as its template is synthesized."""
    plant = replace(OTHER, models=()) if without_boards else OTHER
    return Neighbour(metadata=synthesize(plant).template["Metadata"])


@pytest.fixture(scope="module")
def day() -> Rehearsed:
    plant = replace(days.plant(days.PAIR), notify=("line-leads@example.com",))
    return rehearse(
        plant,
        synthesize(plant),
        MONDAY,
        TUESDAY,
        seed=3,
        happenings=[
            Happening(at=FIVE, model="boards", happen=lambda model: model.start(2)),
            Happening(at=EIGHT, model="boards", happen=lambda model: model.stop()),
        ],
        next_door=[
            NextDoor(at=EARLIER, stack="punchclock-other", neighbour=theirs()),
            NextDoor(at=GIVEN_UP, stack="punchclock-other", neighbour=theirs(without_boards=True)),
        ],
    )


def told(day: Rehearsed, event: str) -> list[tuple[str, str, dt.datetime]]:
    """Return model, trouble and time of what was told of incidents."""
    return [
        (line.fields["model"], line.fields["trouble"], line.at)
        for line in day.world.lines
        if line.event == event
    ]


def test_a_model_that_the_other_plant_has_claimed_is_not_touched_until_it_is_given_up(day):
    acted = [
        line
        for line in day.world.lines
        if line.event == events.DECISION and line.fields["model"] == "boards"
    ]
    assert acted
    assert min(line.at for line in acted) > GIVEN_UP
    # Its line waits; and the verdict takes for ours what the other plant runs and pays for.
    found = violations(day)
    assert {each.model for each in found} == {"boards"}
    assert {each.name for each in found} == {"not-ready", "left-running", "misbilled"}


def test_an_incident_is_open_for_as_long_as_it_is_theirs(day):
    ((model, trouble, at),) = told(day, events.INCIDENT)
    assert (model, trouble) == ("boards", "claimed")
    assert at - day.began < dt.timedelta(minutes=2)
    ((_, _, over),) = told(day, events.INCIDENT_OVER)
    assert dt.timedelta() < over - GIVEN_UP < dt.timedelta(minutes=6)
    begun, ended = day.world.cloud.published
    assert begun.subject.startswith("pair: boards is another plant's")
    assert ended.subject.startswith("pair: over: boards is another plant's")


def test_our_cards_are_the_bill_without_what_the_other_plant_has_run(day):
    boards, paint = day.plant.models
    account = account_of(day, paint)
    assert account.usage == account.billed
    (card,) = (each for each in day.cards if each.model == boards.name)
    ours = day.hosted["boards"].unit_minutes(GIVEN_UP, day.ended)
    theirs = day.hosted["boards"].unit_minutes(FIVE, EIGHT)
    assert card.usage.unit_minutes == sum(ours.values()) > 0
    assert sum(theirs.values()) > 60


def test_every_call_was_allowed_and_nothing_failed(day):
    assert day.world.cloud.denials == {}
    assert day.world.failures == []


def test_who_may_not_ask_works_on_and_says_so():
    plant = days.plant(days.PAIR)
    mute = days.edited(synthesize(plant), days.without_action("cloudformation:ListStacks"))
    rehearsed = rehearse(plant, mute, MONDAY, TUESDAY, seed=3)
    found = violations(rehearsed)
    assert {each.name for each in found} == {"denied", "function-failed"}
    assert any("cloudformation:ListStacks" in each.reason for each in found)
    assert any("claims: " in each.reason for each in found)

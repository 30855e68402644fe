"""What a plant's ledger says of each model now, and what comes next."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from punchclock.actions import Trouble
from punchclock.observations import State
from punchclock.overrides import Kind, Orders, Override
from punchclock.ports import Book, Incident
from punchclock.rosters import Roster, claim
from punchclock.shifts import Calendar
from punchclock.statuses import Edge, Status, other_incidents, statuses
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import timetables
from tests.punchclock.worlds import at, model, plant, shift

EARLY = shift("06:00-14:00", "early")
PAINT = model(EARLY, name="paint")
WORKS = plant("UTC", PAINT)
NOON = at("2026-03-02T12:00Z")
NIGHT = at("2026-03-02T22:00Z")
(RUN,) = timetables(WORKS)["paint"].runs(NOON, NIGHT)
CARD = replace(
    Timecard.planned(PAINT, RUN, at("2026-03-02T05:40Z"), Origin.PLANNED),
    state=State.RUNNING,
    since=at("2026-03-02T05:50Z"),
)
INCIDENT = Incident(
    target_id=PAINT.target.id,
    model="paint",
    trouble=Trouble.SHORT,
    reason="runs on 1 of 2 units",
    opened=NOON,
)

OVERTIME = Override(
    model="paint",
    kind=Kind.OVERTIME,
    made=NIGHT,
    until=at("2026-03-02T23:30Z"),
    who="anna",
    why="late batch",
)


def book(*cards: Timecard, incidents: tuple[Incident, ...] = ()) -> Book:
    return Book(
        cards={card.id: card for card in cards}, incidents={each.id: each for each in incidents}
    )


def status(found: Book, now=NOON, orders: Orders | None = None) -> Status:
    (only,) = statuses(WORKS, found, orders or Orders(), now)
    return only


def test_a_model_whose_day_was_closed_after_its_start_is_on_until_it_was_to_stop():
    closed = Calendar(name="works", closed=frozenset({dt.date(2026, 3, 2)}))
    shut = plant("UTC", replace(PAINT, calendar=closed))
    (found,) = statuses(shut, book(CARD), Orders(), NOON)
    assert found.wanted == RUN
    assert found.edge == Edge(at=RUN.stop, what="stop")
    (idle,) = statuses(shut, book(), Orders(), NOON)
    assert idle.wanted is None


def test_a_model_in_service_has_its_units_what_they_cost_and_when_it_stops():
    found = status(book(CARD))
    assert (found.seen, found.since, found.units) == (State.RUNNING, CARD.since, 2)
    assert found.cost_per_hour == Decimal("8.00")
    assert found.edge is not None
    assert (found.edge.what, found.edge.at) == ("stop", at("2026-03-02T14:00Z"))


@pytest.mark.parametrize("state", [State.RUNNING, State.UPDATING])
def test_a_model_is_paid_for_while_it_runs_and_while_it_is_updated(state):
    assert status(book(replace(CARD, state=state))).cost_per_hour == Decimal("8.00")


def test_a_model_that_starts_costs_nothing_yet():
    found = status(book(replace(CARD, state=State.STARTING)))
    assert (found.seen, found.units) == (State.STARTING, None)
    assert found.cost_per_hour == 0


def test_a_model_without_an_open_card_is_stopped_since_its_last_stop():
    over = replace(CARD, stopped=at("2026-03-02T14:03Z"))
    found = status(book(over), NIGHT)
    assert (found.seen, found.since, found.units) == (State.STOPPED, over.stopped, None)
    assert found.edge is not None
    assert (found.edge.what, found.edge.at) == ("start", at("2026-03-03T05:40Z"))
    assert status(book(), NIGHT).since is None
    assert status(book(), NIGHT).cost_per_hour == 0


def test_of_many_cards_the_latest_stop_counts_whichever_was_read_first():
    first = replace(CARD, stopped=at("2026-03-02T08:00Z"))
    second = replace(CARD, opened=at("2026-03-02T09:00Z"), stopped=at("2026-03-02T11:00Z"))
    for cards in ((first, second), (second, first)):
        assert status(book(*cards)).since == second.stopped


def test_a_model_that_no_shift_wants_has_nothing_to_come_and_a_disabled_one_no_word():
    paint = model(name="paint")
    (found,) = statuses(plant("UTC", paint), book(), Orders(), NOON)
    assert found.edge is None
    off = replace(PAINT, enabled=False)
    (found,) = statuses(plant("UTC", off), book(), Orders.of([OVERTIME]), NIGHT)
    assert (found.override, found.edge, found.wanted) == (None, None, None)


def test_a_start_that_was_just_asked_for_is_not_seen_yet():
    assert status(book(replace(CARD, state=None, since=None))).seen is State.STOPPED


def test_what_was_said_counts():
    found = status(book(), NIGHT, Orders.of([OVERTIME]))
    assert found.override == OVERTIME
    assert found.wanted is not None
    assert found.wanted.stop == OVERTIME.until


def test_of_a_model_that_is_another_plants_nothing_comes_and_nothing_said_counts():
    held = Override(model="paint", kind=Kind.HOLD_ON, made=NOON, until=NIGHT, who="anna", why="x")
    claimed_by = {claim(PAINT.target): "punchclock-other"}
    roster = replace(Roster.of([PAINT.target], NOON), claimed_by=claimed_by)
    theirs = Trouble.CLAIMED
    known = replace(book(CARD, incidents=(replace(INCIDENT, trouble=theirs),)), roster=roster)
    found = status(known, NOON, Orders.of([held]))
    assert (found.wanted, found.edge, found.override) == (None, None, None)
    assert [each.trouble for each in found.incidents] == [theirs]
    assert (found.seen, found.known) == (State.RUNNING, True)
    mine = replace(known, roster=replace(roster, claimed_by={}))
    assert status(mine).wanted is not None


def test_incidents_are_with_their_model_and_those_of_no_model_beside():
    calendar = replace(INCIDENT, target_id="calendar:works", trouble=Trouble.EXPIRING)
    over = replace(INCIDENT, trouble=Trouble.LATE, closed=NOON)
    found = book(CARD, incidents=(INCIDENT, calendar, over))
    models = statuses(WORKS, found, Orders(), NOON)
    assert [each.incidents for each in models] == [[INCIDENT]]
    assert other_incidents(found, models) == [calendar]


def test_a_model_that_only_an_open_card_still_knows_is_shown():
    other = model(EARLY, name="glue")
    card = replace(CARD, model="glue", target=other.target)
    incident = replace(INCIDENT, target_id=other.target.id, model="glue")
    found = statuses(WORKS, book(card, incidents=(incident,)), Orders(), NOON)
    assert found[0].incidents == [incident]
    assert [(each.name, each.known) for each in found] == [("glue", False), ("paint", True)]
    assert (found[0].wanted, found[0].cost_per_hour) == (None, Decimal("8.00"))

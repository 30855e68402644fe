"""Which run is on: by the file, and by what was asked for before the file closed its day."""

import datetime as dt
from dataclasses import replace

import pytest

from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Model
from punchclock.runs import Run
from punchclock.shifts import Calendar
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import Timetable, overridden, timetables
from punchclock.wanted import run_on
from tests.punchclock.worlds import at, model, plant, shift

MONDAY = dt.date(2026, 3, 2)
EARLY, LATE = shift("06:00-12:00", "early"), shift("13:00-20:00", "late")
OPEN, CLOSED = Calendar(name="works"), Calendar(name="works", closed=frozenset({MONDAY}))
HOLIDAY = Calendar(name="works", holidays={MONDAY: "Labour Day"})
PAINT = model(EARLY, LATE, name="paint")
"""It works from 06:00 to 20:00 on one run, with an hour's pause that is bridged at a lead of 50
minutes."""


def monday(text: str) -> dt.datetime:
    return at(f"2026-03-02T{text}Z")


def table(calendar: Calendar | None, each: Model = PAINT, *said: Override) -> Timetable:
    filed = plant("UTC", replace(each, calendar=calendar, lead=dt.timedelta(minutes=50)))
    return overridden(filed, timetables(filed), {"paint": said} if said else {})["paint"]


def card_of(found: Timetable, when: str = "09:00") -> Timecard:
    run = found.run_at(monday(when))
    assert run is not None
    return Timecard.planned(PAINT, run, run.start, Origin.PLANNED)


def on(found: Timetable, card: Timecard | None, when: str) -> Run | None:
    return run_on(found, card, monday(when))


CARD = card_of(table(OPEN))


def test_a_closure_that_arrives_after_its_run_was_asked_for_changes_nothing():
    assert on(table(CLOSED), CARD, "09:00") == table(OPEN).run_at(monday("09:00"))
    assert on(table(HOLIDAY), CARD, "05:10") == table(OPEN).run_at(monday("09:00"))
    assert on(table(CLOSED), CARD, "19:59:59") is not None
    assert on(table(CLOSED), CARD, "20:00") is None


def test_a_closure_that_arrives_before_removes_the_start():
    assert on(table(CLOSED), None, "09:00") is None


def test_what_a_person_has_started_no_closure_keeps_on():
    assert (
        on(table(CLOSED), Timecard.manual(PAINT, 2, monday("08:00"), found=False), "09:00") is None
    )


def test_a_run_on_a_closed_day_goes_on_no_longer_than_it_was_asked_for():
    early = card_of(table(OPEN, model(EARLY, name="paint")))
    assert early.planned_stop == monday("12:00")
    found = on(table(CLOSED), early, "11:00")
    assert found is not None
    assert found.stop == monday("12:00")
    assert [window.end for window in found.windows] == [monday("12:00")]
    assert on(table(CLOSED), early, "12:00") is None


def test_it_needs_what_is_left_of_it():
    big = replace(PAINT, assignments=(PAINT.assignments[0], replace(PAINT.assignments[1], units=4)))
    early = card_of(table(OPEN, model(EARLY, name="paint")))
    found = on(table(CLOSED, big), early, "11:00")
    assert found is not None
    assert found.units == 2
    whole = on(table(CLOSED, big), CARD, "11:00")
    assert whole is not None
    assert whole.units == 4


def test_a_shift_that_the_file_takes_away_or_makes_shorter_is_taken_away_on_any_day():
    assert on(table(CLOSED, model(LATE, name="paint")), CARD, "09:00") is None
    shorter = model(shift("06:00-10:00", "early"), name="paint")
    for calendar in (OPEN, CLOSED, None):
        found = on(table(calendar, shorter), CARD, "09:00")
        assert found is not None
        assert found.stop == monday("10:00")


def test_a_calendar_that_is_taken_away_closes_nothing():
    assert on(table(None), CARD, "09:00") == table(OPEN).run_at(monday("09:00"))


def said(kind: Kind, made: str, until: str) -> Override:
    return Override(
        model="paint", kind=kind, made=monday(made), until=monday(until), who="anna", why="batch"
    )


def test_a_hold_off_stops_it_all_the_same():
    off = said(Kind.HOLD_OFF, "10:00", "18:00")
    assert on(table(CLOSED, PAINT, off), CARD, "09:59") is not None
    assert on(table(CLOSED, PAINT, off), CARD, "10:00") is None


def test_overtime_on_a_holiday_that_is_taken_back_ends_although_a_shift_would_be_worked():
    overtime = said(Kind.OVERTIME, "13:30", "18:00")
    card = card_of(table(HOLIDAY, PAINT, overtime), "15:00")
    back = Cancellation(
        override=overtime.id, until=overtime.until, made=monday("16:00"), who="anna"
    )
    assert on(table(HOLIDAY, PAINT, overtime), card, "16:30") is not None
    taken = replace(overtime, cancelled=back)
    assert on(table(HOLIDAY, PAINT, taken), card, "16:30") is None


def test_overtime_that_goes_on_over_a_closure_ends_when_it_was_to():
    overtime = said(Kind.OVERTIME, "19:00", "22:00")
    card = card_of(table(OPEN, PAINT, overtime), "21:00")
    for when, is_on in (("10:00", True), ("19:30", True), ("21:59", True), ("22:00", False)):
        assert (on(table(CLOSED, PAINT, overtime), card, when) is not None) is is_on


@pytest.mark.parametrize("when", ["05:09", "05:10", "12:30", "19:59", "20:00"])
def test_where_nothing_was_closed_a_card_changes_nothing(when):
    for calendar in (OPEN, None):
        assert on(table(calendar), CARD, when) == table(calendar).run_at(monday(when))

"""Which run is on: by the file, and by what was asked for before the file closed its day."""

import datetime as dt
from dataclasses import replace

import pytest

from punchclock.minutes import Span
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
    asked = table(OPEN).run_at(monday("09:00"))
    assert asked is not None
    for found in (on(table(CLOSED), CARD, "09:00"), on(table(HOLIDAY), CARD, "05:10")):
        assert found is not None
        assert (found.start, found.ready, found.stop) == (asked.start, asked.ready, asked.stop)
        (window,) = found.windows
        assert (window.start, window.end, window.shifts) == (asked.ready, asked.stop, CARD.shifts)
    assert on(table(CLOSED), CARD, "19:59:59") is not None
    assert on(table(CLOSED), CARD, "20:00") is None


def test_it_goes_on_with_what_it_was_asked_for():
    overtime = (Span(begin=monday("18:00"), end=None),)
    card = replace(CARD, units=4, overtime=overtime)
    found = on(table(CLOSED), card, "09:00")
    assert found is not None
    assert (found.units, found.windows[0].units, found.overtime) == (4, 4, overtime)


def test_a_closure_that_arrives_before_removes_the_start():
    assert on(table(CLOSED), None, "09:00") is None


def test_what_a_person_has_started_no_closure_keeps_on():
    manual = Timecard.manual(PAINT, 2, monday("08:00"), found=False)
    assert on(table(CLOSED), manual, "09:00") is None
    planned = replace(manual, planned_stop=CARD.planned_stop, planned_ready=CARD.planned_ready)
    assert on(table(CLOSED), replace(planned, shifts=CARD.shifts), "09:00") is None


def test_a_run_on_a_closed_day_goes_on_no_longer_than_it_was_asked_for():
    early = card_of(table(OPEN, model(EARLY, name="paint")))
    found = on(table(CLOSED), early, "11:00")
    assert found is not None
    assert found.stop == monday("12:00")
    assert on(table(CLOSED), early, "12:00") is None


@pytest.mark.parametrize(
    "edited",
    [
        model(EARLY, name="paint"),
        model(EARLY, shift("13:00-19:00", "late"), name="paint"),
        model(EARLY, shift("13:00-20:00", "other"), name="paint"),
    ],
    ids=["without it", "shorter", "another"],
)
def test_a_shift_that_the_file_changes_is_not_the_one_that_was_asked_for(edited):
    assert on(table(CLOSED, edited), CARD, "09:00") is None
    assert on(table(OPEN, edited), CARD, "09:00") == table(OPEN, edited).run_at(monday("09:00"))


def test_a_night_belongs_to_the_day_on_which_it_began_whatever_comes_after_it():
    night = shift("22:00-06:00", "night")
    card = card_of(table(OPEN, model(night, name="paint")), "23:00")
    tuesday = MONDAY + dt.timedelta(days=1)
    for day, is_on in ((MONDAY, True), (tuesday, False)):
        closed = Calendar(name="works", closed=frozenset({day}))
        found = table(closed, model(night, name="paint"))
        kept = run_on(found, card, at("2026-03-03T05:59Z"))
        assert kept is not None
        assert (kept == found.run_at(at("2026-03-03T05:59Z"))) is not is_on
        assert run_on(found, card, at("2026-03-03T06:00Z")) is None


def test_a_stop_that_an_edit_has_moved_and_moved_back_is_not_kept_by_a_holiday_after_it():
    """What the next day's shift was never asked for: that day was a holiday all along."""
    night, day = shift("22:00-06:00", "night"), shift("06:00-14:00", "day")
    both = model(night, day, name="paint")
    card = card_of(table(OPEN, model(night, name="paint")), "23:00")
    moved = replace(card, planned_stop=at("2026-03-03T06:45Z"))
    tuesday = Calendar(name="works", holidays={MONDAY + dt.timedelta(days=1): "Shrove Tuesday"})
    assert run_on(table(tuesday, both), moved, at("2026-03-03T06:10Z")) is None


def test_a_calendar_that_is_taken_away_closes_nothing():
    assert on(table(None), CARD, "09:00") == table(OPEN).run_at(monday("09:00"))


def said(kind: Kind, made: str, until: str) -> Override:
    return Override(
        model="paint", kind=kind, made=monday(made), until=monday(until), who="anna", why="batch"
    )


def test_a_timetable_without_closures_has_the_same_hours_words_and_units_on_every_day():
    big = replace(PAINT, units=3)
    overtime = said(Kind.OVERTIME, "21:10", "23:00")
    found = table(CLOSED, big, overtime).without_closures()
    assert found.run_at(monday("09:00")) == table(OPEN).run_at(monday("09:00"))
    run = found.run_at(monday("22:30"))
    assert run is not None
    assert (run.start, run.stop, run.units) == (monday("21:10"), monday("23:00"), 3)


def test_what_is_on_for_longer_by_the_file_or_somebodys_word_is_on_for_longer():
    found = on(table(CLOSED, PAINT, said(Kind.OVERTIME, "10:00", "22:00")), CARD, "12:00")
    assert found is not None
    assert found.stop == monday("22:00")


@pytest.mark.parametrize("calendar", [OPEN, None])
def test_hours_that_were_skipped_no_card_keeps_on(calendar):
    skip = Override(
        model="paint",
        kind=Kind.SKIP,
        made=at("2026-03-01T20:00Z"),
        until=monday("20:00"),
        who="anna",
        why="inventory",
        day=MONDAY,
        shift="late",
    )
    found = on(table(calendar, PAINT, skip), CARD, "09:00")
    assert found is not None
    assert found.stop == monday("12:00")


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


@pytest.mark.parametrize("when", ["05:09", "05:10", "12:30", "19:59", "20:00"])
def test_where_nothing_was_closed_a_card_changes_nothing(when):
    for calendar in (OPEN, None):
        assert on(table(calendar), CARD, when) == table(calendar).run_at(monday(when))

"""Which run is on: by the file, and by what was asked for before the file closed its day."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Model
from punchclock.runs import Run
from punchclock.shifts import Calendar
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import Timetable, overridden, timetables
from punchclock.wanted import run_on
from tests.punchclock.worlds import at, model, plant, shift

HOUR, LEAD = dt.timedelta(hours=1), dt.timedelta(minutes=50)
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
    filed = plant("UTC", replace(each, calendar=calendar, lead=LEAD))
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
    for when in ("05:10", "09:00", "12:05", "19:59:59"):
        assert on(table(CLOSED), CARD, when) == asked
        assert on(table(HOLIDAY), CARD, when) == asked
    assert on(table(CLOSED), CARD, "20:00") is None


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
    ("edited", "stop"),
    [
        (model(EARLY, name="paint"), "12:00"),
        (model(EARLY, shift("13:00-19:00", "late"), name="paint"), "19:00"),
        (model(EARLY, shift("13:00-22:00", "late"), name="paint"), "20:00"),
        (model(EARLY, shift("13:00-20:00", "other"), name="paint"), "12:00"),
    ],
    ids=["without it", "shorter", "longer", "another"],
)
def test_what_the_file_changes_besides_closing_the_day_counts_but_adds_nothing(edited, stop):
    found = on(table(CLOSED, edited), CARD, "09:00")
    assert found is not None
    assert found.stop == monday(stop)
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


def test_what_is_asked_for_on_the_evening_before_goes_on_too():
    small = model(shift("00:20-08:00", "small"), name="paint")
    card = card_of(table(OPEN, small), "23:30")
    assert card.planned_ready == at("2026-03-03T00:20Z")
    assert on(table(closing(3), small), card, "23:30") == table(OPEN, small).run_at(monday("23:30"))


def test_nothing_is_on_from_before_it_was_asked_for():
    sooner = model(shift("05:00-12:00", "early"), LATE, name="paint")
    found = on(table(CLOSED, sooner), CARD, "09:00")
    assert found is not None
    assert (found.ready, found.stop) == (monday("06:00"), monday("20:00"))


@pytest.mark.parametrize("known", [{"first": MONDAY}, {"last": MONDAY}])
def test_days_that_nobody_knows_are_not_closed(known):
    night = model(shift("22:00-06:00", "night"), name="paint")
    card = card_of(table(OPEN, night), "23:30")
    kept = on(table(closing(2, **known), night), card, "23:30")
    assert kept == table(OPEN, night).run_at(monday("23:30"))


def test_a_run_of_weeks_is_whole_whatever_was_kept_of_it():
    always = model(shift("00:00-24:00", "always", first=march(1), last=march(28)), name="paint")
    card = card_of(table(OPEN, always))
    kept = run_on(table(closing(22), always), card, at("2026-03-22T10:00Z"))
    assert kept == table(OPEN, always).run_at(monday("09:00"))


def test_a_run_of_weeks_that_a_pause_as_long_as_may_be_joins_to_what_was_kept_is_whole():
    always = shift("00:00-24:00", "always", first=dt.date(2026, 1, 1), last=march(1))
    last = shift("01:00-09:00", "last")
    joined = model(always, replace(last, days=frozenset({0})), name="paint")
    card = card_of(table(OPEN, joined), "05:00")
    assert card.planned_ready == at("2026-01-01T00:00Z")
    kept = run_on(table(closing(2), joined), card, monday("05:00"))
    assert kept == table(OPEN, joined).run_at(monday("05:00"))


def test_what_somebody_wants_on_a_day_that_was_closed_meanwhile_has_the_units_of_the_model():
    big = replace(PAINT, units=3)
    later = said(Kind.OVERTIME, "21:10", "23:00")
    sooner = said(Kind.HOLD_OFF, "05:00", "07:00")
    card = card_of(table(OPEN, big, sooner))
    run = run_on(table(closing(2), big, sooner, later), card, monday("22:30"))
    assert run is not None
    assert run.units == 3


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def closing(*days: int, **more: Any) -> Calendar:
    return Calendar(name="works", closed=frozenset(map(march, days)), **more)


AROUND = model(
    shift("06:00-14:00", "early", days=frozenset(range(5))),
    shift("14:00-22:00", "late", days=frozenset(range(5))),
    shift("22:00-06:00", "night", days=frozenset({6, 0, 1, 2, 3})),
    name="paint",
)
"""Around the clock from Sunday, 1 March, 22:00 to Friday, 6 March, 22:00."""


def week(*days: int) -> Timetable:
    return table(closing(*days), AROUND)


def around(edition: Timetable, when: str, card: Timecard | None = None) -> dt.datetime | None:
    """Return when the run that is on stops."""
    known = card or card_of(week())
    run = run_on(edition, known, at(f"2026-03-{when}Z"))
    return None if run is None else run.stop


def test_of_a_long_run_the_day_that_has_begun_goes_on_and_days_to_come_are_taken_away():
    end, wednesday = at("2026-03-06T22:00Z"), at("2026-03-05T06:00Z")
    # Wednesday, the fourth, while it is worked: nothing changes.
    for when in ("04T05:09", "04T05:10", "04T10:00", "04T15:00", "05T05:59", "06T21:59"):
        assert around(week(4), when) == (end if when != "04T05:09" else at("2026-03-04T06:00Z"))
    # Days to come.
    assert around(week(5), "04T10:00") == wednesday
    assert around(week(4, 5), "04T10:00") == wednesday
    assert around(week(6), "04T10:00") == at("2026-03-06T06:00Z")
    # What an earlier sweep has shortened is not longer again when its day begins.
    short = replace(card_of(week()), planned_stop=wednesday)
    assert around(week(5), "05T05:30", short) == wednesday
    assert around(week(5), "05T06:00", short) is None
    # Days that are over.
    assert around(week(2), "04T10:00") == end


def test_a_run_that_goes_on_over_a_closed_day_is_whole():
    kept = run_on(week(4), card_of(week()), at("2026-03-04T10:00Z"))
    assert kept == week().run_at(at("2026-03-04T10:00Z"))


def test_a_night_that_has_begun_goes_on_into_a_shift_of_the_next_day():
    both = model(EARLY, shift("22:00-06:00", "night"), name="paint")
    asked = card_of(table(OPEN, both), "23:00")
    kept = run_on(table(CLOSED, both), asked, at("2026-03-02T22:30Z"))
    assert kept is not None
    assert kept.stop == at("2026-03-03T12:00Z")


def test_around_the_clock_a_calendar_that_arrives_takes_away_only_what_is_to_come():
    always = model(shift("00:00-24:00", "always"), name="paint")
    endless = card_of(table(None, always))
    found = table(closing(3, first=march(2), last=dt.date(2036, 12, 31)), always)
    kept = on(found, endless, "10:00")
    assert kept == found.run_at(monday("10:00"))
    today = table(closing(2, 5, first=march(1), last=dt.date(2036, 12, 31)), always)
    kept = on(today, endless, "10:00")
    assert kept is not None
    assert (kept.start, kept.stop) == (monday("00:00") - 24 * HOUR - LEAD, at("2026-03-05T00:00Z"))


def test_a_hold_on_a_day_that_was_closed_all_along_ends_with_its_cancellation():
    tuesday = closing(3)
    hold = said(Kind.HOLD_ON, "11:00", "20:00", day=3)
    only = model(EARLY, name="paint")
    card = card_of(table(tuesday, only, hold), "11:00")
    assert card.shifts == ("early", "hold on")
    assert card.planned_stop == at("2026-03-03T20:00Z")
    back = Cancellation(
        override=hold.id, until=hold.until, made=at("2026-03-03T09:00Z"), who="anna"
    )
    for when, is_on in (("03T08:59", True), ("03T09:00", False)):
        taken = replace(hold, cancelled=back if not is_on else None)
        found = run_on(table(tuesday, only, taken), card, at(f"2026-03-{when}Z"))
        assert (found is not None) is is_on


def test_hours_that_began_when_a_hold_off_ended_go_on_too():
    off = said(Kind.HOLD_OFF, "05:00", "08:00")
    card = card_of(table(OPEN, PAINT, off), "09:00")
    assert card.planned_ready == monday("08:50")
    kept = on(table(CLOSED, PAINT, off), card, "09:00")
    assert kept == table(OPEN, PAINT, off).run_at(monday("09:00"))


def test_a_calendar_that_is_taken_away_closes_nothing():
    assert on(table(None), CARD, "09:00") == table(OPEN).run_at(monday("09:00"))


def said(kind: Kind, made: str, until: str, day: int = 2) -> Override:
    end = at(f"2026-03-{day:02}T{until}Z")
    return Override(model="paint", kind=kind, made=monday(made), until=end, who="anna", why="batch")


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

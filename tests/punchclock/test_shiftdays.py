"""Why a shift works on a day, seen from an instant."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from punchclock.shiftdays import shift_day
from punchclock.shifts import Calendar
from tests.punchclock.worlds import DAY, at, shift

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.date(2026, 3, 2)
EARLY = shift("06:00-14:00", "early", days=frozenset(range(5)))


@pytest.mark.parametrize(
    ("instant", "relation"),
    [
        ("2026-03-02T04:59Z", "which is still to come"),
        ("2026-03-02T05:00Z", "which is now"),
        ("2026-03-02T12:59Z", "which is now"),
        ("2026-03-02T13:00Z", "which is over"),
    ],
)
def test_hours_are_now_from_their_first_instant_to_before_their_last(instant, relation):
    found = shift_day(EARLY, MONDAY, None, at(instant), BERLIN)
    assert found.works
    assert found.because == f"works Mon-Fri; Mon 06:00 to Mon 14:00, {relation}"


def test_a_day_that_the_calendar_opens_is_told_with_what_it_would_have_been():
    said = [
        shift_day(EARLY, MONDAY + n * DAY, calendar, at("2026-03-01T00:00Z"), BERLIN).because
        for n, calendar in enumerate(
            [
                Calendar(name="works", open=frozenset({MONDAY}), closed=frozenset({MONDAY})),
                Calendar(name="works", open=frozenset({MONDAY + DAY})),
                Calendar(name="works", closed=frozenset({MONDAY})),
            ]
        )
    ]
    assert "; opened in calendar works although closed; " in said[0]
    assert "calendar" not in said[1]
    assert "calendar" not in said[2]


def test_a_day_that_nothing_is_worked_on_says_why_and_nothing_of_hours():
    closed = Calendar(name="works", closed=frozenset({MONDAY}))
    found = shift_day(EARLY, MONDAY, closed, at("2026-03-02T06:00Z"), BERLIN)
    assert (found.works, found.because) == (False, "closed in calendar works")


def test_a_date_that_the_zone_skips_is_told_after_the_shifts_own_rule():
    apia, skipped = ZoneInfo("Pacific/Apia"), dt.date(2011, 12, 30)
    friday = shift_day(EARLY, skipped, None, at("2011-12-30T00:00Z"), apia)
    assert (friday.works, friday.because) == (False, "Pacific/Apia has no such date")
    saturdays = shift("06:00-14:00", days=frozenset({5}))
    told = shift_day(saturdays, skipped, None, at("2011-12-30T00:00Z"), apia)
    assert told.because == "works Sat, not on Fri"

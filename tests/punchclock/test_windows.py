"""What is worked out once is right for all who share it."""

import datetime as dt
from zoneinfo import ZoneInfo

from punchclock.plants import Assignment
from punchclock.shifts import Calendar
from punchclock.windows import Almanac, unite
from tests.punchclock.worlds import DAY, shift

MONDAY = dt.date(2026, 3, 2)
EARLY = (Assignment(shift=shift("06:00-14:00", "early"), units=2),)


def test_the_same_shifts_by_different_calendars_have_different_windows():
    almanac = Almanac(ZoneInfo("Europe/Berlin"))
    closed, other = (
        Calendar(name=name, closed=frozenset({MONDAY + n * DAY}))
        for n, name in enumerate(["works", "office"])
    )
    days = {
        calendar and calendar.name: [
            f"{window.start:%a}"
            for window in almanac.coverage(EARLY, calendar, MONDAY, MONDAY + 2 * DAY).windows
        ]
        for calendar in (None, closed, other)
    }
    assert days == {
        None: ["Mon", "Tue", "Wed"],
        "works": ["Tue", "Wed"],
        "office": ["Mon", "Wed"],
    }


def test_what_was_asked_for_first_does_not_bound_what_is_asked_for_later():
    almanac = Almanac(ZoneInfo("Europe/Berlin"))
    almanac.coverage(EARLY, None, MONDAY, MONDAY)
    for first, last in ((-2, -1), (1, 3), (-5, 0)):
        found = almanac.coverage(EARLY, None, MONDAY + first * DAY, MONDAY + last * DAY)
        days = [window.start.date() for window in found.windows]
        assert len(set(days)) == len(days) == (found.last - found.first).days + 1
        assert found.first <= MONDAY + first * DAY
        assert found.last >= MONDAY + last * DAY


def test_the_shifts_of_a_window_are_told_in_the_order_of_their_names():
    almanac = Almanac(ZoneInfo("Europe/Berlin"))
    together = tuple(Assignment(shift=shift("06:00-14:00", each), units=2) for each in "fbdace")
    (window,) = unite(almanac.worked(together, None, MONDAY, MONDAY))
    assert "".join(window.shifts) == "abcdef"

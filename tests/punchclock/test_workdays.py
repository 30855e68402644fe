"""Which hours does a model work, shift by shift, around an instant or on some days?"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar
from punchclock.workdays import Workdays, known_days
from tests.punchclock.worlds import DAY, at, model, shift

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.date(2026, 3, 2)
EARLY = shift("06:00-14:00", "early")
NIGHT = shift("22:00-06:00", "night")


def between(found: Workdays, *asked: object) -> list[tuple[str, str]]:
    return [(each.shift, f"{each.day:%m-%d}") for each in found.between(*asked)]  # type: ignore[arg-type]


def test_shifts_stay_apart_and_ascend_by_their_start():
    worker = model(NIGHT, EARLY)
    assert between(Workdays(BERLIN), worker, MONDAY, MONDAY + DAY) == [
        ("early", "03-02"),
        ("night", "03-02"),
        ("early", "03-03"),
        ("night", "03-03"),
    ]


def test_a_calendar_takes_its_days_from_its_own_models_only():
    closed = Calendar(name="works", closed=frozenset({MONDAY}))
    days = Workdays(BERLIN)
    assert between(days, model(EARLY, calendar=closed), MONDAY, MONDAY) == []
    assert between(days, model(EARLY), MONDAY, MONDAY) == [("early", "03-02")]


def test_days_that_a_calendar_does_not_know_are_left_out():
    known = Calendar(name="works", first=MONDAY, last=MONDAY + DAY)
    assert between(
        Workdays(BERLIN), model(EARLY, calendar=known), MONDAY - 9 * DAY, MONDAY + 9 * DAY
    ) == [("early", "03-02"), ("early", "03-03")]


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (None, (FIRST_DAY, LAST_DAY)),
        (Calendar(name="works", first=dt.date(1990, 1, 1)), (FIRST_DAY, LAST_DAY)),
        (Calendar(name="works", first=MONDAY, last=MONDAY + DAY), (MONDAY, MONDAY + DAY)),
    ],
)
def test_what_is_known_ends_with_the_calendar_and_with_the_known_years(calendar, expected):
    assert known_days(calendar) == expected


def test_what_starts_and_what_ends_at_an_instant_is_found_from_the_day_before_too():
    days, worker = Workdays(BERLIN), model(EARLY, NIGHT)
    seam = at("2026-03-03T05:00Z")
    assert [each.shift for each in days.starting(worker, seam)] == ["early"]
    assert [(each.shift, each.day) for each in days.ending(worker, seam)] == [("night", MONDAY)]
    assert days.starting(worker, at("2026-03-03T05:01Z")) == []
    assert days.ending(worker, at("2026-03-03T04:59Z")) == []


def test_the_end_of_a_night_is_found_where_the_zone_skips_the_date_between():
    # On 2011-12-29 the walls of Apia went from 24:00 to 00:00 of the 31st.
    apia = ZoneInfo("Pacific/Apia")
    (night,) = Workdays(apia).between(model(NIGHT), dt.date(2011, 12, 29), dt.date(2011, 12, 30))
    assert Workdays(apia).ending(model(NIGHT), night.end) == [night]

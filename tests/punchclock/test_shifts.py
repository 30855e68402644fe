"""Which days does a shift work, and from when to when?"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.errors import InvalidPlant, OutOfRange
from punchclock.shifts import Calendar, Shift, spell_days
from tests.punchclock import oracle
from tests.punchclock.worlds import DAY, World, at, shift, worlds

BERLIN = ZoneInfo("Europe/Berlin")

HOURS = [
    # zone, first day, hours, start, end
    ("Europe/Berlin", "2026-01-12", "22:00-06:00", "2026-01-12T21:00Z", "2026-01-13T05:00Z"),
    ("Europe/Berlin", "2026-03-28", "22:00-06:00", "2026-03-28T21:00Z", "2026-03-29T04:00Z"),
    ("Europe/Berlin", "2026-10-24", "22:00-06:00", "2026-10-24T20:00Z", "2026-10-25T05:00Z"),
    ("Europe/Berlin", "2026-03-29", "02:30-06:00", "2026-03-29T01:30Z", "2026-03-29T04:00Z"),
    ("Europe/Berlin", "2026-03-28", "22:00-02:30", "2026-03-28T21:00Z", "2026-03-29T01:30Z"),
    ("Europe/Berlin", "2026-03-29", "02:15-02:45", "2026-03-29T01:15Z", "2026-03-29T01:45Z"),
    ("Europe/Berlin", "2026-10-25", "02:30-06:00", "2026-10-25T00:30Z", "2026-10-25T05:00Z"),
    ("Europe/Berlin", "2026-10-24", "22:00-02:30", "2026-10-24T20:00Z", "2026-10-25T01:30Z"),
    ("Europe/Berlin", "2026-10-25", "02:15-02:45", "2026-10-25T00:15Z", "2026-10-25T01:45Z"),
    ("Europe/Berlin", "2026-10-25", "00:00-24:00", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
    ("America/New_York", "2026-03-07", "22:00-06:00", "2026-03-08T03:00Z", "2026-03-08T10:00Z"),
    ("America/New_York", "2026-10-31", "22:00-06:00", "2026-11-01T02:00Z", "2026-11-01T11:00Z"),
    ("Australia/Lord_Howe", "2026-10-03", "22:00-06:00", "2026-10-03T11:30Z", "2026-10-03T19:00Z"),
    ("Australia/Lord_Howe", "2026-04-04", "22:00-06:00", "2026-04-04T11:00Z", "2026-04-04T19:30Z"),
    ("Pacific/Chatham", "2026-09-26", "22:00-06:00", "2026-09-26T09:15Z", "2026-09-26T16:15Z"),
    ("Pacific/Chatham", "2026-04-04", "22:00-06:00", "2026-04-04T08:15Z", "2026-04-04T17:15Z"),
    ("America/Santiago", "2026-09-06", "00:00-08:00", "2026-09-06T04:00Z", "2026-09-06T11:00Z"),
    ("America/Santiago", "2026-09-05", "16:00-24:00", "2026-09-05T20:00Z", "2026-09-06T04:00Z"),
    ("Africa/Cairo", "2026-04-24", "00:00-08:00", "2026-04-23T22:00Z", "2026-04-24T05:00Z"),
    ("Africa/Cairo", "2026-04-23", "16:00-24:00", "2026-04-23T14:00Z", "2026-04-23T22:00Z"),
    ("America/Havana", "2026-03-08", "00:00-08:00", "2026-03-08T05:00Z", "2026-03-08T12:00Z"),
    ("America/Havana", "2026-11-01", "00:00-08:00", "2026-11-01T04:00Z", "2026-11-01T13:00Z"),
    ("America/Havana", "2026-10-31", "16:00-24:00", "2026-10-31T20:00Z", "2026-11-01T05:00Z"),
    ("Asia/Beirut", "2026-03-28", "16:00-24:00", "2026-03-28T14:00Z", "2026-03-28T22:00Z"),
    ("Asia/Beirut", "2026-10-24", "16:00-23:30", "2026-10-24T13:00Z", "2026-10-24T21:30Z"),
    ("Pacific/Apia", "2011-12-29", "22:00-06:00", "2011-12-30T08:00Z", "2011-12-30T16:00Z"),
    ("Pacific/Apia", "2011-12-29", "16:00-24:00", "2011-12-30T02:00Z", "2011-12-30T10:00Z"),
    ("Pacific/Apia", "2011-12-31", "00:00-24:00", "2011-12-30T10:00Z", "2011-12-31T10:00Z"),
]


@pytest.mark.parametrize(("zone", "day", "hours", "start", "end"), HOURS)
def test_occurrence_has_the_hours_of_its_very_day(
    zone: str, day: str, hours: str, start: str, end: str
) -> None:
    date = dt.date.fromisoformat(day)
    found = shift(hours, "night").occurrence(date, ZoneInfo(zone))
    assert found is not None
    assert (found.start, found.end) == (at(start), at(end))
    assert (found.shift, found.day) == ("night", date)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", "02:15-03:15"),  # 03:15 to 03:15
        ("Europe/Berlin", "2026-03-29", "02:30-03:00"),  # 03:30 to 03:00
        ("America/Santiago", "2026-09-06", "00:00-01:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15-02:45"),
        ("Pacific/Apia", "2011-12-30", "06:00-14:00"),
        ("Pacific/Apia", "2011-12-30", "22:00-06:00"),
    ],
)
def test_occurrence_that_a_gap_leaves_without_length_or_day_is_dropped(
    zone: str, day: str, hours: str
) -> None:
    date = dt.date.fromisoformat(day)
    assert shift(hours).occurrence(date, ZoneInfo(zone)) is None
    assert list(shift(hours).occurrences(date, date, ZoneInfo(zone))) == []


@given(worlds())
def test_shift_occurs_on_a_date_once_or_not_at_all(world: World) -> None:
    for model in world.plant.models:
        for each in model.assignments:
            found = each.shift.occurrences(
                world.first - DAY, world.last + DAY, world.plant.zone, model.calendar
            )
            days = [occurrence.day for occurrence in found]
            assert days == sorted(set(days))


@given(worlds(), st.integers(-2, 22))
def test_reason_not_to_work_is_given_on_the_days_not_worked(world: World, offset: int) -> None:
    day = world.first + offset * DAY
    for model in world.plant.models:
        for each in model.assignments:
            works = oracle.works(each.shift, day) and not oracle.is_closed(model.calendar, day)
            assert (each.shift.closure(day, model.calendar) is None) == works


@pytest.mark.parametrize(
    ("more", "day", "reason"),
    [
        ({"first": dt.date(2026, 1, 13)}, "2026-01-12", "begins on 2026-01-13"),
        ({"last": dt.date(2026, 1, 11)}, "2026-01-12", "ended on 2026-01-11"),
        ({"days": frozenset({5})}, "2026-01-12", "works Sat, not on Mon"),
        (
            {"every": 2, "first": dt.date(2026, 1, 10)},
            "2026-01-12",
            "works every 2 weeks from 2026-01-10, not in this week",
        ),
        (
            {"rrule": "FREQ=MONTHLY;BYDAY=1SU"},
            "2026-01-12",
            "not a day of FREQ=MONTHLY;BYDAY=1SU",
        ),
    ],
)
def test_day_rule_says_why_a_day_is_not_worked(more: dict[str, Any], day: str, reason: str) -> None:
    assert shift("06:00-14:00", **more).day_rule(dt.date.fromisoformat(day)) == reason


@pytest.mark.parametrize("more", [{}, {"rrule": "FREQ=DAILY"}, {"every": 2}])
def test_bounds_are_inclusive(more: dict[str, Any]) -> None:
    day = dt.date(2026, 1, 12)
    once = shift("06:00-14:00", first=day, last=day, **more)
    assert once.day_rule(day) is None
    assert [each.day for each in once.occurrences(day - DAY, day + DAY, BERLIN)] == [day]


def test_weeks_are_counted_from_the_monday_of_the_first_date() -> None:
    saturday = shift("06:00-12:00", days=frozenset({0, 5}), every=2, first=dt.date(2026, 1, 10))
    found = saturday.occurrences(dt.date(2026, 1, 1), dt.date(2026, 2, 10), BERLIN)
    assert [f"{each.day:%m-%d}" for each in found] == ["01-10", "01-19", "01-24", "02-02", "02-07"]


def test_rule_replaces_the_weekdays() -> None:
    audit = shift("08:00-10:00", rrule="FREQ=MONTHLY;BYDAY=1SU", days=frozenset({0}))
    found = audit.occurrences(dt.date(2026, 1, 1), dt.date(2026, 3, 31), BERLIN)
    assert [f"{each.day:%m-%d}" for each in found] == ["01-04", "02-01", "03-01"]


def test_interval_and_count_of_a_rule_are_counted_from_the_first_date() -> None:
    rule: dict[str, Any] = {"rrule": "FREQ=DAILY;INTERVAL=3;COUNT=3", "first": dt.date(2026, 1, 31)}
    thrice = shift("08:00-10:00", **rule)
    found = thrice.occurrences(dt.date(2026, 2, 1), dt.date(2026, 12, 31), BERLIN)
    assert [f"{each.day:%m-%d}" for each in found] == ["02-03", "02-06"]
    assert thrice.day_rule(dt.date(2026, 1, 31)) is None
    assert thrice.day_rule(dt.date(2026, 2, 9)) is not None


def test_rule_that_names_no_day_never_occurs() -> None:
    never = shift("08:00-10:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert list(never.occurrences(dt.date(2026, 1, 1), dt.date(2030, 1, 1), BERLIN)) == []


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ",
        "BYDAY=MO",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;UNTIL=20300101T000000Z",
        "FREQ=HOURLY",
        "freq=daily;byhour=6",
        "DTSTART:20260101",
        "RDATE:20260101",
        "EXRULE:FREQ=DAILY",
        "DTSTART:20260101\nRRULE:FREQ=DAILY",
    ],
)
def test_what_is_not_one_rule_about_days_is_refused(rule: str) -> None:
    with pytest.raises(InvalidPlant, match="rrule"):
        shift("08:00-10:00", rrule=rule)


@pytest.mark.parametrize(
    ("start", "end", "overnight"), [(6, 6, False), (6, 5, False), (6, 7, True)]
)
def test_hours_that_are_not_one_shift_are_refused(start: int, end: int, overnight: bool) -> None:  # noqa: FBT001
    with pytest.raises(InvalidPlant, match="not one shift"):
        Shift(name="odd", start=dt.time(start), end=dt.time(end), overnight=overnight)


def test_every_few_weeks_needs_a_first_date() -> None:
    with pytest.raises(InvalidPlant, match="every 2 weeks needs the date"):
        shift("06:00-14:00", every=2)


def test_calendar_closes_holidays_and_closed_days_but_not_open_ones() -> None:
    christmas, eve, boxing = (dt.date(2026, 12, day) for day in (25, 24, 26))
    works = Calendar(
        name="works",
        holidays={christmas: "Christmas Day", boxing: "Second Day of Christmas"},
        closed=frozenset({eve, boxing}),
        open=frozenset({boxing}),
    )
    assert works.closure(christmas) == "holiday in calendar works: Christmas Day"
    assert works.closure(eve) == "closed in calendar works"
    assert works.closure(boxing) is None
    assert works.closure(dt.date(2026, 12, 23)) is None


def test_open_day_never_makes_a_shift_work_against_its_days() -> None:
    sunday = dt.date(2026, 11, 1)
    works = Calendar(name="works", open=frozenset({sunday}))
    weekly = shift("06:00-14:00", days=frozenset(range(5)))
    assert weekly.closure(sunday, works) == "works Mon-Fri, not on Sun"


def test_holiday_takes_the_start_of_its_own_day_and_leaves_the_night_before() -> None:
    holiday = dt.date(2026, 5, 1)
    works = Calendar(name="works", holidays={holiday: "Labor Day"})
    found = shift("22:00-06:00").occurrences(holiday - DAY, holiday + DAY, BERLIN, works)
    assert [each.day for each in found] == [holiday - DAY, holiday + DAY]


def test_day_whose_holidays_are_not_known_is_an_error() -> None:
    works = Calendar(name="works", first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
    assert works.closure(dt.date(2026, 1, 1)) is works.closure(dt.date(2026, 12, 31)) is None
    for day in (dt.date(2025, 12, 31), dt.date(2027, 1, 1)):
        with pytest.raises(OutOfRange, match=f"not for {day}"):
            works.closure(day)


@pytest.mark.parametrize(
    ("days", "spelled"),
    [
        (range(7), "daily"),
        (range(5), "Mon-Fri"),
        ([5], "Sat"),
        ([5, 6], "Sat,Sun"),
        ([0, 2, 4], "Mon,Wed,Fri"),
        ([4, 5, 6, 0], "Fri-Mon"),
        ([6, 0, 1, 2, 3], "Sun-Thu"),
    ],
)
def test_days_are_spelled_as_a_plant_file_spells_them(days: list[int], spelled: str) -> None:
    assert spell_days(frozenset(days)) == spelled


def test_a_shift_works_daily_unless_it_says_otherwise() -> None:
    assert spell_days(shift("06:00-14:00").days) == "daily"


@pytest.mark.parametrize("days", [{0, 1}, {0, 1, 2}, {4, 5, 6, 0}])
def test_three_days_in_a_row_are_a_range_and_two_are_a_list(days: set[int]) -> None:
    names = {2: "Mon,Tue", 3: "Mon-Wed", 4: "Fri-Mon"}
    assert spell_days(frozenset(days)) == names[len(days)]


@pytest.mark.parametrize("every", [2, 3, 7])
def test_every_n_th_week_is_every_n_th_week(every: int) -> None:
    monday = dt.date(2026, 1, 12)
    one = shift("06:00-12:00", days=frozenset({0}), every=every, first=monday)
    found = [each.day for each in one.occurrences(monday, monday + 15 * 7 * DAY, BERLIN)]
    assert found == [monday + n * every * 7 * DAY for n in range(15 // every + 1)]


def test_weeks_are_counted_by_one_at_the_least() -> None:
    with pytest.raises(InvalidPlant, match="every 0 weeks"):
        shift("06:00-12:00", every=0, first=dt.date(2026, 1, 12))


def test_the_years_from_2000_to_2049_can_be_asked_about_where_a_calendar_says_no_others() -> None:
    works = Calendar(name="works")
    first, last = dt.date(2000, 1, 1), dt.date(2049, 12, 31)
    assert works.closure(first) is None
    assert works.closure(last) is None
    for beyond in (first - DAY, last + DAY):
        with pytest.raises(OutOfRange, match="known from 2000-01-01 to 2049-12-31"):
            works.closure(beyond)


def test_calendars_are_kept_in_sets_although_their_holidays_are_a_mapping() -> None:
    works = Calendar(name="works", holidays={dt.date(2026, 1, 6): "Epiphany"})
    assert {works, Calendar(name="works", holidays={dt.date(2026, 1, 6): "Epiphany"})} == {works}

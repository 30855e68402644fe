"""When is a wall time? Around clock changes, by zone and date, and against a scan of minutes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock import localtime
from tests.punchclock.oracle import instant, scan
from tests.punchclock.worlds import AFTER, BEFORE, CHANGES, DAY, at

CASES = [
    # zone, date, wall time, start, end
    ("Europe/Berlin", "2026-01-12", "06:00", "2026-01-12T05:00Z", "2026-01-12T05:00Z"),
    ("Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59Z", "2026-03-29T00:59Z"),
    ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),
    ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30Z", "2026-03-29T01:30Z"),
    ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),
    ("Europe/Berlin", "2026-10-25", "02:00", "2026-10-25T00:00Z", "2026-10-25T01:00Z"),
    ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
    ("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00Z", "2026-10-25T02:00Z"),
    ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30Z", "2026-03-08T07:30Z"),
    ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30Z", "2026-11-01T06:30Z"),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45Z", "2026-10-03T15:45Z"),
    ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z", "2026-04-04T15:15Z"),
    ("Pacific/Chatham", "2026-09-27", "02:45", "2026-09-26T14:00Z", "2026-09-26T14:00Z"),
    ("Pacific/Chatham", "2026-04-05", "03:00", "2026-04-04T13:15Z", "2026-04-04T14:15Z"),
    ("America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00Z", "2026-09-06T04:00Z"),
    ("America/Santiago", "2026-04-04", "23:30", "2026-04-05T02:30Z", "2026-04-05T03:30Z"),
    ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00Z", "2026-04-23T22:00Z"),
    ("Africa/Cairo", "2026-10-29", "23:00", "2026-10-29T20:00Z", "2026-10-29T21:00Z"),
    ("America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00Z", "2026-03-08T05:00Z"),
    ("America/Havana", "2026-11-01", "00:00", "2026-11-01T04:00Z", "2026-11-01T05:00Z"),
    ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28T22:00Z", "2026-03-28T22:00Z"),
    ("Asia/Beirut", "2026-10-24", "23:00", "2026-10-24T20:00Z", "2026-10-24T21:00Z"),
    ("Asia/Beirut", "2026-10-25", "00:00", "2026-10-24T22:00Z", "2026-10-24T22:00Z"),
    ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T01:30Z", "2026-03-29T01:30Z"),
    ("Pacific/Apia", "2011-12-30", "06:00", "2011-12-30T16:00Z", "2011-12-30T16:00Z"),
    ("Asia/Kolkata", "2026-06-15", "22:00", "2026-06-15T16:30Z", "2026-06-15T16:30Z"),
]


@pytest.mark.parametrize(("zone", "day", "wall", "start", "end"), CASES)
def test_wall_time_moves_out_of_a_gap_and_covers_a_fold(
    zone: str, day: str, wall: str, start: str, end: str
) -> None:
    question = (dt.date.fromisoformat(day), dt.time.fromisoformat(wall), ZoneInfo(zone))
    assert localtime.starting(*question) == at(start)
    assert localtime.ending(*question) == at(end)


@given(st.sampled_from(CHANGES), st.integers(-3, 3), st.builds(dt.time, st.integers(0, 23)))
def test_wall_time_on_the_hour_agrees_with_a_scan(
    change: tuple[str, dt.date], days: int, wall: dt.time
) -> None:
    _agrees(change, days, wall)


@given(
    st.sampled_from(CHANGES),
    st.integers(-2, 2),
    st.builds(dt.time, st.sampled_from([0, 1, 2, 3, 22, 23]), st.integers(0, 59)),
)
def test_wall_time_near_a_clock_change_agrees_with_a_scan(
    change: tuple[str, dt.date], days: int, wall: dt.time
) -> None:
    _agrees(change, days, wall)


def test_instants_are_utc() -> None:
    found = localtime.starting(dt.date(2026, 1, 12), dt.time(6), ZoneInfo("Europe/Berlin"))
    assert found.tzinfo is dt.UTC


def test_date_that_the_zone_skips_does_not_exist() -> None:
    apia = ZoneInfo("Pacific/Apia")
    days = [dt.date(2011, 12, 29) + n * DAY for n in range(3)]
    assert [localtime.exists(day, apia) for day in days] == [True, False, True]


@given(st.sampled_from(CHANGES), st.integers(-3, 3))
def test_date_exists_where_some_minute_shows_it(change: tuple[str, dt.date], days: int) -> None:
    zone, day = ZoneInfo(change[0]), change[1] + days * DAY
    shown = scan(zone, change[1] - BEFORE, change[1] + AFTER).dates
    assert localtime.exists(day, zone) == (day in shown)


def test_day_of_an_instant_is_the_one_on_the_walls() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert localtime.day_of(at("2026-01-11T22:59Z"), berlin) == dt.date(2026, 1, 11)
    assert localtime.day_of(at("2026-01-11T23:00Z"), berlin) == dt.date(2026, 1, 12)


def _agrees(change: tuple[str, dt.date], days: int, wall: dt.time) -> None:
    zone, around = ZoneInfo(change[0]), change[1]
    day = around + days * DAY
    passes = scan(zone, around - BEFORE, around + AFTER).minutes(day, wall)
    assert localtime.starting(day, wall, zone) == instant(passes[0])
    assert localtime.ending(day, wall, zone) == instant(passes[-1])

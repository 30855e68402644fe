"""What can be asked of the meter."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from functions.meter import KEPT
from functions.readings import kept_since
from punchclock import localtime

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("2026-03-20 22:59:59.999999", "2026-03-06 23:00"),
        ("2026-03-20 23:00", "2026-03-07 23:00"),
        # The clocks go forward on 29 March.
        ("2026-04-12 21:59", "2026-03-29 22:00"),
        ("2026-04-11 21:59", "2026-03-28 23:00"),
    ],
)
def test_minutes_are_kept_from_the_second_local_midnight_after_the_oldest_on(now, since):
    assert kept_since(utc(now), BERLIN) == utc(since)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"])
def test_whatever_is_read_is_kept_for_most_of_a_day_more(zone):
    for hours in range(0, 366 * 24, 7):
        now = utc("2018-01-01") + dt.timedelta(hours=hours)
        since = kept_since(now, ZoneInfo(zone))
        assert dt.timedelta(hours=23) <= since - (now - KEPT) <= dt.timedelta(hours=49)
        day = localtime.day_of(since, ZoneInfo(zone))
        assert localtime.starting(day, localtime.MIDNIGHT, ZoneInfo(zone)) == since

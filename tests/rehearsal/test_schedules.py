"""EventBridge Scheduler's documented behaviour, case by case."""

import datetime as dt

import pytest

from rehearsal.schedules import firings


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def fired(expression: str, zone: str, begin: str, end: str) -> list[str]:
    found = firings(expression, zone, at(begin), at(end))
    return [f"{each:%m-%dT%H:%M}" for each in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(40 5 ? * MON-FRI *)", ["03-02T05:40", "03-03T05:40", "03-04T05:40"]),
        ("cron(0 0/6 3 * ? *)", ["03-03T00:00", "03-03T06:00", "03-03T12:00", "03-03T18:00"]),
        ("cron(0 8 ? 3 SUN#1 *)", ["03-01T08:00"]),
        ("cron(0 8 ? * 1 *)", ["03-01T08:00"]),
        ("cron(0 8 ? * TUE,WED 2026)", ["03-03T08:00", "03-04T08:00"]),
        ("cron(0 8 ? * TUE 2025)", []),
        ("cron(0 8 2-3 MAR ? *)", ["03-02T08:00", "03-03T08:00"]),
    ],
)
def test_six_fields_say_minute_hour_monthday_month_weekday_year(expression, expected):
    assert fired(expression, "UTC", "2026-03-01", "2026-03-05") == expected


def test_the_last_day_and_the_last_friday_of_a_month():
    assert fired("cron(0 9 L * ? *)", "UTC", "2026-02-01", "2026-03-01") == ["02-28T09:00"]
    assert fired("cron(0 9 ? * 6L *)", "UTC", "2026-02-01", "2026-03-01") == ["02-27T09:00"]


def test_a_local_time_that_the_spring_change_skips_is_skipped():
    found = fired("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28", "2026-03-31")
    assert found == ["03-28T01:30", "03-30T00:30"]


def test_a_local_time_that_the_autumn_change_repeats_fires_once_at_the_first_pass():
    found = fired("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-25", "2026-10-26")
    assert found == ["10-25T00:30"]


def test_a_change_at_midnight_skips_a_midnight_schedule():
    found = fired("cron(0 0 * * ? *)", "America/Santiago", "2026-09-05", "2026-09-08")
    assert found == ["09-05T04:00", "09-07T03:00"]


@pytest.mark.parametrize(
    "expression",
    ["cron(0 8 * * MON *)", "cron(0 8 ? * ? *)", "cron(0 24 * * ? *)", "cron(0 8 ? * FRI-MON *)"],
)
def test_what_the_scheduler_would_refuse_is_refused(expression):
    with pytest.raises(ValueError, match=r"must be \?|is not within"):
        fired(expression, "UTC", "2026-03-01", "2026-03-05")


def test_only_crons_are_rehearsed():
    with pytest.raises(ValueError, match="only cron"):
        fired("rate(1 minute)", "UTC", "2026-03-01", "2026-03-05")

"""Which cron covers some days: never fewer, and few others."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.crons import Days, matching, weekly

YEAR = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
YEARS = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(4 * 365 + 1)]


def of(holds: Callable[[dt.date], bool], days: list[dt.date] = YEARS) -> list[dt.date]:
    return [day for day in days if holds(day)]


def is_last_of_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def is_last_of_its_weekday(day: dt.date) -> bool:
    return (day + dt.timedelta(days=7)).month != day.month


@pytest.mark.parametrize(
    ("weekdays", "months", "expected"),
    [
        (range(5), range(1, 13), ("?", "*", "MON-FRI")),
        ({0}, range(1, 13), ("?", "*", "MON")),
        ({5, 6}, range(1, 13), ("?", "*", "SUN,SAT")),
        ({6, 0, 1}, range(1, 13), ("?", "*", "SUN-TUE")),
        ({0, 2, 4}, [3, 10], ("?", "3,10", "MON,WED,FRI")),
        ({0, 1}, [3, 4, 5], ("?", "3-5", "MON,TUE")),
        (range(7), [12], ("*", "12", "?")),
        (range(7), range(1, 13), ("*", "*", "?")),
    ],
)
def test_weekdays_are_named_in_the_order_of_eventbridge(weekdays, months, expected):
    days = weekly(weekdays, months)
    assert (days.of_month, days.month, days.of_week) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (of(lambda day: day.weekday() < 5), ("?", "*", "MON-FRI")),
        (of(lambda day: day.day in {1, 15}), ("1,15", "*", "?")),
        (of(lambda day: day.day <= 3), ("1-3", "*", "?")),
        (of(lambda day: day.day == 31), ("L", "1,3,5,7,8,10,12", "?")),
        (of(is_last_of_month), ("L", "*", "?")),
        (of(lambda day: is_last_of_month(day) and day.month in {2, 3}), ("L", "2,3", "?")),
        (of(lambda day: day.weekday() == 6 and day.day <= 7), ("?", "*", "SUN#1")),
        (of(lambda day: day.weekday() == 1 and 8 <= day.day <= 14), ("?", "*", "TUE#2")),
        (
            of(lambda day: day.weekday() == 0 and 22 <= day.day <= 28 and day.month == 5),
            ("?", "5", "MON#4"),
        ),
        (of(lambda day: day.weekday() == 4 and is_last_of_its_weekday(day)), ("?", "*", "6L")),
        (
            of(lambda day: day.weekday() == 5 and is_last_of_its_weekday(day) and day.month < 4),
            ("?", "1-3", "7L"),
        ),
        (of(lambda day: day.weekday() == 2), ("?", "*", "WED")),
        # Both fire once a month: dates are plainer.
        ([dt.date(2026, 3, 2)], ("2", "3", "?")),
        # Five dates a month are more often than one weekday, 52 times a year.
        (of(lambda day: day.weekday() == 2 and day.day <= 30, YEAR), ("?", "*", "WED")),
        # Where both are as often, weekdays are plainer; where dates are less, they win.
        (of(lambda day: day.weekday() in {0, 2, 4} and day.day <= 13), ("?", "*", "MON,WED,FRI")),
        (of(lambda day: day.weekday() < 4 and day.day <= 17), ("1-17", "*", "?")),
        (of(lambda day: day.day in {1, 8, 15, 22, 29}), ("1,8,15,22,29", "*", "?")),
        # A Friday with another after it in its month is not the last.
        ([dt.date(2026, 7, 24), dt.date(2026, 1, 30)], ("24,30", "1,7", "?")),
        # Four are less.
        (of(lambda day: day.day in {1, 8, 15, 22}), ("1,8,15,22", "*", "?")),
    ],
)
def test_days_are_covered_by_what_fires_least(days, expected):
    found = matching(days)
    assert found is not None
    assert (found.of_month, found.month, found.of_week) == expected


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (Days(), "daily"),
        (weekly(range(5)), "mon-fri"),
        (weekly({0, 2}, [3, 10]), "mon_wed-month-3_10"),
        (Days(of_month="1,15"), "day-1_15"),
        (Days(of_month="L", month="2"), "day-L-month-2"),
        (Days(of_month="?", of_week="SUN#1"), "sun.1"),
    ],
)
def test_days_have_a_name_that_a_schedule_may_bear(days, name):
    assert days.name == name


WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def span(field: str) -> set[int]:
    """Return the numbers of a list or range, weekdays from 0 = Sunday."""
    found: set[int] = set()
    for part in field.split(","):
        ends = [WEEK.index(each) if each in WEEK else each for each in part.split("-")]
        if all(str(each).isdigit() for each in ends):
            found |= set(range(int(ends[0]), int(ends[-1]) + 1))
    return found


def fires(days: Days, day: dt.date) -> bool:
    """Whether a cron with these fields fires on a day, as EventBridge documents it."""
    weekday = day.isoweekday() % 7
    if days.month != "*" and day.month not in span(days.month):
        return False
    if days.of_month == "L":
        return is_last_of_month(day)
    if days.of_month not in {"*", "?"}:
        return day.day in span(days.of_month)
    name, turn, number = days.of_week.partition("#")
    if turn:
        return weekday == WEEK.index(name) and (day.day - 1) // 7 + 1 == int(number)
    if days.of_week.endswith("L"):
        return weekday + 1 == int(days.of_week[:-1]) and is_last_of_its_weekday(day)
    return days.of_week in {"*", "?"} or weekday in span(days.of_week)


@given(st.sets(st.sampled_from(YEARS), min_size=1, max_size=40))
def test_a_cron_fires_on_each_of_the_days(days):
    found = matching(days)
    assert found is not None
    assert all(fires(found, day) for day in days)

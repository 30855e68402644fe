"""How do the schedules of other schedulers read in our words? Translations into shifts.

Each peer ANDs the fields of a period and ORs the entries of a field; a period without hours is the
whole day. Days that are more than weekdays become a monthly rule. What cannot be said raises
``Unsayable``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from punchclock.shifts import WEEKDAYS, Shift
from tests.punchclock.worlds import shift

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = tuple(name.lower() for name in WEEKDAYS)
_WORKDAYS = "BYDAY=MO,TU,WE,TH,FR"
_MONTHS_OF_30, _MONTHS_OF_31 = "BYMONTH=4,6,9,11", "BYMONTH=1,3,5,7,8,10,12"


class Unsayable(Exception):
    """Our language has no word for it; the message is the reason."""


def periods(schedule: Mapping[str, Any]) -> list[Shift]:
    """Return the shifts of a schedule of Instance Scheduler on AWS: a list of periods."""
    return [
        shift(_hours(period), f"{number}-{place}", **days)
        for number, period in enumerate(schedule["periods"])
        for place, days in enumerate(_days_of_period(period))
    ]


def interval(fields: Mapping[str, Any]) -> list[Shift]:
    """Return the shifts of a time interval of Alertmanager."""
    hours = ["-".join(pair) for pair in fields.get("times", [("00:00", "24:00")])]
    years = [_years(text) for text in fields.get("years", [""])]
    days: dict[str, Any] = {"rrule": _rule(_rule_parts_of_interval(fields))}
    if set(fields) <= {"times", "weekdays", "years"}:
        days = {"days": _weekdays(fields.get("weekdays", ["mon-sun"]))}
    return [
        shift(span, f"{number}", **days, **bounds)
        for number, (span, bounds) in enumerate(product(hours, years))
    ]


def _hours(period: Mapping[str, str]) -> str:
    if ("begin" in period) != ("end" in period):
        raise Unsayable("a shift has both a start and an end")
    return f"{period.get('begin', '00:00')}-{period.get('end', '24:00')}"


def _days_of_period(period: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    """Yield the days of a period; a nearest weekday takes several shifts."""
    weekdays = period.get("weekdays", ["mon-sun"])
    months = _months(period.get("months", ["*"]))
    monthdays = period.get("monthdays", [])
    nearest = [each for each in monthdays if each.endswith("W")]
    if not (months or monthdays or _ordinals(weekdays)):
        yield {"days": _weekdays(weekdays)}
        return
    for each in nearest:
        yield from ({"rrule": _rule([*parts, *months])} for parts in _nearest(int(each[:-1])))
    if not nearest:
        by_day = _ordinals(weekdays) or [f"BYDAY={_by_day(_weekdays(weekdays))}"]
        by_monthday = [f"BYMONTHDAY={','.join(monthdays)}"] if monthdays else []
        yield {"rrule": _rule([*by_day, *by_monthday, *months])}


def _nearest(day: int) -> Iterator[list[str]]:
    """Yield the rules that together name the weekday nearest to a day of the month, within it.

    Of a 28th or 29th that ends a February on a Sunday they would name none: no row asks for it.
    """
    yield [f"BYMONTHDAY={day}", _WORKDAYS]
    yield [f"BYMONTHDAY={day + 1}", "BYDAY=MO"]
    yield [f"BYMONTHDAY={day - 1}", "BYDAY=FR"] if day > 1 else ["BYMONTHDAY=3", "BYDAY=MO"]
    if day == 30:
        yield ["BYMONTHDAY=28", "BYDAY=FR", _MONTHS_OF_30]
    if day == 31:
        yield ["BYMONTHDAY=29", "BYDAY=FR", _MONTHS_OF_31]


def _ordinals(weekdays: Sequence[str]) -> list[str]:
    """Return the rule of ``mon#2`` (the second) or ``monL`` (the last), none for weekdays."""
    named = [each for each in weekdays if each.endswith("L") or "#" in each]
    pairs = [each.split("#") if "#" in each else [each[:-1], "-1"] for each in named]
    return [f"BYDAY={','.join(nth + _CODES[_weekday(day)] for day, nth in pairs)}"] if pairs else []


def _rule_parts_of_interval(fields: Mapping[str, Sequence[str]]) -> list[str]:
    months = _months([each.replace(":", "-") for each in fields.get("months", ["*"])])
    monthdays = sorted(
        {day for each in fields.get("days_of_month", []) for day in _monthdays(each)}
    )
    by_monthday = [f"BYMONTHDAY={','.join(map(str, monthdays))}"] if monthdays else []
    return [
        f"BYDAY={_by_day(_weekdays(fields.get('weekdays', ['mon-sun'])))}",
        *by_monthday,
        *months,
    ]


def _monthdays(text: str) -> list[int]:
    """Return the days of ``4:6``, ``-3:-1``, ``20:-1``: negatives count from the month's end."""
    first, _, last = text.partition(":")
    begin, end = int(first), int(last or first)
    if begin > 0 > end:
        if end != -1:
            raise Unsayable("days from the beginning to some days before the end of a month")
        end = 31
    if begin < 0 < end:
        if (begin, end) != (-31, 31):
            raise Unsayable("days from some days before the end of a month to a day of it")
        begin = 1
    return list(range(begin, end + 1))


def _years(text: str) -> dict[str, dt.date]:
    if not text:
        return {}
    first, _, last = text.partition(":")
    return {"first": dt.date(int(first), 1, 1), "last": dt.date(int(last or first), 12, 31)}


def _months(texts: Sequence[str]) -> list[str]:
    if "*" in texts:
        return []
    found: list[int] = []
    for text in texts:
        first, _, last = text.partition("-")
        found += range(_month(first), _month(last or first) + 1)
    return [f"BYMONTH={','.join(map(str, found))}"]


def _month(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS.index(text[:3].lower()) + 1


def _weekdays(texts: Sequence[str]) -> frozenset[int]:
    found: set[int] = set()
    for text in texts:
        first, _, last = text.partition("-")
        begin, end = _weekday(first), _weekday(last or first)
        found |= {(begin + n) % 7 for n in range((end - begin) % 7 + 1)}
    return frozenset(found)


def _weekday(text: str) -> int:
    return int(text) if text.isdigit() else _NAMES.index(text[:3].lower())


def _by_day(days: frozenset[int]) -> str:
    return ",".join(_CODES[day] for day in sorted(days))


def _rule(parts: Sequence[str]) -> str:
    return ";".join(["FREQ=MONTHLY", *parts])

"""When does EventBridge Scheduler fire? Its documented behaviour, from its own expressions.

Cron in six fields, a local time that a clock change skips is skipped, one that occurs twice fires
once, at the first pass. Written from the scheduler's user guide and apart from ``punchclock``, so
that a mistake in our reading of the law of time cannot hide in our reading of the crons.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

_DAY = dt.timedelta(days=1)
_WEEKDAYS = {name: n for n, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_MONTHS = {name.upper(): n for n, name in enumerate(calendar.month_abbr) if name}


def firings(
    expression: str, timezone: str, begin: dt.datetime, end: dt.datetime
) -> Iterator[dt.datetime]:
    """Yield the UTC instants in [begin, end) at which a schedule is due, ascending.

    Raises ``ValueError`` for an expression that is not a cron of six fields.
    """
    if not (expression.startswith("cron(") and expression.endswith(")")):
        message = f"{expression}: only cron expressions are rehearsed"
        raise ValueError(message)
    minute, hour, monthday, month, weekday, year = expression[5:-1].split()
    zone = ZoneInfo(timezone)
    works = _day_rule(monthday, month, weekday, year)
    times = [
        dt.time(h, m)
        for h in sorted(_numbers(hour, 0, 23))
        for m in sorted(_numbers(minute, 0, 59))
    ]
    day = begin.astimezone(zone).date() - _DAY
    last = end.astimezone(zone).date()
    while day <= last:
        if works(day):
            found = (_instant(day, time, zone) for time in times)
            yield from sorted(each for each in found if each is not None and begin <= each < end)
        day += _DAY


def _instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    local = dt.datetime.combine(day, time, zone)
    instant = local.astimezone(dt.UTC)
    skipped = instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)
    return None if skipped else instant


def _day_rule(monthday: str, month: str, weekday: str, year: str) -> Callable[[dt.date], bool]:
    if (monthday == "?") == (weekday == "?"):
        message = f"one of day-of-month {monthday!r} and day-of-week {weekday!r} must be ?"
        raise ValueError(message)
    months = _numbers(month, 1, 12, _MONTHS)
    years = _numbers(year, 1970, 2199)
    by_day = _monthday_rule(monthday) if weekday == "?" else _weekday_rule(weekday)
    return lambda day: day.month in months and day.year in years and by_day(day)


def _monthday_rule(field: str) -> Callable[[dt.date], bool]:
    if field == "L":
        return lambda day: day.day == calendar.monthrange(day.year, day.month)[1]
    days = _numbers(field, 1, 31)
    return lambda day: day.day in days


def _weekday_rule(field: str) -> Callable[[dt.date], bool]:
    if "#" in field:
        name, place = field.split("#")
        number = _WEEKDAYS.get(name) or int(name)
        return lambda day: _number(day) == number and (day.day - 1) // 7 + 1 == int(place)
    if field.endswith("L") and field != "L":
        number = _WEEKDAYS.get(field[:-1]) or int(field[:-1])
        return lambda day: _number(day) == number and (day + 7 * _DAY).month != day.month
    days = _numbers(field, 1, 7, _WEEKDAYS)
    return lambda day: _number(day) in days


def _number(day: dt.date) -> int:
    return day.isoweekday() % 7 + 1


def _numbers(
    field: str, least: int, most: int, names: dict[str, int] | None = None
) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        begin, _, end = span.partition("-")
        first = least if begin == "*" else _plain(begin, names)
        last = _plain(end, names) if end else most if begin == "*" or step else first
        if not least <= first <= last <= most:
            message = f"{part!r} of {field!r} is not within {least}-{most}"
            raise ValueError(message)
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def _plain(text: str, names: dict[str, int] | None) -> int:
    return (names or {}).get(text) or int(text)

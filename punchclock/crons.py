"""Which cron of EventBridge Scheduler covers a set of days, and as few others as it can?

Weekdays are written by name, because numbers mean other days here (1 is Sunday) than in a Unix
cron, and ranges never wrap around the week's end: what the documentation does not promise is not
used. One of the fields day-of-month and day-of-week must be ``?``. Source: EventBridge Scheduler,
schedule types.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass

NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
"""Weekdays in the order of EventBridge, which numbers them from 1."""

_SHORTEST_RANGE = 3
_MONTHS = range(1, 13)
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days as three fields of a cron."""

    of_month: str = "*"
    month: str = "*"
    of_week: str = "?"

    @property
    def name(self) -> str:
        """The fields as part of a schedule's name: letters, digits, ``-``, ``_`` and ``.``."""
        parts = {"": self.of_week.lower(), "day-": self.of_month, "month-": self.month}
        said = [f"{key}{value}" for key, value in parts.items() if value not in {"*", "?"}]
        return "-".join(said).replace(",", "_").replace("#", ".") or "daily"


def weekly(weekdays: Collection[int], months: Collection[int] = _MONTHS) -> Days:
    """Return every week's days, 0 = Monday, of which there must be one at least."""
    places = sorted({(day + 1) % 7 for day in weekdays})
    month = _spell(months, _MONTHS)
    if len(places) == len(NAMES):
        return Days(month=month)
    return Days(of_month="?", month=month, of_week=_spell(places, range(7), NAMES))


def matching(days: Collection[dt.date]) -> Days | None:
    """Return what fires least of all that covers the days, or None when there are none."""
    if not days:
        return None
    months = {day.month for day in days}
    return min(_covers(days, months), key=lambda cover: cover[0])[1]


def _covers(days: Collection[dt.date], months: Collection[int]) -> Iterator[tuple[float, Days]]:
    """Yield what covers the days with how often it fires a month, the plainest first."""
    month = _spell(months, _MONTHS)
    weekdays = {day.weekday() for day in days}
    dates = {day.day for day in days}
    yield len(weekdays) * 52 / 12, weekly(weekdays, months)
    yield len(dates), Days(of_month=_spell(dates, range(1, _LONGEST_MONTH + 1)), month=month)
    if all(day.day == _length(day) for day in days):
        yield 0.99, Days(of_month="L", month=month)
    if len(weekdays) > 1:
        return
    place = (weekdays.pop() + 1) % 7
    turns = {(day.day - 1) // 7 + 1 for day in days}
    if len(turns) == 1:
        yield 1, Days(of_month="?", month=month, of_week=f"{NAMES[place]}#{turns.pop()}")
    if all(day.day + 7 > _length(day) for day in days):
        # By number: the documentation shows "the last Friday" only as 6L.
        yield 1, Days(of_month="?", month=month, of_week=f"{place + 1}L")


def _length(day: dt.date) -> int:
    return monthrange(day.year, day.month)[1]


def _spell(values: Collection[int], whole: range, names: tuple[str, ...] = ()) -> str:
    """Write numbers as ``*``, as one range or as a list."""
    ordered = sorted(values)
    if len(ordered) == len(whole):
        return "*"
    texts = [names[value] if names else str(value) for value in ordered]
    adjacent = ordered[-1] - ordered[0] == len(ordered) - 1
    if adjacent and len(ordered) >= _SHORTEST_RANGE:
        return f"{texts[0]}-{texts[-1]}"
    return ",".join(texts)

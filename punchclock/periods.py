"""Which 12 months lie ahead of a plant, as far as they are known, and which calendar months?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from punchclock.errors import OutOfRange
from punchclock.localtime import DAY
from punchclock.plants import Plant
from punchclock.workdays import known_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local days, as a rule of 12 months, within the days that are known."""

    first: dt.date
    end: dt.date
    """The day after the last."""
    asked: tuple[dt.date, dt.date]
    """The whole 12 months, [first, end)."""
    months: tuple[dt.date, ...]
    """The first day of each calendar month that shares a day with it."""
    bounds: tuple[dt.date, ...]
    """Ascending: where its months and itself begin and end. Each stretch between two of them lies
    in one month, and wholly within the period or outside."""

    @property
    def is_whole(self) -> bool:
        """Whether all of the 12 months are known."""
        return (self.first, self.end) == self.asked

    def holds(self, day: dt.date) -> bool:
        """Whether a day is one of the period's."""
        return self.first <= day < self.end


def coming_year(plants: Iterable[Plant], first: dt.date) -> Period:
    """Return the 12 months from a date on, as far as all days of all plants are known.

    Raises ``OutOfRange`` where none of them is.
    """
    earliest, latest = _known(plants)
    if first > latest or _a_year_on(first) <= earliest:
        raise OutOfRange(
            f"nothing of the 12 months from {first} lies within {earliest} to {latest},"
            " the days that are known"
        )
    asked = (first, _a_year_on(first))
    begin, end = max(first, earliest), min(asked[1], latest + DAY)
    months = _months(begin, end)
    walls = {begin, end, *months, _next(months[-1])}
    bounds = sorted({min(max(day, earliest), latest + DAY) for day in walls})
    return Period(first=begin, end=end, asked=asked, months=months, bounds=tuple(bounds))


def _known(plants: Iterable[Plant]) -> tuple[dt.date, dt.date]:
    """Return the first and last day that is known to all models of all plants."""
    calendars = {id(model.calendar): model.calendar for each in plants for model in each.models}
    spans = [known_days(None), *map(known_days, calendars.values())]
    return max(first for first, _ in spans), min(last for _, last in spans)


def _a_year_on(day: dt.date) -> dt.date:
    """Return the same day of next year; 29 February becomes 1 March, so that no day is left out."""
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)


def _months(first: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    month, found = first.replace(day=1), []
    while month < end:
        found.append(month)
        month = _next(month)
    return tuple(found)


def _next(month: dt.date) -> dt.date:
    return (month + 31 * DAY).replace(day=1)

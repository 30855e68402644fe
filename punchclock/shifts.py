"""Which days does a shift work, and from when to when?

An occurrence belongs to the local date it starts on; day rules, holidays and closures look at that
date only (law of time, 1).
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from punchclock import localtime, recurrences
from punchclock.errors import InvalidPlant, OutOfRange

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Names of the weekdays, in the order of ``date.weekday()``."""

FIRST_DAY = dt.date(2000, 1, 1)
LAST_DAY = dt.date(2049, 12, 31)
"""The days that can be asked about. Zone rules before are history that nobody schedules, zone rules
after are guesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days on which no shift starts, and their exceptions."""

    name: str
    holidays: Mapping[dt.date, str] = field(default_factory=dict, hash=False)
    """Public holidays by date, with their names."""
    closed: frozenset[dt.date] = frozenset()
    open: frozenset[dt.date] = frozenset()
    """Worked although a holiday or closed."""
    first: dt.date = FIRST_DAY
    last: dt.date = LAST_DAY
    """The first and last date whose holidays are known."""

    def closure(self, day: dt.date) -> str | None:
        """Return why nothing starts on this day, or None when the day is worked.

        Raises ``OutOfRange`` for a day whose holidays are not known.
        """
        if not self.first <= day <= self.last:
            message = (
                f"calendar {self.name}: holidays are known from {self.first} to {self.last},"
                f" not for {day}"
            )
            raise OutOfRange(message)
        if day in self.open:
            return None
        if day in self.closed:
            return f"closed in calendar {self.name}"
        if day in self.holidays:
            return f"holiday in calendar {self.name}: {self.holidays[day]}"
        return None


class Occurrence(NamedTuple):
    """One time that a shift is worked: a half-open interval of UTC."""

    start: dt.datetime
    end: dt.datetime
    shift: str
    day: dt.date
    """The local date it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Wall-clock hours on certain days."""

    name: str
    start: dt.time
    end: dt.time
    overnight: bool = False
    """Whether the end is on the next day. 24:00 is written as an overnight 00:00."""
    days: frozenset[int] = frozenset(range(7))
    """Weekdays it starts on, 0 = Monday."""
    first: dt.date | None = None
    last: dt.date | None = None
    """The first and last date it may start on, both inclusive."""
    every: int = 1
    """Works each n-th week, counted from the Monday of the week of ``first``."""
    rrule: str | None = None
    """An RFC 5545 rule that names the days instead of ``days``."""

    def __post_init__(self) -> None:
        if self.overnight != (self.end <= self.start):
            message = f"shift {self.name}: {self.start:%H:%M} to {self.end:%H:%M} is not one shift"
            raise InvalidPlant(message)
        if self.every < 1 or (self.every > 1 and self.first is None):
            message = f"shift {self.name}: every {self.every} weeks needs the date it counts from"
            raise InvalidPlant(message)

        if self.rrule is not None:
            recurrences.parse(self.rrule, self._anchor)

    def day_rule(self, day: dt.date) -> str | None:
        """Return why the shift's own rule excludes this day, or None when it includes it."""
        if self.first is not None and day < self.first:
            return f"begins on {self.first}"
        if self.last is not None and day > self.last:
            return f"ended on {self.last}"
        if self.rrule is not None:
            return None if self._recurs(day) else f"not a day of {self.rrule}"
        if day.weekday() not in self.days:
            return f"works {spell_days(self.days)}, not on {WEEKDAYS[day.weekday()]}"
        if self.every > 1 and self.first is not None:
            weeks = (_monday(day) - _monday(self.first)).days // 7
            if weeks % self.every:
                return f"works every {self.every} weeks from {self.first}, not in this week"
        return None

    def closure(self, day: dt.date, calendar: Calendar | None) -> str | None:
        """Return why the shift does not start on this day, or None when it does."""
        return self.day_rule(day) or (calendar.closure(day) if calendar else None)

    def occurrence(self, day: dt.date, zone: ZoneInfo) -> Occurrence | None:
        """Return the hours of the shift that starts on this day, whatever the day rules say.

        None where a clock change leaves it without length, or the zone skips the date.
        """
        start = localtime.starting(day, self.start, zone)
        end = localtime.ending(day + localtime.DAY if self.overnight else day, self.end, zone)
        if end <= start or not localtime.exists(day, zone):
            return None
        return Occurrence(start, end, self.name, day)

    def occurrences(
        self, first: dt.date, last: dt.date, zone: ZoneInfo, calendar: Calendar | None = None
    ) -> Iterator[Occurrence]:
        """Yield the occurrences of the days from ``first`` to ``last``, both inclusive."""
        for day in self._candidates(first, last):
            if self.closure(day, calendar) is None:
                occurrence = self.occurrence(day, zone)
                if occurrence is not None:
                    yield occurrence

    def _candidates(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        first = max(first, self.first or FIRST_DAY)
        last = min(last, self.last or LAST_DAY)
        if self.rrule is not None:
            days = self._recurrence()
            yield from days[bisect_left(days, first) : bisect_right(days, last)]
            return
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield dt.date.fromordinal(ordinal)

    @property
    def _anchor(self) -> dt.date:
        return self.first or FIRST_DAY

    def _recurrence(self) -> Sequence[dt.date]:
        last = min(self.last or LAST_DAY, LAST_DAY)
        return recurrences.days(self.rrule, self._anchor, last) if self.rrule else ()

    def _recurs(self, day: dt.date) -> bool:
        days = self._recurrence()
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day


def spell_days(days: frozenset[int]) -> str:
    """Write weekdays as a plant file does: ``Mon-Fri``, ``Sat``, ``Mon,Wed,Fri``, ``daily``."""
    if len(days) == len(WEEKDAYS):
        return "daily"
    begins = [day for day in range(7) if day in days and (day - 1) % 7 not in days]
    spans = []
    for begin in begins:
        length = next(n for n in range(1, 8) if (begin + n) % 7 not in days)
        names = [WEEKDAYS[(begin + n) % 7] for n in range(length)]
        spans += [f"{names[0]}-{names[-1]}"] if length > 2 else names  # noqa: PLR2004 - "Mon,Tue"
    return ",".join(spans)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())

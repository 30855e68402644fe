"""When must a model be ready? The union of the occurrences of its shifts.

What is worked out once is kept, and extended where somebody asks further: models that work the same
shifts share it, however they differ in lead and bridge.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from punchclock.localtime import DAY
from punchclock.plants import Assignment
from punchclock.shifts import Calendar, Occurrence, Shift


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open UTC interval in which a model must be ready."""

    start: dt.datetime
    end: dt.datetime
    units: int
    shifts: tuple[str, ...]
    """Names of its shifts, ascending."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The windows of all occurrences that belong to some days."""

    first: dt.date
    last: dt.date
    """The days, both inclusive."""
    windows: Sequence[Window]
    """Ascending; none touches the next."""


Worked = tuple[Occurrence, int]
"""Hours that are worked, with the units they need."""


class Almanac:
    """The occurrences and windows of a plant's shifts, each worked out once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._pages: dict[tuple[Shift, str | None], _Page] = {}
        self._coverages: dict[tuple[tuple[Assignment, ...], str | None], Coverage] = {}

    def coverage(
        self,
        assignments: tuple[Assignment, ...],
        calendar: Calendar | None,
        first: dt.date,
        last: dt.date,
    ) -> Coverage:
        """Return the windows of shifts worked together, of the days asked for at the least."""
        key = (assignments, calendar.name if calendar else None)
        known = self._coverages.get(key)
        if known is not None:
            if known.first <= first and last <= known.last:
                return known
            first, last = min(first, known.first), max(last, known.last)
        worked = self.worked(assignments, calendar, first, last)
        known = self._coverages[key] = Coverage(first, last, list(unite(worked)))
        return known

    def worked(
        self,
        assignments: tuple[Assignment, ...],
        calendar: Calendar | None,
        first: dt.date,
        last: dt.date,
    ) -> list[Worked]:
        """Return the occurrences of shifts worked together, of the days asked for, with units."""
        return [
            (occurrence, each.units)
            for each in assignments
            for occurrence in self._occurrences(each.shift, calendar, first, last)
        ]

    def _occurrences(
        self, shift: Shift, calendar: Calendar | None, first: dt.date, last: dt.date
    ) -> Sequence[Occurrence]:
        key = (shift, calendar.name if calendar else None)
        page = self._pages.setdefault(key, _Page(first, first - DAY, [], []))
        if first < page.first:
            page.prepend(first, shift.occurrences(first, page.first - DAY, self.zone, calendar))
        if last > page.last:
            page.append(last, shift.occurrences(page.last + DAY, last, self.zone, calendar))
        return page.between(first, last)


@dataclass(slots=True)
class _Page:
    """The occurrences of one shift that belong to the days from ``first`` to ``last``."""

    first: dt.date
    last: dt.date
    days: list[dt.date]
    occurrences: list[Occurrence]

    def prepend(self, first: dt.date, earlier: Iterable[Occurrence]) -> None:
        self.first = first
        self.occurrences = [*earlier, *self.occurrences]
        self.days = [each.day for each in self.occurrences]

    def append(self, last: dt.date, later: Iterable[Occurrence]) -> None:
        self.last = last
        self.occurrences = [*self.occurrences, *later]
        self.days = [each.day for each in self.occurrences]

    def between(self, first: dt.date, last: dt.date) -> Sequence[Occurrence]:
        return self.occurrences[bisect_left(self.days, first) : bisect_right(self.days, last)]


def unite(worked: list[Worked]) -> Iterator[Window]:
    """Yield the union of occurrences: what touches is one window, with the largest units."""
    worked.sort(key=_start)
    place = 0
    while place < len(worked):
        (start, end, name, _), most = worked[place]
        names = {name}
        place += 1
        while place < len(worked) and worked[place][0].start <= end:
            (_, until, name, _), units = worked[place]
            end, most = max(end, until), max(most, units)
            names.add(name)
            place += 1
        yield Window(start, end, most, tuple(sorted(names)))


def _start(worked: Worked) -> dt.datetime:
    return worked[0].start

"""The law of time: shifts become windows, windows become runs.

A *window* is a half-open UTC interval in which a model must be ready; touching or overlapping
occurrences are one window with the largest units among its shifts. A *run* is what the service is
asked to do: it joins windows that are close, starts ``lead`` before the first, stops at the end of the
last, and holds the largest units of its windows for its whole length.

A run may be endless (a model that works around the clock), so a timetable is worked out on demand, and
far enough to both sides that every run it answers with is whole.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.errors import OutOfRange
from punchclock.localtime import DAY
from punchclock.plants import Assignment, Model, Plant
from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar, Occurrence, Shift

RESTART = dt.timedelta(minutes=10)
"""Pauses up to ``lead`` plus this are bridged: a stop takes minutes too, and there is no restart
between them (law of time, 4)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open UTC interval in which a model must be ready."""

    start: dt.datetime
    end: dt.datetime
    units: int
    shifts: tuple[str, ...]
    """Names of its shifts, ascending."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the service is asked to do."""

    start: dt.datetime
    """When the start is asked for."""
    ready: dt.datetime
    """When the model must be ready: its first window's start, which also names the run."""
    stop: dt.datetime
    units: int
    windows: tuple[Window, ...]


@dataclass(slots=True)
class Timetable:
    """The windows and runs of one model."""

    zone: ZoneInfo
    assignments: tuple[Assignment, ...]
    calendar: Calendar | None
    lead: dt.timedelta
    bridge: dt.timedelta
    almanac: "Almanac"
    _runs: list[Run] = field(default_factory=list)
    _starts: list[dt.datetime] = field(default_factory=list)
    _known: tuple[dt.datetime, dt.datetime] | None = None

    def runs(self, begin: dt.datetime, end: dt.datetime) -> Sequence[Run]:
        """Return the runs, ascending and whole, that share an instant with [begin, end).

        Raises ``OutOfRange`` where [begin, end) leaves the known years.
        """
        self._work_out(begin, end)
        first = bisect_right(self._starts, begin)
        if first and self._runs[first - 1].stop > begin:
            first -= 1
        last = bisect_right(self._starts, end)
        while last > first and self._runs[last - 1].start >= end:
            last -= 1
        return self._runs[first:last]

    def run_at(self, now: dt.datetime) -> Run | None:
        """Return the run that is on at an instant, lead included, or None."""
        if self._known is None or not self._known[0] <= now < self._known[1]:
            self._work_out(now, now + DAY)
        place = bisect_right(self._starts, now)
        if place:
            run = self._runs[place - 1]
            if now < run.stop:
                return run
        return None

    def window_at(self, now: dt.datetime) -> Window | None:
        """Return the window in which the model must be ready at an instant, or None."""
        run = self.run_at(now)
        if run is None:
            return None
        place = bisect_right(run.windows, now, key=attrgetter("start"))
        return run.windows[place - 1] if place and now < run.windows[place - 1].end else None

    def next_run(self, now: dt.datetime, within: dt.timedelta = 366 * DAY) -> Run | None:
        """Return the first run that starts after an instant, or None where none does in time."""
        span = DAY
        while True:
            span = min(span, within)
            run = next((r for r in self.runs(now, now + span) if r.start > now), None)
            if run is not None or span >= within:
                return run
            span *= 8

    @property
    def reach(self) -> dt.timedelta:
        """The longest pause between two windows that one run bridges."""
        return max(self.bridge, self.lead + RESTART)

    def _work_out(self, begin: dt.datetime, end: dt.datetime) -> None:
        if self._known is not None and self._known[0] <= begin and end <= self._known[1]:
            return
        earliest, latest = self._horizon()
        first, last = (localtime.day_of(edge, self.zone) for edge in (begin, end))
        if first < earliest or last > latest + DAY:
            message = f"{first} to {last} is outside {earliest} to {latest}, the days that are known"
            raise OutOfRange(message)
        back = ahead = 2 + (self.lead + self.reach) // DAY
        while True:
            lo = max(first - back * DAY, earliest)
            hi = min(last + ahead * DAY, latest)
            runs = list(self._join(self._unite(lo, hi)))
            # A day before `lo` reaches to the end of `lo` at most, and joins what is in reach of that.
            settled = localtime.ending(lo + DAY, localtime.MIDNIGHT, self.zone) + self.reach
            until = localtime.starting(hi + DAY, localtime.MIDNIGHT, self.zone) - self.reach
            current = next((run for run in runs if run.stop > begin), None)
            whole_left = lo == earliest or current is None or current.ready > settled
            last_run = next((run for run in reversed(runs) if run.start < end), None)
            whole_right = hi == latest or last_run is None or last_run.stop < until
            if whole_left and whole_right:
                break
            back, ahead = (back * (1 if whole_left else 4)), (ahead * (1 if whole_right else 4))
        self._runs = runs
        self._starts = [run.start for run in runs]
        self._known = (begin, end)

    def _horizon(self) -> tuple[dt.date, dt.date]:
        if self.calendar is None:
            return FIRST_DAY, LAST_DAY
        return max(FIRST_DAY, self.calendar.first), min(LAST_DAY, self.calendar.last)

    def _unite(self, first: dt.date, last: dt.date) -> Iterator[Window]:
        occurrences = sorted(
            (occurrence, assignment.units)
            for assignment in self.assignments
            for occurrence in self.almanac.occurrences(assignment.shift, self.calendar, first, last)
        )
        start = end = None
        most = 0
        names: set[str] = set()
        for occurrence, units in occurrences:
            if end is None or occurrence.start > end:
                if start is not None and end is not None:
                    yield Window(start, end, most, tuple(sorted(names)))
                start, end, most, names = occurrence.start, occurrence.end, units, {occurrence.shift}
                continue
            end = max(end, occurrence.end)
            most = max(most, units)
            names.add(occurrence.shift)
        if start is not None and end is not None:
            yield Window(start, end, most, tuple(sorted(names)))

    def _join(self, windows: Iterable[Window]) -> Iterator[Run]:
        joined: list[Window] = []
        for window in windows:
            if joined and window.start - joined[-1].end > self.reach:
                yield self._run(joined)
                joined = []
            joined.append(window)
        if joined:
            yield self._run(joined)

    def _run(self, windows: list[Window]) -> Run:
        ready = windows[0].start
        units = max(window.units for window in windows)
        return Run(ready - self.lead, ready, windows[-1].end, units, tuple(windows))


class Almanac:
    """The occurrences of a plant's shifts, worked out once for all the models that work them."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Begin with nothing worked out."""
        self._zone = zone
        self._found: dict[
            tuple[Shift, str | None], tuple[dt.date, dt.date, list[dt.date], list[Occurrence]]
        ] = {}

    def occurrences(
        self, shift: Shift, calendar: Calendar | None, first: dt.date, last: dt.date
    ) -> Sequence[Occurrence]:
        """Return a shift's occurrences on the days from ``first`` to ``last``, both inclusive."""
        key = (shift, calendar.name if calendar else None)
        found = self._found.get(key)
        if found is None or first < found[0] or last > found[1]:
            lo, hi = (first, last) if found is None else (min(first, found[0]), max(last, found[1]))
            listed = list(shift.occurrences(lo, hi, self._zone, calendar))
            found = self._found[key] = (lo, hi, [each.day for each in listed], listed)
        _, _, days, listed = found
        return listed[bisect_right(days, first - DAY) : bisect_right(days, last)]


def timetables(plant: Plant) -> dict[str, Timetable]:
    """Return the timetable of each model by name; models that work alike share one.

    A disabled model has one too: it is empty.
    """
    zone = plant.zone
    almanac = Almanac(zone)
    shared: dict[object, Timetable] = {}
    found = {}
    for model in plant.models:
        key = _pattern(model)
        if key not in shared:
            assignments = model.assignments if model.enabled else ()
            shared[key] = Timetable(
                zone, assignments, model.calendar, model.lead, model.bridge, almanac
            )
        found[model.name] = shared[key]
    return found


def _pattern(model: Model) -> object:
    calendar = model.calendar.name if model.calendar else None
    return (model.enabled, model.assignments, calendar, model.lead, model.bridge)

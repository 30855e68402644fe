"""The law of time: when is a model asked to run, and with how many units?

A *run* joins windows that are close, starts ``lead`` before the first, stops at the end of the
last, and holds the largest units of its windows for its whole length.

A run may be endless (a model that works around the clock), so a timetable is worked out on demand,
and far enough to both sides that every run it answers with is whole.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from punchclock import localtime
from punchclock.errors import OutOfRange
from punchclock.localtime import DAY
from punchclock.plants import Assignment, Model, Plant
from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar
from punchclock.windows import Almanac, Coverage, Window

RESTART = dt.timedelta(minutes=10)
"""Pauses up to ``lead`` plus this are bridged: a stop takes minutes too, and there is no restart
between them (law of time, 4)."""


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

    assignments: tuple[Assignment, ...]
    calendar: Calendar | None
    lead: dt.timedelta
    bridge: dt.timedelta
    almanac: Almanac
    _runs: Sequence[Run] = ()
    _starts: Sequence[dt.datetime] = ()
    _known: tuple[dt.datetime, dt.datetime] | None = None

    def runs(self, begin: dt.datetime, end: dt.datetime) -> Sequence[Run]:
        """Return the runs, ascending and whole, that share an instant with [begin, end).

        Raises ``OutOfRange`` where [begin, end) leaves the known years.
        """
        self._work_out(begin, end)
        first = bisect_right(self._starts, begin)
        if first and self._runs[first - 1].stop > begin:
            first -= 1
        return self._runs[first : bisect_left(self._starts, end)]

    def run_at(self, now: dt.datetime) -> Run | None:
        """Return the run that is on at an instant, lead included, or None.

        Within what ``runs`` was asked for last this is a look-up; elsewhere a day is worked out
        first.
        """
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
        """Return the first run that starts after an instant, or None where none does in time.

        What is not known yet does not start: the search ends with the last known day.
        """
        _, latest = self._horizon()
        known = localtime.starting(latest + DAY, localtime.MIDNIGHT, self.almanac.zone) - now
        within = max(DAY, min(within, known))
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
        first, last = (localtime.day_of(edge, self.almanac.zone) for edge in (begin, end))
        if first < earliest or last > latest + DAY:
            raise OutOfRange(
                f"{first} to {last} is outside {earliest} to {latest}, the days that are known"
            )
        back = ahead = 4 + (self.lead + self.reach) // DAY
        while True:
            known = self.almanac.coverage(
                self.assignments,
                self.calendar,
                max(first - back * DAY, earliest),
                min(last + ahead * DAY, latest),
            )
            runs = list(self._join(known.windows))
            begun = known.first <= earliest or self._is_begun(runs, begin, known)
            ended = known.last >= latest or self._is_ended(runs, end, known)
            if begun and ended:
                break
            back, ahead = (back if begun else back * 4), (ahead if ended else ahead * 4)
        self._runs = runs
        self._starts = [run.start for run in runs]
        self._known = (begin, end)

    def _horizon(self) -> tuple[dt.date, dt.date]:
        if self.calendar is None:
            return FIRST_DAY, LAST_DAY
        return max(FIRST_DAY, self.calendar.first), min(LAST_DAY, self.calendar.last)

    def _is_begun(self, runs: Sequence[Run], begin: dt.datetime, known: Coverage) -> bool:
        """Whether no earlier day than the known ones can add to the runs from an instant on.

        A night that began the day before ends within two days, even where the zone skips one.
        """
        settled = known.first + 2 * DAY
        latest_end = localtime.ending(settled, localtime.MIDNIGHT, self.almanac.zone)
        place = bisect_right(runs, begin, key=attrgetter("stop"))
        return place == len(runs) or runs[place].ready - latest_end > self.reach

    def _is_ended(self, runs: Sequence[Run], end: dt.datetime, known: Coverage) -> bool:
        """Whether no later day than the known ones can add to the runs before an instant."""
        unknown = known.last + DAY
        earliest_start = localtime.starting(unknown, localtime.MIDNIGHT, self.almanac.zone)
        place = bisect_left(runs, end, key=attrgetter("start"))
        return place == 0 or earliest_start - runs[place - 1].stop > self.reach

    def _join(self, windows: Iterable[Window]) -> Iterator[Run]:
        reach = self.reach
        joined: list[Window] = []
        for window in windows:
            if joined and window.start - joined[-1].end > reach:
                yield self._run(joined)
                joined = []
            joined.append(window)
        if joined:
            yield self._run(joined)

    def _run(self, windows: list[Window]) -> Run:
        ready = windows[0].start
        units = max([window.units for window in windows])
        return Run(ready - self.lead, ready, windows[-1].end, units, tuple(windows))


def timetables(plant: Plant) -> dict[str, Timetable]:
    """Return the timetable of each model by name; models that work alike share one.

    A disabled model has one too: it is empty.
    """
    almanac = Almanac(plant.zone)
    shared: dict[object, Timetable] = {}
    found = {}
    for model in plant.models:
        key = _pattern(model)
        if key not in shared:
            assignments = model.assignments if model.enabled else ()
            shared[key] = Timetable(assignments, model.calendar, model.lead, model.bridge, almanac)
        found[model.name] = shared[key]
    return found


def _pattern(model: Model) -> object:
    calendar = model.calendar.name if model.calendar else None
    return (model.enabled, model.assignments, calendar, model.lead, model.bridge)

"""The law of time: when is a model asked to run, and with how many units?

A *run* joins windows that are close, starts ``lead`` before the first, stops at the end of the
last, and holds the largest units of its windows for its whole length.

A run may be endless (a model that works around the clock), so a timetable is worked out on demand,
and far enough to both sides that every run it answers with is whole.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from punchclock import localtime
from punchclock.amendments import amended
from punchclock.errors import OutOfRange
from punchclock.localtime import DAY, MINUTE
from punchclock.overrides import Override
from punchclock.plants import MIN_UNITS, Assignment, Model, Plant
from punchclock.runs import RESTART, Run, join
from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar
from punchclock.windows import Almanac, Coverage, Window, Worked

__all__ = ["RESTART", "Run", "Timetable", "overridden", "timetables"]


@dataclass(slots=True)
class Timetable:
    """The windows and runs of one model."""

    assignments: tuple[Assignment, ...]
    calendar: Calendar | None
    lead: dt.timedelta
    bridge: dt.timedelta
    almanac: Almanac
    units: int = MIN_UNITS
    """Units of a run that only an override asks for."""
    overrides: tuple[Override, ...] = ()
    """What people said of the model lately."""
    kept: tuple[Worked, ...] = ()
    """Hours that are worked although their day is closed, because it was closed too late."""
    _runs: Sequence[Run] = ()
    _starts: Sequence[dt.datetime] = ()
    _known: tuple[dt.datetime, dt.datetime] | None = None
    _amended: dict[str, "Timetable"] = field(default_factory=dict)
    """What was made of it last, by model: the same words are heard each minute."""
    _keeping: dict[tuple[Worked, ...], "Timetable"] = field(default_factory=dict)

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

    def with_overrides(self, model: Model, overrides: Sequence[Override]) -> "Timetable":
        """Return the timetable of one of the models that work so, of which people said this."""
        known = self._amended.get(model.name)
        if known is None or known.overrides != tuple(overrides):
            known = self._amended[model.name] = Timetable(
                self.assignments,
                self.calendar,
                self.lead,
                self.bridge,
                self.almanac,
                units=model.units,
                overrides=tuple(overrides),
            )
        return known

    def keeping(self, hours: Sequence[Worked]) -> "Timetable":
        """Return the same timetable with hours in it that were on before their day was closed."""
        kept = tuple(hours)
        if not kept:
            return self
        if kept not in self._keeping:
            self._keeping[kept] = Timetable(
                self.assignments,
                self.calendar,
                self.lead,
                self.bridge,
                self.almanac,
                units=self.units,
                overrides=self.overrides,
                kept=kept,
            )
        return self._keeping[kept]

    def _work_out(self, begin: dt.datetime, end: dt.datetime) -> None:
        if self._known is not None and self._known[0] <= begin and end <= self._known[1]:
            return
        earliest, latest = self._horizon()
        if self.overrides or self.kept:
            begin, end = self._widened(begin, end)
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
            runs = list(join(known.windows, self.lead, self.reach))
            begun = known.first <= earliest or self._is_begun(runs, begin, known)
            ended = known.last >= latest or self._is_ended(runs, end, known)
            if begun and ended:
                break
            back, ahead = (back if begun else back * 4), (ahead if ended else ahead * 4)
        if self.overrides or self.kept:
            worked = self.almanac.worked(self.assignments, self.calendar, known.first, known.last)
            worked += self.kept
            runs = amended(worked, self.overrides, self.lead, self.reach, self.units)
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

    def _widened(self, begin: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """Return an interval that has all that is laid over the shifts, as far as it is known."""
        earliest, latest = self._horizon()
        zone = self.almanac.zone
        least = localtime.starting(earliest, localtime.MIDNIGHT, zone)
        most = localtime.starting(latest + DAY, localtime.MIDNIGHT, zone)
        made = [each.made for each in self.overrides]
        until = [each.until for each in self.overrides]
        # What ends shortly before hours that are kept is one run with them.
        made += [hours.start - self.reach - MINUTE for hours, _ in self.kept]
        until += [hours.end for hours, _ in self.kept]
        latest_end = max(until) + self.lead + self.reach
        return min(begin, max(min(made), least)), max(end, min(latest_end, most))


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


def overridden(
    plant: Plant, tables: Mapping[str, Timetable], overrides: Mapping[str, Sequence[Override]]
) -> Mapping[str, Timetable]:
    """Return timetables with what people said of models, by name; a disabled model stays off."""
    spoken_of = {
        model.name: tables[model.name].with_overrides(model, overrides[model.name])
        for model in plant.models
        if model.name in overrides and model.enabled
    }
    return {**tables, **spoken_of} if spoken_of else tables


def _pattern(model: Model) -> object:
    calendar = model.calendar.name if model.calendar else None
    return (model.enabled, model.assignments, calendar, model.lead, model.bridge)

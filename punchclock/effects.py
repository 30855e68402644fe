"""What does something that is said change, in hours and money, and in the hours that are covered?

Both sides are the same timetable with other words, and priced by the one function of the plan.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from punchclock import localtime
from punchclock.amendments import asked_for
from punchclock.costs import Usage
from punchclock.overrides import Override
from punchclock.plans import paid_unit_minutes
from punchclock.plants import Model, Plant
from punchclock.shifts import Occurrence
from punchclock.timetables import Run, Timetable, overridden, timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What is different after something was said."""

    before: Run | None
    """The run that was on when it was said."""
    after: Run | None
    """The run that is on then."""
    coming: Run | None
    """The next run that starts later."""
    usage: Usage
    """What is planned more; less than nothing where it saves."""
    uncovered: dt.timedelta
    """How much time in which the model was to be ready it is not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skippable:
    """What a skip of a day would find."""

    skipped: Sequence[Occurrence]
    """Hours whose run has not been asked for, ascending."""
    left: Sequence[tuple[Occurrence, Run]]
    """Hours whose run has been, ascending."""

    @property
    def until(self) -> dt.datetime:
        """When the last of the skipped hours end; raises ``ValueError`` where there are none."""
        return max(each.end for each in self.skipped)


def effect(
    plant: Plant,
    model: Model,
    before: Sequence[Override],
    after: Sequence[Override],
    now: dt.datetime,
) -> Effect:
    """Return what it changes for a model that people say something else from now on."""
    tables = timetables(plant)
    was, will_be = (_table(plant, model, tables, said) for said in (before, after))
    end = max(each.until for each in (*before, *after)) + model.lead + was.reach
    sides = [(table, table.runs(now, end)) for table in (was, will_be)]
    paid = [paid_unit_minutes(runs, now, end) for _, runs in sides]
    ready = [_ready(runs, now, end) for _, runs in sides]
    return Effect(
        before=was.run_at(now),
        after=will_be.run_at(now),
        coming=will_be.next_run(now),
        usage=Usage.of(paid[1] - paid[0], model.rate),
        uncovered=max(ready[0] - ready[1], dt.timedelta()),
    )


def skippable(
    plant: Plant,
    model: Model,
    said: Sequence[Override],
    *,
    day: dt.date,
    shift: str | None,
    now: dt.datetime,
) -> Skippable:
    """Return the hours of a day, and of one shift or of all, that a skip would find now."""
    table = _table(plant, model, timetables(plant), said)
    assignments = model.assignments if model.enabled else ()
    found = sorted(
        hours
        for hours, _ in table.almanac.worked(assignments, model.calendar, day, day)
        if shift in {None, hours.shift}
    )
    runs = [(hours, table.run_at(hours.start)) for hours in found]
    return Skippable(
        skipped=[hours for hours, run in runs if run is not None and not asked_for(run, now)],
        left=[(hours, run) for hours, run in runs if run is not None and asked_for(run, now)],
    )


def _table(
    plant: Plant, model: Model, tables: Mapping[str, Timetable], said: Sequence[Override]
) -> Timetable:
    return overridden(plant, tables, {model.name: said})[model.name]


def _ready(runs: Sequence[Run], begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return how long windows are within an interval, overtime aside."""
    windows = [(each.start, each.end) for run in runs for each in run.windows]
    extra = [(each.begin, each.end or end) for run in runs for each in run.overtime]
    return _length(windows, begin, end) - _length(extra, begin, end)


def _length(
    spans: Sequence[tuple[dt.datetime, dt.datetime]], begin: dt.datetime, end: dt.datetime
) -> dt.timedelta:
    lengths = (min(last, end) - max(first, begin) for first, last in spans)
    return sum((max(each, 0 * localtime.MINUTE) for each in lengths), 0 * localtime.MINUTE)

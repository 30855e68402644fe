"""What a plant file asks for between two dates, and what that will cost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from punchclock import localtime
from punchclock.costs import Usage
from punchclock.plants import Model, Plant
from punchclock.timetables import Run, Timetable, timetables
from punchclock.windows import Window

ENDLESS = dt.timedelta(days=366)
"""What does not end this long after its start is shown without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlan:
    """One model's part of a plan."""

    model: Model
    windows: tuple[Window, ...]
    """Those that start in the planned time, never clipped."""
    runs: tuple[Run, ...]
    """Those whose first window starts in the planned time, never clipped."""
    touching: tuple[Run, ...]
    """All that share an instant with the planned time, leads included, never clipped."""
    usage: Usage
    """Minutes from ready to stop that lie in the planned time, whichever run they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All models of a plant between two local dates."""

    plant: Plant
    first: dt.date
    end: dt.date
    """The day after the last."""
    models: tuple[ModelPlan, ...]

    @property
    def usage(self) -> Usage:
        """All models together."""
        return sum((each.usage for each in self.models), Usage())


def span(plant: Plant, first: dt.date, end: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the instants of two local midnights: a missing one moves on, a double one is first."""
    zone = plant.zone
    return (
        localtime.starting(first, localtime.MIDNIGHT, zone),
        localtime.starting(end, localtime.MIDNIGHT, zone),
    )


def plan(plant: Plant, first: dt.date, end: dt.date) -> Plan:
    """Plan all models of a plant from one local date to another, exclusive.

    Raises ``OutOfRange`` where the dates leave the known years.
    """
    begin, finish = span(plant, first, end)
    tables = timetables(plant)
    models = sorted(plant.models, key=lambda model: model.name)
    return Plan(
        plant=plant,
        first=first,
        end=end,
        models=tuple(_plan_model(model, tables[model.name], begin, finish) for model in models),
    )


def _plan_model(model: Model, table: Timetable, begin: dt.datetime, end: dt.datetime) -> ModelPlan:
    # A run that is asked for only after the end of the planned time shares no minute with it, but a
    # lead can put the start of one that belongs here before it: both are found by their own
    # minutes.
    runs = table.runs(begin, end)
    return ModelPlan(
        model=model,
        windows=tuple(w for run in runs for w in run.windows if begin <= w.start < end),
        runs=tuple(run for run in runs if begin <= run.ready < end),
        touching=tuple(runs),
        usage=Usage.of(paid_unit_minutes(runs, begin, end), model.rate),
    )


def paid_unit_minutes(runs: Sequence[Run], begin: dt.datetime, end: dt.datetime) -> int:
    """Return unit-minutes from ready to stop within [begin, end)."""
    return sum(
        max(0, (min(run.stop, end) - max(run.ready, begin)) // localtime.MINUTE) * run.units
        for run in runs
    )


def shown_end(start: dt.datetime, end: dt.datetime) -> dt.datetime | None:
    """Return an end, or None where it lies more than a year after the start."""
    return end if end - start < ENDLESS else None


def around_the_clock(
    model: Model, runs: Sequence[Run], begin: dt.datetime, end: dt.datetime
) -> Usage:
    """Return what a model would use in [begin, end) if it never stopped.

    On the most units of its runs, or else of its shifts; a disabled model would be run by nobody.
    """
    if not model.enabled:
        return Usage()
    worked = [each.units for each in model.assignments] or [model.units]
    units = max([run.units for run in runs] or worked)
    return Usage.of(units * ((end - begin) // localtime.MINUTE), model.rate)

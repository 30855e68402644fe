"""What will each model of a plant use in a period, and in each of its months?"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from punchclock import localtime
from punchclock.costs import Usage
from punchclock.periods import Period
from punchclock.plans import paid_unit_minutes
from punchclock.plants import Model, Plant
from punchclock.timetables import Timetable, timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is planned for a period."""

    usage: Usage = field(default_factory=Usage)
    at_least: bool = False
    """Whether the service may autoscale beyond the planned units, and so add to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is planned for one model."""

    figures: Figures
    stretches: tuple[Usage, ...]
    """Usage between each two of the period's bounds, inside of the period and around it."""


def forecasts(plant: Plant | None, period: Period) -> Mapping[str, Forecast]:
    """Return the forecast of each model by name; no plant has none.

    Raises ``OutOfRange`` where the period leaves the known years.
    """
    if plant is None:
        return {}
    tables = timetables(plant)
    instants = [localtime.starting(day, localtime.MIDNIGHT, plant.zone) for day in period.bounds]
    # Models that work alike share a timetable: its minutes are added up once.
    minutes = {id(table): _unit_minutes(table, instants) for table in tables.values()}
    found = {}
    for model in plant.models:
        table = tables[model.name]
        stretches = tuple(Usage.of(each, model.rate) for each in minutes[id(table)])
        figures = Figures(
            usage=sum(_inside(period, stretches), Usage()),
            at_least=_may_scale(plant, model, table, period),
        )
        found[model.name] = Forecast(figures=figures, stretches=stretches)
    return found


def total(figures: Iterable[Figures]) -> Figures:
    """Return the figures of all models together."""
    found = list(figures)
    usage = sum((each.usage for each in found), Usage())
    return Figures(usage=usage, at_least=any(each.at_least for each in found))


def stretch_sums(forecast: Mapping[str, Forecast], period: Period) -> list[Usage]:
    """Return the usage of all models together between each two of the period's bounds."""
    places = range(len(period.bounds) - 1)
    found = forecast.values()
    return [sum((each.stretches[place] for each in found), Usage()) for place in places]


def _inside(period: Period, stretches: Iterable[Usage]) -> list[Usage]:
    return [each for day, each in zip(period.bounds, stretches, strict=False) if period.holds(day)]


def _unit_minutes(table: Timetable, instants: list[dt.datetime]) -> list[int]:
    # All of it first: what is asked for after that is a look-up.
    table.runs(instants[0], instants[-1])
    return [
        paid_unit_minutes(table.runs(begin, end), begin, end) for begin, end in pairwise(instants)
    ]


def _may_scale(plant: Plant, model: Model, table: Timetable, period: Period) -> bool:
    if model.max_units is None:
        return False
    begin, end = (
        localtime.starting(day, localtime.MIDNIGHT, plant.zone)
        for day in (period.first, period.end)
    )
    # A run that only its lead brings into the period is paid for after it.
    paid = (run.units for run in table.runs(begin, end) if run.ready < end)
    return any(units < model.max_units for units in paid)

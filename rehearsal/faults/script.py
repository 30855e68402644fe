"""Which faults befall a plant? Each seed, kind and day has chances of its own.

So a shorter list of kinds, or fewer days, leaves the remaining faults as they were: that is how a
violation is made small and still replayed by a command.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from punchclock import localtime
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Plant
from punchclock.timetables import timetables
from rehearsal.faults.kinds import KINDS, Kind, Scope

Edges = Mapping[dt.date, Sequence[tuple[dt.datetime, str]]]
"""Starts and stops of runs by local day, with the id of the hosted model."""

NEAR_AN_EDGE = 0.6
"""How many of the faults come where something is to happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: what, when, and to whom."""

    kind: str
    begin: dt.datetime
    end: dt.datetime
    victim: str | None
    """Id of a hosted model, or name of a service; None for the whole plant."""
    chance: float
    """A number in [0, 1) for whatever else is left to chance."""


def drawn(
    plant: Plant, edges: Edges, days: Sequence[dt.date], seed: int, kinds: Collection[str]
) -> list[Fault]:
    """Draw the faults of some local days, ascending."""
    found = [
        fault
        for day in days
        for kind in kinds
        for fault in _drawn(plant, edges.get(day, ()), day, kind, Random(f"{seed}/{kind}/{day}"))
    ]
    return sorted(found, key=lambda fault: (fault.begin, fault.kind))


def edges_of(plant: Plant, days: Sequence[dt.date]) -> Edges:
    """Return when runs start and stop on each local day."""
    found: dict[dt.date, list[tuple[dt.datetime, str]]] = {}
    zone = plant.zone
    begin = localtime.starting(days[0], localtime.MIDNIGHT, zone)
    end = localtime.starting(days[-1] + DAY, localtime.MIDNIGHT, zone)
    tables = timetables(plant)
    for model in plant.models:
        for run in tables[model.name].runs(begin, end):
            for edge in (run.start, run.stop):
                found.setdefault(localtime.day_of(edge, zone), []).append((edge, model.target.id))
    return found


def _drawn(
    plant: Plant,
    edges: Sequence[tuple[dt.datetime, str]],
    day: dt.date,
    name: str,
    random: Random,
) -> Iterator[Fault]:
    kind = KINDS[name]
    if random.random() >= kind.daily:
        return
    lasts = random.randint(*kind.minutes) * MINUTE
    if edges and random.random() < NEAR_AN_EDGE:
        edge, model = random.choice(edges)
        begin = edge - lasts * random.random()
    else:
        midnight = localtime.starting(day, localtime.MIDNIGHT, plant.zone)
        begin = midnight + random.random() * DAY
        model = random.choice([each.target.id for each in plant.models])
    begin = begin.replace(microsecond=0)
    victim = _victim(kind, model)
    yield Fault(kind=name, begin=begin, end=begin + lasts, victim=victim, chance=random.random())


def _victim(kind: Kind, model: str) -> str | None:
    return {
        Scope.PLANT: None,
        Scope.MODEL: model,
        Scope.SERVICE: model.partition(":")[0],
    }[kind.scope]

"""At which wall times does something begin or end? The edges that a plant's schedules fire on.

An edge is a wall time on certain days, in the zone of the plant, and becomes one schedule however
many models share it. Edges are for punctuality only: the sweep heals what a schedule cannot say or
misses (law of time, 5), so an edge may fire on more days than it is needed, never on fewer.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from punchclock import recurrences
from punchclock.crons import Days, matching, weekly
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Assignment, Model, Plant
from punchclock.shifts import FIRST_DAY, LAST_DAY, Shift

Kind = Literal["start", "stop"]

LONGEST_NAME = 64
"""Characters of a schedule's name. Source: EventBridge Scheduler, CreateSchedule."""

_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A wall time at which models are to be started, or stopped."""

    kind: Kind
    wall: dt.time
    """When it fires on the walls of the plant."""
    days: Days
    """On which days."""
    useful: dt.timedelta
    """How long after its time it is worth acting on: until the shortest shift has ended."""
    shifts: tuple[str, ...]
    """Names of the shifts behind it, ascending."""
    models: tuple[str, ...]
    """Names of the models that it starts or stops, ascending."""

    @property
    def cron(self) -> str:
        """Its schedule expression: six fields, weekdays by name."""
        days = self.days
        fields = (self.wall.minute, self.wall.hour, days.of_month, days.month, days.of_week, "*")
        return f"cron({' '.join(map(str, fields))})"

    @property
    def name(self) -> str:
        """A name for its schedule that people can read, unique within the plant."""
        name = f"{self.kind}-{self.wall:%H%M}-{self.days.name}"
        if len(name) <= LONGEST_NAME:
            return name
        digest = sha256(name.encode()).hexdigest()[:8]
        return f"{name[: LONGEST_NAME - 9]}-{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What one assignment of one model adds to an edge."""

    kind: Kind
    wall: dt.time
    days: Days
    useful: dt.timedelta
    shift: str
    model: str


def edges(plant: Plant) -> tuple[Edge, ...]:
    """Return the distinct edges of a plant, ascending by name.

    A disabled model has none, and neither has a shift that never fires. Wall times with a lead that
    is no whole number of minutes are those of the minute before.
    """
    gathered: dict[tuple[Kind, dt.time, Days], list[_Moment]] = defaultdict(list)
    fires: dict[tuple[Shift, int], Days | None] = {}
    for moment in _moments(plant, fires):
        gathered[moment.kind, moment.wall, moment.days].append(moment)
    return tuple(sorted(map(_edge, gathered.values()), key=lambda edge: edge.name))


def _moments(plant: Plant, fires: dict[tuple[Shift, int], Days | None]) -> Iterator[_Moment]:
    for model in plant.models:
        for assignment in model.assignments if model.enabled else ():
            for kind, minutes, useful in _times(model, assignment):
                offset, minute = divmod(minutes, _MINUTES_A_DAY)
                key = (assignment.shift, offset)
                if key not in fires:
                    fires[key] = _days(*key)
                days = fires[key]
                if days is not None:
                    yield _Moment(
                        kind=kind,
                        wall=dt.time(*divmod(minute, 60)),
                        days=days,
                        useful=useful,
                        shift=assignment.shift.name,
                        model=model.name,
                    )


def _times(model: Model, assignment: Assignment) -> Iterable[tuple[Kind, int, dt.timedelta]]:
    """Return start and stop in minutes from the midnight that the shift's day begins with."""
    shift = assignment.shift
    start = dt.timedelta(hours=shift.start.hour, minutes=shift.start.minute)
    end = dt.timedelta(days=shift.overnight, hours=shift.end.hour, minutes=shift.end.minute)
    asked = start - model.lead
    return (
        ("start", asked // MINUTE, end - asked),
        ("stop", end // MINUTE, DAY),
    )


def _edge(moments: list[_Moment]) -> Edge:
    first = moments[0]
    return Edge(
        kind=first.kind,
        wall=first.wall,
        days=first.days,
        useful=min(moment.useful for moment in moments),
        shifts=tuple(sorted({moment.shift for moment in moments})),
        models=tuple(sorted({moment.model for moment in moments})),
    )


def _days(shift: Shift, offset: int) -> Days | None:
    """Return the days on which an edge fires that lies ``offset`` days after its shift's day."""
    if shift.rrule is None:
        return weekly({(day + offset) % 7 for day in shift.days}) if shift.days else None
    # Without its last day: a schedule says which days of which months, not of which years.
    found = recurrences.days(shift.rrule, shift.first or FIRST_DAY, LAST_DAY)
    return matching([day + offset * DAY for day in found])

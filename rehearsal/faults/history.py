"""What happened in a rehearsal with faults: all that the invariants look at."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from punchclock.actions import Action
from punchclock.localtime import DAY
from punchclock.observations import State
from punchclock.overrides import Cancellation, Orders, Override
from punchclock.plants import Model, Plant
from punchclock.ports import Incident
from punchclock.timecards import Timecard
from punchclock.timetables import Run, Timetable
from rehearsal.emulator.hosting import HostedModel
from rehearsal.faults.script import Fault
from rehearsal.rehearsing import heard
from rehearsal.template import Deployment

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
"""After everything."""

SWEEP, TIMEKEEPER = "sweep", "timekeeper"
"""Functions, as they are named here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of the plant file, as its template deploys it."""

    name: str
    plant: Plant
    deployment: Deployment
    asset: Path
    tables: Mapping[str, Timetable]
    """By the name of the model."""
    runs: Mapping[str, Sequence[Run]]
    """Runs of the rehearsed time by id of the hosted model, ascending; none of a disabled one.
    What was said at the desk is not in them."""

    def model(self, target_id: str) -> Model | None:
        """Return the model of the file that names a hosted model, or None."""
        return next((each for each in self.plant.models if each.target.id == target_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One start or stop that a service was asked for."""

    at: dt.datetime
    function: str
    target: str
    action: Action
    units: int
    """0 for a stop."""
    most: int | None
    """The units that the service may add of itself."""
    seen: State | None
    """What the function had just been told that the model does."""
    outcome: str
    """``taken``, or the error that the function met."""
    effective: bool
    """Whether the model began to start or to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log."""

    at: dt.datetime
    function: str
    event: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One event of a schedule that starts or stops."""

    at: dt.datetime
    """When it was due, to the second in which the scheduler sends it."""
    action: Action
    heard: bool
    """Whether it arrived then, and was heard to the end."""


@dataclass(slots=True, kw_only=True)
class History:
    """One rehearsal, lived through."""

    seed: int
    began: dt.datetime
    ended: dt.datetime
    script: Sequence[Fault]
    hosted: Mapping[str, HostedModel]
    """By target id."""
    editions: list[tuple[dt.datetime, Edition]] = field(default_factory=list)
    """What was deployed when, ascending."""
    asks: list[Ask] = field(default_factory=list)
    attempts: dict[str, list[tuple[dt.datetime, int]]] = field(default_factory=dict)
    """When a card's attempts to start were written, and how many the service had taken, by id."""
    observed: dict[str, list[dt.datetime]] = field(default_factory=dict)
    """When a sweep saw a model, by id."""
    rested: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    """When sweeps were left out because nothing could happen."""
    persons: dict[str, list[dt.datetime]] = field(default_factory=dict)
    """When a person started a model, by id."""
    said: list[Override | Cancellation] = field(default_factory=list)
    """At the desk, ascending."""
    reports: list[tuple[dt.datetime, Incident]] = field(default_factory=list)
    """What was written to the ledger of incidents, opened or closed."""
    lines: list[Line] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    heard: dict[Action, list[dt.datetime]] = field(default_factory=dict)
    """When the ledger was told that an event had arrived, in time or late."""
    requests: dict[str, list[dt.datetime]] = field(default_factory=dict)
    """When a service was called, by service and operation."""
    died: list[tuple[dt.datetime, str]] = field(default_factory=list)
    """When which function died in the midst of its work."""
    calls: Counter[str] = field(default_factory=Counter)
    broken: list[Line] = field(default_factory=list)
    """Functions that ended with an error that is none of ours."""
    strikes: Counter[str] = field(default_factory=Counter)
    cards: tuple[Timecard, ...] = ()
    """Closed ones, corrected where they were read once more."""
    told: list[Timecard] = field(default_factory=list)
    """What was told of them when they were closed."""
    unread: tuple[Timecard, ...] = ()
    """Closed ones that should have been read once more long before the end."""
    left: tuple[Timecard, ...] = ()
    """Those that are not closed at the end."""
    _orders: dict[int, Orders] = field(default_factory=dict)
    """What was said, by how many words that are."""
    _runs: dict[tuple[str, str, int], Sequence[Run]] = field(default_factory=dict)
    """What was made of words, by edition, target id and how many had been said."""

    def runs(self, target: str, at: dt.datetime) -> Sequence[Run]:
        """Return the runs of a hosted model by the file and the words that count at an instant."""
        edition = self.edition(at)
        model = edition.model(target)
        said = self.orders(at).overrides.get(model.name, ()) if model and model.enabled else ()
        if model is None or not said:
            return edition.runs.get(target, ())
        key = (edition.name, target, self._count(at))
        if key not in self._runs:
            table = edition.tables[model.name].with_overrides(model, said)
            self._runs[key] = table.runs(self.began - DAY, self.ended)
        return self._runs[key]

    def orders(self, at: dt.datetime) -> Orders:
        """Return what had been said at the desk by an instant."""
        count = self._count(at)
        if count not in self._orders:
            self._orders[count] = heard(self.said[:count])
        return self._orders[count]

    def _count(self, at: dt.datetime) -> int:
        return bisect_right(self.said, at, key=lambda each: each.made)

    def rests(self, target: str) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return when no sweep looked at a model, which the plant had, because all was well."""
        return [each for each in self.rested if self.edition(each[0]).model(target) is not None]

    def edition(self, at: dt.datetime) -> Edition:
        """Return what is deployed at an instant."""
        return next(
            (each for since, each in reversed(self.editions) if since <= at), self.editions[0][1]
        )

"""A timecard is one actual run: asked, ready, stopped, units, cost.

A card carries all that is needed to observe, stop and price its model after the plant file has
forgotten it. It changes only by the functions here, each of which returns a new card; the ledger
keeps the last.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.costs import Usage
from punchclock.localtime import MINUTE
from punchclock.observations import Observation, State
from punchclock.plants import Model, Target
from punchclock.timetables import Run

SETTLE = dt.timedelta(minutes=15)
"""How long after the confirmed stop a card waits for the last datapoints of its metric."""

PATIENCE = dt.timedelta(hours=24)
"""How long a card waits at most; what comes later is a correction."""


class Origin(StrEnum):
    """Who began the run."""

    PLANNED = "planned"
    ADOPTED = "adopted"
    """A person, but within a planned run: it became ours."""
    MANUAL = "manual"
    """A person, outside every planned run: it is not ours."""


class Basis(StrEnum):
    """How we know that a minute was in service."""

    METERED = "metered"
    """A datapoint of the service's own metric."""
    OBSERVED = "observed"
    """No datapoint, but the service said that the model was running."""


class Purpose(StrEnum):
    """What a paid minute was for."""

    SHIFT = "shift"
    """From the first window's start to the last one's end, bridged pauses included."""
    LEAD = "lead"
    LATE_STOP = "late_stop"
    UNSCHEDULED = "unscheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval in which the service was seen to have the model in service."""

    begin: dt.datetime
    end: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one card used on one local day."""

    day: dt.date
    minutes: Mapping[Basis, int]
    unit_minutes: Mapping[Purpose, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timecard:
    """One actual run of one hosted model."""

    model: str
    """Its name in the plant file when the card was opened."""
    target: Target
    rate: Decimal
    """USD per unit-hour."""
    units: int
    max_units: int | None
    origin: Origin
    opened: dt.datetime
    planned_ready: dt.datetime | None = None
    planned_stop: dt.datetime | None = None
    shifts: tuple[str, ...] = ()
    stop_after: dt.datetime | None = None
    """When a manual run is stopped; None leaves it until the model's next planned run."""
    asked: dt.datetime | None = None
    """When its start was first asked for."""
    last_asked: dt.datetime | None = None
    attempts: int = 0
    """How often its start was asked for."""
    ready: dt.datetime | None = None
    """When it was first seen running with enough units."""
    stop_asked: dt.datetime | None = None
    """When its stop was first asked for."""
    stop_attempts: int = 0
    stopped: dt.datetime | None = None
    """When it was first seen stopped."""
    state: State | None = None
    """What it was last seen doing, since when."""
    since: dt.datetime | None = None
    spans: tuple[Span, ...] = ()
    days: tuple[Day, ...] = ()
    """Ascending."""
    read: dt.datetime | None = None
    """When its days were last written."""
    closed: dt.datetime | None = None
    version: int = 0
    """Counts the writes of the ledger; a write of an older version is refused."""

    @classmethod
    def planned(cls, model: Model, run: Run, now: dt.datetime, origin: Origin) -> Self:
        """Open the card of a planned run."""
        return cls(
            model=model.name,
            target=model.target,
            rate=model.rate,
            units=run.units,
            max_units=model.max_units,
            origin=origin,
            opened=now,
            planned_ready=run.ready,
            planned_stop=run.stop,
            shifts=tuple(sorted({name for window in run.windows for name in window.shifts})),
        )

    @classmethod
    def manual(cls, model: Model, units: int | None, now: dt.datetime, *, found: bool) -> Self:
        """Open the card of a run that a person began; ``found`` at the very first sweep."""
        grace = None if found else model.manual_runs
        return cls(
            model=model.name,
            target=model.target,
            rate=model.rate,
            units=units or model.units,
            max_units=model.max_units,
            origin=Origin.MANUAL,
            opened=now,
            stop_after=None if grace is None else now + grace,
        )

    @property
    def id(self) -> str:
        """Unique within a plant: the hosted model, and when the card was opened."""
        return f"{self.target.id}@{self.opened:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def ours(self) -> bool:
        """Whether Punchclock answers for the model: it is to be stopped when it is not wanted."""
        return self.origin is not Origin.MANUAL and self.stopped is None

    @property
    def late_seconds(self) -> int:
        """How long after the planned time it was ready; 0 when in time or never ready."""
        if self.ready is None or self.planned_ready is None:
            return 0
        return max(0, int((self.ready - self.planned_ready).total_seconds()))

    @property
    def usage(self) -> Usage:
        """All its days together."""
        used = sum((sum(day.unit_minutes.values(), Decimal(0)) for day in self.days), Decimal(0))
        return Usage.of(used, self.rate)

    def minutes(self, basis: Basis) -> int:
        """Minutes in service that are known on this basis."""
        return sum(day.minutes.get(basis, 0) for day in self.days)

    def ask(self, now: dt.datetime) -> Self:
        """Note that its start is about to be asked for."""
        asked = self.asked or now
        return replace(self, asked=asked, last_asked=now, attempts=self.attempts + 1)

    def ask_stop(self, now: dt.datetime) -> Self:
        """Note that its stop is about to be asked for."""
        stop_asked = self.stop_asked or now
        return replace(self, stop_asked=stop_asked, stop_attempts=self.stop_attempts + 1)

    def stopping(self, now: dt.datetime) -> Self:
        """Note that the service has accepted the stop: it is out of service from now."""
        return replace(self, state=State.STOPPING, since=now, spans=_end(self.spans, now))

    def confirm(self, now: dt.datetime) -> Self:
        """Note that it is out of service for good."""
        return replace(self, stopped=now, spans=_end(self.spans, now))

    def see(self, observation: Observation, now: dt.datetime) -> Self:
        """Note what the service says; the same card where that is nothing new."""
        card = self
        state = observation.state
        if state is State.RUNNING and self.ready is None and enough(observation, self.units):
            card = replace(card, ready=now)
        if state is card.state or (state is State.STOPPED and card.state is None):
            return card
        card = replace(card, state=state, since=now)
        if state is State.RUNNING and (not card.spans or card.spans[-1].end is not None):
            return replace(card, spans=(*card.spans, Span(begin=now)))
        if state in {State.RUNNING, State.UPDATING, State.UNKNOWN}:
            return card
        card = replace(card, spans=_end(card.spans, now))
        gone = state in {State.STOPPED, State.MISSING}
        return replace(card, stopped=now) if gone and card.stopped is None else card

    def tally(
        self,
        points: Mapping[dt.datetime, Decimal],
        zone: ZoneInfo,
        since: dt.datetime,
        now: dt.datetime,
    ) -> Self:
        """Account for every minute from ``since``, the beginning of a local day, until now.

        ``points`` are units in service by UTC minute. A minute with a datapoint is metered; one
        without, in which the model was seen running, is observed with the last known units. Days
        before ``since`` stay as they are.
        """
        seen = set(self._seen_minutes(since, now))
        units = Decimal(self.units)
        days: dict[dt.date, tuple[dict[Basis, int], dict[Purpose, Decimal]]] = {}
        for minute in sorted(seen | {m for m in points if m >= since}):
            units = points.get(minute, units)
            basis = Basis.METERED if minute in points else Basis.OBSERVED
            if not units:
                continue
            minutes, used = days.setdefault(localtime.day_of(minute, zone), ({}, {}))
            minutes[basis] = minutes.get(basis, 0) + 1
            purpose = self.purpose(minute)
            used[purpose] = used.get(purpose, Decimal(0)) + units
        kept = [day for day in self.days if day.day < localtime.day_of(since, zone)]
        found = [
            Day(day=day, minutes=minutes, unit_minutes=used)
            for day, (minutes, used) in sorted(days.items())
        ]
        return replace(self, days=(*kept, *found), read=now)

    def purpose(self, minute: dt.datetime) -> Purpose:
        """What a minute in service is for."""
        if self.planned_ready is None:
            return Purpose.UNSCHEDULED
        if minute < self.planned_ready:
            return Purpose.LEAD
        if self.planned_stop is not None and minute >= self.planned_stop:
            return Purpose.LATE_STOP
        return Purpose.SHIFT

    def settled(self, before: Self, now: dt.datetime) -> bool:
        """Whether it can be closed: two equal readings after the stop, or patience has ended."""
        if self.stopped is None:
            return False
        waited = now - self.stopped
        return waited >= PATIENCE or (waited >= SETTLE and self.days == before.days)

    def _seen_minutes(self, since: dt.datetime, now: dt.datetime) -> Iterator[dt.datetime]:
        for span in self.spans:
            minute = max(span.begin, since).replace(second=0, microsecond=0)
            while minute < (span.end or now):
                yield minute
                minute += MINUTE


def enough(observation: Observation, units: int) -> bool:
    """Whether the service has started it with the units asked for, as far as it says."""
    return observation.units is None or observation.units >= units


def _end(spans: tuple[Span, ...], now: dt.datetime) -> tuple[Span, ...]:
    if spans and spans[-1].end is None:
        return (*spans[:-1], replace(spans[-1], end=now))
    return spans

"""A timecard is one actual run: asked, ready, stopped, units, cost.

A card carries all that is needed to observe, stop and price its model after the plant file has
forgotten it. It changes only by the functions here, each of which returns a new card; the ledger
keeps the last.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.costs import Usage
from punchclock.minutes import Basis, Day, Purpose, Span, floor, in_service
from punchclock.observations import HOSTED, Observation, State
from punchclock.plants import Model, Target
from punchclock.timetables import Run

__all__ = [
    "PATIENCE",
    "SETTLE",
    "Basis",
    "Day",
    "Origin",
    "Purpose",
    "Span",
    "Timecard",
    "enough",
    "review_due",
]

SETTLE = dt.timedelta(minutes=15)
"""How long after the confirmed stop a card waits for the last datapoints of its metric."""

PATIENCE = dt.timedelta(hours=24)
"""How long a card waits at most; what comes later is a correction."""

STEADY = dt.timedelta(minutes=30)
"""Who has been in service for so long and fails then is started again as after a first failure."""

_NONE = Decimal(0)


class Origin(StrEnum):
    """Who began the run."""

    PLANNED = "planned"
    ADOPTED = "adopted"
    """A person, but within a planned run: it became ours."""
    MANUAL = "manual"
    """A person, outside every planned run: it is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timecard:
    """One actual run of one hosted model."""

    model: str
    """Its name in the plant file when the card was opened."""
    target: Target
    rate: Decimal
    """USD per unit-hour."""
    units: int
    """What its start asks for, or what a person's run was first seen with."""
    max_units: int | None
    origin: Origin
    opened: dt.datetime
    planned_ready: dt.datetime | None = None
    planned_stop: dt.datetime | None = None
    shifts: tuple[str, ...] = ()
    overtime: tuple[Span, ...] = ()
    """What of its planned time no shift asks for, but somebody's word."""
    stop_after: dt.datetime | None = None
    """When a manual run is stopped; None leaves it until the model's next planned run."""
    asked: dt.datetime | None = None
    """When its start was first asked for."""
    last_asked: dt.datetime | None = None
    attempts: int = 0
    """How often its start was asked for."""
    forgiven: int = 0
    """How many of the attempts make no pause longer: the service did not take them just then, or it
    has been in service for long since."""
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
    seen_units: int | None = None
    """What it was last seen with, where that is not what its card says."""
    spans: tuple[Span, ...] = ()
    days: tuple[Day, ...] = ()
    """Ascending."""
    read: dt.datetime | None = None
    """When its days were last written."""
    minutes_end: dt.datetime | None = None
    """Where its minutes ended when it was closed: those after are on another card."""
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
            shifts=_shifts(run),
            overtime=run.overtime,
        )

    @classmethod
    def manual(cls, model: Model, units: int | None, now: dt.datetime, *, found: bool) -> Self:
        """Open the card of a run that a person began; ``found`` with its model's deployment."""
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
    def held_units(self) -> int:
        """The units that it is known to hold while it is in service."""
        return self.seen_units or self.units

    @property
    def read_since_stop(self) -> bool:
        """Whether its days were written after its confirmed stop."""
        return self.read is not None and self.stopped is not None and self.read >= self.stopped

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

    def resize(self, units: int, max_units: int | None) -> Self:
        """Note what its next start asks for; the minutes before were held with what it had."""
        if (units, max_units) == (self.units, self.max_units):
            return self
        held = self.held_units
        spans = tuple(replace(span, units=span.units or held) for span in self.spans)
        return replace(self, units=units, max_units=max_units, seen_units=None, spans=spans)

    def decline(self) -> Self:
        """Note that the service did not take the start: it may be asked for again at once."""
        return replace(self, last_asked=None, forgiven=self.forgiven + 1)

    def covers(self, run: Run) -> bool:
        """Whether a run is the card's own, and not a later one of the same model."""
        return self.planned_stop is None or run.start < self.planned_stop

    def replan(self, run: Run) -> Self:
        """Note that its run has another end now; the same card where that is nothing new."""
        if run.stop == self.planned_stop or not self.covers(run):
            return self
        return replace(
            self,
            planned_stop=run.stop,
            shifts=_shifts(run),
            overtime=run.overtime,
            stop_asked=None,
        )

    def ask_stop(self, now: dt.datetime) -> Self:
        """Note that its stop is about to be asked for; before its planned end, that ends here."""
        return replace(
            self,
            planned_stop=None if self.planned_stop is None else min(self.planned_stop, now),
            stop_asked=self.stop_asked or now,
            stop_attempts=self.stop_attempts + 1,
        )

    def limit(self, now: dt.datetime) -> Self:
        """Note that a run is not to go on, whosever it is; the same card where that is no news."""
        until = self.planned_stop if self.ours else self.stop_after
        if until is not None and until <= now:
            return self
        return replace(self, planned_stop=now) if self.ours else replace(self, stop_after=now)

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
        if state in HOSTED and observation.units not in {None, self.held_units}:
            card = replace(card, seen_units=observation.units)
        if state is State.RUNNING and self.ready is None and enough(observation, self.units):
            card = replace(card, ready=now)
        if state is card.state or (state is State.STOPPED and card.state is None):
            return card
        card = replace(card, state=state, since=now)
        if _served(card.spans, now) >= STEADY:
            card = replace(card, forgiven=card.attempts)
        if state is State.RUNNING and (not card.spans or card.spans[-1].end is not None):
            return replace(card, spans=(*card.spans, Span(begin=now)))
        if state in {State.RUNNING, State.UPDATING, State.UNKNOWN}:
            return card
        card = replace(card, spans=_end(card.spans, now))
        # A start that came to nothing is no end: it is asked for again on the same card.
        served = bool(card.spans) or card.stop_asked is not None
        gone = state is State.MISSING or (state is State.STOPPED and served)
        return replace(card, stopped=now) if gone and card.stopped is None else card

    def tally(
        self,
        points: Mapping[dt.datetime, Decimal],
        zone: ZoneInfo,
        begin: dt.datetime,
        end: dt.datetime,
    ) -> Self:
        """Account for every minute that begins in [``begin``, ``end``).

        ``begin`` is the beginning of a local day, or of the card's first minute; days before it
        stay as they are. ``points`` are units in service by UTC minute.
        """
        days: dict[dt.date, tuple[dict[Basis, int], dict[Purpose, Decimal]]] = {}
        tomorrow = begin
        for minute, units, basis in in_service(self.spans, points, self.held_units, begin, end):
            if minute >= tomorrow:
                day = localtime.day_of(minute, zone)
                tomorrow = localtime.starting(day + localtime.DAY, localtime.MIDNIGHT, zone)
                minutes, used = days.setdefault(day, ({}, {}))
            minutes[basis] = minutes.get(basis, 0) + 1
            purpose = self.purpose(minute)
            used[purpose] = used.get(purpose, _NONE) + units
        kept = [day for day in self.days if day.day < localtime.day_of(begin, zone)]
        found = [
            Day(day=day, minutes=minutes, unit_minutes=used)
            for day, (minutes, used) in sorted(days.items())
        ]
        return replace(self, days=(*kept, *found))

    def fill(self, zone: ZoneInfo, end: dt.datetime) -> Self:
        """Account for the minutes from its last reading to ``end`` by what was seen alone.

        What was read stays as it is. It is for minutes of which the meter does not tell any more.
        """
        begin = floor(self.read or self.opened)
        days = {day.day: day for day in self.days}
        for later in replace(self, days=()).tally({}, zone, begin, end).days:
            # The day of the last reading has a part on either side of it.
            days[later.day] = days[later.day] + later if later.day in days else later
        return replace(self, days=tuple(days.values()))

    def purpose(self, minute: dt.datetime) -> Purpose:
        """What a minute in service is for."""
        if self.planned_ready is None:
            return Purpose.UNSCHEDULED
        if minute < self.planned_ready:
            return Purpose.LEAD
        if self.planned_stop is not None and minute >= self.planned_stop:
            return Purpose.LATE_STOP
        if any(
            each.begin <= minute and (not each.end or minute < each.end) for each in self.overtime
        ):
            return Purpose.OVERTIME
        return Purpose.SHIFT

    def settled(self, before: Self, now: dt.datetime) -> bool:
        """Whether it can be closed: two equal readings after the stop, or patience has ended.

        ``before`` is the card as the reading before this one left it.
        """
        if self.stopped is None:
            return False
        equal = before.read_since_stop and self.days == before.days
        return self.outwaited(now) or (equal and now - self.stopped >= SETTLE)

    def outwaited(self, now: dt.datetime) -> bool:
        """Whether it has waited long enough, whatever the meter says or does not say."""
        return self.stopped is not None and now - self.stopped >= PATIENCE


def review_due(card: Timecard) -> dt.datetime:
    """Return when the metric of a closed card is read once more, for data that came later."""
    if card.closed is None:
        raise ValueError(f"{card.id} is not closed")
    return card.closed + PATIENCE


def enough(observation: Observation, units: int) -> bool:
    """Whether the service has started it with the units asked for, as far as it says."""
    return observation.units is None or observation.units >= units


def _served(spans: tuple[Span, ...], now: dt.datetime) -> dt.timedelta:
    """Return how long it has been in service until now; no time where it was not."""
    if spans and spans[-1].end is None:
        return now - spans[-1].begin
    return dt.timedelta()


def _end(spans: tuple[Span, ...], now: dt.datetime) -> tuple[Span, ...]:
    if spans and spans[-1].end is None:
        return (*spans[:-1], replace(spans[-1], end=now))
    return spans


def _shifts(run: Run) -> tuple[str, ...]:
    return tuple(sorted({name for window in run.windows for name in window.shifts}))

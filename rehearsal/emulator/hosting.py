"""What does a hosted model do as time passes, and what is billed for it?

Nothing runs in the background. A model is a list of stages, some of them still to come, and every
question is answered from the stage that ``now`` lies in. A fault is one more stage: a start that
fails, an update, other units in service; a person at work is a plain call of ``start`` or ``stop``.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from punchclock.plants import Target
from rehearsal.emulator.refusals import Kind, Trouble

MINUTE = dt.timedelta(minutes=1)
_INSTANT = dt.timedelta.resolution
_DAWN = dt.datetime.min.replace(tzinfo=dt.UTC)

Clock = Callable[[], dt.datetime]
"""Reads the time: aware, UTC."""


class Phase(StrEnum):
    """What a model is doing, in words that all services share."""

    NEW = "trained"
    """Trained and never started."""
    STARTING = "starting"
    RUNNING = "running"
    UPDATING = "updating"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


STARTABLE = frozenset({Phase.NEW, Phase.STOPPED, Phase.FAILED})
STOPPABLE = frozenset({Phase.STARTING, Phase.RUNNING, Phase.FAILED})
"""AWS does not say whether a starting model can be stopped; its own samples do it."""

OCCUPYING = frozenset({Phase.STARTING, Phase.RUNNING, Phase.UPDATING, Phase.STOPPING})
"""Phases that count against a quota of running models: the place is free once it has stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a model does from an instant on, until the next stage."""

    phase: Phase
    begin: dt.datetime
    units: int = 0
    """Units in service: 0 unless it is running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of time with a number of units in service."""

    begin: dt.datetime
    end: dt.datetime | None
    """None while it lasts."""
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a start and a stop take: minutes from least to most, drawn evenly, to the second."""

    start: tuple[int, int] = (6, 12)
    stop: tuple[int, int] = (1, 4)

    def starting(self, random: Random) -> dt.timedelta:
        """Draw the length of one start."""
        return _draw(self.start, random)

    def stopping(self, random: Random) -> dt.timedelta:
        """Draw the length of one stop."""
        return _draw(self.stop, random)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Where CloudWatch keeps the units in service of a model."""

    namespace: str
    dimensions: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class HostedModel:
    """One model in the hands of its service."""

    target: Target
    meter: Meter
    now: Clock
    pace: Pace
    random: Random
    """Its own, so that what one model draws does not depend on what others do."""
    min_units: int | None = None
    """The least units of its latest start; None before the first."""
    max_units: int | None = None
    stages: list[Stage] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.stages:
            self.stages.append(Stage(phase=Phase.NEW, begin=self.now()))

    @property
    def created(self) -> dt.datetime:
        """When the service got to know it."""
        return self.stages[0].begin

    @property
    def phase(self) -> Phase:
        """What it is doing now."""
        now = self.now()
        begun = (stage.phase for stage in reversed(self.stages) if stage.begin <= now)
        return next(begun, self.stages[0].phase)

    def start(self, units: int, max_units: int | None = None) -> None:
        """Begin to start it. Raises ``Trouble`` (BUSY) where that cannot be."""
        self._require("start", STARTABLE)
        now = self.now()
        self.min_units, self.max_units = units, max_units
        ready = now + self.pace.starting(self.random)
        self.enter(
            Stage(phase=Phase.STARTING, begin=now),
            Stage(phase=Phase.RUNNING, begin=ready, units=units),
        )

    def stop(self) -> None:
        """Begin to stop it, out of service at once. Raises ``Trouble`` (BUSY) where it cannot."""
        self._require("stop", STOPPABLE)
        now = self.now()
        gone = now + self.pace.stopping(self.random)
        self.enter(Stage(phase=Phase.STOPPING, begin=now), Stage(phase=Phase.STOPPED, begin=gone))

    def enter(self, *stages: Stage) -> None:
        """Replace all from the first of these stages on: also the way in for faults."""
        first = stages[0].begin
        self.stages = [stage for stage in self.stages if stage.begin < first] + list(stages)

    def periods(self) -> list[Period]:
        """Return when it was in service, ascending, with how many units."""
        return list(self._periods())

    def unit_minutes(
        self, begin: dt.datetime | None = None, end: dt.datetime | None = None
    ) -> dict[dt.datetime, int]:
        """Return units in service by UTC minute, for minutes that begin within [begin, end).

        A minute in any part of which the model ran counts whole; where units change in mid-minute,
        the larger number counts.
        """
        found: dict[dt.datetime, int] = {}
        for period in self._periods():
            minute = max(_floor(period.begin), _ceil(begin or _DAWN))
            last = period.end or self.now() + _INSTANT
            last = last if end is None else min(last, end)
            while minute < last:
                found[minute] = max(period.units, found.get(minute, 0))
                minute += MINUTE
        return found

    def billed_unit_minutes(
        self, begin: dt.datetime | None = None, end: dt.datetime | None = None
    ) -> int:
        """Return the bill: unit-minutes of minutes that begin within [begin, end)."""
        return sum(self.unit_minutes(begin, end).values())

    def _periods(self) -> Iterator[Period]:
        now = self.now()
        begun = [stage for stage in self.stages if stage.begin <= now]
        ends = [*(stage.begin for stage in begun[1:]), None]
        for stage, end in zip(begun, ends, strict=True):
            if stage.units and stage.begin != end:
                yield Period(begin=stage.begin, end=end, units=stage.units)

    def _require(self, verb: str, phases: frozenset[Phase]) -> None:
        phase = self.phase
        if phase not in phases:
            message = f"cannot {verb} a model that is {phase}"
            raise Trouble(Kind.BUSY, message)


def _draw(minutes: tuple[int, int], random: Random) -> dt.timedelta:
    least, most = minutes
    return dt.timedelta(seconds=random.randint(least * 60, most * 60))


def _floor(instant: dt.datetime) -> dt.datetime:
    return instant.replace(second=0, microsecond=0)


def _ceil(instant: dt.datetime) -> dt.datetime:
    floor = _floor(instant)
    return floor if floor == instant else floor + MINUTE

"""What a function works with when nothing goes over a wire."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from functions.site import Site
from punchclock.actions import Action
from punchclock.errors import NotYet, PunchclockError, QuotaReached, Refused
from punchclock.localtime import MINUTE
from punchclock.minutes import floor
from punchclock.observations import Observation
from punchclock.plants import Target, require_units
from punchclock.ports import Notice, Reading
from punchclock.rosters import Claimed
from punchclock.timetables import timetables
from rehearsal.clocks import Clock
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import HostedModel
from rehearsal.emulator.refusals import Kind, Trouble
from rehearsal.emulator.tokens import Reused, TokenBook
from rehearsal.faults.history import Edition, History
from rehearsal.faults.world import FaultyWorld
from rehearsal.ledger import MemoryLedger
from rehearsal.observing import observation
from rehearsal.template import Function
from rehearsal.world import name_of

_ERRORS: Mapping[Kind, type[PunchclockError]] = {Kind.BUSY: NotYet, Kind.QUOTA: QuotaReached}

TOKENED = frozenset({"lookoutvision"})
"""Services that answer a client token that they have seen, and do nothing."""


@dataclass(slots=True, kw_only=True)
class MemoryService:
    """A model service."""

    name: str
    fleet: Fleet
    hosted: Mapping[str, HostedModel]
    """By target id."""
    tokens: TokenBook = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = TokenBook(self.fleet.now)

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Say what the models do."""
        return {target.id: observation(self.hosted[target.id]) for target in targets}

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Take a start."""
        require_units(units, f"start of {target.id}")
        model = self.hosted[target.id]
        asked = {"target": target.id, "units": units, "most": max_units}
        self._once("start", token, asked, lambda: self.fleet.start(model, units, max_units))

    def stop(self, target: Target, token: str) -> None:
        """Take a stop."""
        self._once("stop", token, {"target": target.id}, self.hosted[target.id].stop)

    def _once(
        self, verb: str, token: str, asked: Mapping[str, object], act: Callable[[], None]
    ) -> None:
        try:
            if self.name not in TOKENED:
                act()
                return
            self.tokens.once(verb, token, asked, partial(_answered, act))
        except Trouble as error:
            raise _ERRORS.get(error.kind, Refused)(error.message) from error
        except Reused as error:
            raise NotYet(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryMeter:
    """CloudWatch's metric of units in service, a minute after each minute."""

    hosted: Mapping[str, HostedModel]
    now: Clock

    def read(self, readings: Collection[Reading]) -> Mapping[str, Mapping[dt.datetime, Decimal]]:
        """Return units in service by UTC minute, by target id."""
        until = floor(self.now() - MINUTE)
        found: dict[str, dict[dt.datetime, Decimal]] = {}
        for each in readings:
            model = self.hosted[each.target.id]
            counted = model.unit_minutes(each.begin, min(each.end, until))
            points = {minute: _DECIMALS[units] for minute, units in counted.items()}
            found.setdefault(each.target.id, {}).update(points)
        return found


@dataclass(slots=True, kw_only=True)
class MemoryJournal:
    """The log."""

    write: Callable[[str, Mapping[str, object]], None]

    def note(self, event: str, **data: object) -> None:
        """Write a line."""
        self.write(event, data)

    def warn(self, event: str, **data: object) -> None:
        """Write a line that asks for attention."""
        self.write(event, data)

    def measure(self, name: str, value: float, unit: str) -> None:
        """Take a value of a metric; nobody looks at them here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryColleagues:
    """The sweep's way to the functions that may act."""

    post: Callable[[Action, Sequence[str]], None]

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Ask for an action."""
        self.post(action, target_ids)


@dataclass(slots=True)
class MemoryNotices:
    """The way to the people whom the plant file names."""

    sent: list[Notice] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        """Take a message."""
        self.sent.append(notice)


@dataclass(slots=True)
class MemoryNeighbours:
    """The stacks of other plants."""

    stacks: dict[str, frozenset[str]] = field(default_factory=dict)
    """What they claim, by name."""

    def claimed(self) -> Claimed:
        """Say what they claim."""
        return Claimed(stacks=dict(self.stacks))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryStack:
    """CloudFormation, which asks only where a stack is destroyed."""

    world: FaultyWorld

    def answer(self, url: str, document: Mapping[str, str]) -> None:
        """Take an answer."""
        del url
        self.world.answers.append(document)

    def go_on(self, function: str, event: Mapping[str, object]) -> None:
        """Take a call of a function's next step."""
        self.world.post_to(function, event)


class Memory:
    """Composes functions that work in memory."""

    def __init__(self, emulator: Emulator, history: History) -> None:
        """Let them work with the emulator's models."""
        self.ledger = MemoryLedger()
        self.notices = MemoryNotices()
        self.neighbours = MemoryNeighbours()
        self._meter = MemoryMeter(hosted=history.hosted, now=emulator.fleet.now)
        services = {target.partition(":")[0] for target in history.hosted}
        self._services = {
            name: MemoryService(name=name, fleet=emulator.fleet, hosted=history.hosted)
            for name in sorted(services)
        }

    def site(self, world: FaultyWorld, edition: Edition, function: Function) -> Site:
        """Compose what a function works with."""
        name = name_of(function)
        return Site(
            plant=edition.plant,
            timetables=timetables(edition.plant),
            services=self._services,
            ledger=self.ledger,
            meter=self._meter,
            journal=MemoryJournal(write=partial(world.write, name)),
            colleagues=MemoryColleagues(post=world.post),
            notices=self.notices,
            neighbours=self.neighbours,
            stack=MemoryStack(world=world),
            now=partial(world.now_of, name),
            pause=world.clock.pause,
        )


_DECIMALS = {units: Decimal(units) for units in range(100)}


def _answered(act: Callable[[], None]) -> Mapping[str, object]:
    act()
    return {}

"""What does each port ask of AWS? Stand-ins in memory that do the work and count what it takes.

Calls and units are those of the adapters in ``functions``; a test holds them against a rehearsal on
the wire. Time passes for each call, so that what a function pauses for is what it would.
"""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.tally import Tally, read_units, write_units
from functions import records
from functions.meter import together
from functions.records import Item
from punchclock.decisions import Action
from punchclock.errors import NotYet
from punchclock.hearing import Heard
from punchclock.observations import Observation
from punchclock.overrides import Orders
from punchclock.plants import Target
from punchclock.ports import Book, Incident, Notice, Reading
from punchclock.rosters import Claimed, Roster
from punchclock.timecards import Timecard, review_due
from punchclock.totals import Correction, Entry, corrected, entries
from rehearsal.clocks import VirtualClock
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import MINUTE, HostedModel
from rehearsal.emulator.refusals import Trouble
from rehearsal.ledger import MemoryLedger
from rehearsal.observing import observation
from rehearsal.world import Mail

CALL_SECONDS = 0.06
"""What a call takes, assumed: 30 ms on the way and at the service; 30 ms for the client, whose 3 ms
of a whole processor (measured) take so long on a ninth of one."""

SECONDS_A_MEGABYTE = 3.0
"""What it takes to understand what the ledger answers, assumed: 0.3 s of a whole processor
(measured), on a ninth of one."""

CALLED = {Action.START: "start_models", Action.STOP: "stop_models"}
"""Which function the sweep calls for what."""

POINT_SECONDS = 0.0003
"""What it takes to understand a datapoint of the meter and to account for its minute, assumed:
40 µs of a whole processor (measured), on a seventh of one."""

PAGE = 1_000_000
"""Bytes that a query reads before it turns the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What every call goes through: it is counted and takes its time."""

    tally: Tally
    clock: VirtualClock

    def call(self, name: str) -> None:
        """Count one call of ``service:Operation``."""
        self.tally.calls[name] += 1
        self.clock.pause(CALL_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One model service."""

    toll: Toll
    fleet: Fleet
    models: Mapping[str, HostedModel]
    """By target id."""
    operations: tuple[str, str, str]
    """What it calls describe, start and stop, as ``service:Operation``."""

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Say what it hosts."""
        self.toll.call(self.operations[0])
        return {target.id: observation(self.models[target.id]) for target in targets}

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Take a start."""
        del token
        self.toll.call(self.operations[1])
        model = self.models[target.id]
        _act(lambda: self.fleet.start(model, units, max_units))

    def stop(self, target: Target, token: str) -> None:
        """Take a stop."""
        del token
        self.toll.call(self.operations[2])
        _act(self.models[target.id].stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """CloudWatch's metric of units in service."""

    toll: Toll
    models: Mapping[str, HostedModel]

    def read(self, readings: Collection[Reading]) -> Mapping[str, Mapping[dt.datetime, Decimal]]:
        """Say what it counted; each metric that is asked for is paid for."""
        for some in together(readings):
            self.toll.call("cloudwatch:GetMetricData")
            self.toll.tally.amounts["CloudWatch: GetMetricData"] += len(some)
        known = self.toll.clock.now() - MINUTE
        found: dict[str, dict[dt.datetime, Decimal]] = {}
        for each in readings:
            model = self.models[each.target.id]
            minutes = model.unit_minutes(each.begin, min(each.end, known))
            counted = {minute: Decimal(units) for minute, units in minutes.items()}
            self.toll.clock.pause(len(counted) * POINT_SECONDS)
            found.setdefault(each.target.id, {}).update(counted)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The way to the people whom the plant file names."""

    toll: Toll

    def send(self, notice: Notice) -> None:
        """Take a message."""
        del notice
        self.toll.call("sns:Publish")


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The stacks of other plants: here, none."""

    toll: Toll

    def claimed(self) -> Claimed:
        """Say what they claim."""
        self.toll.call("cloudformation:ListStacks")
        return Claimed(stacks={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """The sweep's way to the functions that may act."""

    toll: Toll
    mail: Mail

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Pass a call on."""
        self.toll.call("lambda:Invoke")
        self.mail.post(CALLED[action], json.dumps({"targets": list(target_ids)}).encode())


class CountedLedger(MemoryLedger):
    """The ledger, and what DynamoDB would count."""

    def __init__(self, toll: Toll, month: float) -> None:
        """Begin with nothing written.

        ``month`` is how much more than now there is to read of a month, on the average of its days.
        """
        super().__init__()
        self._toll = toll
        self._month = month
        self._open: dict[str, int] = {}
        """Bytes of each record of what is going on."""

    def book(self) -> Book:
        """Read all that is going on."""
        self._read(sum(self._open.values()))
        return super().book()

    def orders(self, now: dt.datetime) -> Orders:
        """Read what was said at the desk: here, nothing."""
        self._read(0)
        return super().orders(now)

    def entries(self, month: str) -> list[Entry]:
        """Return what closed cards have of a month."""
        found = super().entries(month)
        size = sum(size_of(records.entry(each)) for each in found)
        self._read(int(size * self._month))
        return found

    def reviews(self, now: dt.datetime) -> list[Timecard]:
        """Return the closed cards whose metric is to be read once more."""
        found = super().reviews(now)
        self._read(sum(size_of(_review(card)) for card in found))
        return found

    def begin(self, now: dt.datetime) -> None:
        """Note when the plant was first swept."""
        self._open["plant"] = self._put(records.plant(now))
        super().begin(now)

    def claim(self, target_id: str, action: Action, now: dt.datetime) -> bool:
        """Take the right to act on a model."""
        self._put(records.claim(target_id, action, now))
        return super().claim(target_id, action, now)

    def release(self, target_id: str, action: Action, claimed: dt.datetime) -> None:
        """Give back a right."""
        self._put(records.claim(target_id, action, claimed))
        super().release(target_id, action, claimed)

    def hear(self, action: Action, due: dt.datetime) -> None:
        """Note that an event has arrived."""
        self._open[action] = self._put(records.heard(action, Heard(arrived=due)))
        super().hear(action, due)

    def miss(self, action: Action, heard: Heard, due: dt.datetime) -> None:
        """Note that an event has not arrived."""
        self._open[action] = self._put(records.heard(action, replace(heard, missed=due)))
        super().miss(action, heard, due)

    def enrol(self, roster: Roster) -> None:
        """Note which models are looked after."""
        self._open["roster"] = self._put(records.roster(roster))
        super().enrol(roster)

    def write(self, card: Timecard) -> Timecard:
        """Write a card over the version it was made from."""
        size = self._put(records.open_card(card))
        written = super().write(card)
        self._open[card.id] = size
        return written

    def close(self, card: Timecard) -> None:
        """File a card away for good."""
        kept = [records.closed_card(card), *(records.entry(each) for each in entries(card))]
        self._transact([*kept, _review(card)], self._open.get(card.id, 0))
        self._keep(kept)
        super().close(card)
        self._open.pop(card.id, None)

    def reviewed(self, card: Timecard, correction: Correction | None) -> None:
        """Note that a closed card was read once more."""
        kept: list[Item] = []
        if correction is not None:
            changed = corrected(card, correction.days)
            kept = [records.correction(correction), *(records.entry(each) for each in changed)]
        self._transact(kept, size_of(_review(card)))
        self._keep(kept)
        super().reviewed(card, correction)

    def tell(self, day: dt.date, before: dt.date | None) -> bool:
        """Note that all days up to this one are told of."""
        self._open["told"] = self._put(records.told(day))
        return super().tell(day, before)

    def report(self, incident: Incident) -> bool:
        """Write an incident."""
        self._open[incident.id] = self._put(records.incident(incident))
        if incident.closed is not None:
            filed = records.filed_incident(incident)
            self._put(filed)
            self._keep([filed])
        return super().report(incident)

    def file(self, incident: Incident) -> None:
        """File a closed incident away."""
        self._put(records.filed_incident(incident))
        self._toll.call("dynamodb:DeleteItem")
        self._write(self._open.pop(incident.id, 0))
        super().file(incident)

    def _read(self, size: int) -> None:
        for page in range(0, max(size, 1), PAGE):
            self._toll.call("dynamodb:Query")
            units = read_units(min(size - page, PAGE))
            self._toll.tally.amounts["DynamoDB: reads"] += units
        self._toll.clock.pause(size / 1_000_000 * SECONDS_A_MEGABYTE)

    def _put(self, item: Item) -> int:
        self._toll.call("dynamodb:PutItem")
        size = size_of(item)
        self._write(size)
        return size

    def _transact(self, made: Iterable[Item], deleted: int) -> None:
        self._toll.call("dynamodb:TransactWriteItems")
        for size in (*(size_of(item) for item in made), deleted):
            self._write(size, transaction=True)

    def _write(self, size: int, *, transaction: bool = False) -> None:
        units = write_units(size, transaction=transaction)
        self._toll.tally.amounts["DynamoDB: writes"] += units

    def _keep(self, items: Iterable[Item]) -> None:
        stored = sum(size_of(item) for item in items)
        self._toll.tally.amounts["DynamoDB: storage after a year"] += stored


def size_of(item: Item) -> int:
    """Return bytes of a record as DynamoDB counts them: names and values, numbers as their text.

    The text of a number is a little more than what DynamoDB makes of it.
    """
    return sum(
        len(name) + sum(len(value.encode()) for value in attribute.values())
        for name, attribute in item.items()
    )


def _review(card: Timecard) -> Item:
    return records.review(card, review_due(card))


def _act(act: Callable[[], None]) -> None:
    try:
        act()
    except Trouble as error:
        raise NotYet(str(error)) from error

"""What is each model of a plant doing now, as its ledger knows it, and what comes next?

The ledger is as true as its last sweep. A model that has no open card was stopped when it was last
looked at: whatever a sweep sees running gets one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from punchclock.observations import State
from punchclock.overrides import Orders, Override
from punchclock.plants import Plant
from punchclock.ports import Book, Incident
from punchclock.timecards import Timecard
from punchclock.timetables import Run, Timetable, overridden, timetables
from punchclock.wanted import run_on

IN_SERVICE = frozenset({State.RUNNING, State.UPDATING})
"""States that are paid for; starting and stopping are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What happens next by itself."""

    at: dt.datetime
    what: Literal["start", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One hosted model."""

    name: str
    known: bool = True
    """Whether the plant file has it, or only an open card still does."""
    wanted: Run | None = None
    """The run that is on, overrides included."""
    card: Timecard | None = None
    """Its open card."""
    stopped: dt.datetime | None = None
    """When its last card that is not closed yet was confirmed stopped."""
    edge: Edge | None = None
    """None where nothing comes within a year, as far as is known."""
    override: Override | None = None
    """The last word about it that is in force."""
    incidents: Sequence[Incident] = ()
    """Those that are open, by when they were opened."""

    @property
    def seen(self) -> State:
        """What it was last seen doing; a start that was asked for just now is not seen yet."""
        return (self.card.state if self.card is not None else None) or State.STOPPED

    @property
    def since(self) -> dt.datetime | None:
        """Since when it is seen so, where the ledger has that."""
        return self.card.since if self.card is not None else self.stopped

    @property
    def units(self) -> int | None:
        """The units that it holds; None while it is not in service."""
        serves = self.card is not None and self.seen in IN_SERVICE
        return self.card.held_units if self.card is not None and serves else None

    @property
    def cost_per_hour(self) -> Decimal:
        """USD an hour that it costs now."""
        return (self.units or 0) * (self.card.rate if self.card is not None else Decimal(0))


def statuses(plant: Plant, book: Book, orders: Orders, now: dt.datetime) -> list[Status]:
    """Return every model of the plant, and those that only an open card still knows, by name."""
    tables = overridden(plant, timetables(plant), orders.overrides)
    ascending = sorted(book.cards.values(), key=lambda card: card.opened)
    cards = {card.target.id: card for card in ascending if card.stopped is None}
    stopped = {card.target.id: card.stopped for card in ascending}
    incidents = _by_target(book)
    known: list[Status] = []
    for model in plant.models:
        target = model.target
        card = cards.pop(target.id, None)
        found = Status(
            name=model.name,
            card=card,
            stopped=stopped.get(target.id),
            incidents=incidents.get(target.id, ()),
        )
        # Of another plant's model, nothing comes of what is planned and said here.
        if book.roster is None or book.roster.claimant(target) is None:
            table = tables[model.name]
            run = run_on(table, card, now)
            found = replace(
                found,
                wanted=run,
                edge=_edge(run, table, now),
                override=orders.last_word(model.name, now) if model.enabled else None,
            )
        known.append(found)
    forgotten = [
        Status(name=card.model, known=False, card=card, incidents=incidents.get(target_id, ()))
        for target_id, card in cards.items()
    ]
    return sorted([*known, *forgotten], key=lambda each: each.name)


def other_incidents(book: Book, found: Sequence[Status]) -> list[Incident]:
    """Return the open incidents that are of no model: a calendar's, say, or an override's."""
    told = {incident.id for status in found for incident in status.incidents}
    return [each for some in _by_target(book).values() for each in some if each.id not in told]


def _by_target(book: Book) -> dict[str, list[Incident]]:
    found: dict[str, list[Incident]] = {}
    for each in sorted(book.incidents.values(), key=lambda each: (each.opened, each.id)):
        if each.closed is None:
            found.setdefault(each.target_id, []).append(each)
    return found


def _edge(run: Run | None, table: Timetable, now: dt.datetime) -> Edge | None:
    if run is not None:
        return Edge(at=run.stop, what="stop")
    coming = table.next_run(now)
    return None if coming is None else Edge(at=coming.start, what="start")

"""Mistakes that other schedulers make, to be put in on purpose: the invariants must find each.

A check that cannot fail shows nothing. Each defect changes the rehearsed world, never the code that
is deployed.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.site import Site
from punchclock import localtime
from punchclock.observations import Observation, State
from punchclock.plants import Target
from punchclock.ports import Book, Service
from punchclock.timecards import Timecard
from rehearsal.faults.history import SWEEP, Edition
from rehearsal.faults.world import FaultyWorld
from rehearsal.ledger import MemoryLedger
from rehearsal.template import Function

START, STOP = "start_models", "stop_models"

Change = Callable[[FaultyWorld], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One deliberate mistake."""

    what: str
    put_in: Change


def _edges_only(world: FaultyWorld) -> None:
    world.unheard_at = lambda name, _: name == SWEEP


def _at_the_events_time(world: FaultyWorld) -> None:
    told: dict[str, dt.datetime] = {}

    def deliver(name: str, event: object) -> object:
        told.pop(name, None)
        if isinstance(event, Mapping) and "scheduled_at" in event:
            told[name] = dt.datetime.fromisoformat(str(event["scheduled_at"]))
        return event

    def change(site: Site, edition: Edition, name: str) -> Site:
        del edition
        now = site.now
        return replace(site, now=lambda: told.get(name) or now())

    world.delivers = deliver
    world.alters = change


@dataclass(frozen=True, slots=True)
class _OneToken:
    """A service that is sent the same client token each time."""

    inner: Service

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Ask as ever."""
        return self.inner.observe(targets)

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Start with one token for ever."""
        del token
        self.inner.start(target, units, max_units, f"start-{target.id}")

    def stop(self, target: Target, token: str) -> None:
        """Stop with one token for ever."""
        del token
        self.inner.stop(target, f"stop-{target.id}")


@dataclass(frozen=True, slots=True)
class _AlwaysStopped:
    """A service of which every model is believed to be stopped."""

    inner: Service

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Ask, and believe nothing."""
        seen = self.inner.observe(targets)
        return {
            target: replace(each, state=State.STOPPED, word="STOPPED")
            for target, each in seen.items()
        }

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Start as ever."""
        self.inner.start(target, units, max_units, token)

    def stop(self, target: Target, token: str) -> None:
        """Stop as ever."""
        self.inner.stop(target, token)


def _constant_token(world: FaultyWorld) -> None:
    def change(site: Site, edition: Edition, name: str) -> Site:
        del edition, name
        return replace(site, services={key: _OneToken(each) for key, each in site.services.items()})

    world.alters = change


def _start_on_any_status(world: FaultyWorld) -> None:
    def change(site: Site, edition: Edition, name: str) -> Site:
        del edition
        if name != START:
            return site
        services = {key: _AlwaysStopped(each) for key, each in site.services.items()}
        return replace(site, services=services)

    world.alters = change


class _Unconditional(MemoryLedger):
    """A ledger that takes every claim and every write, whoever was first."""

    def __init__(self, ledger: MemoryLedger) -> None:
        super().__init__()
        self.__dict__ = ledger.__dict__

    def claim(self, *_: object) -> bool:
        """Let everybody act."""
        return True

    def _require_version(self, card: Timecard) -> None:
        del card


def _no_conditional_write(world: FaultyWorld) -> None:
    build = world.build

    def rebuilt(world: FaultyWorld, edition: Edition, function: Function) -> Site:
        site = build(world, edition, function)
        ledger: Any = site.ledger
        return replace(site, ledger=_Unconditional(ledger))

    world.build = rebuilt


def _no_stop_on_holidays(world: FaultyWorld) -> None:
    def unheard(name: str, now: dt.datetime) -> bool:
        plant = world.history.edition(now).plant
        day = localtime.day_of(now, plant.zone)
        calendars = {each.calendar.name: each.calendar for each in plant.models if each.calendar}
        closed = any(calendar.closure(day) for calendar in calendars.values())
        return name == STOP and closed

    world.unheard_at = unheard


@dataclass(frozen=True, slots=True)
class _Forgetful:
    """A ledger that knows only the cards of models that the plant file names."""

    inner: Any
    known: frozenset[str]

    def book(self) -> Book:
        """Read what the file names."""
        book: Book = self.inner.book()
        cards = {key: card for key, card in book.cards.items() if card.target.id in self.known}
        return replace(book, cards=cards)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the ledger has
        """Do all else as ever."""
        return getattr(self.inner, name)


def _only_what_the_file_names(world: FaultyWorld) -> None:
    def change(site: Site, edition: Edition, name: str) -> Site:
        known = frozenset(model.target.id for model in edition.plant.models)
        if name not in {STOP, SWEEP}:
            return site
        ledger: Any = _Forgetful(site.ledger, known)
        return replace(site, ledger=ledger)

    world.alters = change


DEFECTS: Mapping[str, Defect] = {
    "edges-only": Defect(what="nothing but edges starts and stops", put_in=_edges_only),
    "events-time": Defect(
        what="edges decide by the time that their event names", put_in=_at_the_events_time
    ),
    "constant-token": Defect(
        what="every start of a model has the same client token", put_in=_constant_token
    ),
    "holiday-stops-nothing": Defect(
        what="nothing is stopped on a holiday", put_in=_no_stop_on_holidays
    ),
    "unconditional-writes": Defect(
        what="the ledger takes every claim and every write", put_in=_no_conditional_write
    ),
    "start-on-any-status": Defect(
        what="a start is asked for whatever the model does", put_in=_start_on_any_status
    ),
    "file-only": Defect(
        what="only models that the file names are stopped", put_in=_only_what_the_file_names
    ),
}
"""By name."""


if __name__ == "__main__":
    print(*DEFECTS, sep="\n")  # noqa: T201 - `make defects` reads them

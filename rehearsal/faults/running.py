"""Live through the days of a plant under faults, for one seed."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

from moto import mock_aws

from infra.synth import synthesize
from punchclock import plans
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Plant
from punchclock.ports import Ledger
from punchclock.timecards import PATIENCE, SETTLE
from punchclock.timetables import Run, timetables
from rehearsal.clocks import VirtualClock
from rehearsal.emulator.emulator import Emulator
from rehearsal.faults.edits import edited
from rehearsal.faults.history import Edition, History
from rehearsal.faults.memory import Memory
from rehearsal.faults.script import Edges, Fault, drawn, edges_of
from rehearsal.faults.weather import Weather
from rehearsal.faults.wire import Wire
from rehearsal.faults.world import FaultyWorld
from rehearsal.rehearsing import span_of
from rehearsal.standing import deployed, emulator_of

ORIGINAL = "as filed"

LONGEST_COUNT = 2 * PATIENCE + SETTLE + 2 * 60 * MINUTE
"""How long after the last stop time goes on at most: until each card is closed and read again."""

UNREAD = 60 * MINUTE
"""How long a card may wait for being read once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all seeds of a rehearsal share: the plant's editions, and the days."""

    plant: Plant
    first: dt.date
    end: dt.date
    """The day after the last."""
    began: dt.datetime
    closing: dt.datetime
    """When the last run that is begun in time has stopped."""
    until: dt.datetime
    """When time ends at the latest."""
    editions: Mapping[str, Edition]
    edges: Edges

    @property
    def days(self) -> Sequence[dt.date]:
        """The local days on which faults are drawn."""
        return [self.first + n * DAY for n in range((self.end - self.first).days)]


def stage_of(plant: Plant, first: dt.date, end: dt.date, kinds: Collection[str]) -> Stage:
    """Synthesize a plant, and its edits where they are to be deployed."""
    began, closing = span_of(plant, timetables(plant), first, end)
    until = closing + LONGEST_COUNT
    files = {ORIGINAL: plant, **(edited(plant) if "redeployed" in kinds else {})}
    return Stage(
        plant=plant,
        first=first,
        end=end,
        began=began,
        closing=closing,
        until=until,
        editions={name: _edition(name, file, began, until) for name, file in files.items()},
        edges=edges_of(plant, [first + n * DAY for n in range((end - first).days)]),
    )


def narrowed(stage: Stage, first: dt.date, end: dt.date) -> Stage:
    """Return the same stage with fewer days."""
    began, closing = span_of(stage.plant, timetables(stage.plant), first, end)
    return replace(
        stage, first=first, end=end, began=began, closing=closing, until=closing + LONGEST_COUNT
    )


def live(
    stage: Stage,
    seed: int,
    kinds: Collection[str],
    *,
    wire: bool = False,
    rests: bool = True,
    prepare: Callable[[FaultyWorld], None] = lambda _: None,
    script: Sequence[Fault] | None = None,
    until: dt.datetime | None = None,
) -> History:
    """Live through one seed: in memory, or with real clients.

    ``rests`` lets sweeps be left out in which nothing can happen; ``prepare`` may change the world
    before time begins. ``script`` is what happens instead of what the seed draws, ``until`` an
    earlier end.
    """
    if script is None:
        # What begins before time does is afoot when it does.
        script = [
            replace(fault, begin=max(fault.begin, stage.began))
            for fault in drawn(stage.plant, stage.edges, stage.days, seed, kinds)
            if fault.end > stage.began
        ]
    clock = VirtualClock(stage.began)
    emulator = emulator_of(stage.plant, clock.now, seed)
    history = History(
        seed=seed,
        began=stage.began,
        ended=until or stage.until,
        script=script,
        hosted={model.target.id: emulator.add(model.target) for model in stage.plant.models},
        editions=list(_deployed(stage, script)),
    )
    with _wired(emulator, history, clock) if wire else nullcontext(Memory(emulator, history)) as by:
        world = FaultyWorld(
            weather=Weather(script=script, seed=seed, now=clock.now),
            clock=clock,
            fleet=emulator.fleet,
            ledger=by.ledger,
            history=history,
            build=by.site,
            rests=rests,
        )
        prepare(world)
        world.run(lambda now: now > stage.closing and _all_over(stage, by.ledger))
        months = {f"{day:%Y-%m}" for day in _days(history.began, history.ended)}
        history.cards = tuple(
            card for month in sorted(months) for card in by.ledger.closed_cards(month)
        )
        history.left = tuple(by.ledger.book().cards.values())
        history.unread = tuple(by.ledger.reviews(history.ended - UNREAD))
    return history


def _all_over(stage: Stage, ledger: Ledger) -> bool:
    """Whether every run that counts is closed, and was read once more."""
    finish = plans.span(stage.plant, stage.first, stage.end)[1]
    unread = ledger.reviews(stage.until + 2 * PATIENCE)
    cards = [*ledger.book().cards.values(), *unread]
    return not any((card.planned_ready or card.opened) < finish for card in cards)


def _days(begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    return (begin + n * DAY for n in range((end - begin).days + 2))


@contextmanager
def _wired(emulator: Emulator, history: History, clock: VirtualClock) -> Iterator[Wire]:
    with mock_aws():
        yield Wire(emulator, history, clock)


def _edition(name: str, plant: Plant, began: dt.datetime, until: dt.datetime) -> Edition:
    synthesis = synthesize(plant)
    tables = timetables(plant)
    runs: dict[str, Sequence[Run]] = {
        model.target.id: tables[model.name].runs(began - DAY, until) for model in plant.models
    }
    return Edition(
        name=name,
        plant=plant,
        deployment=deployed(plant, synthesis),
        asset=synthesis.asset,
        tables=tables,
        runs=runs,
    )


def _deployed(stage: Stage, script: Sequence[Fault]) -> Iterator[tuple[dt.datetime, Edition]]:
    """Yield what is deployed when: while two edits overlap, the later one."""
    edits = [name for name in stage.editions if name != ORIGINAL]
    deploys = [fault for fault in script if fault.kind == "redeployed"]
    yield stage.began, stage.editions[ORIGINAL]
    for at in sorted({edge for fault in deploys for edge in (fault.begin, fault.end)}):
        current = [fault for fault in deploys if fault.begin <= at < fault.end]
        name = edits[int(current[-1].chance * len(edits))] if current else ORIGINAL
        yield at, stage.editions[name]

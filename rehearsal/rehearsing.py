"""Rehearse a plant: stand up what its template deploys, and live through its days."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from moto import mock_aws

from functions.ledger import DynamoLedger
from infra.names import DESK_POLICY
from infra.synth import Synthesis
from punchclock import plans
from punchclock.localtime import MINUTE
from punchclock.overrides import Cancellation, Orders, Override
from punchclock.plants import Model, Plant
from punchclock.timecards import PATIENCE, SETTLE, Timecard
from punchclock.timetables import Run, Timetable, overridden, timetables
from rehearsal.clocks import VirtualClock
from rehearsal.cloud import Cloud
from rehearsal.describing import Neighbour
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import HostedModel
from rehearsal.stacks import Destruction, create, destroy, update
from rehearsal.standing import deployed, emulator_of, world_of
from rehearsal.world import World

WARM_UP = dt.timedelta(minutes=5)
"""How long the plant is swept before anything is wanted."""

LONGEST = dt.timedelta(days=14)
"""A run that began earlier than this before the rehearsed days is begun anew, late; one that ends
later than this after them is left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that befalls a model and that no schedule knows of."""

    at: dt.datetime
    model: str
    """Its name in the plant file."""
    happen: Callable[[HostedModel], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An edited plant that is deployed while the days pass."""

    at: dt.datetime
    """A whole minute."""
    plant: Plant
    synthesis: Synthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDoor:
    """Another plant's stack, deployed in the same account and region while the days pass."""

    at: dt.datetime
    """Before time begins, it stands already."""
    stack: str
    neighbour: Neighbour | None
    """None where it is destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What was rehearsed, and all that it left behind."""

    plant: Plant
    first: dt.date
    end: dt.date
    """The day after the last."""
    seed: int
    began: dt.datetime
    ended: dt.datetime
    timetables: Mapping[str, Timetable]
    emulator: Emulator
    hosted: Mapping[str, HostedModel]
    """By model name, those of changes too."""
    world: World
    cards: tuple[Timecard, ...]
    """Closed ones first; ascending by opening within each."""
    destruction: Destruction | None = None
    """How its end went, where the stack was destroyed."""

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """The rehearsed days as instants."""
        return plans.span(self.plant, self.first, self.end)

    def runs(self, model: Model) -> list[Run]:
        """Return the runs that count: those whose first window starts in the rehearsed days."""
        begin, end = self.span
        found = self.timetables[model.name].runs(begin, end)
        return [run for run in found if begin <= run.ready < end]


def rehearse(
    plant: Plant,
    synthesis: Synthesis,
    first: dt.date,
    end: dt.date,
    *,
    seed: int = 1,
    happenings: Iterable[Happening] = (),
    changes: Sequence[Change] = (),
    destroyed_at: dt.datetime | None = None,
    sayings: Sequence[Override | Cancellation] = (),
    next_door: Iterable[NextDoor] = (),
    progress: Callable[[dt.datetime], None] = lambda _: None,
) -> Rehearsed:
    """Live through the days from ``first`` to ``end``, exclusive, as the template deploys them.

    Time begins early enough for every run that is on at ``first`` and ends when every run begun
    before ``end`` is closed, or with the end of the stack when that is destroyed before.
    ``changes`` are deployed one after the other, ascending; what is returned speaks of the plant
    that was deployed first. ``happenings`` are done to the emulated models, at their time;
    ``sayings`` are written to the ledger when they are made, with the permissions of the desk;
    ``next_door`` is deployed beside the plant, and does nothing but claim.
    """
    orders = heard(sayings).overrides
    tables = overridden(plant, timetables(plant), orders)
    began, closing = span_of(plant, tables, first, end)
    for each in changes:
        edited = overridden(each.plant, timetables(each.plant), orders)
        closing = max(closing, span_of(each.plant, edited, first, end)[1])
    clock = VirtualClock(began)
    emulator = emulator_of(plant, clock.now, seed)
    hosted = _host(emulator, [plant, *(each.plant for each in changes)])
    with mock_aws():
        world = world_of(plant, synthesis, emulator, clock, seed)
        world.cloud.connect_queues()
        world.happenings = _in_order(world, hosted, happenings, sayings, next_door)
        ledger = DynamoLedger(world.cloud.client("dynamodb"), world.deployment.table)
        create(world)
        ready = began
        for each in changes:
            world.run(ready, each.at, lambda _: False, progress)
            ready = _update(world, each, progress)
        done = _Done(closing, plans.span(plant, first, end)[1], ledger)
        world.run(ready, destroyed_at or closing + PATIENCE + SETTLE, done, progress)
        destruction = None if destroyed_at is None else _destroy(world, destroyed_at)
        return Rehearsed(
            plant=plant,
            first=first,
            end=end,
            seed=seed,
            began=began,
            ended=clock.now(),
            timetables=tables,
            emulator=emulator,
            hosted=hosted,
            world=world,
            cards=_cards(ledger, began, clock.now()),
            destruction=destruction,
        )


def _move(cloud: Cloud, new: NextDoor) -> None:
    """Let another plant's stack be deployed, or destroyed."""
    if new.neighbour is None:
        cloud.neighbours.pop(new.stack, None)
    else:
        cloud.neighbours[new.stack] = replace(new.neighbour, updated=new.at)


def _host(emulator: Emulator, plants: Sequence[Plant]) -> dict[str, HostedModel]:
    """Take in the models of all plants; return them by name, of two with one name the first."""
    models = [model for each in plants for model in each.models]
    taken = {model.target.id: emulator.add(model.target) for model in _once(models)}
    return {model.name: taken[model.target.id] for model in reversed(models)}


def _once(models: Iterable[Model]) -> Iterable[Model]:
    """Return one model for each that is hosted, in their order."""
    return {model.target.id: model for model in models}.values()


def _in_order(
    world: World,
    hosted: Mapping[str, HostedModel],
    happenings: Iterable[Happening],
    sayings: Iterable[Override | Cancellation],
    next_door: Iterable[NextDoor],
) -> list[tuple[dt.datetime, Callable[[], object]]]:
    """Return what befalls the models, what people say, and what other plants' stacks become.

    People say it with the desk's permissions.
    """
    deployment = world.deployment
    desk = deployment.policies[deployment.outputs[DESK_POLICY]]
    ledger = DynamoLedger(world.cloud.client("dynamodb", desk), deployment.table)
    found: list[tuple[dt.datetime, Callable[[], object]]] = [
        *((each.at, partial(each.happen, hosted[each.model])) for each in happenings),
        *((each.made, partial(ledger.order, each)) for each in sayings),
        *((each.at, partial(_move, world.cloud, each)) for each in next_door),
    ]
    return sorted(found, key=lambda each: each[0])


def _update(world: World, change: Change, progress: Callable[[dt.datetime], None]) -> dt.datetime:
    """Deploy an edited plant, a minute for each step; return when it is done."""
    now = change.at
    world.clock.set(now)
    for _ in update(world, deployed(change.plant, change.synthesis), change.synthesis.asset):
        world.run(now, now + MINUTE, lambda _: False, progress)
        now += MINUTE
    return now


def _destroy(world: World, at: dt.datetime) -> Destruction:
    world.clock.set(at)
    return destroy(world)


def heard(sayings: Collection[Override | Cancellation]) -> Orders:
    """Put together what is said in a rehearsal."""
    overrides = [each for each in sayings if isinstance(each, Override)]
    return Orders.of(overrides, [each for each in sayings if isinstance(each, Cancellation)])


class _Done:
    """Whether every run that was begun in time is closed; answered by the ledger."""

    def __init__(self, closing: dt.datetime, finish: dt.datetime, ledger: DynamoLedger) -> None:
        self._finish = finish
        self._ledger = ledger
        self._asked = closing

    def __call__(self, now: dt.datetime) -> bool:
        if now < self._asked:
            return False
        self._asked = now + 5 * MINUTE
        cards = self._ledger.book().cards.values()
        return not any((card.planned_ready or card.opened) < self._finish for card in cards)


def span_of(
    plant: Plant, tables: Mapping[str, Timetable], first: dt.date, end: dt.date
) -> tuple[dt.datetime, dt.datetime]:
    """Return when time begins, and when the last run begun before the end has stopped."""
    begin, finish = plans.span(plant, first, end)
    runs = [run for table in tables.values() for run in table.runs(begin, finish)]
    starts = [run.start for run in runs if begin - run.start < LONGEST]
    stops = [run.stop for run in runs if run.ready < finish and run.stop - finish < LONGEST]
    return min([begin, *starts]) - WARM_UP, max([finish, *stops])


def _cards(ledger: DynamoLedger, begin: dt.datetime, end: dt.datetime) -> tuple[Timecard, ...]:
    """Return all cards of a time: closed ones first, ascending by opening within each."""
    closed = [card for month in _months(begin, end) for card in ledger.closed_cards(month)]
    return (*_ascending(closed), *_ascending(ledger.book().cards.values()))


def _months(begin: dt.datetime, end: dt.datetime) -> Iterator[str]:
    month = begin.replace(day=1)
    while month <= end:
        yield f"{month:%Y-%m}"
        month = (month + dt.timedelta(days=31)).replace(day=1)


def _ascending(cards: Iterable[Timecard]) -> list[Timecard]:
    return sorted(cards, key=lambda card: card.opened)

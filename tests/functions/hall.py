"""A hall of models on a Monday, with a stand-in for everything outside: small, but real programs.

The plant is in Europe/Berlin: its early shift from 06:00 to 14:00 is 05:00Z to 13:00Z, and the lead
of 20 minutes begins at 04:40Z.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from functions import close_plant, start_models, stop_models, sweep, timekeeper
from functions.meter import KEPT
from functions.site import Site
from punchclock.decisions import Action, Trouble
from punchclock.errors import LedgerConflict
from punchclock.observations import Observation, State
from punchclock.overrides import Orders
from punchclock.plants import Assignment, Model, Plant, Target, require_units
from punchclock.ports import Book, Incident, Ledger, Notice, Reading
from punchclock.rosters import Claimed, claim
from punchclock.shifts import Shift
from punchclock.timecards import Timecard
from punchclock.timetables import timetables
from rehearsal.ledger import MemoryLedger

MONDAY = dt.date(2026, 3, 2)
MINUTE = dt.timedelta(minutes=1)
EARLY = Shift(name="early", days=frozenset({0, 1, 2, 3, 4}), start=dt.time(6), end=dt.time(14))


def at(text: str, day: int = 2) -> dt.datetime:
    """Return the instant of ``04:40`` or ``04:40:30``, UTC, on a day of March 2026."""
    return dt.datetime.combine(MONDAY.replace(day=day), dt.time.fromisoformat(text), dt.UTC)


def model(name: str, *shifts: Shift, service: str = "lookoutvision", **more: Any) -> Model:
    """Return a model of two units that works the early shift, or the shifts given."""
    target = Target(
        service=service,
        key=f"{name}/1",
        batch=more.pop("batch", f"{name}/1"),
        address={"project": name, "version": "1"},
    )
    assignments = tuple(Assignment(shift=each, units=2) for each in shifts or (EARLY,))
    return Model(name=name, target=target, assignments=assignments, rate=Decimal("4.00"), **more)


def idle(name: str, **more: Any) -> Model:
    """Return a model that no shift wants."""
    return replace(model(name, **more), assignments=())


def plant_of(*models: Model, **more: Any) -> Plant:
    """Return a plant."""
    return Plant(
        name="springfield",
        timezone="Europe/Berlin",
        region="eu-central-1",
        models=models,
        **more,
    )


class Hosting:
    """A model service in memory: what it hosts, what it was asked, and how it answers."""

    def __init__(self) -> None:
        """Host nothing yet; what nobody has set up is stopped."""
        self.hosted: dict[str, Observation] = {}
        self.described: list[list[str]] = []
        self.started: list[tuple[str, int, str]] = []
        """Key, units and token of every start, taken or not."""
        self.stopped: list[tuple[str, str]] = []
        self.errors: dict[str, BaseException] = {}
        """What is raised instead of an answer, by verb."""

    def set(self, key: str, state: State, units: int | None = 2) -> None:
        """Let a model be in a state."""
        self.hosted[key] = Observation(state=state, word=state.upper(), units=units)

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Say what it hosts."""
        self.described.append([target.key for target in targets])
        self._fail("observe")
        idle = Observation(state=State.STOPPED, word="TRAINED")
        return {target.id: self.hosted.get(target.key, idle) for target in targets}

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Take a start."""
        del max_units
        require_units(units, f"start of {target.id}")
        self.started.append((target.key, units, token))
        self._fail("start", target.key)
        self.set(target.key, State.STARTING, units)

    def stop(self, target: Target, token: str) -> None:
        """Take a stop."""
        self.stopped.append((target.key, token))
        self._fail("stop", target.key)
        self.set(target.key, State.STOPPING)

    def _fail(self, verb: str, key: str = "") -> None:
        error = self.errors.get(f"{verb} {key}") or self.errors.get(verb)
        if error is not None:
            raise error


@dataclass
class Counter:
    """A meter in memory."""

    points: dict[str, dict[dt.datetime, Decimal]] = field(default_factory=dict)
    error: Exception | None = None
    refused: dict[str, Exception] = field(default_factory=dict)
    """What is raised whenever a model is asked for, alone or with others, by its key."""
    asked: list[list[Reading]] = field(default_factory=list)

    def count(self, name: str, begin: dt.datetime, end: dt.datetime, units: str = "2") -> None:
        """Let there be a datapoint for each minute of [begin, end)."""
        known = self.points.setdefault(f"lookoutvision:{name}/1", {})
        known |= {begin + n * MINUTE: Decimal(units) for n in range((end - begin) // MINUTE)}

    def forget(self, now: dt.datetime) -> None:
        """Let no datapoint be left that is older than CloudWatch keeps it."""
        for target_id, known in self.points.items():
            kept = {minute: units for minute, units in known.items() if minute >= now - KEPT}
            self.points[target_id] = kept

    def read(self, readings: Collection[Reading]) -> Mapping[str, Mapping[dt.datetime, Decimal]]:
        """Say what was counted."""
        self.asked.append(list(readings))
        if self.error is not None:
            raise self.error
        for each in readings:
            if each.target.key in self.refused:
                raise self.refused[each.target.key]
        found: dict[str, dict[dt.datetime, Decimal]] = {}
        for each in readings:
            known = self.points.get(each.target.id, {})
            inside = {m: units for m, units in known.items() if each.begin <= m < each.end}
            found.setdefault(each.target.id, {}).update(inside)
        return found


class Notebook:
    """A journal in memory."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.lines: list[tuple[str, dict[str, object]]] = []
        self.values: list[tuple[str, float]] = []
        self.units: dict[str, str] = {}
        """Of each value, by its name."""

    def note(self, event: str, **data: object) -> None:
        """Write a line."""
        self.lines.append((event, data))

    warn = note

    def measure(self, name: str, value: float, unit: str) -> None:
        """Write a value."""
        self.values.append((name, value))
        self.units[name] = unit

    def of(self, event: str) -> list[dict[str, object]]:
        """Return the lines of an event."""
        return [data for name, data in self.lines if name == event]

    def beats(self) -> int:
        """Count the heartbeats."""
        return sum(name == "Heartbeat" for name, _ in self.values)


class Mailbox:
    """Colleagues who write down what they are asked for."""

    def __init__(self) -> None:
        """Begin with an empty box."""
        self.calls: list[tuple[Action, list[str]]] = []
        self.errors: dict[Action, Exception] = {}

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Take a call."""
        if action in self.errors:
            raise self.errors[action]
        self.calls.append((action, list(target_ids)))


class Board:
    """A board on which messages to people are put up."""

    def __init__(self) -> None:
        """Begin with an empty board."""
        self.sent: list[Notice] = []
        self.error: Exception | None = None

    def send(self, notice: Notice) -> None:
        """Put a message up."""
        if self.error is not None:
            raise self.error
        self.sent.append(notice)


class Street:
    """The stacks of other plants."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stacks: dict[str, set[str]] = {}
        """Names of the models that they claim, by the stack's name."""
        self.final = True
        self.asked = 0
        self.error: Exception | None = None

    def claimed(self) -> Claimed:
        """Say what they claim."""
        self.asked += 1
        if self.error is not None:
            raise self.error
        stacks = {
            stack: frozenset(claim(model(name).target) for name in names)
            for stack, names in self.stacks.items()
        }
        return Claimed(stacks=stacks, final=self.final)


class Formation:
    """A CloudFormation that writes down how it is answered."""

    def __init__(self) -> None:
        """Begin with no answer."""
        self.answers: list[tuple[str, Mapping[str, str]]] = []
        """Address and document."""
        self.steps: list[tuple[str, Mapping[str, object]]] = []
        """Function and event."""
        self.error: Exception | None = None
        """What is raised where a function would go on."""

    def answer(self, url: str, document: Mapping[str, str]) -> None:
        """Take an answer."""
        self.answers.append((url, document))

    def go_on(self, function: str, event: Mapping[str, object]) -> None:
        """Take a call."""
        if self.error is not None:
            raise self.error
        self.steps.append((function, event))


class WatchedLedger(MemoryLedger):
    """A ledger that counts its writes, and can refuse those of a model."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        super().__init__()
        self.writes: list[Timecard] = []
        self.reports: list[Incident] = []
        self.reads = 0
        self.errors: dict[str, Exception] = {}
        """What a write about a model raises, by model name."""
        self.conflict_after: int | None = None
        """After how many writes of cards somebody else is always first."""
        self.stale: Book | None = None
        """What is read instead of what is written now."""
        self.unreadable: list[str] = []
        """Keys of overrides that nobody can read."""

    def book(self) -> Book:
        """Read all that is going on."""
        self.reads += 1
        return self.stale or super().book()

    def orders(self, now: dt.datetime) -> Orders:
        """Read what was said."""
        return replace(super().orders(now), unreadable=self.unreadable)

    def forget_cards(self) -> None:
        """Be as if no card had been written, but keep the claims."""
        self._cards.clear()

    def write(self, card: Timecard) -> Timecard:
        """Write a card."""
        if card.model in self.errors:
            raise self.errors[card.model]
        if self.conflict_after is not None and len(self.writes) >= self.conflict_after:
            message = "somebody else was first"
            raise LedgerConflict(message)
        written = super().write(card)
        self.writes.append(written)
        return written

    def report(self, incident: Incident) -> bool:
        """Write an incident."""
        if incident.model in self.errors:
            raise self.errors[incident.model]
        self.reports.append(incident)
        return super().report(incident)


class Hall:
    """A plant at work: set the clock, let things happen, call its functions."""

    def __init__(self, *models: Model, now: dt.datetime | None = None, **plant: Any) -> None:
        """Build a hall; without models it has one, ``paint``, that works the early shift."""
        self.now = now or at("04:40")
        self.lookout, self.rekognition = Hosting(), Hosting()
        self.ledger: Any = WatchedLedger()
        self.meter = Counter()
        self.journal, self.colleagues = Notebook(), Mailbox()
        self.board, self.formation, self.street = Board(), Formation(), Street()
        self.pauses: list[float] = []
        self.file(*(models or (model("paint"),)), **plant)

    def file(self, *models: Model, **more: Any) -> None:
        """Deploy a plant file."""
        plant = plant_of(*models, **more)
        self.site = Site(
            plant=plant,
            timetables=timetables(plant),
            services={"lookoutvision": self.lookout, "rekognition": self.rekognition},
            ledger=self.ledger,
            meter=self.meter,
            journal=self.journal,
            colleagues=self.colleagues,
            notices=self.board,
            neighbours=self.street,
            stack=self.formation,
            now=lambda: self.now,
            pause=self.pauses.append,
        )

    def live_with(self, ledger: Ledger) -> None:
        """Keep another ledger from now on."""
        self.ledger = ledger
        self.site = replace(self.site, ledger=ledger)

    def sweep(self, now: dt.datetime | None = None) -> Any:
        """Sweep once."""
        return self._work(sweep.handler, now, {})

    def start(self, now: dt.datetime | None = None, event: object = None) -> Any:
        """Call for what is due to start, or for what an event names."""
        return self._work(start_models.handler, now, event)

    def stop(self, now: dt.datetime | None = None, event: object = None) -> Any:
        """Call for what is due to stop, or for what an event names."""
        return self._work(stop_models.handler, now, event)

    def keep_time(self, now: dt.datetime | None = None) -> Any:
        """Let the timekeeper read and close."""
        return self._work(timekeeper.handler, now, {})

    def close(self, now: dt.datetime | None = None, event: object = None) -> Any:
        """Let CloudFormation ask for an end of the plant, or for what an event says."""
        return self._work(close_plant.handler, now, asked("Delete") if event is None else event)

    def cards(self, name: str = "paint") -> list[Timecard]:
        """Return a model's cards that are not closed, ascending."""
        found = [card for card in self.ledger.book().cards.values() if card.model == name]
        return sorted(found, key=lambda card: card.opened)

    def card(self, name: str = "paint") -> Timecard:
        """Return a model's only card."""
        (card,) = self.cards(name)
        return card

    def closed(self) -> list[Timecard]:
        """Return the cards that are closed."""
        found: list[Timecard] = self.ledger.closed_cards("2026-03")
        return found

    def troubles(self, name: str = "paint") -> set[Trouble]:
        """Return what is open of a model."""
        return {
            each.trouble
            for each in self.ledger.book().incidents.values()
            if each.model == name and each.closed is None
        }

    def incidents(self, trouble: Trouble) -> list[Incident]:
        """Return the incidents of a kind, open or closed."""
        return [each for each in self.ledger.book().incidents.values() if each.trouble is trouble]

    def at_work(self) -> Self:
        """Let all models be started by plan, and be seen running at 04:50."""
        self.start(at("04:40"))
        for each in self.site.plant.models:
            self.lookout.set(each.target.key, State.RUNNING)
        self.sweep(at("04:50"))
        return self

    def worked_day(self, name: str = "paint") -> None:
        """Let a planned run happen: asked at 04:40, running at 05:00, stopped at 13:02."""
        self.start(at("04:40"))
        self.lookout.set(f"{name}/1", State.RUNNING)
        self.sweep(at("05:00"))
        self.stop(at("13:00"))
        self.lookout.set(f"{name}/1", State.STOPPED)
        self.sweep(at("13:02"))

    def _work(self, handler: Any, now: dt.datetime | None, event: object) -> Any:
        self.now = now or self.now
        return handler.__wrapped__(self.site, event)


def asked(kind: str) -> dict[str, object]:
    """Return the event with which CloudFormation asks for something."""
    return {
        "RequestType": kind,
        "ServiceToken": "arn:aws:lambda:eu-central-1:123456789012:function:close-plant",
        "ResponseURL": "https://cloudformation.example.com/answer",
        "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/springfield/0",
        "RequestId": "one",
        "LogicalResourceId": "Closing",
        "ResourceType": "Custom::PunchclockClosing",
        "ResourceProperties": {},
    }


def named(*names: str) -> dict[str, list[str]]:
    """Return the event with which the sweep names models of Lookout for Vision."""
    return {"targets": ids(names)}


def ids(names: Iterable[str]) -> list[str]:
    """Return the ids of models of Lookout for Vision."""
    return [f"lookoutvision:{name}/1" for name in names]

"""A plant in one process: its functions run for real, everything around them is under control.

What fires, and with which input, is read from the template of the edition that is deployed. Sweeps
in which nothing can happen may be left out: see ``rests``.
"""

import datetime as dt
import heapq
import importlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from functions.compose import ACTIONS
from functions.site import Site
from punchclock.actions import Action
from punchclock.errors import PunchclockError, Unforeseen
from punchclock.localtime import MINUTE
from punchclock.minutes import floor
from punchclock.ports import Ledger
from rehearsal.clocks import VirtualClock
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import HostedModel
from rehearsal.emulator.refusals import Trouble
from rehearsal.faults import desk, ports
from rehearsal.faults.history import NEVER, SWEEP, TIMEKEEPER, Edge, Edition, History, Line
from rehearsal.faults.ports import Call, Died
from rehearsal.faults.rests import UNMET_BY_SWEEPS, only_reads_again, rests_until
from rehearsal.faults.script import Fault
from rehearsal.faults.weather import Weather
from rehearsal.faults.witness import Witness
from rehearsal.schedules import firings
from rehearsal.template import Function, rendered
from rehearsal.world import QUEUED, SWEEPING, name_of

_SKEWED = ("sweep", "start_models", "stop_models", "timekeeper")

AGAIN = 0.5
"""How often a function that runs in the midst of another is the same one."""

PERSON_STARTS = 2
"""Units that a person starts a model with."""

MISSED = 11 * MINUTE
"""After how long a sweep finds that an event has not arrived."""

ACTING = {"start_models": Action.START, "stop_models": Action.STOP}
"""What the functions do whose events are listened for."""

_SIX_HOURS = 6 * 60

_SLOW_SECONDS = 8

Builder = Callable[["FaultyWorld", Edition, Function], Site]
"""Composes what a function works with, before its ports are gated."""


@dataclass(slots=True, kw_only=True)
class FaultyWorld:
    """One plant and all that befalls it."""

    weather: Weather
    clock: VirtualClock
    fleet: Fleet
    ledger: Ledger
    history: History
    build: Builder
    rests: bool = True
    """Whether sweeps in which nothing can happen are left out."""
    dies: Callable[[Call], bool] = lambda _: False
    """Whether a function dies after a call: for a death at a place that is chosen."""
    delivers: Callable[[str, object], object] = lambda _, event: event
    """Changes the event that a function is called with."""
    alters: Callable[[Site, Edition, str], Site] = lambda site, *_: site
    """Changes what a function works with, on the function's side of the gates."""
    unheard_at: Callable[[str, dt.datetime], bool] = lambda *_: False
    """Whether a function does not hear that it is called."""
    invocations: int = 0
    """How many functions were called so far."""
    answers: list[Mapping[str, str]] = field(default_factory=list)
    """What CloudFormation was told."""
    _queue: list[tuple[dt.datetime, int, str, Any]] = field(default_factory=list)
    _numbers: Any = field(default_factory=itertools.count)
    _sites: dict[tuple[str, str], Site] = field(default_factory=dict)
    _sweep_at: dt.datetime = NEVER
    _changed: bool = False
    """Whether anything was written, asked or done since the last sweep began."""
    _nested: bool = False
    _dead: bool = False
    """Whether the function that runs has died: what it does while it unwinds never happens."""
    _skew: dict[str, dt.timedelta] = field(default_factory=dict)
    _witness: Witness = field(init=False)

    def __post_init__(self) -> None:
        self._witness = Witness(history=self.history, now=self.clock.now)

    def run(self, done: Callable[[dt.datetime], bool]) -> None:
        """Let time pass from the history's beginning to its end, or until ``done`` says so."""
        history = self.history
        self._plan_all()
        self._sweep_at = self._sweep_of(floor(history.began))
        while True:
            at = min(self._queue[0][0] if self._queue else self._sweep_at, self._sweep_at)
            if at >= history.ended:
                break
            self.clock.set(at)
            if self._sweep_at <= at:
                self._sweep(at)
                continue
            _, _, what, matter = heapq.heappop(self._queue)
            _EVENTS[what](self, at, matter)
            if self._changed:
                self._wake(at)
            if what == "edge" and done(at):
                history.ended = at
        history.strikes = self.weather.strikes

    def post(self, action: Action, target_ids: Sequence[str]) -> None:
        """Take a call of the sweep's for the function that carries an action out."""
        now = self.clock.now()
        edition = self.history.edition(now)
        sweep = self._function(edition, SWEEP)
        wanted = sweep.environment[ACTIONS[action]]
        self.post_to(wanted, {"targets": list(target_ids)})

    def post_to(self, wanted: str, event: object) -> None:
        """Take an asynchronous call of a function, by its name in AWS."""
        now = self.clock.now()
        functions = self.history.edition(now).deployment.functions.values()
        function = next(each for each in functions if each.name == wanted)
        if self.weather.strikes_now("calls-between-lost"):
            return
        self._push(now + QUEUED, "call", (name_of(function), event))

    def call_at(self, at: dt.datetime, name: str, event: object) -> None:
        """Call a function at an instant to come."""
        self._push(at, "call", (name, event))

    def write(self, function: str, event: str, data: Mapping[str, object]) -> None:
        """Keep a line of the log."""
        line = Line(at=self.clock.now(), function=function, event=event, data=data)
        self.history.lines.append(line)

    def now_of(self, function: str) -> dt.datetime:
        """Read a function's own clock."""
        return self.clock.now() + self._skew.get(function, dt.timedelta())

    def through(self, call: Call, act: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Carry out one call of a port, or let it fail."""
        if self._dead:
            raise Died
        history, weather, now = self.history, self.weather, self.clock.now()
        self._witness.request(call)
        self._overlap(call)
        self._take_time(call)
        outcome, effective = "taken", False
        try:
            ports.before(weather, call, history.hosted)
            model = history.hosted.get(call.args[0].id) if self._is_action(call) else None
            phase = model.phase if model else None
            result = act()
            if self._witness.effect(call, result):
                self._changed = True
            if model is not None:
                effective = model.phase is not phase
                self._changed = True
                if call.operation == "start":
                    ports.begin_to_start(weather, model)
            result = ports.after(weather, call, result, now)
        except PunchclockError as error:
            outcome = type(error).__name__
            if call.port == ports.LEDGER and call.operation in {"write", "adopt"}:
                self._witness.unsee({call.args[0].target.id})
            raise
        finally:
            if self._is_action(call):
                self._witness.ask(call, outcome, effective=effective)
        if call.operation == "observe":
            self._witness.observed(call, result)
        if self.dies(call) or weather.strikes_now("functions-die", share=0.1):
            self._dead = True
            raise Died
        return result

    def _is_action(self, call: Call) -> bool:
        return call.port == ports.SERVICE and call.operation in {"start", "stop"}

    def _take_time(self, call: Call) -> None:
        """Let time pass until a service answers; otherwise a call takes none."""
        if call.port == ports.SERVICE and self.weather.strikes_now("answers-slow", call.place):
            self.clock.pause(self.weather.random("answers-slow").uniform(1, _SLOW_SECONDS))

    def _overlap(self, call: Call) -> None:
        """Let another function run in the midst of this one, now and then."""
        if self._nested or not self.weather.strikes_now("functions-overlap", share=0.1):
            return
        now = self.clock.now()
        random = self.weather.random("functions-overlap")
        deployment = self.history.edition(now).deployment
        others = sorted({name_of(deployment.functions[s.target]) for s in deployment.schedules})
        # What is delivered twice runs beside itself.
        other = call.function if random.random() < AGAIN else random.choice(others)
        self._nested = True
        try:
            self._invoke(other, {})
        finally:
            self._nested = False
            self.clock.set(now + dt.timedelta(seconds=random.randint(1, 20)))

    # What happens, by name

    def _edge(self, at: dt.datetime, matter: tuple[str, object]) -> None:
        """An event of a schedule is due: it arrives now, or late, or never, or several times."""
        strikes, random = self.weather.strikes_now, self.weather.random
        if strikes("events-lost", share=0.5):
            self._note_edge(at, matter, heard=False)
            # The sweep that could miss it is made.
            self._push(at + MISSED, "look", None)
            return
        if strikes("events-late"):
            late = random("events-late").randint(1, _SIX_HOURS) * MINUTE
            self._push(at + late, "call", matter)
            return
        if strikes("events-reordered", share=0.7):
            late = dt.timedelta(seconds=random("events-reordered").randint(0, 300))
            self._push(at + late, "call", matter)
            return
        if strikes("events-repeated", share=0.7):
            for _ in range(random("events-repeated").randint(1, 3)):
                late = dt.timedelta(seconds=random("events-repeated").randint(0, 7200))
                self._push(at + late, "call", matter)
        heard = self._heard(matter)
        self._call(at, matter)
        self._note_edge(at, matter, heard=self._heard(matter) > heard)

    def _heard(self, matter: tuple[str, object]) -> int:
        """Count the events of the same kind that were heard to the end so far."""
        action = ACTING.get(matter[0])
        return 0 if action is None else len(self.history.heard.get(action, ()))

    def _note_edge(self, at: dt.datetime, matter: tuple[str, object], *, heard: bool) -> None:
        action = ACTING.get(matter[0])
        if action is not None:
            self.history.edges.append(Edge(at=at, action=action, heard=heard))

    def _look(self, at: dt.datetime, matter: None) -> None:
        """Let the next minute be swept."""
        del at, matter
        self._changed = True

    def _call(self, at: dt.datetime, matter: tuple[str, object]) -> None:
        function, event = matter
        may_rest = self.rests and function == TIMEKEEPER and self._calm
        if not (may_rest and only_reads_again(self.ledger.book(), at)):
            self._invoke(function, event)

    def _boundary(self, at: dt.datetime, fault: Fault) -> None:
        """A fault begins or ends."""
        self.weather.change(at)
        self._changed = True
        skewed = self.weather.fault("clocks-apart")
        if skewed is None:
            self._skew = {}
        elif not self._skew:
            self._skew = {name: _skew(skewed, name) for name in _SKEWED}
            self.weather.strikes["clocks-apart"] += 1
        if fault.kind == "person-overrides":
            self._speak(at, fault)
            return
        model = self.history.hosted.get(fault.victim or "")
        if model is None or at != fault.begin:
            return
        if fault.kind == "person-starts":
            self._person_starts(model)
        else:
            ports.befall(self.weather, fault.kind, model, fault.end)

    def _person_starts(self, model: HostedModel) -> None:
        if self.weather.fault("model-deleted", model.target.id) or self.weather.fault(
            "model-retrained", model.target.id
        ):
            return
        try:
            self.fleet.start(model, PERSON_STARTS, None)
        except Trouble:
            return
        self.weather.strikes["person-starts"] += 1
        self.history.persons.setdefault(model.target.id, []).append(model.now())

    def _speak(self, at: dt.datetime, fault: Fault) -> None:
        """A person says something at the desk, or takes it back."""
        say = desk.spoken if at == fault.begin else desk.taken_back
        said = say(self.history, fault)
        if said is not None:
            self.ledger.order(said)
            self.history.said.append(said)
            self.weather.strikes["person-overrides"] += 1

    def _deploy(self, at: dt.datetime, fault: Fault) -> None:
        del at, fault
        self.weather.strikes["redeployed"] += 1
        self._changed = True

    # How functions run

    def _sweep(self, at: dt.datetime) -> None:
        self._changed = False
        if not self.weather.strikes_now("sweep-silent"):
            self._invoke(SWEEP, {})
        following = self._sweep_of(floor(at) + MINUTE)
        self._sweep_at = following
        if self.rests and not self._changed and not self._nested and self._calm:
            rests = rests_until(self.history, self.ledger.book(), at)
            if rests is not None and rests > following:
                self._sweep_at = self._sweep_of(floor(rests))
                self.history.rested.append((at, self._sweep_at))

    @property
    def _calm(self) -> bool:
        """Whether no fault is afoot that a sweep or the timekeeper would meet."""
        return self.weather.afoot <= UNMET_BY_SWEEPS

    def _wake(self, at: dt.datetime) -> None:
        """Something has changed: the next minute is swept."""
        self._changed = False
        following = self._sweep_of(floor(at) + MINUTE)
        this = self._sweep_of(floor(at))
        following = this if this > at else following
        if following < self._sweep_at:
            if self.history.rested and self.history.rested[-1][1] == self._sweep_at:
                self.history.rested[-1] = (self.history.rested[-1][0], following)
            self._sweep_at = following

    def _sweep_of(self, minute: dt.datetime) -> dt.datetime:
        """When the sweep of a minute begins: the scheduler is precise to the minute."""
        late = crc32(f"{self.weather.seed}/{minute:%d%H%M}".encode()) % 60
        return minute + dt.timedelta(seconds=late)

    def _invoke(self, name: str, event: object) -> None:
        at = self.clock.now()
        edition = self.history.edition(at)
        function = self._function(edition, name)
        if function is None or self.unheard_at(name, at):
            return
        module, _, handler = function.handler.rpartition(".")
        work = getattr(importlib.import_module(module), handler).__wrapped__
        self.invocations += 1
        outer, self._dead = self._dead, False
        with self._witness.invocation():
            try:
                work(self._site(edition, function), self.delivers(name, event))
            except Died:
                self.history.died.append((self.clock.now(), name))
                self._witness.unsee(self.history.hosted)
            except PunchclockError as error:
                self._keep_broken(at, name, error)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is none of ours: a finding
                self.history.broken.append(Line(at=at, function=name, event=repr(error), data={}))
            finally:
                self._dead = outer

    def _keep_broken(self, at: dt.datetime, name: str, error: PunchclockError) -> None:
        """Keep what a function has set aside although nobody has thought of it."""
        causes = error.__cause__.exceptions if isinstance(error.__cause__, ExceptionGroup) else ()
        for each in (error, *causes):
            if isinstance(each, Unforeseen):
                self.history.broken.append(Line(at=at, function=name, event=str(each), data={}))

    def _site(self, edition: Edition, function: Function) -> Site:
        name = name_of(function)
        if (edition.name, name) not in self._sites:
            site = self.build(self, edition, function)
            site = ports.gated(site, name, self.through)
            self._sites[edition.name, name] = self.alters(site, edition, name)
        return self._sites[edition.name, name]

    def _function(self, edition: Edition, name: str) -> Any:  # noqa: ANN401
        functions = edition.deployment.functions.values()
        return next((each for each in functions if name_of(each) == name), None)

    # What is going to happen

    def _plan_all(self) -> None:
        history = self.history
        ends = [since for since, _ in history.editions[1:]]
        for (since, edition), until in zip(history.editions, [*ends, history.ended], strict=True):
            begin = max(since, history.began)
            for schedule in edition.deployment.schedules:
                if schedule.expression == SWEEPING:
                    continue
                name = name_of(edition.deployment.functions[schedule.target])
                for due in firings(schedule.expression, schedule.timezone, begin, until):
                    late = crc32(f"{self.weather.seed}/{schedule.name}/{due}".encode()) % 60
                    event = rendered(schedule, f"{due:%Y-%m-%dT%H:%M:%SZ}")
                    self._push(due + dt.timedelta(seconds=late), "edge", (name, event))
        for fault in history.script:
            what = "deploy" if fault.kind == "redeployed" else "boundary"
            self._push(fault.begin, what, fault)
            self._push(fault.end, what, fault)

    def _push(self, at: dt.datetime, what: str, matter: object) -> None:
        heapq.heappush(self._queue, (at, next(self._numbers), what, matter))


def _skew(fault: Fault, function: str) -> dt.timedelta:
    """Return how far a function's clock is from the true time: five seconds at most."""
    return dt.timedelta(seconds=crc32(f"{fault.chance}{function}".encode()) % 11 - 5)


_EVENTS: Mapping[str, Callable[[FaultyWorld, dt.datetime, Any], None]] = {
    "edge": FaultyWorld._edge,  # noqa: SLF001
    "look": FaultyWorld._look,  # noqa: SLF001
    "call": FaultyWorld._call,  # noqa: SLF001
    "boundary": FaultyWorld._boundary,  # noqa: SLF001
    "deploy": FaultyWorld._deploy,  # noqa: SLF001
}

"""A deployment, lived through in virtual time: schedules fire, functions run, models start.

What fires, with which input, in which role and environment, is read from the template. Functions
run one after the other: each begins at the instant it was called, whatever the others still do.
"""

import contextlib
import datetime as dt
import heapq
import importlib
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from functions.compose import compose
from functions.site import Site
from punchclock.errors import PunchclockError
from punchclock.ports import Stack
from rehearsal.clocks import Clock, WorldClock
from rehearsal.cloud import Cloud
from rehearsal.schedules import firings
from rehearsal.template import CustomResource, Deployment, Function, Schedule, rendered

SWEEPING = "cron(* * * * ? *)"

Seconds = tuple[int, int]
Order = tuple[Seconds, Seconds]

EARLY, SWEEP, LATE = (0, 20), (20, 40), (40, 60)
AFTER: Order = (LATE, EARLY)
BEFORE: Order = (EARLY, LATE)
"""The scheduler is precise to the minute. Sweeps come in the middle of theirs, and edges by turns
after and before: so in every rehearsal the sweep has to start and to stop models too, and the edges
find it done."""

QUEUED = dt.timedelta(seconds=1)
"""How long an asynchronous call between functions takes to arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that a function has logged."""

    at: dt.datetime
    function: str
    fields: Mapping[str, Any]

    @property
    def event(self) -> str:
        """What it tells of; empty for lines that are metrics only."""
        return str(self.fields.get("message", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An invocation that failed."""

    at: dt.datetime
    function: str
    reason: str


class Mail:
    """Asynchronous calls between functions, on their way."""

    def __init__(self, now: Clock) -> None:
        """Begin with none."""
        self._now = now
        self._posted: list[tuple[dt.datetime, int, str, object]] = []
        self._numbers = itertools.count()

    def post(self, name: str, payload: bytes) -> None:
        """Take a call of a function; it arrives a little later."""
        arrives = self._now() + QUEUED
        event = json.loads(payload or b"{}")
        heapq.heappush(self._posted, (arrives, next(self._numbers), name, event))

    @property
    def waiting(self) -> dt.datetime | None:
        """When the next one arrives; None where there is none."""
        return self._posted[0][0] if self._posted else None

    def collect(self, until: dt.datetime) -> Iterator[tuple[dt.datetime, str, object]]:
        """Yield what has arrived by an instant: when, for which function, with what."""
        while self._posted and self._posted[0][0] <= until:
            at, _, name, event = heapq.heappop(self._posted)
            yield at, name, event


@dataclass(frozen=True, slots=True)
class Answers:
    """CloudFormation's ear: answers are kept, all else goes on as it does."""

    stack: Stack
    kept: list[Mapping[str, str]]

    def answer(self, url: str, document: Mapping[str, str]) -> None:
        """Keep an answer."""
        del url
        self.kept.append(document)

    def go_on(self, function: str, event: Mapping[str, object]) -> None:
        """Call a function with an event."""
        self.stack.go_on(function, event)


@dataclass(slots=True, kw_only=True)
class World:
    """One deployment and all that happens to it."""

    deployment: Deployment
    asset: Path
    cloud: Cloud
    clock: WorldClock
    mail: Mail
    random: Random
    happenings: list[tuple[dt.datetime, Callable[[], object]]] = field(default_factory=list)
    """What happens that nobody scheduled, ascending: a person at work, a service's own doing."""
    lines: list[Line] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    answers: list[Mapping[str, str]] = field(default_factory=list)
    """What CloudFormation was answered."""
    _sites: dict[str, Site] = field(default_factory=dict)

    def run(
        self,
        begin: dt.datetime,
        end: dt.datetime,
        done: Callable[[dt.datetime], bool],
        progress: Callable[[dt.datetime], None],
    ) -> None:
        """Let time pass from ``begin`` until ``end``, or until ``done`` says so."""
        turns = {arn: itertools.cycle((AFTER, BEFORE)) for arn in self.deployment.functions}
        fired = [
            self._fired(schedule, next(turns[schedule.target]), begin, end)
            for schedule in self.deployment.schedules
        ]
        for at, _, schedule, due in heapq.merge(*fired):
            self._deliver(until=at)
            if done(at):
                return
            progress(at)
            self.clock.set(at)
            self._fire(schedule, due)

    def become(self, deployment: Deployment, asset: Path) -> None:
        """Be another deployment from now on, whose functions begin anew and run another asset."""
        self.deployment, self.asset = deployment, asset
        self.cloud.follow(deployment)
        self._sites.clear()

    def ask(self, custom: CustomResource, kind: str) -> Mapping[str, str]:
        """Let CloudFormation ask about a resource; return the answer, which may take its time.

        Raises ``LookupError`` when nobody answers.
        """
        stack = f"arn:aws:cloudformation:{self.deployment.region}:{self.deployment.account}:stack"
        event = {
            "RequestType": kind,
            "ServiceToken": custom.function,
            "ResponseURL": "https://cloudformation.invalid/",
            "StackId": f"{stack}/{self.deployment.stack}/0",
            "RequestId": f"{len(self.answers)}",
            "LogicalResourceId": custom.key,
            "ResourceType": custom.kind,
        }
        before = len(self.answers)
        self._deliver(until=self.clock.now())
        self._invoke(self.deployment.functions[custom.function], event)
        while len(self.answers) == before and self.mail.waiting is not None:
            self._deliver(until=self.mail.waiting)
        if len(self.answers) == before:
            raise LookupError(f"{custom.key}: {kind} was asked, and nobody has answered")
        return self.answers[-1]

    def _fired(
        self, schedule: Schedule, order: Order, begin: dt.datetime, end: dt.datetime
    ) -> Iterator[tuple[dt.datetime, str, Schedule, dt.datetime]]:
        """Yield when a schedule is delivered, and when it was due."""
        turns = (SWEEP,) if schedule.expression == SWEEPING else order
        due = firings(schedule.expression, schedule.timezone, begin, end)
        for instant, (least, most) in zip(due, itertools.cycle(turns), strict=False):
            late = dt.timedelta(seconds=self.random.randrange(least, most))
            yield instant + late, schedule.name, schedule, instant

    def _deliver(self, until: dt.datetime) -> None:
        while self.happenings and self.happenings[0][0] <= until:
            at, happen = self.happenings.pop(0)
            self.clock.set(at)
            happen()
        for at, name, event in self.mail.collect(until):
            self.clock.set(at)
            self._invoke(self._named(name), event)

    def _fire(self, schedule: Schedule, due: dt.datetime) -> None:
        function = self.deployment.functions[schedule.target]
        if self.cloud.permit(schedule.role, "lambda", "Invoke", {"FunctionName": function.name}):
            self._invoke(function, rendered(schedule, f"{due:%Y-%m-%dT%H:%M:%SZ}"))

    def _invoke(self, function: Function, event: object) -> None:
        at = self.clock.now()
        site = self._site(function)
        module, _, name = function.handler.rpartition(".")
        work = getattr(importlib.import_module(module), name).__wrapped__
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            try:
                work(site, event)
            except PunchclockError as error:
                failure = Failure(at=at, function=name_of(function), reason=f"{error}")
                self.failures.append(failure)
        self._log(function, written.getvalue())

    def _log(self, function: Function, written: str) -> None:
        stream = {"logGroupName": function.log_group, "logStreamName": "rehearsal"}
        for operation in ("CreateLogStream", "PutLogEvents"):
            self.cloud.permit(function.role, "logs", operation, stream)
        for text in written.splitlines():
            line = Line(at=self.clock.now(), function=name_of(function), fields=json.loads(text))
            self.lines.append(line)

    def _site(self, function: Function) -> Site:
        if function.arn not in self._sites:
            environ = {**function.environment, "LAMBDA_TASK_ROOT": str(self.asset)}
            session = self.cloud.session(function.role)
            clock = self.clock
            site = compose(environ, session, clock.now, clock.pause)
            self._sites[function.arn] = replace(site, stack=Answers(site.stack, self.answers))
        return self._sites[function.arn]

    def _named(self, name: str) -> Function:
        return next(each for each in self.deployment.functions.values() if each.name == name)


def name_of(function: Function) -> str:
    """Return what people call a function: the module of its handler."""
    return function.handler.split(".")[-2]

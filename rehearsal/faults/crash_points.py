"""Let every function die after each of its calls in turn, and see that the plant recovers.

Not at random: each scenario is lived through once to find the points, and once more for each of
them. A point is a call of a function, with the one before it and the kinds of calls that it has
made so far in one invocation: so a write that follows a start is another point than one that
follows a look, and a loop, over models or over time, is gone through once.

    python -m rehearsal.faults.crash_points plants/springfield.yaml
"""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from plantfile.reader import read
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Plant
from punchclock.timetables import Run
from rehearsal.faults.history import History
from rehearsal.faults.invariants import violations
from rehearsal.faults.kinds import KINDS, Scope
from rehearsal.faults.ports import Call
from rehearsal.faults.running import Stage, live, stage_of
from rehearsal.faults.script import Fault
from rehearsal.faults.truth import HOSTED
from rehearsal.faults.world import FaultyWorld

CLOSING = "close_plant"

AGAIN = (1 * MINUTE, 2 * MINUTE)
"""When Lambda calls a function again that died, where its retries are not turned off."""

SLOWLY = 12
"""Minutes in which nothing can be stopped; one invocation of the closing goes on for eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What happens to one run, so that functions have something to write about."""

    kind: str
    of: str
    """The instant of the run that it is counted from: ``start``, ``ready`` or ``stop``."""
    after: int
    """Minutes, of which there are fewer than none before it."""
    lasts: int
    """Minutes."""


EVENTFUL = (
    Mishap(kind="starts-fail", of="start", after=-1, lasts=3),
    Mishap(kind="quota-used-up", of="start", after=14, lasts=8),
    Mishap(kind="person-stops", of="ready", after=120, lasts=1),
    Mishap(kind="stops-refused", of="stop", after=-1, lasts=5),
    Mishap(kind="person-starts", of="stop", after=60, lasts=1),
)
"""A model fails, a person stops and starts it, and the service is not always ready."""

DENIED = (
    Mishap(kind="events-lost", of="start", after=-1, lasts=2),
    Mishap(kind="actions-denied", of="start", after=-1, lasts=5),
    Mishap(kind="throttled", of="start", after=5, lasts=10),
    Mishap(kind="events-lost", of="stop", after=-1, lasts=2),
    Mishap(kind="actions-denied", of="stop", after=-1, lasts=5),
    Mishap(kind="throttled", of="stop", after=5, lasts=10),
)
"""AWS denies starts and stops, then throttles them, and edges are lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a function may die."""

    function: str
    call: str
    """What it has just called."""
    after: str | None
    """What it called before that; None where this is its first call."""
    called: frozenset[str]
    """All that it has called in this invocation."""


@dataclass(slots=True, kw_only=True)
class _Deaths:
    """Finds the points of a day, and lets a function die at one of them, once."""

    at: Point | None = None
    found: dict[Point, None] = field(default_factory=dict)
    happened: bool = False
    _world: FaultyWorld | None = None
    _invocation: int = 0
    _calls: list[str] = field(default_factory=list)

    def watch(self, world: FaultyWorld) -> None:
        """Be asked after every call of a world."""
        self._world = world
        world.dies = self._dies

    def _dies(self, call: Call) -> bool:
        invocation = self._world.invocations if self._world else 0
        if invocation != self._invocation:
            self._invocation, self._calls = invocation, []
        self._calls.append(call.name)
        point = Point(
            function=call.function,
            call=call.name,
            after=self._calls[-2] if len(self._calls) > 1 else None,
            called=frozenset(self._calls),
        )
        self.found[point] = None
        if self.happened or point != self.at:
            return False
        self.happened = True
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What came of one death."""

    point: Point
    wrong: tuple[str, ...]
    """What must not have happened, and did; empty where the plant recovered."""


def recoveries(
    plant: Plant, first: dt.date, seed: int = 1, only: Callable[[Point], bool] = lambda _: True
) -> Iterator[Recovery]:
    """Yield what came of each death, on local days and in stacks that are made and destroyed."""
    stage = stage_of(plant, first, first + DAY, ())
    for scenario in SCENARIOS:
        points = _Deaths()
        scenario(stage, seed, points)
        for point in points.found:
            if only(point):
                deaths = _Deaths(at=point)
                wrong = scenario(stage, seed, deaths)
                missed = [] if deaths.happened else ["it did not die there"]
                yield Recovery(point=point, wrong=(*wrong, *missed))


def _day(mishaps: Sequence[Mishap], stage: Stage, seed: int, deaths: _Deaths) -> list[str]:
    """Live through a day on which the first run of each model has its mishaps."""
    script = [
        _fault(each.kind, target, getattr(runs[0], each.of) + each.after * MINUTE, each.lasts)
        for target, runs in _runs(stage).items()
        for each in mishaps
        if runs
    ]
    history = live(stage, seed, (), script=script, prepare=deaths.watch)
    return [f"{each.name}: {each.reason}" for each in violations(history)]


def _destroyed(mishaps: Sequence[str], stage: Stage, seed: int, deaths: _Deaths) -> list[str]:
    """Destroy the stack in the middle of the first run: its schedules go, then it is closed."""
    run = min((run for runs in _runs(stage).values() for run in runs), key=lambda run: run.ready)
    at = run.ready + (run.stop - run.ready) / 2
    begin = at - MINUTE
    script = [_fault(kind, target, begin, SLOWLY) for target in _runs(stage) for kind in mishaps]
    history, answer = _asked_at(at, "Delete", stage, seed, deaths, script)
    running = [
        f"{target} is still {model.phase}"
        for target, model in history.hosted.items()
        if model.phase in HOSTED
    ]
    return [*_unless_done(answer), *running]


def _made(stage: Stage, seed: int, deaths: _Deaths) -> list[str]:
    """Make the stack."""
    _, answer = _asked_at(stage.began + MINUTE, "Create", stage, seed, deaths, ())
    return _unless_done(answer)


def _asked_at(  # noqa: PLR0917 - when, what, and what every scenario takes
    at: dt.datetime,
    request: str,
    stage: Stage,
    seed: int,
    deaths: _Deaths,
    script: Sequence[Fault],
) -> tuple[History, Mapping[str, str] | None]:
    """Let CloudFormation ask, and wait an hour; it takes the first answer and no other."""
    answers: list[Mapping[str, str]] = []

    def prepare(world: FaultyWorld) -> None:
        deaths.watch(world)
        world.unheard_at = lambda name, now: (now >= at) != (name == CLOSING)
        world.answers = answers
        for later in (0 * MINUTE, *AGAIN):
            world.call_at(at + later, CLOSING, _request(stage, request))

    history = live(stage, seed, (), script=script, prepare=prepare, until=at + 60 * MINUTE)
    return history, next(iter(answers), None)


def _unless_done(answer: Mapping[str, str] | None) -> list[str]:
    if answer is None:
        return ["CloudFormation was told nothing"]
    return [] if answer["Status"] == "SUCCESS" else [f"CloudFormation was told: {answer['Reason']}"]


def _fault(kind: str, target: str, begin: dt.datetime, minutes: int) -> Fault:
    scope = KINDS[kind].scope
    victims = {Scope.MODEL: target, Scope.SERVICE: target.partition(":")[0], Scope.PLANT: None}
    end = begin + minutes * MINUTE
    return Fault(kind=kind, begin=begin, end=end, victim=victims[scope], chance=0.5)


def _runs(stage: Stage) -> Mapping[str, Sequence[Run]]:
    """Return the runs that lie within the stage, ascending, by target id."""
    found = next(iter(stage.editions.values())).runs
    return {
        target: [run for run in runs if stage.began <= run.start and run.stop <= stage.closing]
        for target, runs in found.items()
    }


def _request(stage: Stage, kind: str) -> Mapping[str, str]:
    deployment = next(iter(stage.editions.values())).deployment
    function = next(each for each in deployment.functions.values() if CLOSING in each.handler)
    return {
        "RequestType": kind,
        "ServiceToken": function.arn,
        "ResponseURL": "https://cloudformation.example/answer",
        "StackId": deployment.stack,
        "RequestId": "only",
        "LogicalResourceId": "Closing",
        "PhysicalResourceId": "punchclock-closing",
        "ResourceType": "Custom::PunchclockClosing",
    }


SCENARIOS: Sequence[Callable[[Stage, int, _Deaths], list[str]]] = (
    partial(_day, EVENTFUL),
    partial(_day, DENIED),
    _made,
    partial(_destroyed, ()),
    partial(_destroyed, ("stops-refused",)),
    partial(_destroyed, ("actions-denied",)),
)
"""What is lived through: each names what did not come right."""


def main() -> int:
    """Print the table of all points; return 1 where one of them was not recovered from."""
    plant = read(Path(sys.argv[1]))
    first = dt.date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else dt.date(2026, 3, 2)  # noqa: PLR2004
    told: dict[tuple[str, str], list[Recovery]] = {}
    for recovery in recoveries(plant, first):
        told.setdefault((recovery.point.function, recovery.point.call), []).append(recovery)
    print(f"{'function':14} {'dies after':28} {'places':>6}  recovered")  # noqa: T201
    lost = [recovery for found in told.values() for recovery in found if recovery.wrong]
    for (function, call), found in sorted(told.items()):
        well = sum(not recovery.wrong for recovery in found)
        print(f"{function:14} {call:28} {len(found):6}  {well}")  # noqa: T201
    for recovery in lost:
        print(f"{recovery.point}: {'; '.join(recovery.wrong)}")  # noqa: T201
    print(f"{sum(map(len, told.values()))} places, {len(lost)} not recovered from")  # noqa: T201
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())

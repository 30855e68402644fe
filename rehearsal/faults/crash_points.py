"""Let every function die after each of its calls in turn, and see that the plant recovers.

Not at random: a day is lived through once to find the points, and once more for each of them. A
point is a function and the calls that it has made so far in one invocation, so a write that follows
a start is another point than one that follows a look.

    python -m rehearsal.faults.crash_points plants/springfield.yaml
"""

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plantfile.reader import read
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Plant
from rehearsal.faults.history import History
from rehearsal.faults.invariants import violations
from rehearsal.faults.ports import Call
from rehearsal.faults.running import Stage, live, stage_of
from rehearsal.faults.script import Fault
from rehearsal.faults.truth import HOSTED
from rehearsal.faults.world import FaultyWorld

CLOSING = "close_plant"

AGAIN = (1 * MINUTE, 2 * MINUTE)
"""When Lambda calls a function again that died, where its retries are not turned off."""

KINDS = ("person-starts", "person-stops", "starts-fail", "stops-refused", "quota-used-up")
"""What happens on the day, so that functions have something to write about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a function may die."""

    function: str
    calls: tuple[str, ...]
    """What it has called in this invocation, the last of them just done."""

    @property
    def call(self) -> str:
        """The call after which it dies."""
        return self.calls[-1]


@dataclass(slots=True, kw_only=True)
class _Deaths:
    """Finds the points of a day, and lets a function die at one of them, once."""

    at: Point | None = None
    found: dict[Point, None] = field(default_factory=dict)
    happened: bool = False
    _world: FaultyWorld | None = None
    _invocation: int = 0
    _calls: tuple[str, ...] = ()

    def watch(self, world: FaultyWorld) -> None:
        """Be asked after every call of a world."""
        self._world = world
        world.dies = self._dies

    def _dies(self, call: Call) -> bool:
        invocation = self._world.invocations if self._world else 0
        if invocation != self._invocation:
            self._invocation, self._calls = invocation, ()
        # A loop over many models is one place.
        if not self._calls or self._calls[-1] != call.name:
            self._calls = (*self._calls, call.name)
        point = Point(function=call.function, calls=self._calls)
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
    """Yield what came of each death, on one local day and in a stack that is destroyed on it."""
    stage = stage_of(plant, first, first + DAY, ())
    for scenario in (_day, _destroyed):
        points = _Deaths()
        scenario(stage, seed, points)
        for point in points.found:
            if only(point):
                deaths = _Deaths(at=point)
                wrong = scenario(stage, seed, deaths)
                missed = [] if deaths.happened else ["it did not die there"]
                yield Recovery(point=point, wrong=(*wrong, *missed))


def _day(stage: Stage, seed: int, deaths: _Deaths) -> list[str]:
    history = live(stage, seed, KINDS, script=tuple(_happens(stage)), prepare=deaths.watch)
    return [f"{each.name}: {each.reason}" for each in violations(history)]


def _happens(stage: Stage) -> Iterator[Fault]:
    """Yield what makes the day eventful: at one edge of each model, and between its runs."""
    runs = next(iter(stage.editions.values())).runs
    for target, all_runs in runs.items():
        mine = [run for run in all_runs if stage.began <= run.start and run.stop <= stage.closing]
        service = target.partition(":")[0]
        for run in mine[:1]:
            middle = run.ready + (run.stop - run.ready) / 2
            for kind, begin, minutes, victim in (
                ("starts-fail", run.start - MINUTE, 3, target),
                ("quota-used-up", run.start + 14 * MINUTE, 8, service),
                ("person-stops", middle, 1, target),
                ("stops-refused", run.stop - MINUTE, 5, target),
                ("person-starts", run.stop + 60 * MINUTE, 1, target),
            ):
                yield Fault(
                    kind=kind,
                    begin=begin,
                    end=begin + minutes * MINUTE,
                    victim=victim,
                    chance=0.5,
                )


def _destroyed(stage: Stage, seed: int, deaths: _Deaths) -> list[str]:
    """Destroy the stack in the middle of the first run: its schedules go, then it is closed."""
    run = min((run for runs in _runs(stage) for run in runs), key=lambda run: run.ready)
    at = run.ready + (run.stop - run.ready) / 2
    answers: list[Mapping[str, str]] = []

    def prepare(world: FaultyWorld) -> None:
        deaths.watch(world)
        world.unheard_at = lambda name, now: (now >= at) != (name == CLOSING)
        world.answers = answers
        for later in (0 * MINUTE, *AGAIN):
            world.call_at(at + later, CLOSING, _asked(stage))

    history = live(stage, seed, (), prepare=prepare, until=at + 60 * MINUTE)
    return list(_unclosed(history, answers))


def _runs(stage: Stage) -> Iterable[Sequence[Any]]:
    for runs in next(iter(stage.editions.values())).runs.values():
        yield [run for run in runs if stage.began <= run.start and run.stop <= stage.closing]


def _asked(stage: Stage) -> Mapping[str, str]:
    deployment = next(iter(stage.editions.values())).deployment
    function = next(each for each in deployment.functions.values() if CLOSING in each.handler)
    return {
        "RequestType": "Delete",
        "ServiceToken": function.arn,
        "ResponseURL": "https://cloudformation.example/answer",
        "StackId": deployment.stack,
        "RequestId": "destroy",
        "LogicalResourceId": "Closing",
        "PhysicalResourceId": "punchclock-closing",
        "ResourceType": "Custom::PunchclockClosing",
    }


def _unclosed(history: History, answers: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not any(answer["Status"] == "SUCCESS" for answer in answers):
        yield f"CloudFormation was told {[answer['Status'] for answer in answers]}"
    for target, model in history.hosted.items():
        if model.phase in HOSTED:
            yield f"{target} is still {model.phase}"


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

"""What must hold under every fault? Each invariant with its name and its reason.

They are asked of the emulator's own story and of the plan, not of our cards and decisions: those
are looked at only where they are what is in question.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from functions import journal as events
from punchclock.actions import Action
from punchclock.localtime import MINUTE
from punchclock.observations import State
from punchclock.plants import MIN_UNITS
from punchclock.ports import CLAIM
from punchclock.timecards import PATIENCE
from rehearsal.faults import duties
from rehearsal.faults.billing import billed_once
from rehearsal.faults.breaches import Breach, Check, Lived
from rehearsal.faults.duties import SKEW, kept
from rehearsal.faults.history import History
from rehearsal.faults.truth import IDLE, moment_at, moments_between
from rehearsal.verdicts import Violation

CLOCKS = dt.timedelta(seconds=11)
"""How far apart two functions' clocks may be."""

CALLS_PER_SECOND = 5
"""Control-plane calls that an account has per operation."""

BURST = dt.timedelta(seconds=10)
"""Over how long they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that must hold, and why."""

    why: str
    check: Check


def violations(history: History) -> list[Violation]:
    """Return every violation of an invariant, ascending by time."""
    lived = Lived.through(history)
    found = [
        Violation(name=name, reason=each.reason, at=each.at, model=each.model)
        for name, invariant in INVARIANTS.items()
        for each in invariant.check(lived)
    ]
    return sorted(found, key=lambda each: (each.at, each.name, each.model or ""))


def _enough_units(lived: Lived) -> Iterator[Breach]:
    for ask in lived.history.asks:
        if ask.action is not Action.START:
            continue
        around = moments_between(lived.told[ask.target], ask.at - SKEW, ask.at + SKEW)
        needed = {moment.run.units for moment in around if moment.run} or {ask.units}
        if ask.units < MIN_UNITS or ask.units not in needed:
            yield Breach(
                reason=f"a start with {ask.units} units, and its run needs {max(needed)}",
                at=ask.at,
                model=ask.target,
            )


def _no_chase(lived: Lived) -> Iterator[Breach]:
    for ask in lived.history.asks:
        if not ask.effective:
            continue
        around = moments_between(lived.told[ask.target], ask.at - SKEW, ask.at + SKEW)
        wanted = {moment.run is not None for moment in around}
        against = ask.action is Action.STOP
        if wanted == {against}:
            yield Breach(
                reason=f"{ask.function} asked to {ask.action} what a shift"
                f" {'wants' if against else 'does not want'}",
                at=ask.at,
                model=ask.target,
            )


def _asked_for_cause(lived: Lived) -> Iterator[Breach]:
    startable = {State.STOPPED, State.FAILED}
    for ask in lived.history.asks:
        if ask.action is Action.START and ask.seen not in startable:
            yield Breach(
                reason=f"{ask.function} asked for a start and had just seen it {ask.seen}",
                at=ask.at,
                model=ask.target,
            )


def _once(lived: Lived) -> Iterator[Breach]:
    last: dict[tuple[str, Action], dt.datetime] = {}
    # In the order in which they were carried out: of functions that run beside each other, one may
    # give back what another then takes, whose clock is behind.
    for ask in lived.history.asks:
        before = last.get((ask.target, ask.action))
        if before is not None and ask.at - before < CLAIM - CLOCKS:
            yield Breach(
                reason=f"{ask.function} asked again for what was taken at {before:%H:%M:%SZ}",
                at=ask.at,
                model=ask.target,
            )
        if ask.outcome == "taken":
            last[ask.target, ask.action] = ask.at


def _no_futile_start(lived: Lived) -> Iterator[Breach]:
    for ask in lived.history.asks:
        run = moment_at(lived.told[ask.target], ask.at).run
        if (
            ask.action is Action.START
            and run
            and ask.at + (run.ready - run.start) > run.stop + SKEW
        ):
            yield Breach(
                reason=f"could not be ready before its run ends at {run.stop:%H:%MZ}",
                at=ask.at,
                model=ask.target,
            )


def _closed(lived: Lived) -> Iterator[Breach]:
    ended = lived.history.ended
    for card in lived.history.left:
        last = lived.told[card.target.id][-1]
        # Whether anybody has seen that it stopped or not: the service knows.
        stopped = last.since if last.phase in IDLE and last.run is None else card.stopped
        if stopped is not None and ended - stopped > PATIENCE + 60 * MINUTE:
            yield Breach(
                reason=f"{card.id} stopped at {stopped:%m-%dT%H:%MZ} and is still open",
                at=stopped,
                model=card.model,
            )


def _within_quota(lived: Lived) -> Iterator[Breach]:
    most = int(CALLS_PER_SECOND * BURST.total_seconds())
    for name, times in lived.history.requests.items():
        ascending = sorted(times)
        for first, last in zip(ascending, ascending[most:], strict=False):
            if last - first < BURST:
                yield Breach(
                    reason=f"more than {most} calls of {name} in {BURST.seconds} s", at=first
                )
                break


def _reasoned(lived: Lived) -> Iterator[Breach]:
    for line in lived.history.lines:
        if line.event == events.DECISION and not line.data.get("reason"):
            yield Breach(reason=f"{line.function}: {line.data}", at=line.at)


def _unbroken(lived: Lived) -> Iterator[Breach]:
    for line in lived.history.broken:
        yield Breach(reason=f"{line.function}: {line.event}", at=line.at)


INVARIANTS: Mapping[str, Invariant] = {
    "left-running": Invariant(
        why="a stop is asked for within five minutes of the run's end or the last fault's, and"
        " again until it is confirmed: nothing runs all weekend",
        check=partial(kept, duties.stop),
    ),
    "left-stopped": Invariant(
        why="what is wanted and can be had is starting within five minutes, or after the pause that"
        " follows a failed start: no line waits for its model",
        check=partial(kept, duties.start),
    ),
    "too-few-units": Invariant(
        why="one unit may fail without stopping the line, and a start asks for what its run needs",
        check=_enough_units,
    ),
    "chase": Invariant(
        why="no start of what is not wanted, no stop of what is: they never chase each other",
        check=_no_chase,
    ),
    "start-in-vain": Invariant(
        why="a start is asked for only where the service has just said that it can be",
        check=_asked_for_cause,
    ),
    "asked-twice": Invariant(
        why="what runs at the same time acts once: an action is claimed for two minutes",
        check=_once,
    ),
    "futile-start": Invariant(
        why="a model that cannot be ready before its run ends only costs money",
        check=_no_futile_start,
    ),
    "billed-once": Invariant(
        why="every billed minute is on exactly one card; one without a datapoint may differ by the"
        " minutes that no sweep saw",
        check=billed_once,
    ),
    "never-closed": Invariant(
        why="a run's cost is told a day after its stop at the latest", check=_closed
    ),
    "over-quota": Invariant(why="an account's calls are for everybody in it", check=_within_quota),
    "no-reason": Invariant(why="people must be able to ask why", check=_reasoned),
    "broken": Invariant(
        why="a function fails with a sentence, never with a traceback", check=_unbroken
    ),
    "not-told": Invariant(
        why="an incident is open within minutes for anything that a person must know",
        check=partial(kept, duties.incident),
    ),
    "not-over": Invariant(
        why="an incident is closed when it is over", check=partial(kept, duties.end_of_incident)
    ),
}
"""By name."""

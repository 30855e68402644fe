"""What must hold under every fault? Each invariant with its name and its reason.

They are asked of the emulator's own story and of the plan, not of our cards and decisions: those
are looked at only where they are what is in question.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from punchclock.localtime import MINUTE
from punchclock.timecards import PATIENCE
from rehearsal.faults import asking, duties, telling
from rehearsal.faults.billing import billed_once
from rehearsal.faults.breaches import Breach, Check, Lived
from rehearsal.faults.duties import kept
from rehearsal.faults.history import History
from rehearsal.faults.truth import IDLE
from rehearsal.verdicts import Violation

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
    for card in lived.history.unread:
        yield Breach(
            reason=f"{card.id} was closed at {card.closed:%m-%dT%H:%MZ} and never read once more",
            at=card.closed or ended,
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
        check=asking.enough_units,
    ),
    "chase": Invariant(
        why="no start of what is not wanted, no stop of what is: they never chase each other",
        check=asking.no_chase,
    ),
    "start-in-vain": Invariant(
        why="a start is asked for only where the service has just said that it can be",
        check=asking.for_cause,
    ),
    "asked-twice": Invariant(
        why="what runs at the same time acts once: an action is claimed for two minutes",
        check=asking.once,
    ),
    "futile-start": Invariant(
        why="a model that cannot be ready before its run ends only costs money",
        check=asking.not_futile,
    ),
    "hurried": Invariant(
        why="what has failed is started again after a pause that grows: each try costs calls and"
        " perhaps minutes",
        check=asking.unhurried,
    ),
    "only-watched": Invariant(
        why="`mode: watch` asks for nothing, or nobody could try it on a plant that works",
        check=asking.not_watched,
    ),
    "theirs": Invariant(
        why="what a person has started is left alone for as long as the plant file says",
        check=asking.left_alone,
    ),
    "billed-once": Invariant(
        why="every billed minute is on exactly one card; one without a datapoint may differ by the"
        " minutes that no sweep saw",
        check=billed_once,
    ),
    "never-closed": Invariant(
        why="a run's cost is told a day after its stop at the latest, and read again a day later",
        check=_closed,
    ),
    "over-quota": Invariant(why="an account's calls are for everybody in it", check=_within_quota),
    "no-reason": Invariant(
        why="people must be able to ask why anything was started or stopped", check=asking.told_why
    ),
    "broken": Invariant(
        why="a function fails with a sentence, never with a traceback", check=_unbroken
    ),
    "not-told": Invariant(
        why="an incident is open within minutes for anything that a person must know",
        check=partial(kept, duties.incident),
    ),
    "refused": Invariant(why="what AWS refuses a person must mend", check=telling.of_refusals),
    "unheard": Invariant(
        why="where events stop to arrive, a person is told, and told when they do again",
        check=telling.of_schedules,
    ),
    "told-twice": Invariant(
        why="an incident is opened once and closed once, or nobody reads them any more",
        check=telling.of_news_alone,
    ),
    "not-over": Invariant(
        why="an incident is closed when it is over", check=partial(kept, duties.end_of_incident)
    ),
}
"""By name."""

"""What is owed to a model for as long as something is so, and within which time?

A stop, a start, an incident, and the end of an incident. What excuses from each is a fault's matter
(``kinds``), and when something was owed for too long is ``truth.overdue``'s.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from punchclock.actions import Action
from punchclock.decisions import LONGEST_START, LONGEST_STOP, PAUSES
from punchclock.localtime import MINUTE
from rehearsal.emulator.hosting import STARTABLE, Phase
from rehearsal.faults.breaches import Breach, Lived
from rehearsal.faults.history import NEVER, History
from rehearsal.faults.kinds import Duty
from rehearsal.faults.truth import IDLE, Moment, overdue

BOUND = dt.timedelta(minutes=5)
"""How soon what is owed is done, after the last fault that excuses it."""

SKEW = dt.timedelta(minutes=2)
"""How long after it was decided a call may arrive, and how far apart clocks may be."""

BEGINNING = frozenset({Phase.STARTING, Phase.UPDATING})

Spans = Sequence[tuple[dt.datetime, dt.datetime]]
"""Begins and ends."""


def _soon(since: dt.datetime, moment: Moment) -> dt.timedelta:
    del since, moment
    return BOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed to one model."""

    obliged: Callable[[Moment], bool]
    """Whether it is owed in a moment."""
    wrong: Callable[[Moment], str]
    """What a moment was like in which it was owed for too long."""
    bound: Callable[[dt.datetime, Moment], dt.timedelta] = _soon
    """How soon it is done, owed since an instant."""
    done: Collection[dt.datetime] = ()
    """When it was done, though it may be owed still: the bound then begins anew."""


def kept(owed: Callable[[History, str], Owed], lived: Lived) -> Iterator[Breach]:
    """Yield when a duty was not done in time, to any model."""
    for target, story in lived.told.items():
        duty = owed(lived.history, target)
        for at, moment in overdue(story, duty.obliged, duty.bound, duty.done):
            name = moment.model.name if moment.model else target
            yield Breach(reason=duty.wrong(moment), at=at, model=name)


# A stop


def stop(history: History, target: str) -> Owed:
    """Owe a stop to what no shift wants."""
    return Owed(
        obliged=_to_be_stopped,
        wrong=lambda moment: (
            f"{moment.phase}, wanted by no shift, and no stop was asked for in"
            f" {BOUND // MINUTE} minutes"
        ),
        done=_asked(history, target, Action.STOP),
    )


def _to_be_stopped(moment: Moment) -> bool:
    if not (moment.acting and moment.run is None and moment.hosted):
        return False
    if Duty.STOP in moment.excused:
        return False
    if not moment.persons:
        return True
    if (
        moment.found
        or moment.seen is None
        or moment.model is None
        or moment.model.manual_runs is None
    ):
        return False
    return moment.begin >= moment.seen + moment.model.manual_runs


def _asked(history: History, target: str, action: Action) -> Collection[dt.datetime]:
    """Return when an action was asked for so that it counts.

    What the service took without doing anything, because it had seen the token, does not.
    """
    return [
        ask.at
        for ask in history.asks
        if ask.target == target
        and ask.action is action
        and (ask.effective or ask.outcome != "taken")
    ]


# A start


def start(history: History, target: str) -> Owed:
    """Owe a start to what a shift wants and can have."""
    return Owed(
        obliged=_to_be_started,
        wrong=lambda moment: f"{moment.phase}, wanted by a shift, and no start was asked for",
        bound=partial(_with_pause, history.attempts.get(target, [])),
        done=_asked(history, target, Action.START),
    )


def _to_be_started(moment: Moment) -> bool:
    run = moment.run
    return (
        run is not None
        and moment.acting
        and moment.phase in STARTABLE
        and moment.begin + (run.ready - run.start) < run.stop
        and Duty.START not in moment.excused
    )


def _with_pause(
    attempts: Sequence[tuple[dt.datetime, int]], since: dt.datetime, moment: Moment
) -> dt.timedelta:
    """Return the bound of a start: the pause after earlier attempts of the same run is in it."""
    begun = moment.run.start - SKEW if moment.run else since
    made = [taken for at, taken in attempts if begun <= at <= since + SKEW]
    return BOUND + (PAUSES[min(made[-1], len(PAUSES)) - 1] if made else 0 * MINUTE)


# An incident, and its end


def incident(history: History, target: str) -> Owed:
    """Owe an incident to whatever a person must know."""
    open_ = _incidents(history, target)
    return Owed(
        obliged=lambda moment: (
            moment.model is not None
            and _trouble(moment) is not None
            and Duty.TELL not in moment.excused
            and not any(since < moment.end and moment.begin < until for since, until in open_)
        ),
        wrong=lambda moment: f"{_trouble(moment)}, and no incident is open",
    )


def end_of_incident(history: History, target: str) -> Owed:
    """Owe the end of an incident to what is as planned again."""
    open_ = _incidents(history, target)
    return Owed(
        obliged=lambda moment: (
            _healthy(moment)
            and Duty.TELL not in moment.excused
            and any(since <= moment.begin and moment.end <= until for since, until in open_)
        ),
        wrong=lambda moment: f"{moment.phase} as planned, and an incident is still open",
    )


def _trouble(moment: Moment) -> str | None:
    """Return what a person must know of a moment, or None."""
    for kind in ("model-deleted", "model-retrained", "endpoint-silent"):
        if kind in moment.afoot:
            return kind
    if moment.persons and moment.run is None and moment.hosted:
        return "a person's run outside the shifts"
    run = moment.run
    if run is None and moment.hosted and moment.over is not None:
        overdue_since = max(moment.over, moment.since) + LONGEST_STOP
        return "its stop is overdue" if moment.begin >= overdue_since else None
    if run is not None and moment.phase in BEGINNING:
        stuck = moment.begin >= max(moment.since, run.start) + LONGEST_START
        return f"{moment.phase} for too long" if stuck else None
    if run is None or moment.begin < run.ready:
        return None
    if moment.phase in STARTABLE:
        return f"{moment.phase} in its shift"
    if moment.phase is Phase.RUNNING and moment.units < run.units:
        return f"on {moment.units} of {run.units} units"
    return None


def _healthy(moment: Moment) -> bool:
    if moment.model is None or _trouble(moment) is not None:
        return False
    if moment.run is None:
        return moment.phase in IDLE
    return moment.phase is Phase.RUNNING and moment.units >= moment.run.units


def _incidents(history: History, target: str) -> Spans:
    """Return when each incident of a model was open, ascending."""
    begun: dict[str, dt.datetime] = {}
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for at, each in history.reports:
        if each.target_id != target:
            continue
        if each.closed is None:
            begun.setdefault(each.id, at)
        elif each.id in begun:
            found.append((begun.pop(each.id), at))
    found += [(since, NEVER) for since in begun.values()]
    return sorted(found)

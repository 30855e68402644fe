"""What is owed to a model for as long as something is so, and within which time?

A stop, a start, an incident, and the end of an incident. What excuses from each is a fault's matter
(``kinds``), and when something was owed for too long is ``truth.overdue``'s.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from punchclock.actions import Action, Trouble
from punchclock.localtime import MINUTE
from punchclock.timetables import Run
from rehearsal.emulator.hosting import STARTABLE, Phase
from rehearsal.faults.breaches import Breach, Lived
from rehearsal.faults.history import NEVER, History
from rehearsal.faults.kinds import Duty
from rehearsal.faults.truth import IDLE, LONGEST_START, LONGEST_STOP, Moment, overdue

BOUND = dt.timedelta(minutes=5)
"""How soon what is owed is done, after the last fault that excuses it."""

SKEW = dt.timedelta(minutes=2)
"""How long after it was decided a call may arrive, and how far apart clocks may be."""

PAUSES = tuple(minutes * MINUTE for minutes in (2, 4, 8, 16, 30))
"""After the first, second, ... start that failed; see the law of action. Not taken from the code
that is looked at."""

BEGINNING = frozenset({Phase.STARTING, Phase.UPDATING})


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
    if not moment.persons or moment.held_off:
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
    open_ = incidents(history, target)

    def is_told(moment: Moment, trouble: Wrong) -> bool:
        return any(
            each.trouble in trouble.told_as
            and each.since < moment.end
            and moment.begin < each.until
            for each in open_
        )

    def is_owed(moment: Moment) -> bool:
        trouble = _trouble(moment)
        return (
            trouble is not None and Duty.TELL not in moment.excused and not is_told(moment, trouble)
        )

    return Owed(
        obliged=is_owed, wrong=lambda moment: f"{_trouble(moment)}, and no incident tells of it"
    )


def end_of_incident(history: History, target: str) -> Owed:
    """Owe the end of an incident to what is as planned again."""
    open_ = incidents(history, target)
    return Owed(
        obliged=lambda moment: (
            _healthy(moment)
            and Duty.TELL not in moment.excused
            and any(each.since <= moment.begin and moment.end <= each.until for each in open_)
        ),
        wrong=lambda moment: f"{moment.phase} as planned, and an incident is still open",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What a person must know of a moment."""

    what: str
    told_as: frozenset[Trouble]
    """Any of these tells of it."""

    def __str__(self) -> str:
        """Say what it is."""
        return self.what


def _wrong(what: str, *told_as: Trouble) -> Wrong:
    return Wrong(what=what, told_as=frozenset(told_as))


_UNSEEN = {
    "model-deleted": Trouble.UNTOUCHABLE,
    "model-retrained": Trouble.UNTOUCHABLE,
    "endpoint-silent": Trouble.SILENT,
}
"""What keeps a model from being looked at, and how that is told."""


def _trouble(moment: Moment) -> Wrong | None:
    """Return what a person must know of a moment, or None."""
    unseen = [kind for kind in _UNSEEN if kind in moment.afoot]
    if moment.model is None:
        return None if moment.persons or unseen else _unstopped(moment)
    if unseen:
        return _wrong(", ".join(unseen), *(_UNSEEN[kind] for kind in unseen))
    if moment.persons and moment.run is None and moment.hosted:
        return _wrong("a person's run outside the shifts", Trouble.UNSCHEDULED)
    return _unready(moment, moment.run) if moment.run is not None else _unstopped(moment)


def _unstopped(moment: Moment) -> Wrong | None:
    if not moment.hosted or moment.over is None:
        return None
    due = max(moment.over, moment.since) + LONGEST_STOP
    return _wrong("its stop is overdue", Trouble.OVERDUE) if moment.begin >= due else None


def _unready(moment: Moment, run: Run) -> Wrong | None:
    late = moment.begin >= run.ready
    if moment.phase in BEGINNING:
        if moment.begin >= max(moment.since, run.start) + LONGEST_START:
            return _wrong(f"{moment.phase} for too long", Trouble.STUCK)
        late = late and moment.phase is Phase.STARTING and not moment.served
        return _wrong("starting in its shift", *_LATE) if late else None
    if late and moment.phase in STARTABLE:
        return _wrong(f"{moment.phase} in its shift", *_LATE)
    if late and moment.phase is Phase.RUNNING and moment.units < run.units:
        return _wrong(f"on {moment.units} of {run.units} units", Trouble.SHORT)
    return None


_LATE = (Trouble.LATE, Trouble.FAILED)


def _healthy(moment: Moment) -> bool:
    if moment.model is None or _trouble(moment) is not None:
        return False
    if moment.run is None:
        return moment.phase in IDLE
    return moment.phase is Phase.RUNNING and moment.units >= moment.run.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident of a model."""

    trouble: Trouble
    since: dt.datetime
    until: dt.datetime
    """When it was closed, or the end of time."""


def incidents(history: History, target: str) -> Sequence[Told]:
    """Return the incidents of a model, or of what stands for one."""
    begun: dict[str, Told] = {}
    found: list[Told] = []
    for at, each in history.reports:
        if each.target_id != target:
            continue
        if each.closed is None:
            told = Told(trouble=each.trouble, since=at, until=NEVER)
            begun.setdefault(each.id, told)
        elif each.id in begun:
            found.append(replace(begun.pop(each.id), until=at))
    return [*found, *begun.values()]

"""Is a person told of what no moment of a model shows, and of everything once?

Of refusals, of schedules whose events do not arrive, and of nothing over and over again.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from functions.incidents import schedules_of
from punchclock.actions import Action, Trouble
from punchclock.localtime import MINUTE
from rehearsal.faults.breaches import Breach, Lived
from rehearsal.faults.duties import BOUND, SKEW, Told, incidents
from rehearsal.faults.history import Edge, History
from rehearsal.faults.kinds import KINDS, Duty
from rehearsal.faults.truth import moments_between

REFUSALS = frozenset({"Refused", "QuotaReached"})
"""Errors that no repetition mends."""

GRACE = 10 * MINUTE
"""How late an event may be before it is missed. Not taken from the code that is looked at."""

APART = 60 * MINUTE
"""How far apart two events were due that are missed where a person must look."""


def of_refusals(lived: Lived) -> Iterator[Breach]:
    """Yield refusals that no incident tells of."""
    history = lived.history
    told = {target: incidents(history, target) for target in history.hosted}
    for ask in history.asks:
        around = moments_between(lived.told[ask.target], ask.at - SKEW, ask.at + SKEW)
        if ask.outcome not in REFUSALS or any(Duty.TELL in each.excused for each in around):
            continue
        if not _is_told(told[ask.target], Trouble.REFUSED, ask.at - SKEW, ask.at + SKEW):
            yield Breach(
                reason=f"a {ask.action} was refused: {ask.outcome}, and no incident tells of it",
                at=ask.at,
                model=ask.target,
            )


def of_schedules(lived: Lived) -> Iterator[Breach]:
    """Yield when events of schedules have stopped to arrive, or do again, and nobody was told."""
    history = lived.history
    for action in Action.START, Action.STOP:
        told = incidents(history, schedules_of(action))
        edges = [edge for edge in history.edges if edge.action is action]
        for since, last in _gone(history, edges):
            due = last + GRACE + BOUND
            if not _is_told(told, Trouble.UNHEARD, since, due):
                yield Breach(
                    reason=f"no {action} event has arrived since {since:%H:%MZ}, and no incident"
                    " tells of it",
                    at=due,
                )
        for edge in edges:
            due = edge.at + BOUND
            still = _is_told(told, Trouble.UNHEARD, edge.at, due, throughout=True)
            if still and edge.heard and _is_calm(history, edge.at - BOUND, due):
                yield Breach(
                    reason=f"the {action} event of {edge.at:%H:%MZ} has arrived, and an incident"
                    " says that none does",
                    at=due,
                )


def _gone(history: History, edges: Sequence[Edge]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield when events were due, far enough apart, and neither they nor others have arrived."""
    lost = [edge for edge in edges if not edge.heard and _is_of_a_run(history, edge)]
    for first in lost:
        last = next((edge for edge in lost if edge.at > first.at + APART + SKEW), None)
        if last is None or not _is_calm(history, first.at - APART, last.at + GRACE + BOUND):
            continue
        around = first.at - APART - SKEW, last.at + GRACE + BOUND
        heard = history.heard.get(first.action, [])
        if not any(around[0] <= at <= around[1] for at in heard):
            yield first.at, last.at


def _is_of_a_run(history: History, edge: Edge) -> bool:
    """Whether a run of the file begins or ends with an event; on holidays none does."""
    return any(
        abs((run.start if edge.action is Action.START else run.stop) - edge.at) < SKEW / 2
        for runs in history.edition(edge.at).runs.values()
        for run in runs
    )


def _is_calm(history: History, begin: dt.datetime, end: dt.datetime) -> bool:
    """Whether sweeps could listen all the time: to one plant file, and without a fault in it."""
    deployed = any(begin < since <= end for since, _ in history.editions)
    return (
        not deployed
        and history.began < begin
        and end < history.ended
        and not any(
            Duty.TELL in KINDS[fault.kind].excuses and fault.begin < end and begin < fault.end
            for fault in history.script
        )
    )


def of_news_alone(lived: Lived) -> Iterator[Breach]:
    """Yield incidents that were opened again while nothing had changed since they were closed."""
    history = lived.history
    closed: dict[str, dt.datetime] = {}
    for at, each in history.reports:
        if each.closed is not None:
            closed[each.id] = at
            continue
        before = closed.get(each.id)
        if before is None or at - before > SKEW or each.target_id not in lived.told:
            continue
        between = moments_between(lived.told[each.target_id], before - MINUTE, at)
        if len(between) == 1 and Duty.TELL not in between[0].excused:
            yield Breach(
                reason=f"{each.trouble} was closed at {before:%H:%M:%SZ} and is open again",
                at=at,
                model=each.model,
            )


def _is_told(
    told: Sequence[Told],
    trouble: Trouble,
    begin: dt.datetime,
    end: dt.datetime,
    *,
    throughout: bool = False,
) -> bool:
    """Whether an incident tells of a trouble at some time of an interval, or throughout."""
    return any(
        each.trouble is trouble
        and (
            each.since <= begin and end <= each.until
            if throughout
            else each.since <= end and begin <= each.until
        )
        for each in told
    )

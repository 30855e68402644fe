"""The law of action: what is wanted, what is seen, what is done about it, and why.

One pure question, asked by the edges and by the sweep alike. It answers from what is true now and
never from what an event says, so late, lost, repeated and reordered events are boring.
"""

import datetime as dt
from collections.abc import Callable

from punchclock.actions import Action, Decision, Trouble
from punchclock.observations import HOSTED, UNTOUCHABLE, Observation, State
from punchclock.plants import OnDestroy
from punchclock.timecards import Timecard, enough
from punchclock.timetables import Run

__all__ = ["LONGEST_START", "LONGEST_STOP", "PAUSES", "Action", "Decision", "Trouble", "decide"]

LONGEST_START = dt.timedelta(minutes=45)
"""A start that takes longer is an incident; AWS's sample speaks of up to 30 minutes."""

LONGEST_STOP = dt.timedelta(minutes=10)
"""A stop that takes longer is an incident."""

PAUSES = tuple(dt.timedelta(minutes=m) for m in (2, 4, 8, 16, 30))
"""How long to wait after the first, second, … attempt to start; the last is for all later ones."""


def decide(
    run: Run | None,
    observation: Observation,
    card: Timecard | None,
    now: dt.datetime,
    *,
    closed: OnDestroy | None = None,
    claimed_by: str | None = None,
) -> Decision:
    """Decide about one model.

    ``run`` is the run that is on now, or None when the model is not wanted; ``card`` is its open
    card. ``closed`` says what becomes of it where the plant is closed for good: then nothing is
    wanted any more. ``claimed_by`` names the stack of the plant that has claimed it first: what is
    open on a card of ours is still stopped, all else is theirs. Source of the table: the law of
    action in the design.
    """
    if observation.state in UNTOUCHABLE:
        return Decision(
            action=Action.NOTHING,
            reason=f"the service calls it {observation.word}: {observation.message or 'no more'}",
            trouble=Trouble.UNTOUCHABLE,
        )
    if closed is not None:
        if closed == "stop" and card is not None and card.ours:
            return _OURS[observation.state](observation, card, now)
        return _CLOSED[observation.state](observation, card, now)
    if claimed_by is not None:
        if card is not None and card.ours:
            return _OURS[observation.state](observation, card, now)
        return _THEIRS[observation.state](observation, card, now)
    if run is not None:
        if card is not None and not (card.ours and card.covers(run)):
            return _hand_over(run, observation, card, now)
        return _WANTED[observation.state](run, observation, card, now)
    if card is not None and card.ours:
        return _OURS[observation.state](observation, card, now)
    return _NOT_OURS[observation.state](observation, card, now)


# Wanted


def _start(run: Run, seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    trouble = _late(run, now)
    if card is not None and card.spans:
        return Decision(
            action=Action.CONFIRM,
            reason="somebody stopped it during its run; its card ends here and the run goes on",
            trouble=trouble,
        )
    return _start_or_pause(run, seen, card, now, trouble)


def _hand_over(run: Run, seen: Observation, card: Timecard, now: dt.datetime) -> Decision:
    if seen.state is State.STOPPING:
        return _await_stopped(run, seen, card, now)
    whose = "its earlier run" if card.ours else "a person's run"
    if seen.state not in HOSTED:
        reason = f"{whose} is over: {seen.state}"
        return Decision(action=Action.CONFIRM, reason=reason, trouble=_late(run, now))
    reason = f"is {seen.state} since {whose}, which goes on as the one that is wanted: ours"
    trouble = _short(run, seen) if seen.state is State.RUNNING else _late(run, now)
    return Decision(action=Action.ADOPT, reason=reason, trouble=trouble)


def _start_again(run: Run, seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    trouble = Trouble.FAILED if card is not None else _late(run, now)
    return _start_or_pause(run, seen, card, now, trouble)


def _start_or_pause(
    run: Run, seen: Observation, card: Timecard | None, now: dt.datetime, trouble: Trouble | None
) -> Decision:
    if now + (run.ready - run.start) > run.stop:
        reason = f"its run ends at {run.stop:%H:%MZ}, before it could be ready"
        return Decision(action=Action.NOTHING, reason=reason, trouble=trouble)
    if card is not None and card.last_asked is not None:
        again = _not_before(card, card.last_asked)
        if now < again:
            reason = f"asked {card.attempts} times, is {seen.state}; again at {again:%H:%M:%SZ}"
            return Decision(action=Action.WAIT, reason=reason, trouble=trouble)
    reason = f"wanted by {run.ready:%H:%MZ} on {run.units} units and is {seen.state}"
    return Decision(action=Action.START, reason=reason, trouble=trouble)


def _not_before(card: Timecard, last_asked: dt.datetime) -> dt.datetime:
    """Return when to ask again: the pause begins with the failure, where one was seen."""
    failed = card.since if card.state is State.FAILED else None
    taken = max(card.attempts - card.forgiven, 1)
    return max(last_asked, failed or last_asked) + PAUSES[min(taken, len(PAUSES)) - 1]


def _await_ready(run: Run, seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    since = card.since or card.last_asked if card is not None else None
    trouble = _late(run, now) if card is None or card.ready is None else None
    if since is not None and now - since > LONGEST_START:
        trouble = Trouble.STUCK
    return Decision(action=Action.WAIT, reason=f"is {seen.state}", trouble=trouble)


def _await_stopped(
    run: Run, seen: Observation, card: Timecard | None, now: dt.datetime
) -> Decision:
    del seen, card
    reason = "is stopping although wanted; started when that is over"
    return Decision(action=Action.WAIT, reason=reason, trouble=_late(run, now))


def _be_ready(run: Run, seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    del now
    trouble = _short(run, seen)
    if card is None:
        reason = "runs and is wanted, but not by our start: it becomes ours"
        return Decision(action=Action.ADOPT, reason=reason, trouble=trouble)
    reason = f"runs on {seen.units} of {run.units} units; a restart is a person's decision"
    if trouble is None:
        reason = "runs as planned"
    return Decision(action=Action.NOTHING, reason=reason, trouble=trouble)


def _short(run: Run, seen: Observation) -> Trouble | None:
    return None if enough(seen, run.units) else Trouble.SHORT


def _late(run: Run, now: dt.datetime) -> Trouble | None:
    return Trouble.LATE if now >= run.ready else None


# Not wanted, ours


def _stop(seen: Observation, card: Timecard, now: dt.datetime) -> Decision:
    # Asking late makes it no less overdue.
    since = card.planned_stop or card.stop_asked
    overdue = since is not None and now - since > LONGEST_STOP
    return Decision(
        action=Action.STOP,
        reason=f"its run has ended and it is {seen.state}",
        trouble=Trouble.OVERDUE if overdue else None,
    )


def _stop_failed(seen: Observation, card: Timecard, now: dt.datetime) -> Decision:
    del seen, now
    if card.stop_asked is None:
        reason = "failed, and its run has ended: stopped once, in case it is still hosted"
        return Decision(action=Action.STOP, reason=reason, trouble=Trouble.FAILED)
    reason = "failed and was stopped"
    return Decision(action=Action.CONFIRM, reason=reason, trouble=Trouble.FAILED)


def _await_end(seen: Observation, card: Timecard, now: dt.datetime) -> Decision:
    # However late it was asked for: since it stops, it is not the stop that is overdue.
    since = card.since if card.state is State.STOPPING else None
    overdue = since is not None and now - since > LONGEST_STOP
    return Decision(
        action=Action.WAIT,
        reason=f"is {seen.state}",
        trouble=Trouble.OVERDUE if overdue else None,
    )


def _confirm(seen: Observation, card: Timecard, now: dt.datetime) -> Decision:
    # A start that was asked for just now may still come true, although the service says stopped.
    if card.last_asked is not None and now - card.last_asked <= LONGEST_STOP:
        return Decision(
            action=Action.WAIT, reason=f"is {seen.state}, but was asked to start just now"
        )
    return Decision(action=Action.CONFIRM, reason=f"its run has ended and it is {seen.state}")


# Not wanted, not ours


def _mind(seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    trouble = Trouble.UNSCHEDULED
    if card is None:
        reason = f"is {seen.state} outside its shifts, by no start of ours"
        return Decision(action=Action.ADOPT, reason=reason, trouble=trouble)
    if card.stop_after is None:
        reason = "a person's run that is left alone until the model's next planned run"
        return Decision(action=Action.WAIT, reason=reason, trouble=trouble)
    if now < card.stop_after:
        reason = f"a person's run; stopped at {card.stop_after:%H:%MZ}"
        return Decision(action=Action.WAIT, reason=reason, trouble=trouble)
    reason = "a person's run outside its shifts has had its time"
    return Decision(action=Action.STOP, reason=reason, trouble=trouble)


def _let_be(seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    del now
    if card is not None and seen.state is not State.STOPPING:
        whose = "our" if card.ours else "a person's"
        return Decision(action=Action.CONFIRM, reason=f"{whose} run is over: {seen.state}")
    return Decision(action=Action.NOTHING, reason=f"not wanted and {seen.state}")


# The plant is closed, or the model is another's


def _abandon(seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    del card, now
    return Decision(
        action=Action.NOTHING, reason=f"is {seen.state}; the plant is closed and leaves it"
    )


def _leave(seen: Observation, card: Timecard | None, now: dt.datetime) -> Decision:
    del card, now
    return Decision(
        action=Action.NOTHING, reason=f"is {seen.state}, for the plant that has claimed it"
    )


_WANTED: dict[State, Callable[[Run, Observation, Timecard | None, dt.datetime], Decision]] = {
    State.STOPPED: _start,
    State.STARTING: _await_ready,
    State.UPDATING: _await_ready,
    State.RUNNING: _be_ready,
    State.STOPPING: _await_stopped,
    State.FAILED: _start_again,
}

_OURS: dict[State, Callable[[Observation, Timecard, dt.datetime], Decision]] = {
    State.RUNNING: _stop,
    State.STARTING: _stop,
    State.UPDATING: _stop,
    State.FAILED: _stop_failed,
    State.STOPPING: _await_end,
    State.STOPPED: _confirm,
}

_NOT_OURS: dict[State, Callable[[Observation, Timecard | None, dt.datetime], Decision]] = {
    **dict.fromkeys(HOSTED, _mind),
    State.STOPPING: _let_be,
    State.STOPPED: _let_be,
    State.FAILED: _let_be,
}

_CLOSED = {**_NOT_OURS, **dict.fromkeys(HOSTED, _abandon)}
"""What is left as it is when the plant is closed."""

_THEIRS = {**_NOT_OURS, **dict.fromkeys(HOSTED, _leave)}
"""What is left as it is when another plant has claimed the model."""

"""What must hold under every fault? Each invariant with its name and its reason.

They are asked of the emulator's own story and of the plan, not of our cards and decisions: those
are looked at only where they are what is in question.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import pairwise

from functions import journal as events
from punchclock import localtime
from punchclock.actions import Action
from punchclock.decisions import LONGEST_START, LONGEST_STOP, PAUSES
from punchclock.localtime import MINUTE
from punchclock.minutes import Basis, floor
from punchclock.observations import State
from punchclock.plants import MIN_UNITS
from punchclock.ports import CLAIM
from punchclock.timecards import PATIENCE, Timecard
from rehearsal.emulator.hosting import Phase
from rehearsal.faults.history import History
from rehearsal.faults.kinds import Duty
from rehearsal.faults.truth import IDLE, Moment, moments, overdue
from rehearsal.verdicts import Violation

BOUND = dt.timedelta(minutes=5)
"""How soon what is owed is done, after the last fault that excuses it."""

SKEW = dt.timedelta(minutes=2)
"""How long after it was decided a call may arrive, and how far apart clocks may be."""

CLOCKS = dt.timedelta(seconds=11)
"""How far apart two functions' clocks may be."""

CALLS_PER_SECOND = 5
"""Control-plane calls that an account has per operation."""

BURST = dt.timedelta(seconds=10)
"""Over how long they are counted."""

BEGINNING = frozenset({Phase.STARTING, Phase.UPDATING})

STARTABLE = IDLE | {Phase.FAILED}
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)

Spans = Sequence[tuple[dt.datetime, dt.datetime]]
"""Begins and ends."""

Told = Mapping[str, Sequence[Moment]]
"""What was true of each hosted model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that must hold, and why."""

    why: str
    check: Callable[[History, Told], Iterator[Violation]]


def violations(history: History) -> list[Violation]:
    """Return every violation of an invariant, ascending by time."""
    told = {target: moments(history, target) for target in history.hosted}
    found = [each for invariant in INVARIANTS.values() for each in invariant.check(history, told)]
    return sorted(found, key=lambda each: (each.at, each.name, each.model or ""))


def _stopped(history: History, told: Told) -> Iterator[Violation]:
    for target, story in told.items():
        asked = _asked(history, target, Action.STOP)
        for at, moment in overdue(story, _to_be_stopped, lambda _, __: BOUND, asked):
            yield Violation(
                name="left-running",
                reason=f"{moment.phase}, wanted by no shift, and no stop was asked for in"
                f" {BOUND // MINUTE} minutes",
                at=at,
                model=_name(moment, target),
            )


def _to_be_stopped(moment: Moment) -> bool:
    if not (moment.acting and moment.run is None and moment.hosted):
        return False
    if Duty.STOP in moment.excused:
        return False
    if not moment.persons:
        return True
    if moment.seen is None or moment.model is None or moment.model.manual_runs is None:
        return False
    return moment.begin >= moment.seen + moment.model.manual_runs


def _started(history: History, told: Told) -> Iterator[Violation]:
    for target, story in told.items():
        bound = partial(_with_pause, history.attempts.get(target, []))
        asked = _asked(history, target, Action.START)
        for at, moment in overdue(story, _to_be_started, bound, asked):
            yield Violation(
                name="left-stopped",
                reason=f"{moment.phase}, wanted by a shift, and no start was asked for",
                at=at,
                model=_name(moment, target),
            )


def _with_pause(
    attempts: Sequence[tuple[dt.datetime, int]], since: dt.datetime, moment: Moment
) -> dt.timedelta:
    """Return the bound of a start: the pause after earlier attempts of the same run is in it."""
    begun = moment.run.start - SKEW if moment.run else since
    made = [taken for at, taken in attempts if begun <= at <= since + SKEW]
    return BOUND + (PAUSES[min(made[-1], len(PAUSES)) - 1] if made else 0 * MINUTE)


def _to_be_started(moment: Moment) -> bool:
    run = moment.run
    return (
        run is not None
        and moment.acting
        and moment.phase in STARTABLE
        and moment.begin + (run.ready - run.start) <= run.stop
        and Duty.START not in moment.excused
    )


def _enough_units(history: History, told: Told) -> Iterator[Violation]:
    del told
    for ask in history.asks:
        if ask.action is Action.START and ask.units < MIN_UNITS:
            yield Violation(
                name="too-few-units",
                reason=f"a start with {ask.units} units",
                at=ask.at,
                model=ask.target,
            )


def _no_chase(history: History, told: Told) -> Iterator[Violation]:
    for ask in history.asks:
        if not ask.effective:
            continue
        wanted = {_wanted(told[ask.target], at) for at in (ask.at - SKEW, ask.at, ask.at + SKEW)}
        against = ask.action is Action.STOP
        if wanted == {against}:
            yield Violation(
                name="chase",
                reason=f"{ask.function} asked to {ask.action} what a shift"
                f" {'wants' if against else 'does not want'}",
                at=ask.at,
                model=ask.target,
            )


def _asked_for_cause(history: History, told: Told) -> Iterator[Violation]:
    del told
    startable = {State.STOPPED, State.FAILED}
    for ask in history.asks:
        if ask.action is Action.START and ask.seen not in startable:
            yield Violation(
                name="start-in-vain",
                reason=f"{ask.function} asked for a start and had just seen it {ask.seen}",
                at=ask.at,
                model=ask.target,
            )


def _once(history: History, told: Told) -> Iterator[Violation]:
    del told
    last: dict[tuple[str, Action], dt.datetime] = {}
    for ask in sorted(history.asks, key=lambda ask: ask.at):
        before = last.get((ask.target, ask.action))
        if before is not None and ask.at - before < CLAIM - CLOCKS:
            yield Violation(
                name="asked-twice",
                reason=f"{ask.function} asked again for what was taken at {before:%H:%M:%SZ}",
                at=ask.at,
                model=ask.target,
            )
        if ask.outcome == "taken":
            last[ask.target, ask.action] = ask.at


def _no_futile_start(history: History, told: Told) -> Iterator[Violation]:
    for ask in history.asks:
        moment = _moment(told[ask.target], ask.at)
        run = moment.run
        if (
            ask.action is Action.START
            and run
            and ask.at + (run.ready - run.start) > run.stop + SKEW
        ):
            yield Violation(
                name="futile-start",
                reason=f"could not be ready before its run ends at {run.stop:%H:%MZ}",
                at=ask.at,
                model=ask.target,
            )


def _billed_once(history: History, told: Told) -> Iterator[Violation]:
    zone = history.editions[0][1].plant.zone
    for target in told:
        cards = sorted(
            (each for each in (*history.cards, *history.left) if each.target.id == target),
            key=lambda card: card.opened,
        )
        for card, following in pairwise(cards):
            if _end(card) > floor(following.opened) and card.spans and following.spans:
                yield Violation(
                    name="billed-once",
                    reason=f"{card.id} ends at {_end(card):%H:%MZ}, after {following.id} begins",
                    at=following.opened,
                    model=card.model,
                )
        billed = history.hosted[target].unit_minutes(None, history.ended)
        yield from _unbilled(history, target, cards, billed)
        for card in cards:
            if card.closed is not None:
                yield from _misbilled(history, card, billed, zone)


def _unbilled(
    history: History, target: str, cards: Sequence[Timecard], billed: Mapping[dt.datetime, int]
) -> Iterator[Violation]:
    """Yield what was billed on no card, although a sweep had seen it."""
    observed = history.observed.get(target, [])
    begins = [floor(card.opened) for card in cards]
    lost: list[dt.datetime] = []
    for period in history.hosted[target].periods():
        place = bisect_left(observed, period.begin)
        seen = observed[place] if place < len(observed) else history.ended
        seen = min([seen, *(since for since, until in history.rested if until > period.begin)])
        minute = max(floor(period.begin), floor(max(seen, period.begin)) + MINUTE)
        while minute < min(period.end or history.ended, history.ended - SKEW):
            card = bisect_right(begins, minute) - 1
            if minute in billed and (card < 0 or minute >= _end(cards[card])):
                lost.append(minute)
            minute += MINUTE
    if lost:
        yield Violation(
            name="billed-once",
            reason=f"{len(lost)} billed minutes from {lost[0]:%m-%dT%H:%MZ} are on no card",
            at=lost[0],
            model=target,
        )


def _misbilled(
    history: History, card: Timecard, billed: Mapping[dt.datetime, int], zone: object
) -> Iterator[Violation]:
    """Yield days on which a closed card has other unit-minutes than the bill."""
    begin, end = floor(card.opened), _end(card)
    by_day: dict[dt.date, int] = {}
    minute = begin
    while minute < end:
        if minute in billed:
            day = localtime.day_of(minute, zone)  # type: ignore[arg-type]
            by_day[day] = by_day.get(day, 0) + billed[minute]
        minute += MINUTE
    counted = {day.day: sum(day.unit_minutes.values(), Decimal(0)) for day in card.days}
    observed = {day.day for day in card.days if day.minutes.get(Basis.OBSERVED)}
    # A minute that has no datapoint, and that no sweep saw, nobody can know of.
    gaps = any(
        fault.kind == "metrics-missing" and fault.begin < end and begin < fault.end
        for fault in history.script
    )
    for day in sorted(by_day.keys() | counted.keys()):
        ours, theirs = counted.get(day, Decimal(0)), by_day.get(day, 0)
        allowed = 0
        if day in observed or gaps or not counted.get(day):
            unseen = _unseen(history, card.target.id, begin, end)
            allowed = max(card.held_units, card.units) * (unseen + 2 * len(card.spans))
        if abs(ours - theirs) > allowed:
            yield Violation(
                name="billed-once",
                reason=f"{card.id} has {ours} unit-minutes on {day}, the bill {theirs};"
                f" {allowed} may differ",
                at=card.opened,
                model=card.model,
            )


def _unseen(history: History, target: str, begin: dt.datetime, end: dt.datetime) -> int:
    """Count the minutes in which no sweep saw a model, nor was left out because all was well."""
    known = {floor(at) for at in history.observed.get(target, ()) if begin <= at < end}
    for since, until in history.rested:
        minute = max(floor(since), begin)
        while minute < min(until, end):
            known.add(minute)
            minute += MINUTE
    return int((end - begin) / MINUTE) - len(known)


def _within_quota(history: History, told: Told) -> Iterator[Violation]:
    del told
    most = int(CALLS_PER_SECOND * BURST.total_seconds())
    for name, times in history.requests.items():
        ascending = sorted(times)
        for first, last in zip(ascending, ascending[most:], strict=False):
            if last - first < BURST:
                yield Violation(
                    name="over-quota",
                    reason=f"more than {most} calls of {name} in {BURST.seconds} s",
                    at=first,
                )
                break


def _reasoned(history: History, told: Told) -> Iterator[Violation]:
    del told
    for line in history.lines:
        if line.event == events.DECISION and not line.data.get("reason"):
            yield Violation(name="no-reason", reason=f"{line.function}: {line.data}", at=line.at)


def _unbroken(history: History, told: Told) -> Iterator[Violation]:
    del told
    for line in history.broken:
        yield Violation(name="broken", reason=f"{line.function}: {line.event}", at=line.at)


def _closed(history: History, told: Told) -> Iterator[Violation]:
    del told
    for card in history.left:
        if card.stopped is not None and history.ended - card.stopped > PATIENCE + 60 * MINUTE:
            yield Violation(
                name="never-closed",
                reason=f"{card.id} stopped at {card.stopped:%m-%dT%H:%MZ} and is still open",
                at=card.stopped,
                model=card.model,
            )


def _told_of(history: History, told: Told) -> Iterator[Violation]:
    for target, story in told.items():
        incidents = _incidents(history, target)
        for at, moment in overdue(story, partial(_untold, incidents), _patience):
            yield Violation(
                name="not-told",
                reason=f"{_trouble(moment)}, and no incident is open",
                at=at,
                model=_name(moment, target),
            )


def _untold(incidents: Spans, moment: Moment) -> bool:
    return (
        moment.model is not None
        and _trouble(moment) is not None
        and Duty.TELL not in moment.excused
        and not _overlaps(incidents, moment.begin, moment.end)
    )


def _stale(incidents: Spans, moment: Moment) -> bool:
    return (
        _healthy(moment)
        and Duty.TELL not in moment.excused
        and _covers(incidents, moment.begin, moment.end)
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


def _patience(since: dt.datetime, moment: Moment) -> dt.timedelta:
    del since, moment
    return BOUND


def _over(history: History, told: Told) -> Iterator[Violation]:
    for target, story in told.items():
        incidents = _incidents(history, target)
        for at, moment in overdue(story, partial(_stale, incidents), _patience):
            yield Violation(
                name="not-over",
                reason=f"{moment.phase} as planned, and an incident is still open",
                at=at,
                model=_name(moment, target),
            )


def _healthy(moment: Moment) -> bool:
    if moment.model is None or _trouble(moment) is not None:
        return False
    if moment.run is None:
        return moment.phase in IDLE
    return moment.phase is Phase.RUNNING and moment.units >= moment.run.units


def _incidents(history: History, target: str) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return when each incident of a model was open, ascending."""
    begun: dict[str, dt.datetime] = {}
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for at, incident in history.reports:
        if incident.target_id != target:
            continue
        if incident.closed is None:
            begun.setdefault(incident.id, at)
        elif incident.id in begun:
            found.append((begun.pop(incident.id), at))
    found += [(since, NEVER) for since in begun.values()]
    return sorted(found)


def _overlaps(spans: Spans, begin: dt.datetime, end: dt.datetime) -> bool:
    return any(since < end and begin < until for since, until in spans)


def _covers(spans: Spans, begin: dt.datetime, end: dt.datetime) -> bool:
    return any(since <= begin and end <= until for since, until in spans)


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


def _moment(story: Sequence[Moment], at: dt.datetime) -> Moment:
    place = bisect_right(story, at, key=lambda moment: moment.begin)
    return story[max(place - 1, 0)]


def _wanted(story: Sequence[Moment], at: dt.datetime) -> bool:
    return _moment(story, at).run is not None


def _end(card: Timecard) -> dt.datetime:
    """Return where a card's minutes end; never while it is open."""
    if card.minutes_end is not None:
        return card.minutes_end
    return NEVER if card.stopped is None else floor(card.stopped) + MINUTE


def _name(moment: Moment, target: str) -> str:
    return moment.model.name if moment.model else target


INVARIANTS: Mapping[str, Invariant] = {
    "left-running": Invariant(
        why="a stop is asked for within five minutes of the run's end or the last fault's, and"
        " again until it is confirmed: nothing runs all weekend",
        check=_stopped,
    ),
    "left-stopped": Invariant(
        why="what is wanted and can be had is starting within five minutes, or after the pause that"
        " follows a failed start: no line waits for its model",
        check=_started,
    ),
    "too-few-units": Invariant(
        why="one unit may fail without stopping the line", check=_enough_units
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
        check=_billed_once,
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
        check=_told_of,
    ),
    "not-over": Invariant(why="an incident is closed when it is over", check=_over),
}
"""By name."""

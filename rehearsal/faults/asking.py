"""May each start and stop be asked for that was: of whom, when, how often, with how many units?"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from functions import journal as events
from punchclock.actions import Action
from punchclock.localtime import MINUTE
from punchclock.observations import State
from punchclock.plants import MIN_UNITS
from punchclock.ports import CLAIM
from rehearsal.emulator.hosting import Phase
from rehearsal.faults.breaches import Breach, Lived
from rehearsal.faults.duties import PAUSES, SKEW
from rehearsal.faults.history import Ask
from rehearsal.faults.kinds import Duty
from rehearsal.faults.truth import Moment, moment_at, moments_between

CLOCKS = dt.timedelta(seconds=11)
"""How far apart two functions' clocks may be."""

LOOK = MINUTE
"""How long before an answer a sweep may have read its clock."""

STEADY = 30 * MINUTE
"""Who has been in service for so long has no failed starts any more."""

FAILING = frozenset({Phase.STARTING, Phase.FAILED, Phase.RUNNING, Phase.UPDATING})
"""What a model is from one start to the next where that has failed."""


def enough_units(lived: Lived) -> Iterator[Breach]:
    """Yield starts with fewer than two units, or other than their run needs."""
    for ask in lived.history.asks:
        if ask.action is not Action.START:
            continue
        needed = {
            (moment.run.units, moment.model.max_units)
            for moment in _around(lived, ask)
            if moment.run and moment.model
        } or {(ask.units, ask.most)}
        if ask.units < MIN_UNITS or (ask.units, ask.most) not in needed:
            yield Breach(
                reason=f"a start with {_units(ask.units, ask.most)}, and its run needs"
                f" {' or '.join(_units(*each) for each in needed)}",
                at=ask.at,
                model=ask.target,
            )


def _units(units: int, most: int | None) -> str:
    return f"{units} units" if most is None else f"{units} to {most} units"


def no_chase(lived: Lived) -> Iterator[Breach]:
    """Yield starts of what is not wanted, and stops of what is."""
    for ask in lived.history.asks:
        if not ask.effective:
            continue
        around = _around(lived, ask)
        wanted = {moment.run is not None for moment in around}
        against = ask.action is Action.STOP
        if wanted == {against}:
            yield Breach(
                reason=f"{ask.function} asked to {ask.action} what a shift"
                f" {'wants' if against else 'does not want'}",
                at=ask.at,
                model=ask.target,
            )


def for_cause(lived: Lived) -> Iterator[Breach]:
    """Yield starts of what had just been seen in a state that nothing starts from."""
    startable = {State.STOPPED, State.FAILED}
    for ask in lived.history.asks:
        if ask.action is Action.START and ask.seen not in startable:
            yield Breach(
                reason=f"{ask.function} asked for a start and had just seen it {ask.seen}",
                at=ask.at,
                model=ask.target,
            )


def once(lived: Lived) -> Iterator[Breach]:
    """Yield what was asked for again within the time that it is claimed for."""
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
        # What had its effect and no answer was taken too.
        if ask.outcome == "taken" or ask.effective:
            last[ask.target, ask.action] = ask.at


def not_futile(lived: Lived) -> Iterator[Breach]:
    """Yield starts of what could not have been ready before the end of its run."""
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


def not_watched(lived: Lived) -> Iterator[Breach]:
    """Yield whatever was asked for by a plant that is only watched."""
    for ask in lived.history.asks:
        if not any(moment.acting for moment in _around(lived, ask)):
            yield Breach(
                reason=f"{ask.function} asked for a {ask.action}, and the plant is only watched",
                at=ask.at,
                model=ask.target,
            )


def left_alone(lived: Lived) -> Iterator[Breach]:
    """Yield stops of a person's run that is theirs still, by the plant file."""
    for ask in lived.history.asks:
        before = [moment for moment in _around(lived, ask) if moment.begin < ask.at]
        if (
            ask.action is Action.STOP
            and all(_is_theirs(moment, ask.at) for moment in before)
            and _was_seen_idle(lived, ask)
        ):
            yield Breach(
                reason=f"{ask.function} asked for a stop of a person's run, which is theirs still",
                at=ask.at,
                model=ask.target,
            )


def _is_theirs(moment: Moment, at: dt.datetime) -> bool:
    if moment.model is None or moment.run is not None or not moment.persons or moment.held_off:
        return False
    if moment.found or moment.seen is None or moment.model.manual_runs is None:
        return True
    return at < moment.seen + moment.model.manual_runs - SKEW


def _was_seen_idle(lived: Lived, ask: Ask) -> bool:
    """Whether a sweep saw it idle before its run, or else a card of ours may have been open."""
    earlier = [moment for moment in lived.told[ask.target] if moment.begin < ask.at]
    while earlier and earlier[-1].hosted:
        earlier.pop()
    if not earlier:
        return True
    idle, begin = earlier[-1].end, earlier[-1].begin
    while earlier and not earlier[-1].hosted:
        begin = earlier.pop().begin
    seen = lived.history.observed.get(ask.target, ())
    rests = lived.history.rests(ask.target)
    return any(begin < at < idle for at in seen) or any(
        since < idle and begin < until for since, until in rests
    )


def unhurried(lived: Lived) -> Iterator[Breach]:
    """Yield starts that came too soon after others of the same run that had failed."""
    for target, story in lived.told.items():
        asks = sorted(
            (ask for ask in lived.history.asks if ask.target == target), key=lambda ask: ask.at
        )
        failed: list[Ask] = []
        for ask in asks:
            if ask.action is not Action.START:
                continue
            between = moments_between(story, failed[-1].at, ask.at) if failed else ()
            if between and _has_failed(between):
                pause = PAUSES[min(len(failed), len(PAUSES)) - 1]
                known = _known(lived.history.observed.get(target, ()), between, failed[-1], ask)
                if ask.at < known + pause - CLOCKS:
                    yield Breach(
                        reason=f"{len(failed)} starts have failed, the last one of"
                        f" {failed[-1].at:%H:%MZ}; {pause // MINUTE} minutes are to pass",
                        at=ask.at,
                        model=target,
                    )
            else:
                failed = []
            if ask.effective:
                failed.append(ask)


def _has_failed(between: Sequence[Moment]) -> bool:
    """Whether a start has failed in its run, and was not in service for long before."""
    first = between[0]
    steady = any(
        moment.phase is Phase.RUNNING and moment.end - moment.since >= STEADY for moment in between
    )
    return not steady and all(
        moment.phase in FAILING
        and moment.run is not None
        and first.run is not None
        and moment.run.ready == first.run.ready
        and moment.edition is first.edition
        and not moment.persons
        and not moment.afoot & {"model-deleted", "model-retrained"}
        for moment in between
    )


def _known(
    seen: Sequence[dt.datetime], between: Sequence[Moment], before: Ask, ask: Ask
) -> dt.datetime:
    """Return since when a pause counts: the start, or when a sweep has seen that it had failed.

    For a sweep that has not seen it start meanwhile it has failed for as long as before; and while
    the ledger does not say what it does, nobody knows what a sweep has noted.
    """
    if any(Duty.TELL in moment.excused for moment in between):
        return before.at
    failed = max((m.since for m in between if m.begin < ask.at), default=ask.at)
    started, place = bisect_left(seen, before.at + LOOK), bisect_left(seen, failed)
    if started < place < len(seen) and seen[place] < ask.at - LOOK:
        return max(before.at, seen[place] - LOOK)
    return before.at


def told_why(lived: Lived) -> Iterator[Breach]:
    """Yield decisions without a reason, and starts and stops without a decision."""
    told: dict[tuple[object, object], list[dt.datetime]] = {}
    for line in lived.history.lines:
        if line.event == events.DECISION:
            told.setdefault((line.data.get("model"), line.data.get("action")), []).append(line.at)
            if not line.data.get("reason"):
                yield Breach(reason=f"{line.function}: {line.data}", at=line.at)
    for ask in lived.history.asks:
        died = any(
            name == ask.function and abs(at - ask.at) <= SKEW for at, name in lived.history.died
        )
        if ask.outcome != "taken" or died:
            continue
        models = (edition.model(ask.target) for _, edition in lived.history.editions)
        names = {model.name for model in models if model is not None}
        lines = (at for name in names for at in told.get((name, ask.action), ()))
        if not any(abs(at - ask.at) <= SKEW for at in lines):
            yield Breach(
                reason=f"{ask.function} asked for a {ask.action}, and no line tells why",
                at=ask.at,
                model=ask.target,
            )


def _around(lived: Lived, ask: Ask) -> Sequence[Moment]:
    return moments_between(lived.told[ask.target], ask.at - SKEW, ask.at + SKEW)

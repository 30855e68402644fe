"""Is what functions do judged as it was, and is each way to do wrong found?"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions import journal as events
from punchclock.actions import Action, Trouble
from punchclock.localtime import DAY, MINUTE
from punchclock.observations import State
from punchclock.ports import Incident
from punchclock.timecards import Day, Purpose, Timecard
from rehearsal.emulator.hosting import Phase, Stage
from rehearsal.faults import ports
from rehearsal.faults.history import SWEEP, Ask, History, Line
from rehearsal.faults.invariants import INVARIANTS, violations
from rehearsal.faults.ports import Call
from rehearsal.faults.running import live
from rehearsal.faults.witness import Witness
from tests.rehearsal.faults.plants import stage

SECOND = dt.timedelta(seconds=1)
NOON = dt.datetime(2026, 3, 24, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def day() -> History:
    return live(stage("2026-03-24", "2026-03-25"), 1, ())


def judged(day: History, asks: list[Ask]) -> list[str]:
    return [each.name for each in violations(replace(day, asks=asks))]


def test_what_a_slow_function_gave_back_another_may_take_by_a_clock_that_is_behind(day):
    stops = [ask for ask in day.asks if ask.action is Action.STOP]
    assert judged(day, day.asks) == []
    place = day.asks.index(stops[0])
    late = stops[0].at + dt.timedelta(seconds=5)
    slow = replace(stops[0], at=late, outcome="Throttled", effective=False)
    before, after = day.asks[:place], day.asks[place + 1 :]
    assert judged(day, [*before, slow, stops[0], *after]) == []
    assert judged(day, [*before, stops[0], slow, *after]) == ["asked-twice"]


def test_an_incident_that_somebody_else_has_closed_already_is_not_open_again(day):
    history = replace(day, reports=[])
    incident = Incident(
        target_id="lookoutvision:paint/1",
        model="paint",
        trouble=Trouble.SILENT,
        reason="could not be observed",
        opened=NOON,
    )
    call = Call(
        function=SWEEP, port=ports.LEDGER, place="ledger", operation="report", args=(incident,)
    )
    witness = Witness(history=history, now=lambda: NOON)
    witness.effect(call, result=False)
    assert history.reports == []
    witness.effect(call, result=True)
    assert history.reports == [(NOON, incident)]


BOARDS, PAINT = "lookoutvision:circuit-boards/1", "rekognition:paint/p"
STARTED = dt.datetime(2026, 3, 24, 4, 40, 6, tzinfo=dt.UTC)
"""When the first start of the boards was asked for, and their card was opened."""


def _asked(history: History, action: Action, **otherwise: Any) -> History:
    """Return a history in which the first such ask for the boards was otherwise."""
    place, ask = next(
        (place, ask)
        for place, ask in enumerate(history.asks)
        if (ask.target, ask.action) == (BOARDS, action)
    )
    asks = [*history.asks]
    asks[place] = replace(ask, **otherwise)
    return replace(history, asks=asks)


def _unasked(history: History, action: Action) -> History:
    """Return a history in which nobody has asked the boards' service for it, whatever it did."""
    asks = [ask for ask in history.asks if (ask.target, ask.action) != (BOARDS, action)]
    return replace(history, asks=asks)


def _staged(history: History, *stages: Stage) -> History:
    """Return a history in which the boards did something else."""
    boards = replace(history.hosted[BOARDS], stages=list(stages))
    return replace(history, hosted={**history.hosted, BOARDS: boards})


def _stage(phase: Phase, begin: dt.datetime, units: int = 0) -> Stage:
    return Stage(phase=phase, begin=begin, units=units)


def _on_cards(history: History, change: Callable[[Timecard], list[Timecard]]) -> History:
    """Return a history in which the first closed card of the boards is otherwise."""
    (first, *_) = (card for card in history.cards if card.target.id == BOARDS)
    others = (card for card in history.cards if card is not first)
    return replace(history, cards=(*change(first), *others))


def _a_unit_minute_more(days: tuple[Day, ...]) -> tuple[Day, ...]:
    first, *others = days
    used = {**first.unit_minutes, Purpose.SHIFT: first.unit_minutes[Purpose.SHIFT] + 1}
    return (replace(first, unit_minutes=used), *others)


def _told(
    history: History, trouble: Trouble = Trouble.LATE, closed: dt.datetime | None = None
) -> History:
    """Return a history in which there was an incident of the boards, from before they started."""
    incident = Incident(
        target_id=BOARDS, model="boards", trouble=trouble, reason="is so", opened=STARTED
    )
    over = [(closed, replace(incident, closed=closed))] if closed else []
    return replace(history, reports=[(STARTED, incident), *over])


def _twice(history: History) -> History:
    return replace(history, asks=[each for ask in history.asks for each in (ask, ask)])


def _stop_alone(history: History, **otherwise: Any) -> History:
    asks = (ask for ask in history.asks if (ask.target, ask.action) == (BOARDS, Action.STOP))
    return replace(history, asks=[replace(next(asks), **otherwise)])


def _is_of_a_start(line: Line) -> bool:
    return line.data.get("model") == "boards" and line.data.get("action") == Action.START


def _failed_and_asked_again(history: History, *later: dt.timedelta) -> History:
    """Return a history in which starts of the boards failed, and were soon repeated."""
    ask = next(ask for ask in history.asks if (ask.target, ask.action) == (BOARDS, Action.START))
    stages, at = [_stage(Phase.NEW, AT_NIGHT), _stage(Phase.STARTING, STARTED)], STARTED
    asks = [ask]
    for pause in later:
        at += pause
        stages += [_stage(Phase.FAILED, at - 90 * SECOND), _stage(Phase.STARTING, at)]
        asks.append(replace(ask, at=at, seen=State.FAILED))
    return replace(_staged(history, *stages), asks=asks)


def _persons_run(history: History) -> History:
    """Return a history in which a person ran the boards for an hour at night."""
    stages = (
        _stage(Phase.NEW, AT_NIGHT - DAY),
        _stage(Phase.RUNNING, AT_NIGHT, units=2),
        _stage(Phase.STOPPED, AT_NIGHT + 60 * MINUTE),
    )
    return replace(_staged(history, *stages), persons={BOARDS: [AT_NIGHT]}, observed={})


UNHEARD = Incident(
    target_id="schedules:stop",
    model="stop schedules",
    trouble=Trouble.UNHEARD,
    reason="none has arrived",
    opened=NOON,
)


def _line(event: str, **data: object) -> Line:
    return Line(at=NOON, function=SWEEP, event=event, data=data)


AT_NIGHT = dt.datetime(2026, 3, 24, 0, tzinfo=dt.UTC)
RUNNING_ON = (
    _stage(Phase.NEW, AT_NIGHT),
    _stage(Phase.STARTING, STARTED),
    _stage(Phase.RUNNING, STARTED + 10 * MINUTE, units=2),
)
"""The boards, in service until the end of time."""

BROKEN: dict[str, list[Callable[[History], History]]] = {
    "left-running": [
        lambda day: _unasked(_staged(day, *RUNNING_ON), Action.STOP),
        # What the service took without doing anything does not count.
        lambda day: _asked(_staged(day, *RUNNING_ON), Action.STOP, effective=False),
    ],
    "left-stopped": [lambda day: _unasked(_staged(day, RUNNING_ON[0]), Action.START)],
    "too-few-units": [
        lambda day: _asked(day, Action.START, units=1),
        lambda day: _asked(day, Action.START, units=3),
    ],
    "chase": [
        lambda day: _asked(day, Action.START, at=AT_NIGHT),
        lambda day: _asked(day, Action.STOP, at=NOON),
    ],
    "start-in-vain": [
        lambda day: _asked(day, Action.START, seen=State.RUNNING),
        lambda day: _asked(day, Action.START, seen=None),
    ],
    "asked-twice": [
        _twice,
        # What had its effect and no answer was taken too.
        lambda day: _twice(_stop_alone(day, outcome="ServiceSilent")),
    ],
    "hurried": [
        lambda day: _failed_and_asked_again(day, 2 * MINUTE - 15 * SECOND),
        lambda day: _failed_and_asked_again(day, 2 * MINUTE, 4 * MINUTE - 15 * SECOND),
        # A sweep has seen that it had failed.
        lambda day: replace(
            _failed_and_asked_again(day, 4 * MINUTE, 12 * MINUTE),
            observed={BOARDS: [STARTED + n * MINUTE + 50 * SECOND for n in (10, 14)]},
        ),
    ],
    "only-watched": [
        lambda day: replace(
            day,
            editions=[
                (since, replace(each, plant=replace(each.plant, mode="watch")))
                for since, each in day.editions
            ],
        )
    ],
    "theirs": [
        lambda day: _asked(_persons_run(day), Action.STOP, at=AT_NIGHT + 30 * MINUTE),
        # Seen at once, and given back a little early.
        lambda day: _asked(
            replace(_persons_run(day), observed={BOARDS: [day.began, AT_NIGHT + MINUTE]}),
            Action.STOP,
            at=AT_NIGHT + 58 * MINUTE,
        ),
    ],
    "futile-start": [
        lambda day: _asked(day, Action.START, at=dt.datetime(2026, 3, 24, 12, 55, tzinfo=dt.UTC))
    ],
    "billed-once": [
        lambda day: _on_cards(day, lambda _: []),
        lambda day: _on_cards(day, lambda card: [card, replace(card, opened=NOON)]),
        lambda day: _on_cards(day, lambda card: [replace(card, days=())]),
        lambda day: _on_cards(
            day, lambda card: [replace(card, days=_a_unit_minute_more(card.days))]
        ),
        # As it was told at first, though it was corrected later.
        lambda day: replace(
            day,
            told=[replace(card, days=_a_unit_minute_more(card.days)) for card in day.told],
        ),
    ],
    "never-closed": [
        lambda day: replace(
            day,
            ended=day.ended + 2 * DAY,
            cards=tuple(card for card in day.cards if card.closed is None),
            left=tuple(replace(card, closed=None) for card in day.cards),
        ),
        # Nobody has ever seen that it stopped.
        lambda day: replace(
            _staged(day, _stage(Phase.STOPPED, AT_NIGHT)),
            ended=AT_NIGHT + 2 * DAY,
            left=tuple(
                replace(card, stopped=None) for card in day.cards if card.target.id == BOARDS
            ),
        ),
        lambda day: replace(day, unread=day.cards[:1]),
    ],
    "over-quota": [
        lambda day: replace(day, requests={"rekognition:observe": [NOON] * 51}),
    ],
    "no-reason": [
        lambda day: replace(day, lines=[_line(events.DECISION, reason="")]),
        lambda day: replace(day, lines=[_line(events.DECISION)]),
        # Somebody else's line, and one of something else.
        lambda day: replace(day, lines=[line for line in day.lines if not _is_of_a_start(line)]),
    ],
    "broken": [lambda day: replace(day, broken=[_line("KeyError: 'paint'")])],
    "not-told": [
        lambda day: _staged(day, RUNNING_ON[0]),
        lambda day: _told(_staged(day, RUNNING_ON[0]), closed=STARTED + MINUTE),
        # That it is late does not tell that it is on too few units.
        lambda day: _told(_staged(day, *RUNNING_ON[:2], replace(RUNNING_ON[2], units=1))),
        lambda day: _staged(day, *RUNNING_ON[:2]),
        # That a stop was refused does not tell that the model runs half an hour later still.
        lambda day: _told(_staged(day, *RUNNING_ON), Trouble.REFUSED),
    ],
    "refused": [
        lambda day: _asked(day, Action.STOP, outcome="Refused", effective=False),
        lambda day: _asked(
            _told(day, closed=STARTED + 12 * MINUTE),
            Action.START,
            outcome="QuotaReached",
            effective=False,
        ),
    ],
    "unheard": [
        lambda day: replace(
            day, edges=[replace(edge, heard=False) for edge in day.edges], heard={}
        ),
        # None was missed.
        lambda day: replace(day, reports=[(day.began, UNHEARD)]),
    ],
    "told-twice": [
        lambda day: replace(
            _told(day, closed=STARTED + 12 * MINUTE),
            reports=[
                *_told(day, closed=NOON).reports,
                *((NOON + MINUTE, each) for _, each in _told(day).reports),
            ],
        )
    ],
    "not-over": [_told],
}
"""How a day is told in which an invariant does not hold, each in some ways."""


def test_it_is_known_how_every_invariant_is_broken():
    assert set(BROKEN) == set(INVARIANTS)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param(name, change, id=f"{name}-{n}")
        for name, changes in BROKEN.items()
        for n, change in enumerate(changes)
    ],
)
def test_a_day_in_which_an_invariant_does_not_hold_is_told_of(day, name, change):
    assert name not in judged(day, day.asks)
    assert name in {each.name for each in violations(change(day))}


def test_what_is_told_and_over_in_time_breaks_nothing(day):
    assert violations(_told(day, closed=STARTED + 12 * MINUTE)) == []

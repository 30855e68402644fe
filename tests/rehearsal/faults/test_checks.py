"""Is what functions do beside each other judged as it was, and not as their clocks tell it?"""

import datetime as dt
from dataclasses import replace

import pytest

from punchclock.actions import Action, Trouble
from punchclock.ports import Incident
from rehearsal.faults import ports
from rehearsal.faults.history import SWEEP, Ask, History
from rehearsal.faults.invariants import violations
from rehearsal.faults.ports import Call
from rehearsal.faults.running import live
from rehearsal.faults.witness import Witness
from tests.rehearsal.faults.plants import stage

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
    slow = replace(stops[0], at=stops[0].at + dt.timedelta(seconds=5), outcome="Throttled")
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

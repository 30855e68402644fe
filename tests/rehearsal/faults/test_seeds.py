"""Nothing is left running and nothing is lost, whatever happens; and what is wrong is found."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from functions.rollcall import Pace
from rehearsal.faults.defects import DEFECTS
from rehearsal.faults.history import History
from rehearsal.faults.invariants import violations
from rehearsal.faults.kinds import KINDS
from rehearsal.faults.running import live
from rehearsal.faults.seeds import Trial, outcomes, smallest
from tests.rehearsal.faults.plants import ALL, crowd, stage

WEEK = ("2026-03-23", "2026-03-30")
EASTER = ("2026-03-23", "2026-04-06")


@pytest.mark.parametrize("first", range(1, 201, 25))
def test_no_seed_breaks_an_invariant(first):
    days = stage("2026-03-27", "2026-03-30")
    found = {seed: violations(live(days, seed, ALL)) for seed in range(first, first + 25)}
    assert {seed: each for seed, each in found.items() if each} == {}


STRUCK = (17, 25, 35, 57, 69)
"""Seeds of the week that between them have every kind of fault strike."""


def test_every_kind_of_fault_strikes():
    strikes: Counter[str] = Counter()
    for seed in STRUCK:
        strikes += live(stage(*WEEK), seed, ALL).strikes
    assert set(strikes) == set(KINDS)


def asked(history: History) -> list[object]:
    return [(ask.at, ask.function, ask.target, ask.action, ask.outcome) for ask in history.asks]


def billed(history: History) -> Sequence[object]:
    return sorted((card.id, card.usage.unit_minutes) for card in history.cards)


def test_leaving_out_needless_sweeps_changes_nothing():
    resting = live(stage(*WEEK), 4, ALL)
    sweeping = live(stage(*WEEK), 4, ALL, rests=False)
    assert resting.rested
    assert not sweeping.rested
    assert asked(resting) == asked(sweeping)
    assert billed(resting) == billed(sweeping)


def test_the_same_seed_comes_to_the_same():
    one, other = (live(stage(*WEEK), 7, ALL) for _ in range(2))
    assert asked(one) == asked(other)
    assert one.strikes == other.strikes


def test_real_clients_come_to_the_same_as_ports_in_memory():
    days = stage("2026-03-23", "2026-03-24")
    kinds = ("events-lost", "starts-slow", "person-stops", "throttled", "ledger-throttled")
    memory, wire = (live(days, 3, kinds, wire=wire) for wire in (False, True))
    assert memory.asks
    assert asked(memory) == asked(wire)
    assert billed(memory) == billed(wire)


SHOWN_BY = {
    "edges-only": 1,
    "events-time": 6,
    "constant-token": 1,
    "holiday-stops-nothing": 1,
    "unconditional-writes": 3,
    "start-on-any-status": 15,
    "file-only": 16,
}
"""A seed of the pair's fortnight before Easter that shows each defect."""


def test_a_seed_is_known_for_every_defect():
    assert set(SHOWN_BY) == set(DEFECTS)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_deliberate_defect_is_found(defect):
    seed = SHOWN_BY[defect]
    history = live(stage(*EASTER), seed, ALL, prepare=DEFECTS[defect].put_in)
    assert violations(history)
    assert violations(live(stage(*EASTER), seed, ALL)) == []


def test_many_models_keep_to_the_quota_and_without_a_pace_would_not(monkeypatch):
    days = crowd()
    morning = days.closing - dt.timedelta(hours=7)
    assert violations(live(days, 1, ("starts-fail",), until=morning)) == []
    monkeypatch.setattr(Pace, "wait", lambda _: None)
    found = violations(live(days, 1, ("starts-fail",), until=morning))
    assert {each.name for each in found} == {"over-quota"}


def test_a_finding_is_made_small_and_its_command_shows_it_again():
    trial = Trial(stage=stage(*EASTER), kinds=ALL, defects=("holiday-stops-nothing",))
    (outcome,) = outcomes(trial, [1])
    finding = smallest(trial, outcome.violations[0], 1)
    days = finding.trial.stage.days
    assert len(days) < len(trial.stage.days)
    assert len(finding.trial.kinds) < len(ALL)
    assert finding.history
    assert "--defect=holiday-stops-nothing" in finding.replay("pair.yaml")
    again = replace(trial, stage=stage(f"{days[0]}", f"{finding.trial.stage.end}"))
    again = replace(again, kinds=finding.trial.kinds)
    (same,) = outcomes(again, [1])
    assert (finding.violation.name, finding.violation.at) in {
        (each.name, each.at) for each in same.violations
    }

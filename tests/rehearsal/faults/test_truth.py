"""How is it told that something was owed for too long?"""

import datetime as dt
from dataclasses import replace

from rehearsal.emulator.hosting import Phase
from rehearsal.faults.invariants import violations
from rehearsal.faults.running import live
from rehearsal.faults.script import Fault
from rehearsal.faults.truth import Moment, moments_between, overdue
from tests.rehearsal.faults.plants import stage

NOON = dt.datetime(2026, 3, 24, 12, tzinfo=dt.UTC)
FIVE = dt.timedelta(minutes=5)


def minute(n: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=n)


def moment(begin: float, end: float, phase: Phase = Phase.RUNNING) -> Moment:
    edition = next(iter(stage("2026-03-24", "2026-03-25").editions.values()))
    return Moment(
        begin=minute(begin),
        end=minute(end),
        edition=edition,
        model=None,
        run=None,
        phase=phase,
        since=minute(begin),
        units=2,
        afoot=frozenset(),
        persons=False,
        seen=None,
        found=False,
        over=None,
    )


def told(story, *resets):
    found = overdue(story, lambda m: m.hosted, lambda *_: FIVE, [minute(n) for n in resets])
    return [(at - NOON) / dt.timedelta(minutes=1) for at, _ in found]


def test_what_is_owed_for_longer_than_its_bound_is_told_once():
    assert told([moment(0, 20), moment(20, 60)]) == [5]


def test_what_is_done_in_time_is_not_told():
    assert told([moment(0, 5), moment(5, 60, Phase.STOPPED)]) == []


def test_the_bound_spans_moments():
    assert told([moment(0, 3), moment(3, 6), moment(6, 7)]) == [5]


def test_doing_it_begins_the_bound_anew_but_does_not_end_it():
    assert told([moment(0, 11)], 4, 8) == []
    assert told([moment(0, 60)], 4, 8) == [13]


def test_owing_ends_and_begins_again():
    story = [moment(0, 4), moment(4, 6, Phase.STOPPED), moment(6, 10), moment(10, 14)]
    assert told(story) == [11]


def test_what_an_interval_touches_is_found_however_short_it_is():
    story = [moment(0, 5), moment(5, 5.5), moment(5.5, 20)]
    for begin, end, found in [
        (3, 7, 3),
        (0, 4, 1),
        (5.2, 5.3, 1),
        (5, 5, 1),
        (4, 5, 2),
        (30, 40, 1),
    ]:
        assert len(moments_between(story, minute(begin), minute(end))) == found
    assert moments_between(story, minute(5.1), minute(5.2)) == [story[1]]
    assert moments_between(story, minute(-9), minute(-8)) == [story[0]]


def test_a_fault_excuses_what_its_kind_says_and_nothing_else():
    calm = moment(0, 1)
    assert not calm.excused
    assert replace(calm, afoot=frozenset({"events-lost", "redeployed"})).excused == frozenset()
    assert replace(calm, afoot=frozenset({"sweep-silent"})).excused


def test_whoever_starts_again_what_has_failed_of_ours_starts_what_has_an_open_card():
    def fault(kind: str, begin: str, end: str, victim: str) -> Fault:
        first, last = (dt.datetime.fromisoformat(f"2026-03-24T{each}Z") for each in (begin, end))
        return Fault(kind=kind, begin=first, end=last, victim=victim, chance=0.5)

    # A minute before the end of the night, whose stop is then refused for half an hour.
    script = [
        fault("running-fails", "04:59:03", "05:00:03", "rekognition:paint/p"),
        fault("person-starts", "04:59:25", "05:00:25", "rekognition:paint/p"),
        fault("actions-denied", "04:30:00", "05:33:00", "rekognition"),
    ]
    assert violations(live(stage("2026-03-24", "2026-03-25"), 1, (), script=script)) == []

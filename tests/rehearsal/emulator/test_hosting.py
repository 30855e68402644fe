"""What a hosted model does as time passes, and what is billed for it."""

import datetime as dt
from random import Random

import pytest

from rehearsal.emulator.hosting import HostedModel, Meter, Pace, Period, Phase, Stage
from rehearsal.emulator.refusals import Kind, Trouble
from tests.rehearsal.emulator.emulated import MORNING, Hand, lookout

MINUTE = dt.timedelta(minutes=1)


def hosted(clock: Hand, pace: Pace | None = None, seed: int = 1) -> HostedModel:
    return HostedModel(
        target=lookout(),
        meter=Meter(namespace="AWS/LookoutVision", dimensions={}),
        now=clock,
        pace=pace or Pace(start=(10, 10), stop=(2, 2)),
        random=Random(seed),
    )


def doing(model: HostedModel) -> Phase:
    return model.phase


def test_a_model_starts_runs_stops_and_can_be_started_again(clock: Hand):
    model = hosted(clock)
    seen = [doing(model)]
    for verb, units in (("start", (2,)), ("stop", ()), ("start", (2,))):
        getattr(model, verb)(*units)
        seen.append(doing(model))
        clock.pass_(minutes=10)
        seen.append(doing(model))
    assert seen == [
        Phase.NEW,
        *(Phase.STARTING, Phase.RUNNING),
        *(Phase.STOPPING, Phase.STOPPED),
        *(Phase.STARTING, Phase.RUNNING),
    ]


def test_it_runs_from_the_very_instant_at_which_its_start_ends(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=10, microseconds=-1)
    assert doing(model) is Phase.STARTING
    clock.pass_(microseconds=1)
    assert doing(model) is Phase.RUNNING


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_model_that_starts_or_runs_cannot_be_started(clock: Hand, minutes: int):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=minutes)
    with pytest.raises(Trouble) as caught:
        model.start(3)
    assert caught.value.kind is Kind.BUSY
    assert model.min_units == 2


def test_a_model_that_is_stopping_can_neither_be_started_nor_stopped(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=10)
    model.stop()
    with pytest.raises(Trouble, match="cannot start a model that is stopping"):
        model.start(2)
    with pytest.raises(Trouble, match="cannot stop a model that is stopping"):
        model.stop()


def test_a_model_that_was_never_started_cannot_be_stopped(clock: Hand):
    with pytest.raises(Trouble, match="cannot stop a model that is trained"):
        hosted(clock).stop()


def test_a_start_that_is_stopped_never_runs_and_costs_nothing(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=9)
    model.stop()
    clock.pass_(hours=1)
    assert doing(model) is Phase.STOPPED
    assert model.billed_unit_minutes() == 0


def test_the_seeds_sum_two_units_for_eight_hours_are_sixteen_unit_hours(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=10, hours=8)
    model.stop()
    clock.pass_(days=1)
    assert model.billed_unit_minutes() == 16 * 60


def test_a_minute_is_billed_whole_however_little_of_it_the_model_ran(clock: Hand):
    clock.at = MORNING + dt.timedelta(seconds=59)
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=10, seconds=2)
    model.stop()
    clock.pass_(hours=1)
    ready = MORNING + 10 * MINUTE
    assert model.unit_minutes() == {ready: 2, ready + MINUTE: 2}


def test_a_minute_at_whose_beginning_the_model_stops_is_not_billed(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=13)
    model.stop()
    assert len(model.unit_minutes()) == 3


def test_the_minute_that_has_just_begun_is_on_the_bill_of_a_model_that_runs(clock: Hand):
    model = hosted(clock)
    model.start(3)
    clock.pass_(minutes=10)
    assert model.billed_unit_minutes() == 3


def test_a_minute_is_billed_once_for_the_largest_units_in_it(clock: Hand):
    model = hosted(clock)
    model.start(2, 4)
    ready = MORNING + 10 * MINUTE
    grown = ready + dt.timedelta(seconds=90)
    clock.at = ready
    model.enter(Stage(phase=Phase.RUNNING, begin=grown, units=4))
    clock.at = ready + 3 * MINUTE
    model.stop()
    assert model.unit_minutes() == {ready: 2, ready + MINUTE: 4, ready + 2 * MINUTE: 4}
    assert model.periods() == [
        Period(begin=ready, end=grown, units=2),
        Period(begin=grown, end=ready + 3 * MINUTE, units=4),
    ]


def test_a_bill_counts_the_minutes_that_begin_in_its_span(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(hours=2)
    ready = MORNING + 10 * MINUTE
    assert model.billed_unit_minutes(ready + 10 * MINUTE, ready + 20 * MINUTE) == 20
    assert model.billed_unit_minutes(end=ready + MINUTE) == 2
    assert model.billed_unit_minutes(begin=clock.at + MINUTE) == 0
    half = dt.timedelta(seconds=30)
    assert model.billed_unit_minutes(ready + half, ready + 2 * MINUTE + half) == 4


def test_what_is_still_to_come_is_not_in_service(clock: Hand):
    model = hosted(clock)
    model.start(2)
    assert model.periods() == []
    assert model.unit_minutes() == {}


def test_an_update_of_the_service_is_no_time_in_service(clock: Hand):
    model = hosted(clock)
    model.start(2)
    clock.pass_(minutes=20)
    model.enter(
        Stage(phase=Phase.UPDATING, begin=clock.at),
        Stage(phase=Phase.RUNNING, begin=clock.at + 5 * MINUTE, units=2),
    )
    assert doing(model) is Phase.UPDATING
    clock.pass_(minutes=10)
    assert doing(model) is Phase.RUNNING
    assert len(model.unit_minutes()) == 16


def test_a_start_that_fails_can_be_tried_again(clock: Hand):
    model = hosted(clock)
    model.start(2)
    model.enter(Stage(phase=Phase.FAILED, begin=clock.at + MINUTE))
    clock.pass_(minutes=30)
    assert doing(model) is Phase.FAILED
    model.start(2)
    assert doing(model) is Phase.STARTING


def test_starts_take_six_to_twelve_minutes_and_stops_one_to_four(clock: Hand):
    starts, stops = set(), set()
    for seed in range(200):
        model = hosted(clock, Pace(), seed)
        model.start(2)
        starts.add(model.stages[-1].begin - clock.at)
        model.stop()
        stops.add(model.stages[-1].begin - clock.at)
    assert 6 * MINUTE <= min(starts) < 7 * MINUTE
    assert 11 * MINUTE < max(starts) <= 12 * MINUTE
    assert MINUTE <= min(stops) < 2 * MINUTE
    assert 3 * MINUTE < max(stops) <= 4 * MINUTE

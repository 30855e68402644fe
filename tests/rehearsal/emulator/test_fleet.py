"""What an account may run at once, and what does not depend on what else is there."""

import datetime as dt

import pytest

from punchclock.plants import Quota
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import Phase
from rehearsal.emulator.refusals import Kind, Trouble
from tests.rehearsal.emulator.emulated import Hand, lookout, rekognition


def begun(emulator: Emulator, *versions: int) -> None:
    for version in versions:
        emulator.fleet.start(emulator.add(rekognition(version)), 2, None)


def test_two_custom_labels_models_run_at_once_and_a_third_does_not(emulator: Emulator):
    begun(emulator, 1, 2)
    with pytest.raises(Trouble) as caught:
        begun(emulator, 3)
    assert caught.value.kind is Kind.QUOTA


def test_a_model_holds_its_place_until_it_has_stopped(emulator: Emulator, clock: Hand):
    begun(emulator, 1, 2)
    clock.pass_(minutes=10)
    emulator.model(rekognition(1)).stop()
    with pytest.raises(Trouble, match="2 models are running"):
        begun(emulator, 3)
    clock.pass_(minutes=2)
    begun(emulator, 3)
    assert emulator.model(rekognition(3)).phase is Phase.STARTING


def test_a_model_that_runs_is_busy_even_where_the_quota_is_used_up(emulator: Emulator):
    begun(emulator, 1, 2)
    with pytest.raises(Trouble) as caught:
        begun(emulator, 1)
    assert caught.value.kind is Kind.BUSY


def test_no_model_has_more_than_five_units_not_even_by_autoscaling(emulator: Emulator):
    model = emulator.add(lookout())
    for units, most in ((6, None), (2, 6)):
        with pytest.raises(Trouble) as caught:
            emulator.fleet.start(model, units, most)
        assert caught.value.kind is Kind.QUOTA
    emulator.fleet.start(model, 5, 5)


@pytest.mark.parametrize("limit", [0, None])
def test_a_quota_of_nothing_is_no_limit(clock: Hand, limit: int | None):
    quota = Quota(running_models=limit, units_per_model=limit)
    emulator = Emulator(now=clock, quotas={"rekognition": quota})
    begun(emulator, *range(1, 9))
    emulator.fleet.start(emulator.add(rekognition(9)), 40, None)


def test_the_same_seed_is_the_same_day_whoever_else_is_there(clock: Hand):
    def ready(seed: int, *others: int) -> dt.datetime:
        emulator = Emulator(now=clock, seed=seed)
        for version in (*others, 1):
            emulator.add(lookout(version)).start(2)
        return emulator.model(lookout()).stages[-1].begin

    assert ready(1) == ready(1, 2, 3)
    assert ready(1) != ready(2)


def test_a_model_is_taken_in_once(emulator: Emulator):
    first = emulator.add(lookout())
    first.start(2)
    assert emulator.add(lookout()) is first
    assert len(list(emulator.fleet)) == 1


def test_the_bill_lists_every_model(emulator: Emulator, clock: Hand):
    emulator.add(lookout(1)).start(2)
    emulator.add(lookout(2))
    clock.pass_(minutes=20)
    assert emulator.fleet.billed_unit_minutes(end=clock.at) == {
        lookout(1).id: 20,
        lookout(2).id: 0,
    }

"""What cannot be said of a plant, wherever it comes from."""

from dataclasses import replace

import pytest

from punchclock.errors import InvalidPlant
from punchclock.localtime import MINUTE
from punchclock.plants import Assignment, require_units
from tests.punchclock.worlds import model, model_of, plant, shift

EARLY = shift("06:00-14:00", "early")


def test_a_shift_is_worked_on_two_units_at_the_least():
    assert Assignment(shift=EARLY, units=2).units == 2
    with pytest.raises(InvalidPlant, match=r"shift early: 1 units; at least 2 are needed"):
        Assignment(shift=EARLY, units=1)


def test_a_model_has_two_units_at_the_least():
    with pytest.raises(InvalidPlant, match=r"model paint: 1 units; at least 2 are needed"):
        replace(model(EARLY, name="paint"), units=1)


def test_units_that_are_enough_are_nobodys_business():
    require_units(2, "start of paint")
    with pytest.raises(InvalidPlant, match="start of paint: 0 units"):
        require_units(0, "start of paint")


@pytest.mark.parametrize("most", [None, 3, 4])
def test_a_service_may_scale_up_from_the_most_units_of_a_shift(most):
    three = model_of([Assignment(shift=EARLY, units=3)], max_units=most)
    assert three.max_units == most


def test_a_most_that_a_shift_exceeds_is_refused_in_words():
    with pytest.raises(InvalidPlant, match=r"model paint: max units 2 is under 3"):
        model_of([Assignment(shift=EARLY, units=3)], name="paint", max_units=2)


def test_a_model_is_found_by_its_name_or_not_at_all():
    springfield = plant("UTC", model(EARLY, name="boards"), model(EARLY, name="paint"))
    found = springfield.model("paint")
    assert found is not None
    assert found.name == "paint"
    assert springfield.model("glue") is None


def test_a_plant_acts_and_stops_what_it_started_where_nobody_says_otherwise():
    assert (plant("UTC").mode, plant("UTC").on_destroy) == ("act", "stop")


def test_a_model_has_the_lead_the_bridge_and_the_patience_that_the_design_gives_it():
    found = model(EARLY)
    minutes = [each // MINUTE for each in (found.lead, found.bridge, found.manual_runs) if each]
    assert minutes == [20, 30, 60]
    assert (found.units, found.enabled, found.max_units) == (2, True, None)


def test_targets_are_the_same_by_what_they_host_and_where_they_are_kept_in_sets():
    one, other = (model(EARLY, name="paint").target for _ in range(2))
    assert {one, other} == {one}
    assert one.id == "lookoutvision:paint/1"

"""What a period will use, and where the service may add to it."""

import datetime as dt

import pytest

from punchclock.costs import Usage
from punchclock.forecasts import Figures, forecasts, stretch_sums, total
from punchclock.periods import coming_year
from tests.punchclock.worlds import RATE, model, plant, shift

FIRST, END = dt.date(2026, 3, 2), dt.date(2027, 3, 2)
TEN_HOURS = Usage.of(600, RATE)


def test_a_cost_is_at_least_that_as_soon_as_one_models_is():
    assert not total([Figures(usage=TEN_HOURS), Figures(usage=TEN_HOURS)]).at_least
    found = total([Figures(usage=TEN_HOURS, at_least=True), Figures(usage=TEN_HOURS)])
    assert found.at_least
    assert found.usage.unit_hours == 20


@pytest.mark.parametrize("hours", ["00:00-08:00", "00:10-08:00"])
def test_a_run_that_only_its_lead_brings_into_the_period_neither_costs_nor_scales(hours):
    later = plant("UTC", model(shift(hours, first=END), max_units=4))
    figures = forecasts(later, coming_year([later], FIRST))["model"].figures
    assert figures == Figures(usage=Usage())


def test_a_run_within_the_period_may_scale_beyond_its_units():
    scaled = plant("UTC", model(shift("00:00-08:00", last=FIRST), max_units=3))
    figures = forecasts(scaled, coming_year([scaled], FIRST))["model"].figures
    assert figures.at_least
    assert figures.usage.unit_hours == 16
    full = plant("UTC", model(shift("00:00-08:00", last=FIRST), units=3, max_units=3))
    assert not forecasts(full, coming_year([full], FIRST))["model"].figures.at_least


def test_stretches_of_all_models_add_up_between_the_bounds_of_the_months():
    both = plant("UTC", *(model(shift("00:00-08:00", last=FIRST), name=name) for name in "ab"))
    period = coming_year([both], FIRST)
    sums = stretch_sums(forecasts(both, period), period)
    hours = dict(zip(period.bounds, (each.unit_hours for each in sums), strict=False))
    # The day before the period, in its first month, was worked too.
    assert hours[dt.date(2026, 3, 1)] == hours[FIRST] == 32
    assert sum(each.unit_hours for each in sums) == 64


def test_what_is_planned_in_the_last_month_after_the_period_is_a_stretch_too():
    asked = plant("UTC", model(shift("00:00-08:00", first=END)))
    period = coming_year([asked], FIRST)
    sums = stretch_sums(forecasts(asked, period), period)
    # Of March from its second day on, thirty days.
    assert [each.unit_hours for each in sums][-2:] == [0, 30 * 16]


def test_no_plant_will_use_nothing():
    assert forecasts(None, coming_year([plant("UTC")], FIRST)) == {}

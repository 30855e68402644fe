"""A month's report: what is on the cards, by model, shift and day, beside plan and 24/7."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from punchclock import plans
from punchclock.costs import Usage, two_decimals
from punchclock.errors import OutOfRange
from punchclock.plants import Plant
from punchclock.reports import By, Report, Row, months, report
from punchclock.timecards import Basis, Purpose, Timecard
from tests.punchclock.months import APRIL, EARLY, MARCH, by_hand, card, day, springfield
from tests.punchclock.worlds import at, model, plant, shift

LATER = dt.date(2026, 6, 1)
MONDAY = card(
    "paint",
    "2026-03-02T04:40Z",
    days=(day("2026-03-02", metered=470, observed=20, shift=960, lead=16, late_stop=4),),
)
NEW_YEARS_NIGHT = card(
    "weld",
    "2026-02-28T20:40Z",
    shifts=("night",),
    days=(day("2026-02-28", metered=120, shift=240), day("2026-03-01", metered=360, shift=720)),
)
"""From the last evening of February to the first morning of March."""


def march(
    *cards: Timecard, by: By = By.MODEL, today: dt.date = LATER, of: Plant | None = None
) -> Report:
    return report(of or springfield(), cards, MARCH, by, today)


def row(found: Report, name: str) -> Row:
    (only,) = [each for each in found.rows if each.name == name]
    return only


def figures(usage: Usage) -> tuple[str, str]:
    return two_decimals(usage.unit_hours), two_decimals(usage.cost)


@pytest.mark.parametrize(
    ("by", "name"), [(By.MODEL, "paint"), (By.SHIFT, "early"), (By.DAY, "2026-03-02")]
)
def test_eight_hours_on_two_units_are_sixteen_unit_hours_and_64_dollars_in_every_view(by, name):
    tally = row(march(MONDAY, by=by), name).tally
    assert figures(tally.use(Purpose.SHIFT)) == ("16.00", "64.00")
    assert figures(tally.use(Purpose.LEAD)) == ("0.27", "1.07")
    assert figures(tally.use(Purpose.LATE_STOP)) == ("0.07", "0.27")
    assert figures(tally.usage) == ("16.33", "65.33")
    assert (tally.runs, tally.known(Basis.METERED), tally.known(Basis.OBSERVED)) == (1, 470, 20)


def test_a_night_between_two_months_is_a_run_of_the_first_and_costs_in_both():
    february = report(
        springfield(), [NEW_YEARS_NIGHT], dt.date(2026, 2, 1), By.MODEL, LATER
    ).total.tally
    assert (february.runs, figures(february.usage)) == (1, ("4.00", "16.00"))
    of_march = march(NEW_YEARS_NIGHT).total.tally
    assert (of_march.runs, figures(of_march.usage)) == (0, ("12.00", "48.00"))


def test_a_run_counts_on_the_day_of_its_first_window_and_its_lead_on_the_day_before():
    lead = card(
        "paint",
        "2026-03-09T22:50Z",
        days=(day("2026-03-09", metered=5, lead=10), day("2026-03-10", metered=100, shift=200)),
    )
    found = march(lead, by=By.DAY)
    assert row(found, "2026-03-09").tally.runs == 0
    assert figures(row(found, "2026-03-09").tally.usage) == ("0.17", "0.67")
    assert row(found, "2026-03-10").tally.runs == 1


def test_a_run_of_several_shifts_is_a_row_of_its_own():
    found = march(MONDAY, replace(MONDAY, shifts=("early", "late")), by=By.SHIFT)
    assert [each.name for each in found.rows] == ["early", "early+late", "night"]


def test_the_shifts_of_a_run_are_told_in_the_order_of_their_names():
    together = plant("UTC", model(*(shift("06:00-14:00", each) for each in "fbdace"), name="paint"))
    (only,) = march(by=By.SHIFT, of=together).rows
    assert only.name == "a+b+c+d+e+f"


def test_a_model_without_cards_and_plan_has_a_row_among_the_models_alone():
    idle = plant("UTC", model(name="paint"))
    names = {by: [each.name for each in march(by=by, of=idle).rows] for by in By}
    assert names == {By.MODEL: ["paint"], By.SHIFT: [], By.DAY: []}


def test_what_a_person_ran_outside_the_shifts_is_unscheduled_and_of_no_shift():
    trial = by_hand("paint", "2026-03-07T10:00Z", days=(day("2026-03-07", unscheduled=120),))
    found = march(trial, by=By.SHIFT)
    tally = row(found, "(no shift)").tally
    assert figures(tally.use(Purpose.UNSCHEDULED)) == ("2.00", "8.00")
    assert tally.runs == 1


def test_each_card_has_its_own_rate():
    cheaper = replace(MONDAY, rate=Decimal("1.00"), opened=at("2026-03-03T04:40Z"))
    assert figures(march(MONDAY, cheaper).total.tally.usage) == ("32.67", "81.67")


# Late starts


@pytest.mark.parametrize(
    ("late", "more"),
    [
        (0, {"ready": at("2026-03-02T05:00Z")}),
        (1, {"ready": at("2026-03-02T05:01Z")}),
        (1, {"ready": at("2026-03-02T05:00:01Z")}),
        (1, {"ready": None, "stopped": at("2026-03-02T05:01Z")}),
        (0, {"ready": None, "stopped": at("2026-03-02T05:00Z")}),
        (0, {"ready": None, "stopped": None, "closed": None}),
    ],
    ids=["in time", "after", "a second after", "never", "called off before", "not known yet"],
)
def test_a_start_is_late_when_the_model_was_ready_after_its_window_began_or_never(late, more):
    assert march(replace(MONDAY, **more)).total.tally.late_starts == late


def test_what_a_person_started_cannot_be_late():
    trial = by_hand("paint", "2026-03-07T10:00Z", ready=None)
    assert march(trial).total.tally.late_starts == 0


# Open cards


def test_a_card_that_is_not_closed_counts_as_far_as_it_is_known_and_marks_its_rows():
    found = march(replace(MONDAY, closed=None), NEW_YEARS_NIGHT)
    assert row(found, "paint").tally.so_far
    assert figures(row(found, "paint").tally.usage) == ("16.33", "65.33")
    assert not row(found, "weld").tally.so_far
    assert found.total.tally.open_cards == {MONDAY.id}


def test_an_open_card_that_has_not_been_in_service_yet_is_open_too():
    found = march(replace(MONDAY, closed=None, days=()))
    assert found.total.tally.open_cards == {MONDAY.id}


def test_a_plant_without_cards_has_used_nothing_for_any_purpose():
    tally = march().total.tally
    assert (dict(tally.used), (tally + tally).used) == ({}, {})


def test_the_ways_to_report_are_called_what_people_type():
    assert [each.value for each in By] == ["model", "shift", "day"]
    assert march().total.name == "total"


def test_an_open_card_of_two_days_is_one_open_card():
    found = march(replace(NEW_YEARS_NIGHT, closed=None, opened=at("2026-03-01T20:40Z")))
    assert len(found.total.tally.open_cards) == 1


def test_a_card_of_another_month_marks_nothing():
    later = card("paint", "2026-04-01T04:40Z", closed=None, days=(day("2026-04-01", shift=2),))
    assert not march(later).total.tally.so_far


# Beside it: the plan and 24/7


@pytest.mark.parametrize("by", By)
def test_the_plan_beside_it_is_the_one_that_plan_shows_in_every_view(by):
    of = springfield()
    found = march(by=by, of=of)
    assert found.total.planned == plans.plan(of, MARCH, APRIL).usage
    assert sum((each.planned for each in found.rows), Usage()) == found.total.planned


def test_the_plan_of_22_early_shifts_is_352_unit_hours():
    assert figures(row(march(), "paint").planned) == ("352.00", "1408.00")
    assert figures(row(march(by=By.SHIFT), "early").planned) == ("352.00", "1408.00")


@pytest.mark.parametrize("by", By)
def test_around_the_clock_a_march_of_berlin_has_743_hours(by):
    assert figures(march(by=by).total.always or Usage()) == ("2972.00", "11888.00")


def test_a_day_of_23_hours_has_23_hours_around_the_clock():
    found = row(march(by=By.DAY), "2026-03-29")
    assert figures(found.always or Usage()) == ("92.00", "368.00")


def test_a_shift_cannot_be_compared_with_24_7():
    assert row(march(by=By.SHIFT), "early").always is None


def test_nobody_would_run_a_disabled_model_around_the_clock():
    found = march(of=springfield(enabled=False))
    assert figures(found.total.always or Usage()) == ("0.00", "0.00")


def test_a_model_that_the_file_has_forgotten_keeps_its_row_without_a_plan():
    found = march(MONDAY, of=plant("Europe/Berlin", model(EARLY, name="other")))
    assert [each.name for each in found.rows] == ["other", "paint"]
    assert figures(row(found, "paint").planned) == ("0.00", "0.00")
    assert figures(row(found, "paint").tally.usage) == ("16.33", "65.33")


def test_a_day_without_cards_and_plan_has_no_row():
    found = march(by=By.DAY, of=plant("Europe/Berlin", model(EARLY, name="paint")))
    days = [each.name for each in found.rows]
    assert "2026-03-06" in days
    assert "2026-03-07" not in days


def test_until_a_month_is_over_the_plan_of_its_days_before_today_stands_beside_it():
    of = springfield()
    so_far = march(today=dt.date(2026, 3, 10), of=of).planned_so_far
    assert so_far == plans.plan(of, MARCH, dt.date(2026, 3, 10)).usage
    assert march(today=dt.date(2026, 2, 10), of=of).planned_so_far == Usage()
    assert march(today=dt.date(1999, 1, 1), of=of).planned_so_far == Usage()
    assert march(today=APRIL, of=of).planned_so_far is None


def test_a_month_beyond_the_known_years_is_refused():
    with pytest.raises(OutOfRange):
        report(springfield(), [], dt.date(2050, 2, 1), By.MODEL, LATER)


# Where to look for the cards


def test_cards_of_a_month_are_opened_in_it_or_in_the_one_before():
    assert months(springfield(), MARCH, []) == ["2026-02", "2026-03"]


def test_where_the_month_ends_after_utc_s_the_next_one_is_looked_at_too():
    assert months(springfield("America/Los_Angeles"), MARCH, []) == [
        "2026-02",
        "2026-03",
        "2026-04",
    ]


def test_a_run_that_lasted_for_months_is_found_where_it_was_opened():
    found = months(springfield(), MARCH, ["lookoutvision:paint/1@2025-11-30T22:40:00Z"])
    assert found == ["2025-11", "2026-02", "2026-03"]


def test_a_model_around_the_clock_uses_what_24_7_uses():
    always = plant("Europe/Berlin", model(shift("00:00-24:00"), name="paint"))
    found = march(of=always)
    assert found.total.planned == found.total.always

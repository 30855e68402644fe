"""What cards file by month, and how that adds up."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from punchclock.minutes import Basis, Day, Purpose
from punchclock.timecards import Timecard
from punchclock.totals import corrected, entries, on, total, until, used
from tests.punchclock.mornings import planned

MARCH_30, MARCH_31, APRIL_1 = (dt.date(2026, 3, 30) + dt.timedelta(days=n) for n in range(3))


def day(date: dt.date, shift: int, lead: int = 0) -> Day:
    """Return a day with unit-minutes of a shift and of its lead."""
    return Day(
        day=date,
        minutes={Basis.METERED: shift},
        unit_minutes={Purpose.SHIFT: Decimal(shift), Purpose.LEAD: Decimal(lead)},
    )


def card(*days: Day) -> Timecard:
    return planned(days=days)


WORKED = card(day(MARCH_30, 600), day(MARCH_31, 60, lead=30), day(APRIL_1, 120))


def test_a_card_files_one_entry_for_each_local_month_that_it_has_days_in():
    march, april = entries(WORKED)
    assert (march.month, [each.day for each in march.days]) == ("2026-03", [MARCH_30, MARCH_31])
    assert (april.month, [each.day for each in april.days]) == ("2026-04", [APRIL_1])
    assert {(each.card, each.model, each.rate) for each in (march, april)} == {
        (WORKED.id, WORKED.model, WORKED.rate)
    }


def test_an_entry_is_what_its_days_used_for_all_purposes():
    march, _ = entries(WORKED)
    assert march.usage.unit_hours == Decimal("11.5")
    assert march.usage.cost == Decimal("46.00")


def test_a_day_can_be_asked_what_it_used_for_one_purpose():
    of_lead = used(day(MARCH_31, 60, lead=30), Decimal("4.00"), [Purpose.LEAD])
    assert of_lead.unit_hours == Decimal("0.5")
    assert used(day(MARCH_31, 60), Decimal("4.00"), [Purpose.LATE_STOP]).unit_hours == 0


def test_a_total_is_the_sum_of_its_entries():
    assert total([]).cost == 0
    assert total(entries(WORKED)).unit_hours == Decimal("13.5")


def test_a_correction_empties_the_months_that_the_card_has_left_and_adds_new_ones():
    days = (day(APRIL_1, 90), day(dt.date(2026, 5, 1), 15))
    found = {each.month: each for each in corrected(WORKED, days)}
    assert list(found) == ["2026-03", "2026-04", "2026-05"]
    assert [each.usage.unit_minutes for each in found.values()] == [0, 90, 15]


def test_models_are_added_up_to_a_day_inclusive():
    other = replace(entries(WORKED)[0], model="glue")
    sums = until([*entries(WORKED), other, other], MARCH_31)
    assert {name: usage.unit_hours for name, usage in sums.items()} == {
        WORKED.model: Decimal("11.5"),
        "glue": 23,
    }
    assert until(entries(WORKED), dt.date(2026, 3, 29)) == {}


def test_one_day_is_neither_what_came_before_nor_what_came_after():
    found = on(entries(WORKED), MARCH_31)
    assert {name: usage.unit_hours for name, usage in found.items()} == {
        WORKED.model: Decimal("1.5")
    }

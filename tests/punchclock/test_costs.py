"""What hosting costs, to the cent."""

from decimal import Decimal

import pytest

from punchclock.costs import Usage, money, two_decimals


def test_two_units_for_eight_hours_at_four_dollars_cost_64() -> None:
    used = Usage.of(2 * 8 * 60, Decimal("4.00"))
    assert used.as_json() == {
        "unit_hours": "16.00",
        "cost": {"amount": "64.00", "currency": "USD"},
    }


def test_usages_of_different_rates_add_up() -> None:
    both = Usage.of(60, Decimal("4.00")) + Usage.of(120, Decimal("1.50"))
    assert both.unit_hours == 3
    assert both.cost == 7


def test_total_is_rounded_once_from_the_unrounded_sum() -> None:
    third = Usage.of(1, Decimal("0.20"))
    assert money(third.cost)["amount"] == "0.00"
    assert money(sum([third] * 3, Usage()).cost)["amount"] == "0.01"


def test_minutes_stay_exact_however_many_are_added() -> None:
    minute = Usage.of(1, Decimal("0.07"))
    assert sum([minute] * 600, Usage()).cost == Decimal("0.70")


@pytest.mark.parametrize(
    ("value", "written"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")],
)
def test_amounts_are_rounded_half_up(value: str, written: str) -> None:
    assert two_decimals(Decimal(value)) == written


def test_difference_that_rounds_to_nothing_has_no_sign() -> None:
    assert two_decimals(Decimal("-0.001")) == "0.00"

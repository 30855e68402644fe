"""What a known use costs a month."""

from decimal import Decimal

import pytest

from bench.prices import PRICES
from bench.tally import Standing, Tally, bill, metric_months, read_units, total, write_units

MONTH = Decimal(730)
ALONE = Standing(memory_mib={"sweep": 512}, alarm_metrics=0, dashboards=0)


def usd(tally: Tally, standing: Standing = ALONE, hours: Decimal = MONTH) -> dict[str, Decimal]:
    return {line.item: line.usd for line in bill(tally, standing, hours) if line.usd}


def test_time_is_paid_by_memory():
    tally = Tally(seconds={"sweep": 2_000_000.0})
    assert usd(tally) == {"Lambda: time": Decimal("13.3334")}


def test_a_million_calls_of_a_million_schedules_cost_so_much_each():
    tally = Tally()
    tally.invocations["sweep"] = tally.amounts["Scheduler"] = 1_000_000
    assert usd(tally) == {"Lambda: invocations": Decimal("0.20"), "Scheduler": Decimal(1)}


def test_hours_are_scaled_to_a_month():
    tally = Tally()
    tally.amounts["CloudWatch: GetMetricData"] = 1000
    assert usd(tally, hours=Decimal(73)) == {"CloudWatch: GetMetricData": Decimal("0.10")}


def test_lines_are_paid_when_they_come_and_while_they_are_kept():
    tally = Tally()
    tally.amounts["Logs: taken in"] = 2 * 10**9
    assert usd(tally) == {
        "Logs: taken in": Decimal("1.00"),
        "Logs: kept three months": Decimal("0.18"),
    }


def test_what_the_ledger_keeps_is_paid_as_it_is_after_a_year():
    tally = Tally()
    tally.amounts["DynamoDB: storage after a year"] = 10**9
    assert usd(tally) == {"DynamoDB: storage after a year": Decimal("5.40")}


def test_a_metric_is_paid_for_the_hours_in_which_it_was_sent():
    sent = {"always": {f"{hour:02}" for hour in range(24)}, "thrice": {"00", "08", "16"}}
    assert metric_months(sent, Decimal(24)) == Decimal("1.125")
    tally = Tally(metric_hours=sent)
    assert usd(tally, hours=Decimal(24)) == {"CloudWatch: metrics": Decimal("0.3375")}


def test_a_value_in_the_hour_after_the_last_makes_no_metric_more_than_whole():
    sent = {"always": {f"{hour:02}" for hour in range(25)}}
    assert metric_months(sent, Decimal(24)) == 1


@pytest.mark.parametrize(("dashboards", "paid"), [(0, 0), (3, 0), (4, 3)])
def test_three_dashboards_are_free_and_alarms_are_not(dashboards, paid):
    there = Standing(memory_mib={}, alarm_metrics=7, dashboards=dashboards)
    expected = {
        "CloudWatch: alarms": Decimal("0.70"),
        "CloudWatch: dashboards over three": Decimal(paid),
    }
    found = usd(Tally(), there, Decimal(24))
    assert found == {item: amount for item, amount in expected.items() if amount}


def test_a_bill_has_a_line_for_every_price_and_its_total_is_their_sum():
    tally = Tally()
    tally.invocations["sweep"] = tally.amounts["Scheduler"] = 1_000_000
    lines = bill(tally, ALONE, MONTH)
    assert [line.item for line in lines] == list(PRICES)
    assert total(lines) == Decimal("1.20")


@pytest.mark.parametrize(("size", "units"), [(0, 1), (4096, 1), (4097, 2), (1_000_000, 245)])
def test_a_read_takes_a_unit_for_every_four_kilobytes(size, units):
    assert read_units(size) == units


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1024, 1), (1025, 2)])
def test_a_write_takes_a_unit_for_every_kilobyte_and_two_in_a_transaction(size, units):
    assert write_units(size) == units
    assert write_units(size, transaction=True) == 2 * units


def test_every_price_says_where_it_is_from_and_how_sure_that_is():
    for price in PRICES.values():
        assert price.source
        assert price.confidence in {"H", "M", "L"}

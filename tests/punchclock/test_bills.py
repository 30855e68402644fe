"""AWS's bill beside our cards: same units, same days, and what a difference may come from."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from punchclock.bills import TARIFFS, Charge, Comparison, compare
from punchclock.plants import Plant, Target
from punchclock.timecards import Timecard
from tests.punchclock.months import APRIL, MARCH, card, day, span, springfield
from tests.punchclock.worlds import plant

BERLIN = springfield()
MONDAY = card("paint", "2026-03-02T04:40Z", days=(day("2026-03-02", metered=480, shift=960),))


def charge(
    quantity: str, usage_type: str = "EUC1-Inference", cost: str | None = None, **more: object
) -> Charge:
    """Return a charge; of hours at 4.00 USD where nothing else is said."""
    made = Charge(
        day=dt.date(2026, 3, 2),
        usage_type=usage_type,
        quantity=Decimal(quantity),
        cost=Decimal(quantity) * 4 if cost is None else Decimal(cost),
        final=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def compared(
    *charges: Charge, cards: tuple[Timecard, ...] = (MONDAY,), of: Plant = BERLIN
) -> Comparison:
    (only,) = compare(of, cards, charges, MARCH, APRIL)
    return only


def in_service(begin: str, end: str | None, zone_day: str, minutes: int) -> Timecard:
    """Return a night's card with one local day, and when it was seen in service."""
    days = (day(zone_day, metered=minutes, shift=2 * minutes),)
    return card("weld", begin, spans=(span(begin, end),), days=days)


def test_a_bill_of_the_same_unit_minutes_and_rate_is_fine():
    found = compared(charge("16"))
    assert (found.ours.unit_minutes, found.billed.unit_minutes) == (Decimal(960),) * 2
    assert (found.difference, found.share) == (Decimal(0),) * 2
    assert (found.rate, found.effective_rate) == (Decimal(4), Decimal(4))
    assert not found.flagged
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("quantity", "flagged"), [("9.49", True), ("9.51", False), ("9.69", False), ("9.71", True)]
)
def test_more_than_one_percent_of_the_bill_is_flagged(quantity, flagged):
    # 9.6 unit-hours are ours: 576 unit-minutes.
    found = compared(
        charge(quantity), cards=(replace(MONDAY, days=(day("2026-03-02", shift=576),)),)
    )
    assert found.flagged is flagged
    assert found.usage_differs is flagged


def test_one_percent_of_the_bill_exactly_is_fine():
    ours = replace(MONDAY, days=(day("2026-03-02", shift=594),))
    assert compared(charge("10"), cards=(ours,)).share == Decimal("0.01")
    assert not compared(charge("10"), cards=(ours,)).flagged


def test_rekognition_is_billed_by_the_minute_and_lookout_by_the_hour():
    target = Target(service="rekognition", key="a", batch="a", address={})
    minutes = charge("960", "EUC1-inferenceminutes", cost="64.00")
    found = compare(
        BERLIN, [MONDAY, replace(MONDAY, target=target)], [minutes, charge("16")], MARCH, APRIL
    )
    assert [each.service for each in found] == ["lookoutvision", "rekognition"]
    assert [each.billed.unit_minutes for each in found] == [960, 960]
    assert [each.effective_rate for each in found] == [Decimal(4), Decimal(4)]
    assert not any(each.flagged for each in found)


def test_training_and_other_usage_is_no_hosting():
    found = compared(
        charge("16"),
        charge("5", "EUC1-Training"),
        charge("7", "EUC1-EdgeInference"),
        charge("8", "EUC1-minutestrained"),
    )
    assert found.usage_types == ("EUC1-Inference",)
    assert found.billed.unit_minutes == 960


def test_every_service_that_is_used_or_billed_or_planned_is_compared():
    target = Target(service="rekognition", key="a", batch="a", address={})
    card = replace(MONDAY, target=target)
    empty = plant("Europe/Berlin")
    minutes = charge("960", "EUC1-inferenceminutes", cost="64.00")
    for cards, charges in (([card], []), ([], [minutes])):
        (found,) = compare(empty, cards, charges, MARCH, APRIL)
        assert found.service == "rekognition"
    assert found.rate is None
    assert not found.rate_differs
    assert not compare(empty, [], [], MARCH, APRIL)


def test_the_rate_of_what_was_used_is_that_of_its_cards():
    dearer = replace(MONDAY, rate=Decimal(5))
    assert compared(charge("16"), cards=(MONDAY, dearer)).rate == Decimal("4.5")


def test_the_usage_types_of_a_bill_are_told_in_order():
    regions = ("USE1", "EUC1", "APN1", "EUW1", "USW2")
    found = compared(*(charge("1", f"{each}-Inference") for each in regions))
    assert found.usage_types == tuple(f"{each}-Inference" for each in sorted(regions))


def test_a_service_that_is_neither_used_nor_billed_nor_planned_is_not_compared():
    assert compare(plant("Europe/Berlin"), [], [charge("1", "EUC1-Training")], MARCH, APRIL) == ()


# Rates


def test_a_rate_that_differs_is_flagged_though_the_usage_is_the_same():
    found = compared(charge("16", cost="80.00"))
    assert found.effective_rate == Decimal(5)
    assert (found.usage_differs, found.rate_differs, found.flagged) == (False, True, True)
    assert "the rate in the plant file is not the region's price" in found.reasons


def test_hours_of_the_free_tier_are_usage_at_a_lower_rate():
    found = compared(charge("8"), charge("8", "EUC1-Free-Inference", cost="0"))
    assert (found.usage_differs, found.effective_rate) == (False, Decimal(2))
    assert any("free tier" in reason for reason in found.reasons)


def test_without_cards_the_rate_is_the_plant_file_s():
    found = compared(charge("16"), cards=())
    assert found.rate == Decimal("4.00")
    assert found.usage_differs
    assert not found.rate_differs


# Reasons


def test_a_bill_of_more_than_ours_hints_at_others_in_the_account():
    found = compared(charge("20"))
    assert (found.difference, found.share) == (Decimal(240), Decimal("0.2"))
    assert any("another plant" in reason for reason in found.reasons)


def test_a_bill_of_more_than_ours_hints_at_what_was_on_before():
    assert compared(charge("20")).reasons[-1] == (
        "a model was started before Punchclock first looked"
    )


def test_a_bill_of_less_than_ours_hints_at_cost_explorer_s_delay():
    found = compared(charge("8"))
    assert found.share == -1
    assert any("refreshed once a day" in reason for reason in found.reasons)


def test_nothing_billed_is_flagged_without_a_share():
    found = compared()
    assert found.flagged
    assert (found.share, found.effective_rate) == (None, None)
    assert not found.rate_differs
    assert found.reasons[-1] == (
        "the usage was billed to another account, or under another usage type"
    )


def hints(*charges: Charge, of: Timecard = MONDAY) -> str:
    return " / ".join(compared(*(charges or (charge("20"),)), cards=(of,)).reasons)


def test_cards_that_are_not_closed_are_told():
    assert "cards not closed: 1" in hints(of=replace(MONDAY, closed=None))
    assert "cards not closed" not in hints()


def test_a_card_opened_after_the_compared_days_is_not_told():
    later = card("paint", "2026-04-01T00:00Z", closed=None)
    found = compared(charge("20"), cards=(MONDAY, later))
    assert not any("cards not closed" in reason for reason in found.reasons)


def test_days_that_aws_estimates_are_told():
    guess = charge("20", final=False)
    assert "days that AWS still calls an estimate: 1" in hints(guess, guess)
    assert "estimate" not in hints()


def test_usage_types_of_several_regions_are_told():
    assert "regions in the bill's usage types: 2" in hints(charge("16"), charge("4", "Inference"))
    assert "regions" not in hints(charge("16"), charge("4", "EUC1-Free-Inference"))


def test_minutes_without_a_datapoint_are_told():
    observed = replace(MONDAY, days=(day("2026-03-02", observed=480, shift=960),))
    assert "minutes without a datapoint: 480" in hints(of=observed)
    assert "datapoint" not in hints()


# The bill's days are UTC's


def test_the_hour_before_utc_s_month_is_not_on_its_bill():
    # From 00:00 to 06:00 in Berlin: the first hour is still the last of February in UTC.
    night = in_service("2026-02-28T23:00Z", "2026-03-01T05:00Z", "2026-03-01", 360)
    assert compared(charge("10"), cards=(night,)).ours.unit_minutes == 600


def test_the_hours_of_utc_s_month_after_the_plant_s_are_on_its_bill():
    # From 00:00 on 1 April in Berlin, where summer has come: two hours are still of UTC's March.
    night = in_service("2026-03-31T22:00Z", "2026-04-01T04:00Z", "2026-04-01", 360)
    assert compared(charge("4"), cards=(night,)).ours.unit_minutes == 240


def test_west_of_utc_the_hours_are_moved_the_other_way():
    of = springfield("America/Los_Angeles")
    first = in_service("2026-03-01T04:00Z", "2026-03-01T08:00Z", "2026-02-28", 240)
    last = in_service("2026-04-01T04:00Z", "2026-04-01T07:00Z", "2026-03-31", 180)
    assert compared(cards=(first,), of=of).ours.unit_minutes == 480
    assert compared(cards=(last,), of=of).ours.unit_minutes == 0


def test_a_run_that_goes_on_is_moved_as_far_as_it_was_seen():
    night = in_service("2026-03-31T21:00Z", None, "2026-03-31", 60)
    assert compared(cards=(replace(night, closed=None),)).ours.unit_minutes == 120 + 240


def test_services_are_called_what_cost_explorer_calls_them():
    assert {each.service: each.billed_as for each in TARIFFS} == {
        "lookoutvision": "Amazon Lookout for Vision",
        "rekognition": "Amazon Rekognition",
    }


def test_a_usage_type_without_a_region_has_none():
    assert (charge("1").region, charge("1", "Inference").region) == ("EUC1", "")


def test_a_bill_for_a_service_that_the_plant_does_not_use_has_no_rate_to_differ():
    (of_others,) = compare(plant("UTC"), [], [charge("16")], MARCH, APRIL)
    assert (of_others.rate, of_others.rate_differs, of_others.usage_differs) == (None, False, True)


def test_less_than_a_unit_minute_more_is_more_all_the_same():
    ours = replace(MONDAY, days=(day("2026-03-02", shift=6),))
    assert "another plant" in compared(charge("0.115"), cards=(ours,)).reasons[0]


def test_minutes_without_a_datapoint_are_those_of_the_days_compared():
    days = tuple(
        day(text, observed=minutes, shift=0)
        for text, minutes in (
            ("2026-02-28", 1),
            ("2026-03-01", 10),
            ("2026-03-31", 100),
            ("2026-04-01", 1000),
        )
    )
    assert "minutes without a datapoint: 110;" in hints(of=replace(MONDAY, days=days))

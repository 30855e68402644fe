"""An edit's hours and money are those of the two plans, and what is judged is what is shown."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from punchclock.diffs import Diff, Limit, ModelDiff, diff
from punchclock.edits import Edit, edits
from punchclock.errors import OutOfRange
from punchclock.periods import coming_year
from punchclock.plans import plan
from punchclock.plants import Model, Plant, Quota
from punchclock.shifts import Calendar
from tests.punchclock.worlds import DAY, World, model, plant, shift, worlds

FIRST = dt.date(2026, 3, 2)
EARLY = shift("06:00-14:00", "early", days=frozenset(range(5)))
LATE = shift("14:00-22:00", "late", days=frozenset(range(5)))
NIGHT = shift("22:00-06:00", "night")


def berlin(*models: Model, **more: Any) -> Plant:
    return replace(plant("Europe/Berlin", *models), **more)


def only(found: Diff) -> ModelDiff:
    (each,) = found.models
    return each


@given(worlds())
def test_both_sides_cost_what_their_plans_cost(world: World) -> None:
    first = world.first
    old = replace(world.plant, models=world.plant.models[:1])
    found = diff(old, world.plant, first)
    period = found.period
    planned = plan(world.plant, period.first, period.end)
    assert [each.after.usage for each in found.models] == [each.usage for each in planned.models]
    assert found.before.usage == plan(old, period.first, period.end).usage
    assert found.after.usage == planned.usage
    assert found.increase >= 0


@given(worlds())
def test_each_month_costs_what_old_plans_before_the_edit_and_new_from_then_on(world: World) -> None:
    first = world.first + 5 * DAY
    old = replace(world.plant, models=world.plant.models[:1])
    found = diff(old, world.plant, first)
    for month in found.months:
        end = (month.first + 31 * DAY).replace(day=1)
        assert month.old == plan(old, month.first, end).usage
        new = plan(world.plant, max(first, month.first), end).usage
        past = plan(old, month.first, first).usage if month.first < first else None
        assert month.new == (new + past if past else new)


def test_a_plant_against_itself_changes_nothing() -> None:
    works = berlin(model(EARLY, NIGHT), budget=Decimal(1))
    found = diff(works, works, FIRST)
    assert found.increase == 0
    assert found.percent == 0
    assert (found.added, found.removed, edits(found)) == ((), (), [])
    assert only(found).state == "same"
    assert not any(month.is_worse for month in found.months)


def test_a_model_in_another_zone_is_changed_where_its_hours_are() -> None:
    asked = model(shift("20:00-02:30", "night"))
    found = diff(berlin(asked), replace(berlin(asked), timezone="UTC"), FIRST)
    assert only(found).state == "changed"


def test_another_hour_a_day_costs_its_hours_times_units_times_rate() -> None:
    longer = shift("06:00-15:00", "early", days=frozenset(range(5)))
    found = diff(berlin(model(EARLY)), berlin(model(longer)), FIRST)
    weekdays = sum((FIRST + n * DAY).weekday() < 5 for n in range(365))
    assert found.increase == weekdays * 2 * 4
    assert found.percent == Decimal("12.5")


def test_hours_of_clock_changes_are_counted() -> None:
    always = berlin(model(shift("00:00-24:00", "always")))
    months = {month.first.month: month.new for month in diff(None, always, FIRST).months[:10]}
    assert months[4].unit_hours == 30 * 24 * 2
    assert months[10].unit_hours == (31 * 24 + 1) * 2


def test_holidays_are_counted() -> None:
    works = Calendar(name="works", holidays={dt.date(2026, 4, 3): "Good Friday"})
    open_all_year = Calendar(name="works")
    off, on = (berlin(model(EARLY, calendar=each)) for each in (works, open_all_year))
    found = diff(on, off, FIRST)
    assert found.increase == -64
    assert edits(found) == [
        Edit(key="calendars.works", old="worked on Fri 2026-04-03", new="off"),
    ]


def test_a_new_plant_has_only_added_models_and_no_percentage() -> None:
    found = diff(None, berlin(model(EARLY)), FIRST)
    assert only(found).state == "added"
    assert found.percent is None
    assert found.before.usage.cost == 0
    assert [edge.name for edge in found.added] == ["start-0540-mon-fri", "stop-1400-mon-fri"]
    assert edits(found) == []


def test_a_deleted_plant_has_only_removed_models_and_no_month_over_budget() -> None:
    found = diff(berlin(model(EARLY), budget=Decimal(1)), None, FIRST)
    assert only(found).state == "removed"
    assert found.percent == -100
    assert found.after.usage.cost == 0
    assert [edge.name for edge in found.removed] == ["start-0540-mon-fri", "stop-1400-mon-fri"]
    assert not any(month.excess for month in found.months)


def test_a_deleted_plant_still_costs_what_it_has_cost_before_in_its_first_month() -> None:
    found = diff(berlin(model(EARLY)), None, dt.date(2026, 3, 16))
    assert found.months[0].new.cost == 10 * 64
    assert found.months[0].old.cost == 22 * 64


def test_the_same_hosted_model_under_another_name_is_renamed() -> None:
    paint = model(EARLY, name="paint")
    found = only(diff(berlin(paint), berlin(replace(paint, name="lacquer")), FIRST))
    assert (found.name, found.was, found.state) == ("lacquer", "paint", "renamed")
    assert found.before == found.after


def test_another_hosted_model_under_the_same_name_is_a_changed_model() -> None:
    paint, weld = model(EARLY, name="paint"), model(EARLY, name="weld")
    found = diff(berlin(paint), berlin(replace(paint, target=weld.target)), FIRST)
    assert only(found).state == "changed"
    assert edits(found) == [
        Edit(key="hosted model", old="paint/1", new="weld/1", models=("paint",)),
    ]


def test_a_diff_is_of_the_new_plant_or_else_of_the_old_one() -> None:
    old, new = berlin(model(EARLY)), berlin(model(LATE))
    assert diff(old, new, FIRST).plant == new
    assert diff(None, new, FIRST).plant == new
    assert diff(old, None, FIRST).plant == old


def test_what_is_on_neither_side_is_no_model() -> None:
    found = only(diff(berlin(model(EARLY)), None, FIRST))
    with pytest.raises(ValueError, match="two sides"):
        _ = replace(found, old=None).name


def test_only_a_model_with_another_name_was_something_else() -> None:
    old = berlin(model(EARLY))
    for new in (old, berlin(model(LATE)), None):
        assert only(diff(old, new, FIRST)).was is None
    assert only(diff(None, old, FIRST)).was is None


def test_names_that_two_models_swap_stay_two_models() -> None:
    one, two = model(EARLY, name="one"), model(LATE, NIGHT, name="two")
    swapped = berlin(replace(one, target=two.target), replace(two, target=one.target))
    found = diff(berlin(one, two), swapped, FIRST)
    assert [(each.name, each.state) for each in found.models] == [
        ("one", "changed"),
        ("two", "changed"),
    ]


def test_every_value_of_a_model_that_changes_is_told() -> None:
    old = model(EARLY, name="paint")
    new = replace(
        old,
        target=replace(old.target, service="rekognition"),
        assignments=model(EARLY, LATE, units=3).assignments,
        units=3,
        max_units=4,
        rate=Decimal("4.125"),
        lead=dt.timedelta(minutes=45),
        bridge=dt.timedelta(0),
        calendar=Calendar(name="works"),
        enabled=False,
        manual_runs=None,
    )
    told = {each.key: (each.old, each.new) for each in edits(diff(berlin(old), berlin(new), FIRST))}
    assert told == {
        "service": ("lookoutvision", "rekognition"),
        "shifts": ("early", "early, late"),
        "units": ("2", "3 to 4"),
        "rate": ("4.00", "4.125"),
        "lead": ("20m", "45m"),
        "bridge": ("30m", "0m"),
        "calendar": (None, "works"),
        "enabled": ("true", "false"),
        "manual_runs": ("stop after 1h", "leave"),
    }


def test_every_value_of_the_plant_that_changes_is_told() -> None:
    old = berlin(model(EARLY), shifts=(EARLY,))
    new = Plant(
        name="shelbyville",
        timezone="America/New_York",
        region="us-east-1",
        models=old.models,
        account="123456789012",
        mode="watch",
        shifts=(replace(EARLY, days=frozenset({5}), every=2, first=FIRST), NIGHT),
        quotas={"rekognition": Quota(running_models=2, units_per_model=5)},
        budget=Decimal(6000),
        notify=("leads@example.com",),
        on_destroy="leave",
    )
    told = {each.key: (each.old, each.new) for each in edits(diff(old, new, FIRST))}
    assert told == {
        "plant": ("springfield", "shelbyville"),
        "timezone": ("Europe/Berlin", "America/New_York"),
        "region": ("eu-central-1", "us-east-1"),
        "account": (None, "123456789012"),
        "mode": ("act", "watch"),
        "budget.monthly": (None, "6000.00"),
        "notify": (None, "leads@example.com"),
        "on_destroy": ("stop", "leave"),
        "quotas.rekognition": (None, "2 running models, 5 units per model"),
        "shifts.early": (
            "Mon-Fri 06:00-14:00",
            "Sat 06:00-14:00 every 2 weeks from 2026-03-02",
        ),
        "shifts.night": (None, "daily 22:00-06:00"),
    }


def test_four_dollars_are_four_dollars_however_they_are_written() -> None:
    old, new = (
        berlin(replace(model(EARLY), rate=Decimal(each)), budget=Decimal(each))
        for each in ("4", "4.00")
    )
    assert edits(diff(old, new, FIRST)) == []


def test_models_that_change_alike_are_told_once() -> None:
    old = [model(EARLY, name=name) for name in ("one", "two")]
    new = [replace(each, lead=dt.timedelta(minutes=5)) for each in old]
    told = edits(diff(berlin(*old), berlin(*new), FIRST))
    assert told == [Edit(key="lead", old="20m", new="5m", models=("one", "two"))]


def test_the_same_wall_time_in_another_zone_is_another_edge() -> None:
    old = berlin(model(EARLY))
    found = diff(old, replace(old, timezone="America/New_York"), FIRST)
    assert [edge.name for edge in found.removed] == ["start-0540-mon-fri", "stop-1400-mon-fri"]
    assert [edge.name for edge in found.added] == ["start-0540-mon-fri", "stop-1400-mon-fri"]


def test_another_lead_moves_the_start_alone() -> None:
    old = model(EARLY)
    new = replace(old, lead=dt.timedelta(minutes=30))
    found = diff(berlin(old), berlin(new), FIRST)
    assert [edge.name for edge in found.removed] == ["start-0540-mon-fri"]
    assert [edge.name for edge in found.added] == ["start-0530-mon-fri"]


@pytest.mark.parametrize(
    ("max_units", "enabled", "at_least"),
    [(None, True, False), (3, True, True), (2, True, False), (3, False, False)],
)
def test_a_cost_is_at_least_that_where_the_service_may_add_units(
    *, max_units: int | None, enabled: bool, at_least: bool
) -> None:
    found = diff(None, berlin(model(EARLY, max_units=max_units, enabled=enabled)), FIRST)
    assert found.after.at_least is at_least
    assert only(found).after.at_least is at_least


@pytest.mark.parametrize(
    ("old_budget", "new_budget", "longer", "is_worse"),
    [
        (None, 3000, True, True),
        (None, None, True, False),
        (3000, 3000, True, True),
        (3000, 3000, False, False),
        (1000, 1000, False, False),
        (1000, 999, False, True),
        (1000, 1001, False, False),
        (1000, 9000, True, False),
    ],
)
def test_a_month_is_refused_that_goes_further_over_its_budget_than_before(
    *, old_budget: int | None, new_budget: int | None, longer: bool, is_worse: bool
) -> None:
    shifts = (EARLY, NIGHT) if longer else (EARLY,)
    old = berlin(model(EARLY), budget=None if old_budget is None else Decimal(old_budget))
    new = berlin(model(*shifts), budget=None if new_budget is None else Decimal(new_budget))
    # A month of 20 to 23 days of 64 dollars.
    months = diff(old, new, FIRST).months
    assert {month.is_worse for month in months} == {is_worse}


def test_a_month_that_costs_its_budget_to_the_cent_is_within_it() -> None:
    works = berlin(model(EARLY), budget=Decimal(23 * 64))
    assert not any(month.excess for month in diff(None, works, FIRST).months)
    tight = replace(works, budget=Decimal(23 * 64) - Decimal("0.01"))
    over = [month for month in diff(None, tight, FIRST).months if month.excess]
    assert {month.excess for month in over} == {Decimal("0.01")}


def test_a_limit_is_an_amount_or_a_share_of_what_was_planned() -> None:
    before = diff(berlin(model(EARLY)), None, FIRST).before.usage
    assert Limit(value=Decimal(500)).allowed(before) == 500
    assert Limit(value=Decimal(10), is_percent=True).allowed(before) == 261 * 64 / Decimal(10)


@pytest.mark.parametrize(
    ("first", "end"),
    [
        ("2026-01-01", "2027-01-01"),
        ("2026-11-22", "2027-11-22"),
        ("2028-02-29", "2029-03-01"),
        ("2027-03-01", "2028-03-01"),
    ],
)
def test_twelve_months_end_the_day_before_the_same_date(first: str, end: str) -> None:
    period = coming_year([berlin(model(EARLY))], dt.date.fromisoformat(first))
    assert period.end == dt.date.fromisoformat(end)
    assert period.is_whole


def known(first: str, last: str) -> Plant:
    works = Calendar(
        name="works", first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last)
    )
    return berlin(model(EARLY, calendar=works))


def test_the_period_is_shorter_where_holidays_of_either_side_end() -> None:
    short, long = known("2000-01-01", "2026-12-31"), berlin(model(EARLY))
    for old, new in ((short, long), (long, short), (short, None)):
        found = diff(old, new, dt.date(2026, 7, 1))
        assert (found.period.first, found.period.end) == (dt.date(2026, 7, 1), dt.date(2027, 1, 1))
        assert not found.period.is_whole
        assert [month.first.month for month in found.months] == [7, 8, 9, 10, 11, 12]


def test_the_period_begins_later_where_holidays_begin_later() -> None:
    found = diff(None, known("2026-05-10", "2030-12-31"), dt.date(2026, 1, 1))
    assert (found.period.first, found.period.end) == (dt.date(2026, 5, 10), dt.date(2027, 1, 1))
    assert found.months[0].first == dt.date(2026, 5, 1)


@pytest.mark.parametrize("first", ["2027-01-01", "0001-01-01", "9999-12-31", "1999-01-01"])
def test_a_period_of_which_nothing_is_known_is_refused(first: str) -> None:
    with pytest.raises(OutOfRange, match=f"from {first} lies within 2000-01-01 to 2026-12-31"):
        diff(None, known("2000-01-01", "2026-12-31"), dt.date.fromisoformat(first))


def test_the_last_known_day_is_a_period() -> None:
    found = diff(None, known("2000-01-01", "2026-12-31"), dt.date(2026, 12, 31))
    assert found.after.usage.cost == 64

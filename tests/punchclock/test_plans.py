"""A plan agrees with the minute-by-minute oracle, and says what it says from every side."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.errors import OutOfRange
from punchclock.plans import ModelPlan, around_the_clock, plan, shown_end
from punchclock.plants import Plant
from punchclock.shifts import Calendar
from punchclock.timetables import Run
from punchclock.windows import Window
from tests.punchclock.oracle import Job, Oracle, Span, instant
from tests.punchclock.worlds import DAY, World, at, dates, model, plant, shift, worlds

DAILY_8H = shift("08:00-16:00")
ALWAYS = shift("00:00-24:00")


def only(plant: Plant, first: str, end: str) -> ModelPlan:
    (found,) = plan(plant, dt.date.fromisoformat(first), dt.date.fromisoformat(end)).models
    return found


def as_windows(spans: list[Span]) -> tuple[Window, ...]:
    return tuple(Window(instant(s.start), instant(s.end), s.units, s.shifts) for s in spans)


def as_edges(jobs: list[Job]) -> list[tuple[object, ...]]:
    return [(instant(j.start), instant(j.ready), instant(j.stop), j.units) for j in jobs]


def edges(run: Run) -> tuple[object, ...]:
    return (run.start, run.ready, run.stop, run.units)


@st.composite
def asked(draw: st.DrawFn) -> tuple[World, dt.date, dt.date]:
    """A world, and the dates of a plan somewhere in and around it."""
    world = draw(worlds())
    first = draw(dates(world.first - DAY, world.last))
    return world, first, draw(dates(first + DAY, world.last + 3 * DAY))


@given(asked())
def test_plan_agrees_with_the_oracle(question: tuple[World, dt.date, dt.date]) -> None:
    world, first, end = question
    planned = plan(world.plant, first, end)
    assert [each.model.name for each in planned.models] == sorted(
        each.name for each in world.plant.models
    )
    for each in planned.models:
        oracle = Oracle(each.model, world.plant.zone, world.first, world.last)
        begin, finish = oracle.midnight(first), oracle.midnight(end)
        windows = [w for w in oracle.windows if begin <= w.start < finish]
        jobs = [job for job in oracle.jobs if begin <= job.ready < finish]
        assert each.windows == as_windows(windows)
        assert [edges(run) for run in each.runs] == as_edges(jobs)
        assert each.usage.unit_minutes == oracle.unit_minutes(begin, finish)


@given(asked())
def test_plan_of_a_span_is_the_sum_of_its_days(question: tuple[World, dt.date, dt.date]) -> None:
    world, first, end = question
    whole = plan(world.plant, first, end)
    days = [plan(world.plant, day, day + DAY) for day in _days(first, end)]
    assert sum(day.usage.unit_minutes for day in days) == whole.usage.unit_minutes
    assert sum(day.usage.cost for day in days) == pytest.approx(whole.usage.cost)
    for place, each in enumerate(whole.models):
        assert [r for day in days for r in day.models[place].runs] == list(each.runs)
        assert [w for day in days for w in day.models[place].windows] == list(each.windows)


def test_two_units_for_eight_hours_are_sixteen_unit_hours_and_64_dollars_a_day() -> None:
    found = only(plant("Europe/Berlin", model(DAILY_8H)), "2026-01-12", "2026-01-13")
    assert found.usage.as_json() == {
        "unit_hours": "16.00",
        "cost": {"amount": "64.00", "currency": "USD"},
    }
    (run,) = found.runs
    assert edges(run) == (
        at("2026-01-12T06:40Z"),
        at("2026-01-12T07:00Z"),
        at("2026-01-12T15:00Z"),
        2,
    )


def test_plant_sums_its_models() -> None:
    two = plant("UTC", model(DAILY_8H, name="a"), model(DAILY_8H, name="b", units=3))
    planned = plan(two, dt.date(2026, 1, 12), dt.date(2026, 1, 17))
    assert planned.usage.unit_hours == 5 * 8 * (2 + 3)
    assert planned.usage.cost == 5 * 8 * (2 + 3) * Decimal("4.00")


def test_disabled_model_is_planned_with_nothing() -> None:
    found = only(plant("UTC", model(ALWAYS, enabled=False)), "2026-01-12", "2026-02-12")
    assert not found.windows
    assert not found.runs
    assert found.usage.unit_minutes == 0


@pytest.mark.parametrize(
    ("zone", "first", "end", "hours"),
    [
        ("UTC", "2026-01-12", "2026-01-13", 24),
        ("Europe/Berlin", "2026-03-29", "2026-03-30", 23),
        ("Europe/Berlin", "2026-10-25", "2026-10-26", 25),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-05", 23.5),
        ("America/Santiago", "2026-09-06", "2026-09-07", 23),
        ("America/Havana", "2026-11-01", "2026-11-02", 25),
        ("Asia/Beirut", "2026-10-24", "2026-10-25", 25),
        ("Pacific/Apia", "2011-12-29", "2011-12-31", 24),
        ("Europe/Berlin", "2026-01-01", "2027-01-01", 365 * 24),
    ],
)
def test_model_around_the_clock_is_paid_for_the_true_hours(
    zone: str, first: str, end: str, hours: float
) -> None:
    before = dt.date.fromisoformat(first) - 400 * DAY
    found = only(plant(zone, model(shift("00:00-24:00", first=before))), first, end)
    assert found.usage.unit_hours == Decimal(2) * Decimal(hours)
    assert found.usage.cost == Decimal(8) * Decimal(hours)
    assert found.windows + found.runs == ()  # they began long before


def test_model_around_the_clock_without_a_first_day_is_paid_for_the_true_hours() -> None:
    found = only(plant("Europe/Berlin", model(ALWAYS)), "2026-03-01", "2026-04-01")
    assert found.usage.unit_hours == 2 * (31 * 24 - 1)
    assert found.windows + found.runs == ()


def test_model_around_the_clock_that_begins_in_the_span_is_shown_without_an_end() -> None:
    always = shift("00:00-24:00", first=dt.date(2026, 1, 12))
    found = only(plant("Europe/Berlin", model(always)), "2026-01-10", "2026-01-14")
    (run,), (window,) = found.runs, found.windows
    assert run.ready == window.start == at("2026-01-11T23:00Z")
    assert shown_end(run.ready, run.stop) is shown_end(window.start, window.end) is None
    assert found.usage.unit_hours == 2 * 48


def test_end_within_a_year_is_shown() -> None:
    begin = at("2026-01-01T00:00Z")
    assert shown_end(begin, begin + 365 * DAY) == begin + 365 * DAY
    assert shown_end(begin, begin + 367 * DAY) is None


def test_run_in_progress_at_the_beginning_is_paid_from_there_and_listed_where_it_began() -> None:
    night = plant("Europe/Berlin", model(shift("22:00-06:00")))
    found = only(night, "2026-01-12", "2026-01-13")
    (run,) = found.runs
    assert edges(run) == (
        at("2026-01-12T20:40Z"),
        at("2026-01-12T21:00Z"),
        at("2026-01-13T05:00Z"),
        2,
    )
    assert found.windows == run.windows
    assert found.usage.unit_hours == 2 * (6 + 2)


def test_run_whose_lead_alone_lies_in_the_span_is_neither_listed_nor_paid() -> None:
    early = plant("UTC", model(shift("00:10-08:00", days=frozenset({1}))))
    monday, tuesday = (
        only(early, "2026-01-12", "2026-01-13"),
        only(early, "2026-01-13", "2026-01-14"),
    )
    assert not monday.runs
    assert monday.usage.unit_minutes == 0
    assert [run.start for run in tuesday.runs] == [at("2026-01-12T23:50Z")]
    assert tuesday.usage.unit_minutes == 2 * 470


@pytest.mark.parametrize(
    ("zone", "day", "midnight"),
    [
        ("America/Havana", "2026-03-08", "2026-03-08T05:00Z"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00Z"),
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00Z"),
        ("America/Santiago", "2026-04-05", "2026-04-05T04:00Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z"),
        ("Asia/Beirut", "2026-10-25", "2026-10-24T22:00Z"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00Z"),
    ],
)
def test_midnight_that_a_clock_change_takes_or_doubles_parts_the_plan_once(
    zone: str, day: str, midnight: str
) -> None:
    date = dt.date.fromisoformat(day)
    always = plant(zone, model(shift("00:00-24:00", first=date - 30 * DAY)))
    before, after = date - DAY, date + DAY
    minutes = [
        plan(always, first, end).usage.unit_minutes
        for first, end in [(before, date), (date, after), (before, after)]
    ]
    assert minutes[0] + minutes[1] == minutes[2]
    begins = plant(zone, model(shift("00:00-24:00", first=date)))
    assert [run.ready for run in only(begins, day, str(after)).runs] == [at(midnight)]
    assert only(begins, str(before), day).runs == ()


@pytest.mark.parametrize(
    ("first", "end"), [("1999-12-31", "2000-01-02"), ("2049-12-30", "2050-01-02")]
)
def test_days_outside_the_known_years_are_an_error(first: str, end: str) -> None:
    with pytest.raises(OutOfRange):
        only(plant("UTC", model(DAILY_8H)), first, end)


def test_days_whose_holidays_are_not_known_are_an_error() -> None:
    works = Calendar(name="works", first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
    closed = plant("Europe/Berlin", model(DAILY_8H, calendar=works))
    assert only(closed, "2026-01-01", "2027-01-01").usage.unit_hours == 365 * 16
    with pytest.raises(OutOfRange, match="2026-12-31"):
        only(closed, "2026-12-31", "2027-01-02")
    with pytest.raises(OutOfRange, match="2026-01-01"):
        only(closed, "2025-12-31", "2026-01-02")


def _days(first: dt.date, end: dt.date) -> list[dt.date]:
    return [first + n * DAY for n in range((end - first).days)]


# Never stopping


ONE_DAY = (at("2026-03-02T00:00Z"), at("2026-03-03T00:00Z"))


def test_a_model_that_never_stops_has_the_most_units_of_its_runs():
    small, big = (
        Run(start, start, start + DAY, units, ())
        for start, units in ((ONE_DAY[0], 3), (ONE_DAY[0] + 2 * DAY, 2))
    )
    found = around_the_clock(model(DAILY_8H), [small, big], *ONE_DAY)
    assert found.unit_hours == 3 * 24


def test_a_model_that_never_stops_without_runs_has_the_most_units_of_its_shifts():
    assert around_the_clock(model(DAILY_8H, units=4), [], *ONE_DAY).unit_hours == 4 * 24


def test_a_model_that_never_stops_without_shifts_has_its_own_units():
    idle = replace(model(), units=3)
    assert around_the_clock(idle, [], *ONE_DAY).unit_hours == 3 * 24


def test_a_run_of_exactly_a_year_is_shown_without_an_end():
    start = ONE_DAY[0]
    assert shown_end(start, start + 366 * DAY) is None
    assert shown_end(start, start + 366 * DAY - dt.timedelta(minutes=1)) is not None


def test_windows_are_those_that_start_from_the_first_instant_to_before_the_last():
    found = only(plant("UTC", model(shift("00:00-08:00"))), "2026-03-02", "2026-03-04")
    assert [f"{each.start:%d}" for each in found.windows] == ["02", "03"]

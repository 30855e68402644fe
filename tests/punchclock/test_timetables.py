"""Shifts become windows, windows become runs, whichever instant or stretch one asks about."""

import datetime as dt
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.errors import OutOfRange
from punchclock.plants import Assignment, Model
from punchclock.shifts import Calendar
from punchclock.timetables import Run, Timetable, timetables
from punchclock.windows import Window
from tests.punchclock.oracle import Oracle, instant
from tests.punchclock.worlds import DAY, World, at, model, model_of, plant, shift, worlds

MINUTE = dt.timedelta(minutes=1)
EARLY, LATE, NIGHT = (
    shift("06:00-14:00", "early"),
    shift("14:00-22:00", "late"),
    shift("22:00-06:00", "night"),
)
FIRST, END = at("2026-01-12T00:00Z"), at("2026-01-13T00:00Z")


def table_of(model: Model, zone: str = "UTC") -> Timetable:
    return timetables(plant(zone, model))[model.name]


def minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def spans(runs: list[Run]) -> list[tuple[str, str, int]]:
    return [(f"{run.start:%d %H:%M}", f"{run.stop:%d %H:%M}", run.units) for run in runs]


@given(worlds(), st.integers(0, 2**32))
def test_run_and_window_at_an_instant_agree_with_the_oracle(world: World, seed: int) -> None:
    for name, table in timetables(world.plant).items():
        found = world.plant.model(name)
        assert found is not None
        oracle = Oracle(found, world.plant.zone, world.first, world.last)
        for minute in _telling_minutes(oracle, random.Random(seed)):
            run, window = table.run_at(instant(minute)), table.window_at(instant(minute))
            on = [job for job in oracle.jobs if job.start <= minute < job.stop]
            ready = [each for each in oracle.windows if each.start <= minute < each.end]
            assert (run and run.ready) == (instant(on[0].ready) if on else None)
            assert (window and window.start) == (instant(ready[0].start) if ready else None)


@given(worlds(), st.integers(0, 2**32))
def test_next_run_agrees_with_the_oracle(world: World, seed: int) -> None:
    for name, table in timetables(world.plant).items():
        found = world.plant.model(name)
        assert found is not None
        oracle = Oracle(found, world.plant.zone, world.first, world.last)
        for minute in _telling_minutes(oracle, random.Random(seed))[:12]:
            later = [job for job in oracle.jobs if job.start > minute]
            coming = table.next_run(instant(minute))
            assert (coming and coming.start) == (instant(later[0].start) if later else None)


@given(worlds(), st.lists(st.integers(-48, 600), min_size=2, max_size=6))
def test_runs_are_the_same_from_wherever_they_are_seen(world: World, hours: list[int]) -> None:
    begin = dt.datetime.combine(world.first - 3 * DAY, dt.time(), dt.UTC)
    for name, table in timetables(world.plant).items():
        whole = list(timetables(world.plant)[name].runs(begin, begin + 40 * DAY))
        for earlier, later in pairwise(hours):
            low, high = sorted((earlier, later))
            first, end = (begin + dt.timedelta(hours=each) for each in (low, high + 1))
            seen = [run for run in whole if run.start < end and run.stop > first]
            assert list(table.runs(first, end)) == seen


@given(worlds())
def test_windows_do_not_touch_and_runs_are_further_apart_than_their_reach(world: World) -> None:
    begin = dt.datetime.combine(world.first - 3 * DAY, dt.time(), dt.UTC)
    for table in timetables(world.plant).values():
        runs = table.runs(begin, begin + 40 * DAY)
        windows = [window for run in runs for window in run.windows]
        assert all(a.end < b.start for a, b in pairwise(windows))
        assert all(
            b.ready - a.stop > table.reach and b.start - a.stop > minutes(10)
            for a, b in pairwise(runs)
        )
        assert all(b.start - a.end <= table.reach for run in runs for a, b in pairwise(run.windows))


def test_touching_shifts_are_one_window_with_the_largest_units() -> None:
    assigned = [Assignment(shift=EARLY, units=2), Assignment(shift=LATE, units=4)]
    (run,) = table_of(model_of(assigned)).runs(FIRST, END)
    assert run.windows == (
        Window(at("2026-01-12T06:00Z"), at("2026-01-12T22:00Z"), 4, ("early", "late")),
    )


def test_window_within_another_adds_its_units_and_not_its_end() -> None:
    inner = shift("08:00-09:00", "inner")
    assigned = [Assignment(shift=EARLY, units=2), Assignment(shift=inner, units=3)]
    (run,) = table_of(model_of(assigned)).runs(FIRST, END)
    (window,) = run.windows
    assert (window.end, window.units) == (at("2026-01-12T14:00Z"), 3)


@pytest.mark.parametrize(
    ("lead", "bridge", "pause", "joined"),
    [
        (0, 0, 10, True),
        (0, 0, 11, False),
        (20, 0, 30, True),
        (20, 0, 31, False),
        (20, 45, 45, True),
        (20, 45, 46, False),
    ],
)
def test_pause_is_bridged_up_to_the_larger_of_bridge_and_lead_plus_ten_minutes(
    lead: int,
    bridge: int,
    pause: int,
    joined: bool,  # noqa: FBT001
) -> None:
    after = shift(f"{14 + pause // 60:02}:{pause % 60:02}-18:00", "after")
    two = model(EARLY, after, lead=minutes(lead), bridge=minutes(bridge))
    runs = table_of(two).runs(FIRST + minutes(120), END)
    assert [len(run.windows) for run in runs] == ([2] if joined else [1, 1])


def test_run_holds_the_largest_units_of_its_windows_for_its_whole_length() -> None:
    evening = shift("14:20-22:00", "evening")
    assigned = [Assignment(shift=EARLY, units=2), Assignment(shift=evening, units=4)]
    runs = list(table_of(model_of(assigned)).runs(FIRST, END))
    assert spans(runs) == [("12 05:40", "12 22:00", 4)]
    assert [window.units for window in runs[0].windows] == [2, 4]


def test_lead_begins_on_the_day_before() -> None:
    table = table_of(model(shift("00:10-08:00"), lead=minutes(30)))
    run = table.run_at(at("2026-01-11T23:45Z"))
    assert run is not None
    assert (run.start, run.ready) == (at("2026-01-11T23:40Z"), at("2026-01-12T00:10Z"))
    assert table.window_at(at("2026-01-11T23:45Z")) is None


def test_run_is_on_from_its_start_until_just_before_its_stop() -> None:
    table = table_of(model(EARLY))
    on = [at(f"2026-01-12T{time}Z") for time in ("05:39", "05:40", "13:59", "14:00")]
    assert [table.run_at(now) is not None for now in on] == [False, True, True, False]


def test_runs_that_only_touch_the_stretch_are_not_in_it() -> None:
    table = table_of(model(EARLY))
    assert table.runs(at("2026-01-12T14:00Z"), at("2026-01-13T05:40Z")) == []
    assert len(table.runs(at("2026-01-12T13:59Z"), at("2026-01-13T05:41Z"))) == 2


def test_model_around_the_clock_has_one_run_from_the_first_known_day_to_the_last() -> None:
    table = table_of(model(EARLY, LATE, NIGHT))
    run = table.run_at(at("2026-06-15T12:00Z"))
    assert run is not None
    assert (run.ready, run.stop) == (at("2000-01-01T06:00Z"), at("2050-01-01T06:00Z"))
    assert run == table.run_at(at("2031-06-15T12:00Z"))
    assert table.next_run(at("2026-06-15T12:00Z")) is None


def test_model_bridged_around_the_clock_is_one_run_of_many_windows() -> None:
    since = shift("06:00-22:00", first=dt.date(2024, 1, 1))
    table = table_of(model(since, bridge=minutes(480)))
    run = table.run_at(at("2026-06-15T12:00Z"))
    assert run is not None
    assert run.ready == at("2024-01-01T06:00Z")
    assert table.window_at(at("2026-06-15T03:00Z")) is None
    assert table.window_at(at("2026-06-15T21:59Z")) is not None


def test_a_run_that_bridges_each_night_by_all_it_can_ends_on_its_last_day() -> None:
    before = shift("06:00-14:00", "before", first=dt.date(2026, 2, 27), last=dt.date(2026, 2, 27))
    daily = shift("00:00-14:00", first=dt.date(2026, 3, 1), last=dt.date(2026, 3, 30))
    run = table_of(model(before, daily, bridge=minutes(600))).run_at(at("2026-03-02T12:00Z"))
    assert run is not None
    assert (run.ready, run.stop) == (at("2026-03-01T00:00Z"), at("2026-03-30T14:00Z"))


def test_a_run_that_bridges_each_week_goes_from_its_first_to_its_last() -> None:
    mondays = shift(
        "06:00-14:00",
        days=frozenset({0}),
        first=dt.date(2026, 1, 5),
        last=dt.date(2026, 3, 30),
    )
    run = table_of(model(mondays, bridge=6 * DAY + minutes(960))).run_at(at("2026-02-12T00:00Z"))
    assert run is not None
    assert (run.ready, run.stop) == (at("2026-01-05T06:00Z"), at("2026-03-30T14:00Z"))


def test_next_run_is_the_first_that_starts_after_the_instant() -> None:
    weekly = shift("06:00-14:00", days=frozenset({0}))
    table = table_of(model(weekly))
    during = table.next_run(at("2026-01-12T05:40Z"))
    before = table.next_run(at("2026-01-12T05:39Z"))
    assert during is not None
    assert before is not None
    assert (during.ready, before.ready) == (at("2026-01-19T06:00Z"), at("2026-01-12T06:00Z"))
    assert table.next_run(at("2026-01-12T05:40Z"), within=6 * DAY) is None


@pytest.mark.parametrize(("days", "is_found"), [(366, True), (367, False)])
def test_next_run_is_looked_for_a_leap_year_ahead(days, is_found) -> None:
    now = at("2026-01-12T06:00Z")
    once = shift("06:00-14:00", first=(now + days * DAY).date())
    assert (table_of(model(once)).next_run(now) is not None) is is_found


def test_search_for_the_next_run_ends_where_holidays_are_known_no_longer() -> None:
    works = Calendar(name="works", last=dt.date(2026, 12, 31))
    monday = shift("06:00-14:00", days=frozenset({0}))
    table = table_of(model(monday, calendar=works))
    last = table.next_run(at("2026-12-27T12:00Z"))
    assert last is not None
    assert last.ready == at("2026-12-28T06:00Z")
    assert table.next_run(at("2026-12-28T12:00Z")) is None
    thursday = shift("06:00-14:00", days=frozenset({3}))
    run = table_of(model(thursday, calendar=works)).next_run(at("2026-12-28T12:00Z"))
    assert run is not None
    assert run.ready == at("2026-12-31T06:00Z")
    assert table.run_at(at("2026-12-31T23:59Z")) is None


def test_instant_outside_the_known_days_is_an_error() -> None:
    works = Calendar(name="works", first=dt.date(2026, 1, 1), last=dt.date(2026, 12, 31))
    table = table_of(model(EARLY, calendar=works), "Europe/Berlin")
    for now in ("2025-12-31T22:59Z", "2026-12-31T23:00Z"):
        with pytest.raises(OutOfRange, match="2026-01-01 to 2026-12-31"):
            table.run_at(at(now))
    assert table.run_at(at("2025-12-31T23:00Z")) is None


def test_models_that_work_alike_share_a_timetable_and_others_do_not() -> None:
    works = Calendar(name="works")
    models = [
        model(EARLY, name="a"),
        model(EARLY, name="b"),
        model(EARLY, name="units", units=3),
        model(EARLY, name="lead", lead=minutes(21)),
        model(EARLY, name="bridge", bridge=minutes(31)),
        model(EARLY, name="calendar", calendar=works),
        model(EARLY, name="disabled", enabled=False),
        model(LATE, name="late"),
    ]
    found = timetables(plant("UTC", *models))
    assert found["a"] is found["b"]
    assert len({id(table) for table in found.values()}) == len(models) - 1


def test_disabled_model_is_never_on() -> None:
    table = table_of(model(EARLY, enabled=False))
    assert table.run_at(at("2026-01-12T08:00Z")) is None
    assert table.next_run(at("2026-01-12T08:00Z")) is None


def _telling_minutes(oracle: Oracle, chance: random.Random) -> list[int]:
    """Edges and their neighbours, in no order, and some other minutes."""
    edges = [edge for job in oracle.jobs for edge in (job.start, job.ready, job.stop)]
    edges += [edge for window in oracle.windows for edge in (window.start, window.end)]
    begin = oracle.midnight(oracle.first)
    found = [edge + n for edge in edges for n in (-1, 0)]
    found += [begin + chance.randrange(20 * 1440) for _ in range(20)]
    return chance.sample(found, min(len(found), 60))

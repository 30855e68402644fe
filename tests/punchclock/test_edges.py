"""The schedules of a plant fire whenever one of its runs starts or stops."""

import calendar
import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.crons import Days, matching, weekly
from punchclock.edges import Edge, edges
from punchclock.localtime import DAY
from punchclock.plants import Assignment, Model, Plant, Target
from punchclock.shifts import Shift
from punchclock.timetables import timetables

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
RULES = (
    "FREQ=MONTHLY;BYDAY=1SU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
    "FREQ=YEARLY;BYMONTH=12;BYDAY=2TU",
    "FREQ=YEARLY;BYWEEKNO=7;BYDAY=WE",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=SA,SU",
    "FREQ=DAILY;INTERVAL=5",
)
BEGIN, END = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2026, 2028))
NAMES = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def shift(start: str, end: str, name: str = "early", **more: object) -> Shift:
    begins, ends = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    return Shift(name=name, start=begins, end=ends, overnight=ends <= begins, **more)  # type: ignore[arg-type]


def model(name: str, *shifts: Shift, **more: object) -> Model:
    target = Target(service="lookoutvision", key=name, batch=name, address={})
    assignments = tuple(Assignment(shift=each, units=2) for each in shifts)
    return Model(name=name, target=target, assignments=assignments, rate=Decimal(4), **more)  # type: ignore[arg-type]


def plant(*models: Model, timezone: str = "Europe/Berlin") -> Plant:
    return Plant(name="springfield", timezone=timezone, region="eu-central-1", models=models)


def crons(*models: Model) -> dict[str, str]:
    return {edge.name: edge.cron for edge in edges(plant(*models))}


def minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)


# What people read ---------------------------------------------------------------------------------


def test_a_start_is_asked_for_a_lead_before_the_shift_and_a_stop_at_its_end():
    weekdays = frozenset(range(5))
    assert crons(model("paint", shift("06:00", "14:00", days=weekdays))) == {
        "start-0540-mon-fri": "cron(40 5 ? * MON-FRI *)",
        "stop-1400-mon-fri": "cron(0 14 ? * MON-FRI *)",
    }


def test_a_start_that_falls_on_the_previous_day_moves_the_weekdays_with_it():
    saturday = shift("00:10", "06:00", days=frozenset({5}))
    assert "start-2350-fri" in crons(model("paint", saturday))


def test_a_lead_of_days_moves_the_weekdays_by_days():
    monday = shift("06:00", "14:00", days=frozenset({0}))
    assert "start-0600-fri" in crons(model("paint", monday, lead=3 * DAY))


def test_an_overnight_shift_ends_on_the_next_day():
    night = shift("22:00", "06:00", days=frozenset({6, 0, 1, 2, 3}))
    assert crons(model("paint", night)) == {
        "start-2140-sun-thu": "cron(40 21 ? * SUN-THU *)",
        "stop-0600-mon-fri": "cron(0 6 ? * MON-FRI *)",
    }


def test_days_that_wrap_around_the_end_of_the_week_are_a_list():
    weekend = shift("06:00", "14:00", days=frozenset({4, 5, 6, 0}))
    assert crons(model("paint", weekend, lead=minutes(0))) == {
        "start-0600-sun_mon_fri_sat": "cron(0 6 ? * SUN,MON,FRI,SAT *)",
        "stop-1400-sun_mon_fri_sat": "cron(0 14 ? * SUN,MON,FRI,SAT *)",
    }


def test_a_daily_shift_fires_on_every_day_of_the_month():
    assert crons(model("paint", shift("06:00", "14:00")))["stop-1400-daily"] == (
        "cron(0 14 * * ? *)"
    )


def test_a_lead_of_part_of_a_minute_fires_at_the_minute_before():
    short = model("paint", shift("06:00", "14:00"), lead=dt.timedelta(seconds=45))
    assert "start-0559-daily" in crons(short)


def test_models_with_different_leads_have_different_edges_and_share_the_stop():
    day = shift("06:00", "14:00")
    found = edges(plant(model("paint", day), model("dents", day, lead=minutes(30))))
    assert {edge.name: edge.models for edge in found} == {
        "start-0530-daily": ("dents",),
        "start-0540-daily": ("paint",),
        "stop-1400-daily": ("dents", "paint"),
    }


def test_a_thousand_models_of_one_shift_have_the_edges_of_one():
    day = shift("06:00", "14:00")
    many = edges(plant(*(model(f"model-{n}", day) for n in range(1000))))
    assert [edge.name for edge in many] == ["start-0540-daily", "stop-1400-daily"]


def test_a_disabled_model_has_no_edges():
    assert not crons(model("paint", shift("06:00", "14:00"), enabled=False))


def test_a_shift_that_never_fires_has_no_edges():
    assert not crons(
        model("paint", shift("06:00", "14:00", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))
    )


def test_a_start_is_useful_until_the_shortest_shift_behind_it_has_ended():
    short, long = shift("06:00", "07:00", "short"), shift("06:00", "14:00", "long")
    found = edges(plant(model("paint", short), model("dents", long)))
    assert found[0].useful == dt.timedelta(hours=1, minutes=20)
    assert found[0].shifts == ("long", "short")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=1SU", "? * SUN#1"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "? * 6L"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "1,15 * ?"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "L * ?"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1", "1 3,9 ?"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=2TU", "? 12 TUE#2"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=SA,SU", "? * SUN,SAT"),
        ("FREQ=DAILY;INTERVAL=5", "* * ?"),
        ("FREQ=DAILY;BYMONTH=6,7,8", "* 6-8 ?"),
    ],
)
def test_a_recurrence_becomes_the_narrowest_cron_that_covers_it(rule, expected):
    stop = crons(model("paint", shift("06:00", "14:00", rrule=rule)))
    assert [cron for name, cron in stop.items() if name.startswith("stop")] == [
        f"cron(0 14 {expected} *)"
    ]


def test_the_first_sunday_moved_to_the_day_before_is_any_saturday():
    audit = shift("00:10", "02:00", rrule="FREQ=MONTHLY;BYDAY=1SU")
    assert "start-2350-sat" in crons(model("paint", audit))


def test_the_end_of_a_shift_by_date_does_not_narrow_its_days():
    ended = shift("06:00", "14:00", rrule="FREQ=DAILY", last=dt.date(2026, 1, 2))
    assert "stop-1400-daily" in crons(model("paint", ended))


def test_a_name_is_short_and_unique_however_many_days_it_lists():
    odd = ",".join(str(day) for day in range(1, 28, 2))
    long = [f"FREQ=YEARLY;BYMONTHDAY={odd};BYMONTH={months}" for months in ("1,3,5,7,9", "1,3,5,7")]
    found = edges(
        plant(model("paint", *(shift("06:00", "14:00", name, rrule=name) for name in long)))
    )
    assert len({edge.name for edge in found}) == 4
    assert all(re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", edge.name) for edge in found)
    assert all(len(edge.cron) <= 256 for edge in found)


def test_a_name_of_64_characters_is_left_as_it_is_and_a_longer_one_cut_to_them():
    days = [Days(of_month=f"1,{'2' * digits}") for digits in (47, 48)]
    edge = edges(plant(model("paint", shift("06:00", "14:00"))))[0]
    whole, cut = (replace(edge, days=each).name for each in days)
    assert whole == f"start-0540-day-1_{'2' * 47}"
    assert (len(whole), len(cut)) == (64, 64)
    assert cut.startswith(f"start-0540-day-1_{'2' * 38}-")


def test_a_shift_without_any_days_has_no_edges():
    assert crons(model("paint", shift("06:00", "14:00", days=frozenset()))) == {}


def test_a_rule_is_counted_from_the_first_date_of_its_shift():
    odd = shift("06:00", "14:00", rrule="FREQ=YEARLY;INTERVAL=99", first=dt.date(2026, 5, 4))
    assert crons(model("paint", odd))["stop-1400-day-4-month-5"] == "cron(0 14 4 5 ? *)"


def test_an_edge_names_its_models_and_shifts_in_their_order():
    names = [f"m{number}" for number in range(9)]
    shifts = [shift("06:00", "14:00", f"s{number}") for number in range(9)]
    start, stop = edges(plant(*(model(name, *reversed(shifts)) for name in reversed(names))))
    assert start.models == stop.models == tuple(names)
    assert start.shifts == stop.shifts == tuple(each.name for each in shifts)


def test_no_days_at_all_are_covered_by_nothing():
    assert matching([]) is None


def test_weekdays_are_written_by_name():
    assert weekly({0, 2}).of_week == "MON,WED"


# What they cover ----------------------------------------------------------------------------------


def fires(edge: Edge, local: dt.datetime) -> bool:
    """Whether a cron fires in a minute of the wall clock; written from the scheduler's guide."""
    minute, hour, of_month, month, of_week, year = edge.cron[len("cron(") : -1].split()
    assert year == "*"
    assert (of_month == "?") != (of_week == "?")
    return (
        (local.hour, local.minute) == (int(hour), int(minute))
        and (month == "*" or local.month in numbers(month))
        and (of_month == "?" or falls_on_date(of_month, local.date()))
        and (of_week == "?" or falls_on_weekday(of_week, local.date()))
    )


def falls_on_date(field: str, day: dt.date) -> bool:
    if field == "L":
        return day.day == calendar.monthrange(day.year, day.month)[1]
    return field == "*" or day.day in numbers(field)


def falls_on_weekday(field: str, day: dt.date) -> bool:
    if field.endswith("L"):
        ends_its_month = (day + 7 * DAY).month != day.month
        return ends_its_month and day.isoweekday() % 7 + 1 == int(field[:-1])
    if "#" in field:
        name, turn = field.split("#")
        return NAMES[day.weekday()] == name and (day.day + 6) // 7 == int(turn)
    if "-" in field:
        order = ("SUN", *NAMES[:-1])
        first, last = (order.index(name) for name in field.split("-"))
        return NAMES[day.weekday()] in order[first : last + 1]
    return NAMES[day.weekday()] in field.split(",")


def numbers(field: str) -> set[int]:
    first, dash, last = field.partition("-")
    return (
        set(range(int(first), int(last) + 1)) if dash else {int(each) for each in field.split(",")}
    )


times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@st.composite
def drawn_shifts(draw: st.DrawFn, name: str) -> Shift:
    start, end = draw(st.tuples(times, times).filter(lambda both: both[0] != both[1]))
    days: dict[str, object] = {"rrule": draw(st.sampled_from(RULES))}
    if draw(st.booleans()):
        days = {
            "days": draw(st.frozensets(st.integers(0, 6), min_size=1)),
            "every": draw(st.integers(1, 3)),
        }
    first = draw(st.dates(dt.date(2025, 11, 1), dt.date(2026, 3, 1)))
    return Shift(name=name, start=start, end=end, overnight=end < start, first=first, **days)  # type: ignore[arg-type]


@st.composite
def drawn_plants(draw: st.DrawFn) -> Plant:
    shifts = [draw(drawn_shifts(f"shift-{n}")) for n in range(draw(st.integers(1, 3)))]
    models = [
        model(
            f"model-{n}",
            *draw(st.lists(st.sampled_from(shifts), min_size=1, unique=True)),
            lead=dt.timedelta(seconds=draw(st.integers(0, 3 * 3600))),
            bridge=minutes(draw(st.integers(0, 300))),
        )
        for n in range(draw(st.integers(1, 2)))
    ]
    return plant(*models, timezone=draw(st.sampled_from(ZONES)))


@given(drawn_plants())
def test_every_start_and_stop_of_two_years_is_an_edge_but_around_clock_changes(world):
    found = edges(world)
    tables = timetables(world)
    for each in world.models:
        for run in tables[each.name].runs(BEGIN, END):
            wanted = {"start": (run.start, run.ready), "stop": (run.stop, run.stop)}
            for kind, (instant, counted_from) in wanted.items():
                if not steady(world, instant) or not steady(world, counted_from):
                    continue
                local = instant.astimezone(world.zone)
                assert any(
                    fires(edge, local)
                    for edge in found
                    if edge.kind == kind and each.name in edge.models
                ), f"{each.name} is to {kind} at {local}"


def steady(world: Plant, instant: dt.datetime) -> bool:
    """Whether the zone's clocks do not change within a day of an instant."""
    around = ((instant + days * DAY).astimezone(world.zone) for days in (-1, 0, 1))
    return len({local.utcoffset() for local in around}) == 1


@given(drawn_plants())
def test_edges_are_distinct_and_in_the_order_of_their_names(world):
    names = [edge.name for edge in edges(world)]
    assert names == sorted(set(names))
    assert len({(edge.kind, edge.cron) for edge in edges(world)}) == len(names)

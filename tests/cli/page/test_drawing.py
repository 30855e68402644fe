"""What a page shows, as values: before any browser has seen it."""

import datetime as dt
from dataclasses import replace

import pytest

from cli.page.drawing import sheet
from cli.page.sheet import Kind
from plantfile.reader import parse
from punchclock import plans
from punchclock.costs import two_decimals
from punchclock.minutes import Span
from punchclock.timecards import Origin, Timecard
from tests.cli.page.mornings import LATE, MANUAL, NEVER, at, card, happened, morning, used
from tests.cli.typed import SPRINGFIELD, answered

PLANT = """
plant: demo
timezone: ZONE
region: eu-central-1
calendars:
  works: {holidays: DE-BY, closed: [2026-12-24], open: [2026-11-01]}
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  late: {days: Mon-Fri, start: 14:00, end: 22:00}
  split: {days: Mon-Fri, start: 14:20, end: 22:00}
  night: {days: daily, start: 22:00, end: 06:00}
  always: {days: daily, start: 00:00, end: 24:00}
models:
  a: {service: lookoutvision, project: a, version: "1", shifts: [SHIFTS], calendar: works}
"""


def asked(shifts: str, first: str, end: str, zone: str = "Europe/Berlin", calendar: str = "works"):
    """Return the plan of one model."""
    text = PLANT.replace("SHIFTS", shifts).replace("ZONE", zone)
    text = text.replace(", calendar: works}", f", calendar: {calendar}}}" if calendar else "}")
    plant = parse(text.encode(), "plant.yaml")
    return plans.plan(plant, dt.date.fromisoformat(first), dt.date.fromisoformat(end))


def drawn(shifts: str, first: str, end: str, zone: str = "Europe/Berlin", calendar: str = "works"):
    """Return the page of a plan."""
    return sheet(asked(shifts, first, end, zone, calendar))


def bars(cell):
    """Return what is drawn in a cell: kind, label, left and right in percent."""
    return [
        (
            bar.span.kind,
            bar.span.label,
            bar.place.left / 100,
            (bar.place.left + bar.place.width) / 100,
        )
        for bar in cell.bars
    ]


def only(found, kind):
    """Return the stretches of one kind on the page."""
    return [
        (bar.span.begin, bar.span.end)
        for week in found.weeks
        for row in week.rows
        for cell in row.cells
        for bar in cell.bars
        if bar.span.kind is kind
    ]


# Days


def test_a_lead_two_shifts_and_their_seam_are_drawn_to_the_hour():
    [week] = drawn("early, late", "2026-03-02", "2026-03-03").weeks
    [cell] = week.rows[0].cells
    assert bars(cell) == [
        (Kind.LEAD, "", pytest.approx(23.61), 25),
        (Kind.SHIFT, "early", 25, pytest.approx(58.33)),
        (Kind.SHIFT, "late", pytest.approx(58.33), pytest.approx(91.67)),
    ]


def test_a_joined_pause_is_drawn_between_its_shifts():
    found = drawn("early, split", "2026-03-02", "2026-03-03")
    thirteen = dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC)
    assert only(found, Kind.PAUSE) == [(thirteen, thirteen + dt.timedelta(minutes=20))]


def test_a_night_is_drawn_on_both_of_its_days_and_tells_where_it_goes_on():
    [week] = drawn("night", "2026-03-02", "2026-03-04").weeks
    first, second = (
        [(bar.opens, bar.closes) for bar in cell.bars if bar.span.kind is Kind.SHIFT]
        for cell in week.rows[0].cells
    )
    assert first == [(False, True), (True, False)]
    assert second == [(False, True), (True, False)]


def test_the_hour_that_is_missing_and_the_one_that_comes_twice_are_marked():
    [spring] = drawn("night", "2026-03-29", "2026-03-30").weeks[0].days
    [mark] = spring.marks
    assert mark.text == "clocks forward 02:00 to 03:00"
    assert mark.place.left == pytest.approx(10_000 * 2 / 23, abs=1)
    assert mark.place.width == 0
    [autumn] = drawn("night", "2026-10-25", "2026-10-26").weeks[0].days
    [mark] = autumn.marks
    assert mark.text == "clocks back 03:00 to 02:00"
    assert mark.place.left == pytest.approx(10_000 * 2 / 25, abs=1)
    assert mark.place.width == pytest.approx(10_000 * 2 / 25, abs=1)


def test_hours_lie_where_they_are_on_a_day_of_23_and_a_missing_one_is_not_there():
    [day] = drawn("night", "2026-03-29", "2026-03-30").weeks[0].days
    assert [(tick.text, round(tick.place.left / 100, 1)) for tick in day.ticks][:4] == [
        ("0", 0),
        ("4", pytest.approx(100 * 3 / 23, abs=0.1)),
        ("6", pytest.approx(100 * 5 / 23, abs=0.1)),
        ("8", pytest.approx(100 * 7 / 23, abs=0.1)),
    ]


def test_a_date_that_the_zone_skips_has_no_column():
    [week] = drawn("night", "2011-12-29", "2012-01-01", "Pacific/Apia").weeks
    assert [day.day.day for day in week.days] == [29, 31]


def test_days_that_the_zone_has_not_are_no_week_at_all():
    found = drawn("night", "2011-12-30", "2011-12-31", "Pacific/Apia")
    assert (found.weeks, found.bill.usage.cost) == ((), 0)


def test_holidays_closures_and_holidays_that_are_worked_have_their_names():
    christmas = drawn("early", "2026-12-24", "2026-12-26").weeks[0]
    assert [day.closures for day in christmas.days] == [("closed",), ("Christmas Day",)]
    assert [cell.closure for cell in christmas.rows[0].cells] == ["closed", "Christmas Day"]
    [saints] = drawn("early", "2026-11-01", "2026-11-02").weeks[0].days
    assert saints.closures == ("All Saints' Day: worked",)


def test_what_is_endless_is_drawn_on_every_day_and_listed_without_an_end():
    found = drawn("always", "2026-11-02", "2026-11-04", calendar="")
    assert [len(cell.bars) for cell in found.weeks[0].rows[0].cells] == [1, 1]
    [line] = drawn("always", "2026-11-02", "2026-11-04", calendar="").lines
    assert line.stop == (None, None)


# Weeks


@pytest.mark.parametrize(
    ("first", "end", "blocks"),
    [
        ("2026-03-02", "2026-03-03", ["Mon-Mon"]),
        ("2026-03-04", "2026-03-12", ["Wed-Wed"]),
        ("2026-03-04", "2026-03-17", ["Wed-Sun", "Mon-Sun", "Mon-Mon"]),
    ],
)
def test_more_days_than_fit_in_one_block_are_calendar_weeks(first, end, blocks):
    weeks = drawn("early", first, end).weeks
    assert [f"{week.days[0].day:%a}-{week.days[-1].day:%a}" for week in weeks] == blocks


# Money


def test_a_page_of_a_plan_costs_what_the_json_says_by_model_by_day_and_in_all():
    week = ("--from", "2026-03-23", "--to", "2026-03-30")
    told = answered("plan", SPRINGFIELD, *week)
    plant = parse(SPRINGFIELD.read_bytes(), "springfield.yaml")
    found = sheet(plans.plan(plant, dt.date(2026, 3, 23), dt.date(2026, 3, 30)))
    assert {model.name: two_decimals(bill.usage.cost) for model, bill in found.bills} == {
        name: each["cost"]["amount"] for name, each in told["models"].items()
    }
    assert two_decimals(found.bill.usage.cost) == told["cost"]["amount"]
    days = [day.bill for week in found.weeks for day in week.days]
    assert sum(bill.usage.cost for bill in days) == found.bill.usage.cost
    assert sum(bill.always.cost for bill in days) == found.bill.always.cost
    assert [week.bill.usage for week in found.weeks] == [found.bill.usage]


def test_a_rehearsed_day_costs_what_its_cards_say_and_is_held_against_the_plan():
    [week] = morning(happened()).weeks
    [day] = week.days
    assert two_decimals(day.bill.usage.cost) == two_decimals(
        LATE.usage.cost + NEVER.usage.cost + MANUAL.usage.cost
    )
    assert two_decimals(day.bill.planned.cost) == "72.00"
    assert week.bill == day.bill


# What happened


def test_a_late_start_and_a_failure_in_between_are_drawn_as_wanted_and_not_there():
    found = morning(happened(LATE))
    assert only(found, Kind.STARTING) == [(at("05:40"), at("06:00"))]
    assert only(found, Kind.LATE) == [(at("06:00"), at("06:10")), (at("10:00"), at("10:12"))]
    assert only(found, Kind.RUNNING) == [(at("06:10"), at("10:00")), (at("10:12"), at("12:00"))]
    assert only(found, Kind.STOPPING) == [(at("12:00"), at("12:02"))]


def test_what_was_never_ready_is_late_until_it_was_given_up():
    found = morning(happened(NEVER))
    assert only(found, Kind.LATE) == [(at("06:00"), at("09:00"))]
    assert only(found, Kind.RUNNING) == []
    [line] = [line for line in found.lines if line.card]
    assert not line.in_time


def test_a_run_in_time_is_nowhere_late():
    prompt = replace(LATE, ready=at("05:50"), spans=(Span(begin=at("05:50"), end=at("12:00")),))
    assert only(morning(happened(prompt)), Kind.LATE) == []
    assert flags(morning(happened(prompt))) == []


def test_what_was_late_says_so_in_words():
    assert flags(morning(happened(LATE, NEVER))) == ["10 min late", "never ready"]


def test_what_began_before_the_days_of_a_page_is_not_called_late_on_it():
    plan = asked("always", "2026-03-02", "2026-03-03", calendar="")
    [run] = plan.models[0].touching
    anew = Timecard.planned(plan.models[0].model, run, at("05:00"), Origin.PLANNED)
    found = sheet(plan, replace(happened(), counted={"a": ()}, cards=(anew,)))
    assert [line.counts for line in found.lines] == [False]
    assert flags(found) == []


def flags(found):
    """Return what is written into bars beside the names of their shifts."""
    cells = [cell for week in found.weeks for row in week.rows for cell in row.cells]
    return [bar.span.flag for cell in cells for bar in cell.bars if bar.span.flag]


def test_what_a_person_started_has_a_line_of_its_own_in_nobodys_plan():
    found = morning(happened(MANUAL))
    assert only(found, Kind.UNSCHEDULED) == [(at("13:00"), at("14:00"))]
    [line] = [line for line in found.lines if line.run is None]
    assert (line.note, line.asked, line.counts) == ("in nobody's plan", (None, None), True)


def test_overtime_that_somebody_asked_for_is_drawn_as_such():
    extended = card(
        "boards",
        overtime=(Span(begin=at("12:00"), end=at("13:30")),),
        spans=(Span(begin=at("05:50"), end=at("13:30")),),
        ready=at("05:50"),
        stopped=at("13:32"),
        days=used(460),
    )
    found = morning(happened(extended))
    assert only(found, Kind.OVERTIME) == [(at("12:00"), at("13:30"))]
    assert Kind.OVERTIME in found.kinds
    kinds = [bar.span.kind for bar in found.weeks[0].rows[0].cells[0].bars]
    assert kinds.index(Kind.OVERTIME) < kinds.index(Kind.RUNNING), "it would hide what ran"


def test_what_is_still_on_is_drawn_up_to_the_end_of_what_is_known():
    card = replace(LATE, spans=(Span(begin=at("06:10")),), stopped=None)
    assert only(morning(happened(card)), Kind.RUNNING) == [(at("06:10"), at("16:00"))]


def test_a_rehearsal_shows_the_day_after_too_where_its_runs_end_and_holds_no_24_7_against_it():
    plan = asked("night", "2026-03-02", "2026-03-03")
    [week] = sheet(plan, replace(happened(), counted={"a": ()}, cards=())).weeks
    assert [(day.day.day, day.asked) for day in week.days] == [(2, True), (3, False)]
    assert [two_decimals(day.bill.planned.cost) for day in week.days] == ["16.00", "48.00"]
    assert [two_decimals(day.bill.always.cost) for day in week.days] == ["192.00", "0.00"]


def test_the_legend_has_what_is_drawn_and_nothing_else():
    assert drawn("early", "2026-03-02", "2026-03-03").kinds == (Kind.LEAD, Kind.SHIFT)
    assert Kind.UNSCHEDULED in morning(happened()).kinds

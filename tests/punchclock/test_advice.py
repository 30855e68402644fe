"""What is probably a mistake, and what the clocks, holidays and quotas will do, is told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from punchclock.advice.outlook import Advice, Outlook
from punchclock.advice.survey import advise
from punchclock.edges import edges
from punchclock.plants import Assignment, Model, Plant, Quota
from punchclock.shifts import Calendar, Shift
from punchclock.spellings import both, listed, spelled
from punchclock.timetables import timetables
from rehearsal.schedules import firings
from tests.punchclock.worlds import DAY, World, at, model, model_of, shift, worlds

TODAY = dt.date(2026, 11, 22)
WEEK = frozenset(range(5))
NO_BRIDGE: dict[str, Any] = {"lead": dt.timedelta(), "bridge": dt.timedelta()}


def plant(*models: Model, zone: str = "Europe/Berlin", **more: Any) -> Plant:
    shifts = {each.shift.name: each.shift for one in models for each in one.assignments}
    more = {"shifts": tuple(shifts.values()), **more}
    return Plant(name="springfield", timezone=zone, region="eu-central-1", models=models, **more)


def told(asked: Plant, today: dt.date = TODAY, **more: Any) -> list[Advice]:
    return list(advise(asked, today, **more))


def said(asked: Plant, *path: str, today: dt.date = TODAY) -> list[str]:
    return [each.message for each in told(asked, today) if each.path == path]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def works(*closed: str, **more: Any) -> Calendar:
    return Calendar(name="works", closed=frozenset(map(day, closed)), **more)


def test_a_plain_plant_has_nothing_to_tell():
    assert told(plant(model(shift("06:00-14:00", days=WEEK)))) == []


# What is looked at


def test_the_same_date_of_next_year_is_still_looked_at():
    outlook = Outlook.of(plant(), TODAY)
    assert outlook.days(None, 366) == (TODAY, day("2027-11-22"))
    assert outlook.span(None, 366) == (at("2026-11-21T23:00Z"), at("2027-11-22T23:00Z"))


@pytest.mark.parametrize(
    ("last", "hours"),
    [("2026-11-01", 0), ("2026-11-21", 0), ("2026-11-22", 24), ("2026-11-23", 48)],
)
def test_of_a_calendar_nothing_is_looked_at_beyond_its_last_day(last, hours):
    begin, end = Outlook.of(plant(), TODAY).span(works(last=day(last)), 366)
    assert end - begin == dt.timedelta(hours=hours)


def test_the_runs_of_the_coming_days_are_looked_at_and_no_others():
    asked = model(shift("06:00-14:00", "early"), **NO_BRIDGE)
    found = Outlook.of(plant(asked), TODAY).runs(asked, 7)
    assert [f"{run.start:%m-%d}" for run in found] == [f"11-{each}" for each in range(22, 29)]


# What never works


def test_a_shift_that_no_model_works_is_a_warning():
    (found,) = told(plant(shifts=(shift("06:00-14:00", "late"),)))
    assert (found.severity, found.path) == ("warning", ("shifts", "late"))
    assert found.message == "no model works this shift"


def test_a_shift_that_only_a_disabled_model_works_is_a_note():
    (found,) = told(plant(model(shift("06:00-14:00", "late"), enabled=False)))
    assert (found.severity, found.path) == ("note", ("shifts", "late"))
    assert found.message == "only disabled models work this shift: model"


def test_a_shift_that_has_ended_is_a_warning_with_its_date():
    ended = shift("06:00-14:00", "late", last=day("2026-11-21"))
    (found,) = told(plant(model(ended)))
    assert (found.severity, found.path) == ("warning", ("shifts", "late"))
    assert found.message.startswith("ended on 2026-11-21")


def test_a_shift_that_ends_today_still_fires():
    assert told(plant(model(shift("06:00-14:00", last=TODAY)))) == []


def test_a_recurrence_that_names_no_day_is_a_warning():
    never = shift("06:00-14:00", "late", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    (found,) = told(plant(model(never)))
    assert (found.severity, found.path) == ("warning", ("shifts", "late"))
    assert found.message == (
        "never starts from 2026-11-22 on: rrule FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 names no day"
        " that its dates allow"
    )


def test_a_recurrence_that_names_no_day_has_not_ended_before_its_last_date():
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    for last in (TODAY, TODAY + DAY):
        (found,) = told(plant(model(shift("06:00-14:00", "late", rrule=rule, last=last))))
        assert f"rrule {rule} names no day" in found.message


def test_a_shift_whose_dates_have_none_of_its_weekdays_is_a_warning():
    sunday = shift("06:00-14:00", "late", days=frozenset({6}), first=TODAY + DAY, last=TODAY + DAY)
    (found,) = told(plant(model(sunday)))
    assert found.message == "never starts from 2026-11-22 on: no day is left"


def test_a_shift_that_never_starts_is_told_once_whatever_its_calendar_says():
    ended = shift("06:00-14:00", "late", last=day("2026-11-21"))
    (found,) = told(plant(model(ended, calendar=works())))
    assert found.message.startswith("ended on")


def test_a_shift_whose_days_are_all_closed_is_a_warning_that_names_the_calendar():
    once = shift("06:00-14:00", "audit", rrule="FREQ=DAILY;COUNT=1", first=day("2026-12-24"))
    (found, _) = told(plant(model(once, calendar=works("2026-12-24"))))
    assert (found.severity, found.path) == ("warning", ("shifts", "audit"))
    assert "calendar works excludes each of its days" in found.message


@pytest.mark.parametrize(("last", "told_of"), [("2026-11-22", 1), ("2026-11-21", 0)])
def test_days_that_are_all_closed_are_told_while_any_day_is_known(last, told_of):
    calendar = works("2026-11-22", last=day(last))
    notes = said(plant(model(shift("06:00-14:00", "audit"), calendar=calendar)), "shifts", "audit")
    assert len([each for each in notes if "excludes each of its days" in each]) == told_of


def test_a_model_without_shifts_is_a_warning():
    (found,) = told(plant(model()))
    assert (found.severity, found.path) == ("warning", ("models", "model", "shifts"))
    assert found.message == "works no shift, so it is never started"


def test_a_calendar_that_no_model_goes_by_is_a_warning():
    asked = plant(model(shift("06:00-14:00"), calendar=works()))
    (found,) = told(asked, calendars=("works", "old"))
    assert (found.severity, found.path) == ("warning", ("calendars", "old"))
    assert found.message == "no model goes by this calendar: name it in defaults or in a model"


# Clock changes


def edge_notes(hours: str, zone: str = "Europe/Berlin", **more: Any) -> dict[str, list[str]]:
    asked = plant(model(shift(hours, "night"), **{**NO_BRIDGE, **more}), zone=zone)
    found: dict[str, list[str]] = {}
    for each in told(asked, dt.date(2026, 11, 22)):
        assert each.severity == "note"
        found.setdefault(each.path[-1], []).append(each.message)
    return found


def test_a_start_in_a_gap_is_skipped_and_healed():
    (first, second) = edge_notes("02:30-06:00")["start"]
    assert "the start at 02:30 on Sun 2027-03-28 does not exist" in first
    assert "EventBridge skips it; it is due at Sun 2027-03-28 03:30 (2027-03-28T01:30Z)" in first
    assert "the sweep makes it within two minutes, for model" in first
    assert "Sun 2028-03-26" in second


def test_a_stop_in_a_fold_fires_at_the_first_pass_and_is_healed_at_the_second():
    found = edge_notes("20:00-02:30")["end"]
    (fold,) = [each for each in found if "2027-10-31" in each]
    assert "the stop at 02:30 on Sun 2027-10-31 occurs twice" in fold
    assert "EventBridge fires once, at the first, at 00:30Z" in fold
    assert "due at Sun 2027-10-31 02:30 (2027-10-31T01:30Z)" in fold


def test_a_start_in_a_fold_is_the_first_pass_and_needs_no_note():
    assert not [each for each in edge_notes("02:30-06:00")["start"] if "2027-10-31" in each]


def test_a_start_asked_for_in_a_gap_because_of_its_lead_is_noted():
    found = edge_notes("04:00-06:00", lead=dt.timedelta(minutes=90))["start"]
    assert "the start at 02:30 on Sun 2027-03-28 does not exist" in found[0]
    assert "due at Sun 2027-03-28 01:30 (2027-03-28T00:30Z)" in found[0]


def test_a_start_whose_lead_spans_a_change_is_late_or_early_by_the_change():
    found = edge_notes("06:00-12:00", lead=dt.timedelta(hours=5))["start"]
    assert "the start at 01:00 on Sun 2027-03-28 is 60 minutes late" in found[0]
    assert "the start at 01:00 on Sun 2027-10-31 is 60 minutes early" in found[1]


def test_a_midnight_that_does_not_exist_is_noted():
    found = edge_notes("18:00-24:00", zone="America/Santiago")["end"]
    assert any("the stop at 00:00 on Sun 2027-09-05 does not exist" in each for each in found)


def test_what_is_over_by_today_is_no_note():
    asked = plant(model(shift("02:30-01:30", "night"), **NO_BRIDGE))
    notes = said(asked, "shifts", "night", "start", today=day("2027-03-29"))
    assert not [each for each in notes if "2027-03-28" in each]


@pytest.mark.parametrize(("today", "noted"), [("2027-09-05", True), ("2027-09-06", False)])
def test_a_start_at_a_midnight_that_does_not_exist_belongs_to_the_day(today, noted):
    asked = plant(model(shift("00:00-06:00", "night"), **NO_BRIDGE), zone="America/Santiago")
    notes = said(asked, "shifts", "night", "start", today=day(today))
    assert any("2027-09-05" in each for each in notes) is noted


@pytest.mark.parametrize(("today", "noted"), [("2025-09-03", False), ("2025-09-04", True)])
def test_edges_are_looked_at_for_two_years_and_not_beyond(today, noted):
    asked = plant(model(shift("18:00-24:00", "night"), **NO_BRIDGE), zone="America/Santiago")
    notes = said(asked, "shifts", "night", "end", today=day(today))
    assert any("2027-09-05" in each for each in notes) is noted


@pytest.mark.parametrize(("last", "noted"), [("2027-09-04", False), ("2027-09-05", True)])
def test_edges_are_looked_at_as_far_as_a_calendar_is_known(last, noted):
    evening = model(shift("18:00-24:00", "night"), calendar=works(last=day(last)), **NO_BRIDGE)
    asked = plant(evening, zone="America/Santiago")
    notes = said(asked, "shifts", "night", "end")
    assert any("2027-09-05" in each for each in notes) is noted


def test_an_edge_that_another_shift_schedules_on_time_is_no_note():
    both_start = [shift("02:30-06:00", "one"), shift("03:30-06:00", "two")]
    notes = told(plant(model(*both_start, **NO_BRIDGE)), dt.date(2026, 11, 22))
    assert not [each for each in notes if each.path[-1] == "start"]


def test_an_edge_inside_a_run_is_no_note():
    night = [shift("20:00-02:30", "one"), shift("02:30-06:00", "two")]
    assert told(plant(model(*night, **NO_BRIDGE))) == []


def test_hours_that_a_gap_swallows_are_noted():
    notes = said(plant(model(shift("02:00-03:00", "short"), **NO_BRIDGE)), "shifts", "short")
    assert notes[0].startswith("does not take place on Sun 2027-03-28: the clocks skip 02:00")
    assert len(notes) == 2


SWALLOWED = shift("02:00-03:00", "short")


def swallowed(*models: Model) -> bool:
    found = [each for each in told(plant(*models)) if each.path == ("shifts", "short")]
    assert all(each.severity == "note" for each in found)
    return any("does not take place on Sun 2027-03-28" in each.message for each in found)


@pytest.mark.parametrize(
    ("known", "noted"),
    [
        ({"last": day("2027-03-27")}, False),
        ({"last": day("2027-03-28")}, True),
        ({"first": day("2027-03-28")}, True),
        ({"first": day("2027-03-29")}, False),
    ],
)
def test_hours_that_a_gap_swallows_are_noted_on_days_that_are_known(known, noted):
    assert swallowed(model(SWALLOWED, calendar=works(**known), **NO_BRIDGE)) is noted


def test_hours_that_a_gap_swallows_are_noted_where_any_model_would_work_them():
    closed = model(SWALLOWED, name="off", calendar=works("2027-03-28"), **NO_BRIDGE)
    assert not swallowed(closed)
    assert swallowed(closed, model(SWALLOWED, name="on", **NO_BRIDGE))


def test_a_date_that_the_zone_skips_is_noted():
    asked = plant(model(shift("08:00-16:00", "day")), zone="Pacific/Apia")
    notes = said(asked, "shifts", "day", today=day("2011-12-01"))
    assert notes == ["does not take place on Fri 2011-12-30: Pacific/Apia has no such date"]


def test_a_calendar_that_closes_the_day_spares_only_its_own_models():
    night = shift("02:30-06:00", "night")
    off = model(night, name="off", calendar=works("2027-03-28"), **NO_BRIDGE)
    notes = said(plant(off, model(night, name="on", **NO_BRIDGE)), "shifts", "night", "start")
    assert notes[0].endswith("for on")
    assert notes[1].endswith("for off, on")


def test_a_zone_without_changes_has_no_notes():
    assert told(plant(model(shift("02:30-06:00")), zone="Asia/Kolkata")) == []


@given(worlds())
def test_every_start_and_stop_is_a_schedules_or_is_noted(world: World) -> None:
    asked = world.plant
    notes = " ".join(each.message for each in told(asked, world.first))
    begin, end = (
        dt.datetime.combine(each, dt.time(12), dt.UTC) for each in (world.first, world.last + DAY)
    )
    tables = timetables(asked)
    for each in asked.models:
        for run in tables[each.name].runs(begin, end):
            for kind, due in (("start", run.start), ("stop", run.stop)):
                if begin <= due < end and not is_scheduled(asked, each, kind, due):
                    assert f"due at {both(due, asked.zone)}" in notes


def is_scheduled(asked: Plant, one: Model, kind: str, due: dt.datetime) -> bool:
    minute = dt.timedelta(minutes=1)
    return any(
        list(firings(edge.cron, asked.timezone, due, due + minute))
        for edge in edges(asked)
        if edge.kind == kind and one.name in edge.models
    )


# What becomes one run


EARLY, LATE = shift("06:00-14:00", "early", days=WEEK), shift("14:25-22:00", "late", days=WEEK)


def test_a_bridged_pause_is_noted_once_for_a_pair_of_shifts():
    (found,) = told(plant(model(EARLY, LATE)))
    assert (found.severity, found.path) == ("note", ("models", "model", "shifts"))
    assert found.message.startswith(
        "early and then late are one run: the pause of 25m between them, first from"
    )
    assert "first from Mon 2026-11-23 14:00 (2026-11-23T13:00Z)" in found.message
    assert "not longer than bridge 30m, so the model stays on" in found.message
    assert found.message.endswith("on 2 units")


def test_a_pause_too_short_for_a_restart_is_told_by_its_lead():
    (found,) = told(plant(model(EARLY, LATE, bridge=dt.timedelta())))
    assert "not longer than lead 20m and 10m to stop" in found.message


def test_a_pause_as_long_as_the_bridge_is_told_by_it():
    (found,) = told(plant(model(EARLY, LATE, bridge=dt.timedelta(minutes=25))))
    assert "not longer than bridge 25m" in found.message


def test_a_pause_that_the_clocks_change_is_told_from_its_shortest_to_its_longest():
    day_long = shift("06:00-22:00", "day", first=TODAY)
    (found,) = told(plant(model(day_long, bridge=dt.timedelta(hours=9))))
    assert "the pause of 7h to 9h between them" in found.message
    assert "not longer than bridge 9h" in found.message


def test_a_pause_of_runs_on_different_units_is_told_with_each():
    extra = shift("08:00-10:00", "extra", days=frozenset({4}))
    worked = [Assignment(shift=each, units=2) for each in (EARLY, LATE)]
    notes = told(plant(model_of([*worked, Assignment(shift=extra, units=4)])))
    assert notes[0].message.endswith("on 2 or 4 units")


def test_shifts_that_end_or_begin_together_are_named_together():
    ends = [shift(f"0{n}:00-14:00", name, days=WEEK) for n, name in enumerate("dbca", start=5)]
    begins = [shift(f"14:25-{n}:00", name, days=WEEK) for n, name in enumerate("hfge", start=18)]
    (found,) = told(plant(model(*ends, *begins)))
    assert found.message.startswith("a and b and c and d and then e and f and g and h are one run")


def test_pairs_are_told_in_the_order_of_their_names():
    row = [shift(hours, name) for hours, name in (("06:00-14:00", "x"), ("14:25-18:00", "w"))]
    notes = told(plant(model(*row, shift("18:25-22:00", "v"))))
    assert [each.message[:12] for each in notes] == ["w and then v", "x and then w"]


@pytest.mark.parametrize(
    ("today", "noted"),
    [("2026-11-22", True), ("2026-11-23", False), ("2025-11-22", True), ("2025-11-21", False)],
)
def test_a_pause_is_noted_where_it_begins_within_a_year(today, noted):
    evening = shift("18:00-24:00", "evening", first=day("2026-11-21"), last=day("2026-11-21"))
    night = shift("00:20-06:00", "night", first=day("2026-11-22"), last=day("2026-11-22"))
    notes = said(plant(model(evening, night)), "models", "model", "shifts", today=day(today))
    assert bool(notes) is noted


def test_a_pause_that_nothing_bridges_is_not_noted():
    assert told(plant(model(EARLY, LATE, **NO_BRIDGE))) == []


def test_a_run_that_has_been_on_for_years_is_noted_with_a_pause_to_come():
    (found,) = told(plant(model(shift("06:00-14:00", "early"), bridge=dt.timedelta(hours=23))))
    assert "first from Sun 2026-11-22 14:00" in found.message


def test_models_that_work_alike_share_a_note():
    names = [f"model-{n}" for n in range(8)]
    (found,) = told(plant(*(model(EARLY, LATE, name=name) for name in names)))
    assert found.path == ("models", "model-0", "shifts")
    assert found.message.endswith(
        "; likewise model-1, model-2, model-3, model-4, model-5 and 2 more"
    )


def test_models_that_share_a_note_are_named_in_the_order_of_the_file():
    other = model(EARLY, LATE, name="m", lead=dt.timedelta(minutes=21))
    (found,) = told(plant(model(EARLY, LATE, name="z"), other, model(EARLY, LATE, name="a")))
    assert found.path == ("models", "z", "shifts")
    assert found.message.endswith("; likewise m, a")
    (found,) = told(plant(*(model(EARLY, LATE, name=name) for name in "ba")))
    assert found.message.endswith("; likewise a")


@pytest.mark.parametrize(("hours", "how"), [("14:00-22:00", "touch"), ("13:00-22:00", "overlap")])
def test_shifts_on_different_units_that_meet_are_noted(hours, how):
    late = Assignment(shift=shift(hours, "late", days=WEEK), units=4)
    (found,) = told(plant(model_of([Assignment(shift=EARLY, units=2), late])))
    assert found.path == ("models", "model", "shifts")
    assert found.message.startswith(
        f"early on 2 units and late on 4 {how}, first on Mon 2026-11-23"
    )
    assert "runs on 4 units from its beginning to its end" in found.message


def test_of_shifts_that_meet_each_day_the_first_day_to_come_is_told_with_the_fewer_units_first():
    half = Assignment(shift=shift("06:00-14:00", "early"), units=4)
    other = Assignment(shift=shift("14:00-22:00", "late"), units=2)
    (found,) = told(plant(model_of([half, other], **NO_BRIDGE)))
    assert found.message.startswith(
        "late on 2 units and early on 4 touch, first on Sun 2026-11-22 14:00"
    )


def test_only_shifts_that_meet_on_different_units_are_noted():
    day_long = [("06:00-14:00", "early", 2), ("14:00-18:00", "late", 2), ("18:00-22:00", "eve", 4)]
    worked = [
        Assignment(shift=shift(hours, name, days=WEEK), units=units)
        for hours, name, units in day_long
    ]
    (found,) = told(plant(model_of(worked, **NO_BRIDGE)))
    assert found.message.startswith("late on 2 units and eve on 4 touch")


def test_shifts_on_different_units_that_never_meet_are_not_noted():
    sunday = Assignment(shift=shift("14:00-22:00", "late", days=frozenset({6})), units=4)
    assert told(plant(model_of([Assignment(shift=EARLY, units=2), sunday]))) == []


def test_a_model_around_the_clock_is_told_which_units_it_runs_on():
    half = Assignment(shift=shift("00:00-12:00", "am"), units=2)
    other = Assignment(shift=shift("12:00-24:00", "pm"), units=3)
    (found,) = told(plant(model_of([half, other])))
    assert "am on 2 units and pm on 3 touch" in found.message


# Days off


def test_holidays_and_closures_on_shifts_are_one_note_by_name_and_date():
    holidays = {
        day("2026-12-25"): "Christmas Day",
        day("2026-12-26"): "Boxing Day",
        day("2027-11-23"): "beyond the year",
    }
    calendar = works("2026-12-29", "2026-12-30", "2026-12-28", holidays=holidays)
    friday = shift("14:00-22:00", "late", days=frozenset({4}))
    (found,) = told(plant(model(EARLY, friday, calendar=calendar)))
    assert (found.severity, found.path) == ("note", ("calendars", "works"))
    assert found.message == (
        "no shift starts in the coming 12 months on"
        " Fri 2026-12-25 Christmas Day (early, late);"
        " Mon 2026-12-28 to Wed 2026-12-30 closed (early)"
    )


def test_a_day_that_is_open_again_is_not_listed():
    calendar = works("2026-12-28", open=frozenset({day("2026-12-28")}))
    assert told(plant(model(EARLY, calendar=calendar))) == []


def test_an_open_day_that_was_never_closed_is_a_note():
    calendar = works(open=frozenset({day("2026-12-28"), day("2026-01-05")}))
    (found,) = told(plant(model(EARLY, calendar=calendar)))
    assert (found.severity, found.path) == ("note", ("calendars", "works", "open"))
    assert found.message == "changes nothing on Mon 2026-12-28: neither a holiday nor closed"


def test_days_that_are_open_for_nothing_are_told_from_today_to_the_last_that_is_known_in_order():
    opened = [day(f"2026-{each}") for each in ("11-21", "11-22", "12-01", "12-02", "12-30")]
    last = day("2028-02-29")
    calendar = works(open=frozenset({*opened, last, last + DAY}), last=last)
    (found,) = told(plant(model(EARLY, calendar=calendar)))
    assert found.message.startswith(
        "changes nothing on Sun 2026-11-22, Tue 2026-12-01, Wed 2026-12-02, Wed 2026-12-30,"
        " Tue 2028-02-29:"
    )


def test_a_closure_on_the_same_date_of_next_year_is_still_told():
    calendar = works("2027-11-22", "2027-11-23")
    notes = said(plant(model(EARLY, calendar=calendar)), "calendars", "works")
    assert notes == [
        "no shift starts in the coming 12 months on Mon 2027-11-22 closed (early)",
    ]


@pytest.mark.parametrize(("last", "warned"), [("2027-11-21", True), ("2027-11-22", False)])
def test_a_calendar_that_is_known_for_the_year_is_no_warning(last, warned):
    found = told(plant(model(EARLY, calendar=works(last=day(last)))))
    assert bool(found) is warned


def test_a_calendar_that_ends_within_the_year_is_a_warning():
    calendar = works(last=day("2027-06-30"))
    (found,) = told(plant(model(EARLY, calendar=calendar)))
    assert (found.severity, found.path) == ("warning", ("calendars", "works", "holidays"))
    assert "known to 2027-06-30 only" in found.message


def test_a_calendar_that_has_ended_is_a_warning_and_no_error():
    calendar = works(first=day("2025-01-01"), last=day("2025-12-31"))
    (found,) = told(plant(model(EARLY, calendar=calendar)))
    assert found.path == ("calendars", "works", "holidays")


# Quotas


def crowd(*models: Model, most: int | None = 2) -> Sequence[Advice]:
    quotas = {"lookoutvision": Quota(running_models=most)}
    return [each for each in told(plant(*models, quotas=quotas)) if each.path[0] == "quotas"]


def test_more_models_at_once_than_the_quota_is_a_warning_with_the_first_instant():
    models = [model(EARLY, name=name) for name in ("a", "b")]
    late = model(shift("13:45-22:00", "late", days=frozenset({2})), name="c")
    (found,) = crowd(*models, late)
    assert (found.severity, found.path) == (
        "warning",
        ("quotas", "lookoutvision", "running_models"),
    )
    assert (
        "3 models run at once, first at Wed 2026-11-25 13:25 (2026-11-25T12:25Z)" in found.message
    )
    assert "but the quota is 2: a, b, c" in found.message


@pytest.mark.parametrize(("start", "crowds"), [("14:29", True), ("14:30", False)])
def test_a_model_counts_until_ten_minutes_after_its_stop(start, crowds):
    late = shift(f"{start}-22:00", "late", days=WEEK)
    models = model(EARLY, name="a"), model(late, name="b", lead=dt.timedelta(minutes=20))
    assert bool(crowd(*models, most=1)) is crowds


def test_a_model_of_another_service_or_without_a_limit_is_no_crowd():
    one, other = (model(EARLY, name=name) for name in "ab")
    elsewhere = replace(other, target=replace(other.target, service="rekognition"))
    assert not crowd(one, elsewhere, most=1)
    assert not crowd(one, other, most=None)


def test_each_service_has_a_quota_of_its_own():
    names = ("lookoutvision", "rekognition")
    models = [
        replace(each, target=replace(each.target, service=name))
        for name in names
        for each in (model(EARLY, name=f"{name}-1"), model(EARLY, name=f"{name}-2"))
    ]

    def crowded(*most: int | None) -> list[str]:
        quotas = {name: Quota(running_models=each) for name, each in zip(names, most, strict=True)}
        reverse = dict(reversed(quotas.items()))
        found = told(plant(*models, quotas=reverse))
        return [each.path[1] for each in found if each.path[0] == "quotas"]

    assert crowded(1, 1) == ["lookoutvision", "rekognition"]
    assert crowded(None, 1) == ["rekognition"]
    assert crowded(2, 2) == []


def test_a_disabled_model_is_no_crowd():
    assert not crowd(model(EARLY, name="a"), model(EARLY, name="b", enabled=False), most=1)


# Order, and words


def test_advice_comes_in_the_same_order_each_time():
    always: Shift = shift("02:30-06:00", "night")
    asked = plant(*(model(always, EARLY, name=name) for name in "cab"))
    assert told(asked) == told(asked)


@pytest.mark.parametrize("today", ["0001-01-01", "1999-12-31", "2049-12-31", "9999-12-31"])
def test_no_day_is_too_far_to_ask_about(today):
    told(plant(model(EARLY, LATE, calendar=works("2026-12-28"))), day(today))


def test_durations_and_names_are_short():
    assert [spelled(dt.timedelta(seconds=each)) for each in (0, 45, 5400, 90061)] == [
        "0m",
        "45s",
        "1h30m",
        "25h1m1s",
    ]
    assert listed([]) == ""
    assert listed(list("abcde")) == "a, b, c, d, e"

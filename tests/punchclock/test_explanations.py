"""Why a model is on or off is told by its shifts, days off, run and what joined it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.errors import OutOfRange
from punchclock.explanations import Explanation, explain
from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Assignment, Model
from punchclock.shiftdays import ShiftDay
from punchclock.shifts import Calendar
from punchclock.timetables import timetables
from tests.punchclock.worlds import World, at, model, model_of, plant, shift, worlds

WEEK = frozenset(range(5))
EARLY = shift("06:00-14:00", "early", days=WEEK)
NIGHT = shift("22:00-06:00", "night", days=frozenset({6, 0, 1, 2, 3}))
XMAS = dt.date(2026, 12, 25)


def explained(
    asked: Model, instant: str, *said: Override, zone: str = "Europe/Berlin"
) -> Explanation:
    return explain(plant(zone, asked), asked, at(instant), said)


def word(kind: Kind, made: str, until: str, **more: Any) -> Override:
    return Override(
        model="model",
        kind=kind,
        made=at(f"2026-03-02T{made}Z"),
        until=at(f"2026-03-02T{until}Z"),
        who="arn:aws:sts::123456789012:assumed-role/line/ada",
        why="late batch",
        **more,
    )


def on(found: Explanation, shift: str, day: str) -> ShiftDay:
    (one,) = [each for each in found.shifts if (each.shift, f"{each.day}") == (shift, day)]
    return one


def calendar(**more: Any) -> Calendar:
    return Calendar(name="works", holidays={XMAS: "Christmas Day"}, **more)


def test_in_a_shift_the_window_and_the_run_are_named():
    found = explained(model(EARLY), "2026-03-02T08:00Z")
    assert (found.wanted, found.phase) == (True, "window")
    assert found.window is not None
    assert found.run is not None
    assert found.window.start == at("2026-03-02T05:00Z")
    assert found.reasons == (
        (
            "early from Mon 2026-03-02 06:00 (2026-03-02T05:00Z) to Mon 2026-03-02 14:00"
            " (2026-03-02T13:00Z)"
        ),
        (
            "its run is asked for at Mon 2026-03-02 05:40 (2026-03-02T04:40Z), is ready by Mon"
            " 2026-03-02 06:00 (2026-03-02T05:00Z) and stops at Mon 2026-03-02 14:00"
            " (2026-03-02T13:00Z), on 2 units"
        ),
    )
    assert found.shifts == (
        ShiftDay(
            shift="early",
            day=dt.date(2026, 3, 2),
            works=True,
            because="works Mon-Fri; Mon 06:00 to Mon 14:00, which is now",
        ),
    )
    assert found.next_run is not None
    assert found.next_run.ready == at("2026-03-03T05:00Z")


def test_in_the_lead_it_is_asked_for_and_not_yet_needed():
    found = explained(model(EARLY), "2026-03-02T04:45Z")
    assert (found.wanted, found.phase, found.window) == (True, "lead", None)
    assert found.reasons[0] == (
        "asked for at Mon 2026-03-02 05:40 (2026-03-02T04:40Z), its lead of 20m before it must be"
        " ready at Mon 2026-03-02 06:00 (2026-03-02T05:00Z) for early"
    )
    assert found.reasons[1].startswith("its run is asked for at Mon 2026-03-02 05:40")


def test_a_second_before_its_lead_it_is_off_and_its_next_run_is_told():
    found = explained(model(EARLY), "2026-03-02T04:39:59Z")
    assert (found.wanted, found.phase, found.run) == (False, "off", None)
    assert "none begins within its lead of 20m" in found.reasons[0]
    assert found.next_run is not None
    assert found.next_run.start == at("2026-03-02T04:40Z")


def test_a_lead_before_midnight_is_explained_by_the_shift_of_the_next_day():
    found = explained(model(shift("00:10-04:00", "first", days=WEEK)), "2026-03-01T22:55Z")
    assert found.phase == "lead"
    assert on(found, "first", "2026-03-01").works is False
    assert on(found, "first", "2026-03-02").because.endswith("which is still to come")


def test_after_midnight_the_night_of_the_day_before_is_the_reason():
    found = explained(model(NIGHT), "2026-03-02T02:00Z")
    night = on(found, "night", "2026-03-01")
    assert night.works
    assert night.because == "works Sun-Thu; Sun 22:00 to Mon 06:00, which is now"


def test_a_day_rule_that_excludes_the_day_is_told():
    found = explained(model(EARLY), "2026-03-01T08:00Z")
    assert on(found, "early", "2026-03-01").because == "works Mon-Fri, not on Sun"


@pytest.mark.parametrize(
    ("rule", "because"),
    [
        ({"first": dt.date(2026, 3, 3)}, "begins on 2026-03-03"),
        ({"last": dt.date(2026, 3, 1)}, "ended on 2026-03-01"),
        (
            {"first": dt.date(2026, 2, 23), "every": 2},
            "works every 2 weeks from 2026-02-23, not in this week",
        ),
        ({"rrule": "FREQ=MONTHLY;BYDAY=1SU"}, "not a day of FREQ=MONTHLY;BYDAY=1SU"),
    ],
)
def test_each_kind_of_day_rule_says_why_not(rule, because):
    found = explained(model(shift("06:00-14:00", "early", **rule)), "2026-03-02T08:00Z")
    assert on(found, "early", "2026-03-02").because == because


@pytest.mark.parametrize(
    ("rule", "because"),
    [
        ({"first": dt.date(2026, 3, 2), "every": 2}, "works daily every 2 weeks from 2026-03-02;"),
        ({"last": dt.date(2026, 3, 2)}, "works daily until 2026-03-02;"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=MO"}, "works FREQ=WEEKLY;BYDAY=MO;"),
    ],
)
def test_each_kind_of_day_rule_says_why(rule, because):
    found = explained(model(shift("06:00-14:00", "early", **rule)), "2026-03-02T08:00Z")
    assert on(found, "early", "2026-03-02").because.startswith(because)


def test_a_holiday_that_keeps_a_shift_off_is_named():
    found = explained(model(EARLY, calendar=calendar()), "2026-12-25T08:00Z")
    assert not found.wanted
    assert found.reasons[1] == (
        "early would, but does not start on Fri 2026-12-25: holiday in calendar works:"
        " Christmas Day"
    )
    assert on(found, "early", "2026-12-25").because == "holiday in calendar works: Christmas Day"


def test_a_holiday_is_no_reason_where_the_day_rule_excludes_the_day_anyway():
    weekend = shift("06:00-14:00", "weekend", days=frozenset({5, 6}))
    found = explained(model(weekend, calendar=calendar()), "2026-12-25T08:00Z")
    assert len(found.reasons) == 1
    assert "works Sat,Sun, not on Fri" in on(found, "weekend", "2026-12-25").because


def test_a_holiday_is_no_reason_where_the_clocks_leave_nothing_of_the_hours_anyway():
    short = shift("02:00-03:00", "short")
    closed = calendar(closed=frozenset({dt.date(2026, 3, 29)}))
    assert len(explained(model(short, calendar=closed), "2026-03-29T01:00Z").reasons) == 1


@pytest.mark.parametrize(
    ("instant", "named"),
    [("04:39", False), ("04:40", True), ("12:59", True), ("13:00", False)],
)
def test_a_holiday_is_a_reason_where_the_shift_or_its_lead_would_have_been(instant, named):
    found = explained(model(EARLY, calendar=calendar()), f"2026-12-25T{instant}Z")
    assert any("Christmas Day" in each for each in found.reasons) is named


def test_a_closed_date_is_told():
    closed = calendar(closed=frozenset({dt.date(2026, 12, 24)}))
    found = explained(model(NIGHT, calendar=closed), "2026-12-25T01:00Z")
    assert "night would, but does not start on Thu 2026-12-24: closed in calendar works" in (
        found.reasons
    )


def test_a_holiday_never_ends_a_night_that_has_begun():
    found = explained(model(NIGHT, calendar=calendar()), "2026-12-25T01:00Z")
    assert found.phase == "window"
    assert on(found, "night", "2026-12-24").works


@pytest.mark.parametrize(
    ("closed", "because"),
    [
        (frozenset(), "opened in calendar works although a holiday: Christmas Day"),
        (frozenset({XMAS}), "opened in calendar works although closed"),
    ],
)
def test_a_day_opened_again_is_told(closed, because):
    opened = calendar(closed=closed, open=frozenset({XMAS}))
    found = explained(model(EARLY, calendar=opened), "2026-12-25T08:00Z")
    assert found.wanted
    assert because in on(found, "early", "2026-12-25").because


def test_a_disabled_model_is_off_and_says_so():
    found = explained(model(EARLY, enabled=False), "2026-03-02T08:00Z")
    assert (found.wanted, found.next_run) == (False, None)
    assert found.reasons == ("the model is disabled (enabled: false), so it is always off",)


def test_a_model_without_shifts_is_off_and_says_so():
    assert explained(model(), "2026-03-02T08:00Z").reasons == (
        "the model works no shift, so it is always off",
    )


LATE = shift("14:25-22:00", "late", days=WEEK)


@pytest.mark.parametrize(
    ("bridge", "why"),
    [
        (30, "not longer than bridge 30m"),
        (0, "not longer than lead 20m and 10m to stop, too short for a restart"),
    ],
)
def test_in_a_pause_what_joined_it_is_told(bridge, why):
    asked = model(EARLY, LATE, bridge=dt.timedelta(minutes=bridge))
    found = explained(asked, "2026-03-02T13:10Z")
    assert (found.wanted, found.phase, found.window) == (True, "pause", None)
    assert found.reasons[0] == (
        "no shift works now, but the model stays on between two windows of one run"
    )
    assert found.reasons[-1] == (
        "the run joins early and late: the pause of 25m from Mon 2026-03-02 14:00"
        f" (2026-03-02T13:00Z) to Mon 2026-03-02 14:25 (2026-03-02T13:25Z) is {why}"
    )


def test_of_a_long_run_only_the_pauses_beside_the_instant_are_told():
    asked = model(shift("06:00-14:00", "early"), bridge=dt.timedelta(hours=23))
    found = explained(asked, "2026-03-02T08:00Z")
    joined = [each for each in found.reasons if each.startswith("the run joins")]
    assert ["Sun 2026-03-01 14:00" in each for each in joined] == [True, False]
    assert "Mon 2026-03-02 14:00" in joined[1]


@pytest.mark.parametrize(("instant", "pauses"), [("05:00", 2), ("12:59", 2), ("13:00", 1)])
def test_a_pause_is_beside_a_window_from_its_start_and_until_its_end(instant, pauses):
    asked = model(shift("06:00-14:00", "early"), bridge=dt.timedelta(hours=23))
    found = explained(asked, f"2026-03-02T{instant}Z")
    assert len([each for each in found.reasons if each.startswith("the run joins")]) == pauses


def test_units_that_come_from_another_shift_are_told():
    late = Assignment(shift=LATE, units=3)
    found = explained(model_of([Assignment(shift=EARLY, units=2), late]), "2026-03-02T08:00Z")
    assert found.reasons[1].endswith(
        "on 3 units throughout, because late needs them and a running model cannot be resized"
    )


def test_units_of_a_shift_that_is_not_in_the_run_are_no_reason():
    evening = Assignment(shift=shift("18:00-22:00", "evening"), units=3)
    found = explained(model_of([Assignment(shift=EARLY, units=2), evening]), "2026-03-02T08:00Z")
    assert found.reasons[1].endswith("on 2 units")


def test_a_model_around_the_clock_has_no_end_within_a_year():
    found = explained(model(shift("00:00-24:00", "always")), "2026-03-02T08:00Z")
    assert found.reasons[0].endswith("on, without an end within a year")
    assert "does not stop within a year" in found.reasons[1]
    assert found.next_run is None


def test_a_night_that_the_clocks_shorten_says_how_long_it_is():
    saturday = shift("22:00-06:00", "night")
    found = explained(model(saturday), "2026-03-29T02:00Z")
    assert (
        "7h long instead of 8h, because the clocks change"
        in on(found, "night", "2026-03-28").because
    )


def test_hours_that_the_clocks_skip_do_not_work():
    found = explained(model(shift("02:00-03:00", "short")), "2026-03-29T01:00Z")
    skipped = on(found, "short", "2026-03-29")
    assert not skipped.works
    assert skipped.because == "the clocks go forward that day and leave nothing of its hours"


def test_a_date_that_the_zone_skips_does_not_work():
    found = explained(
        model(shift("22:00-06:00", "night")), "2011-12-30T12:00Z", zone="Pacific/Apia"
    )
    assert on(found, "night", "2011-12-30").because == "Pacific/Apia has no such date"


def test_what_is_not_known_is_an_error():
    known = calendar(last=dt.date(2026, 12, 31))
    with pytest.raises(OutOfRange):
        explained(model(EARLY, calendar=known), "2027-01-02T08:00Z")


def test_the_last_known_day_is_explained_without_the_next():
    known = calendar(last=dt.date(2026, 12, 31))
    found = explained(model(EARLY, calendar=known), "2026-12-31T22:50Z")
    assert [f"{each.day}" for each in found.shifts] == ["2026-12-31"]


def test_the_first_known_day_is_explained_without_the_one_before():
    known = calendar(first=dt.date(2026, 3, 2))
    found = explained(model(EARLY, NIGHT, calendar=known), "2026-03-02T08:00Z")
    assert {f"{each.day}" for each in found.shifts} == {"2026-03-02"}


# What people said


HELD = word(Kind.HOLD_OFF, "07:00", "10:00")


def test_a_model_that_somebody_holds_off_is_off_for_their_reason_alone():
    found = explained(model(EARLY), "2026-03-02T08:00Z", HELD)
    assert (found.phase, found.said) == ("off", (HELD,))
    assert found.reasons == (
        "ada holds it off until Mon 2026-03-02 11:00 (2026-03-02T10:00Z): late batch",
        (
            "ada said at Mon 2026-03-02 08:00 (2026-03-02T07:00Z): hold off, until Mon 2026-03-02"
            " 11:00 (2026-03-02T10:00Z) (late batch)"
        ),
    )


def test_overtime_is_a_reason_to_be_on():
    overtime = word(Kind.OVERTIME, "12:30", "15:00")
    found = explained(model(EARLY), "2026-03-02T14:00Z", overtime)
    assert found.phase == "window"
    assert found.reasons[-1].startswith("ada said at Mon 2026-03-02 13:30 (2026-03-02T12:30Z):")


@pytest.mark.parametrize(
    ("instant", "is_told"),
    [("06:59:59", False), ("07:00:00", True), ("10:19:59", True), ("10:20:00", False)],
)
def test_what_was_said_is_told_from_then_until_a_lead_after_its_end(instant, is_told):
    found = explained(model(EARLY), f"2026-03-02T{instant}Z", HELD)
    assert any(" said at " in each for each in found.reasons) is is_told


def test_of_more_than_one_word_the_order_in_which_they_count_is_told():
    back = Cancellation(override=HELD.id, until=HELD.until, made=at("2026-03-02T07:30Z"), who="bob")
    ended = replace(HELD, cancelled=back)
    overtime = word(Kind.OVERTIME, "07:15", "09:00")
    found = explained(model(EARLY), "2026-03-02T08:00Z", overtime, ended)
    assert found.said == (ended, overtime)
    assert found.reasons[-3:] == (
        "of what was said about the same time, the later word counts",
        (
            "ada said at Mon 2026-03-02 08:00 (2026-03-02T07:00Z): hold off, until Mon 2026-03-02"
            " 11:00 (2026-03-02T10:00Z), taken back at Mon 2026-03-02 08:30 (2026-03-02T07:30Z)"
            " (late batch)"
        ),
        (
            "ada said at Mon 2026-03-02 08:15 (2026-03-02T07:15Z): overtime, until Mon 2026-03-02"
            " 10:00 (2026-03-02T09:00Z) (late batch)"
        ),
    )


@pytest.mark.parametrize(("one", "named"), [("early", "early"), (None, "all shifts")])
def test_a_skip_is_told_with_its_day_and_shift(one, named):
    skip = word(Kind.SKIP, "04:00", "13:00", day=dt.date(2026, 3, 2), shift=one)
    found = explained(model(EARLY), "2026-03-02T08:00Z", skip)
    assert found.phase == "off"
    assert found.reasons == (
        "none of its shifts works now, and none begins within its lead of 20m",
        (
            f"ada said at Mon 2026-03-02 05:00 (2026-03-02T04:00Z): skip {named} of 2026-03-02,"
            " until Mon 2026-03-02 14:00 (2026-03-02T13:00Z) (late batch)"
        ),
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[World, dt.datetime]:
    world = draw(worlds())
    midnight = dt.datetime.combine(world.first, dt.time(), dt.UTC)
    return world, midnight + dt.timedelta(minutes=draw(st.integers(0, 20 * 24 * 60)))


@given(questions())
def test_an_explanation_agrees_with_the_timetable_and_with_its_own_shifts(
    question: tuple[World, dt.datetime],
) -> None:
    world, instant = question
    for one in world.plant.models:
        found = explain(world.plant, one, instant)
        table = timetables(world.plant)[one.name]
        assert found.run == table.run_at(instant)
        assert found.wanted == (found.phase != "off")
        assert found.reasons
        now = any(each.works and "which is now" in each.because for each in found.shifts)
        assert (found.phase == "window") == (now and one.enabled)

"""What overtime, skips and holds make of a model's runs, one laid over the other."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock.overrides import Cancellation, Kind, Orders, Override
from punchclock.plants import Assignment
from punchclock.timetables import Timetable, overridden, timetables
from tests.punchclock.worlds import DAY, at, model, model_of, plant, shift

EARLY, LATE, NIGHT = (
    shift("06:00-14:00", "early"),
    shift("14:00-22:00", "late"),
    shift("23:30-03:00", "night"),
)
BEGIN, END = at("2026-03-01T00:00Z"), at("2026-03-05T00:00Z")
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MONDAY = dt.date(2026, 3, 2)


def on(text: str) -> dt.datetime:
    """Return an instant of Monday the 2nd, or of ``03 06:00``, the 3rd."""
    day, _, time = text.rpartition(" ")
    return at(f"2026-03-{day or '02'}T{time}Z")


def say(kind: Kind, made: str, until: str, **more) -> Override:
    details = {"model": "paint", "who": "anna", "why": "late batch", **more}
    return Override(kind=kind, made=on(made), until=on(until), **details)


def overtime(made: str, until: str, **more) -> Override:
    return say(Kind.OVERTIME, made, until, **more)


def hold_off(made: str, until: str) -> Override:
    return say(Kind.HOLD_OFF, made, until)


def skip(made: str, until: str, name: str | None = None, day: dt.date = MONDAY) -> Override:
    return say(Kind.SKIP, made, until, day=day, shift=name)


def table(said: Sequence[Override], *shifts, cancelled: dict[int, str] | None = None, **more):
    """Return the timetable of a model; ``cancelled`` says by place when overrides were."""
    ended = [
        Cancellation(override=said[n].id, until=said[n].until, made=on(made), who="bob")
        for n, made in (cancelled or {}).items()
    ]
    works = plant("UTC", model(*(shifts or (EARLY, LATE)), name="paint", **more))
    heard = Orders.of(said, ended).overrides if ended else {"paint": said}
    return overridden(works, timetables(works), heard)["paint"]


def runs(found: Timetable, begin: str = "00:00", end: str = "03 00:00") -> list[str]:
    """Return runs as ``05:40 06:00 22:00``: start, ready, stop."""
    return [
        f"{run.start:%H:%M} {run.ready:%H:%M} {run.stop:%H:%M}"
        for run in found.runs(on(begin), on(end))
    ]


def extra(found: Timetable) -> list[str]:
    return [
        f"{span.begin:%H:%M}-{span.end:%H:%M}"
        for run in found.runs(on("00:00"), on("03 00:00"))
        for span in run.overtime
        if span.end
    ]


def test_overtime_extends_the_run_that_is_on_and_only_what_is_more_is_overtime():
    found = table([overtime("21:50", "23:30")])
    assert runs(found) == ["05:40 06:00 23:30"]
    assert extra(found) == ["22:00-23:30"]
    (run,) = found.runs(on("12:00"), on("13:00"))
    assert run.windows[-1].shifts == ("early", "late", "overtime")


def test_overtime_that_ends_before_the_run_changes_nothing():
    assert runs(table([overtime("20:00", "21:00")])) == ["05:40 06:00 22:00"]


def test_overtime_while_the_model_is_off_begins_a_run_that_is_ready_a_lead_later():
    found = table([overtime("23:00", "03 01:00")])
    assert runs(found) == ["05:40 06:00 22:00", "23:00 23:20 01:00"]
    assert extra(found) == ["23:20-01:00"]


def test_overtime_just_after_a_run_begins_another_and_does_not_reach_back_into_it():
    found = table([overtime("22:01", "23:30")])
    assert runs(found) == ["05:40 06:00 22:00", "22:01 22:21 23:30"]


def test_overtime_said_just_as_a_run_stops_begins_another():
    found = table([overtime("22:00", "23:30")])
    assert runs(found) == ["05:40 06:00 22:00", "22:00 22:20 23:30"]


@pytest.mark.parametrize("until", ["12:00", "14:00"])
@pytest.mark.parametrize("others", [(), (NIGHT,)], ids=["alone", "before a night"])
def test_overtime_into_a_shift_is_overtime_only_before_it(until, others):
    monday = replace(EARLY, first=MONDAY, last=MONDAY)
    found = table([overtime("05:30", until)], monday, *others)
    assert runs(found, "05:00", "14:01") == ["05:30 05:50 14:00"]
    assert extra(found) == ["05:50-06:00"]


def test_overtime_of_a_run_is_told_in_the_order_of_time():
    said = [overtime("12:00", "23:30"), hold_off("15:00", "15:05"), overtime("15:02", "16:00")]
    assert extra(table(said)) == ["15:22-15:25", "22:00-23:30"]


def test_overtime_that_comes_near_the_next_shift_stays_on_for_it():
    found = table([overtime("21:50", "23:10")], EARLY, LATE, NIGHT)
    assert runs(found, "04:00", "03 01:00") == ["05:40 06:00 03:00"]
    assert extra(found) == ["22:00-23:10"]


def test_overtime_over_a_whole_shift_is_overtime_only_around_it():
    found = table([overtime("21:50", "03 04:00")], EARLY, LATE, NIGHT)
    assert extra(found) == ["22:00-23:30", "03:00-04:00"]


def test_an_extended_run_keeps_its_units_and_a_new_one_has_the_models():
    assigned = [Assignment(shift=each, units=2) for each in (EARLY, LATE)]
    said = [overtime("05:40", "23:00"), overtime("03 01:00", "03 03:00")]
    works = plant("UTC", replace(model_of(assigned, name="paint"), units=4))
    found = overridden(works, timetables(works), {"paint": said})["paint"]
    assert [run.units for run in found.runs(on("00:00"), on("03 05:00"))] == [2, 4]


def test_the_longer_of_two_overtimes_counts_and_when_it_is_taken_back_the_other_does():
    said = [overtime("21:40", "23:00"), overtime("21:50", "23:30")]
    assert runs(table(said)) == ["05:40 06:00 23:30"]
    assert runs(table(said, cancelled={1: "22:10"})) == ["05:40 06:00 23:00"]
    assert runs(table(said, cancelled={1: "23:10"})) == ["05:40 06:00 23:10"]
    assert runs(table(said, cancelled={0: "22:10"})) == ["05:40 06:00 23:30"]


def test_two_people_who_say_the_same_in_one_second_are_both_heard():
    said = [overtime("21:50", "23:30"), overtime("21:50", "23:30", who="bob")]
    assert runs(table(said)) == ["05:40 06:00 23:30"]
    assert runs(table(said, cancelled={0: "22:10"})) == ["05:40 06:00 23:30"]


def test_a_skip_removes_a_start_that_has_not_been_asked_for():
    assert runs(table([skip("03:00", "22:00")])) == []
    assert runs(table([skip("03:00", "14:00", "early")])) == ["13:40 14:00 22:00"]
    assert runs(table([skip("03:00", "22:00", "late")])) == ["05:40 06:00 14:00"]
    tomorrow = skip("03:00", "03 22:00", day=MONDAY + DAY)
    assert runs(table([tomorrow]), end="04 00:00") == ["05:40 06:00 22:00"]


@pytest.mark.parametrize("made", ["05:39", "05:40", "12:00", "23:00"])
def test_a_skip_changes_nothing_once_its_run_is_asked_for_or_about_to_be(made):
    assert runs(table([skip(made, "03 04:00")])) == ["05:40 06:00 22:00"]
    assert runs(table([skip(made, "03 04:00", "late")])) == ["05:40 06:00 22:00"]


def test_a_skip_on_a_day_that_has_begun_takes_only_what_was_not_asked_for():
    found = table([skip("10:00", "03 03:00")], EARLY, NIGHT)
    assert runs(found, "04:00") == ["05:40 06:00 14:00"]


def test_a_skip_that_is_taken_back_in_time_changes_nothing():
    said = [skip("03:00", "14:00", "early")]
    assert runs(table(said, cancelled={0: "05:00"})) == ["05:40 06:00 22:00"]


def test_a_skip_that_is_taken_back_late_brings_back_what_is_left():
    said = [skip("03:00", "14:00", "early")]
    assert runs(table(said, cancelled={0: "08:00"})) == ["08:00 08:20 22:00"]
    assert runs(table(said, EARLY, cancelled={0: "13:45"})) == []


def test_a_skip_that_is_taken_back_in_a_pause_of_a_run_begins_at_once():
    mid, late = shift("14:00-15:00", "mid"), shift("15:25-22:00", "late")
    said = [skip("03:00", "15:00", "mid")]
    found = table(said, EARLY, mid, late, cancelled={0: "14:10"}, bridge=2 * HOUR)
    (run,) = found.runs(on("06:00"), on("22:00"))
    assert (run.start, run.stop) == (on("05:40"), on("22:00"))
    assert [f"{each.start:%H:%M}" for each in run.windows] == ["06:00", "14:10", "15:25"]


def test_a_run_bridges_what_is_skipped_to_its_very_end():
    found = table([skip("03:00", "22:00", "late")], EARLY, LATE, NIGHT, bridge=10 * HOUR)
    (run,) = found.runs(on("12:00"), on("13:00"))
    assert on("20:00") < run.stop


def test_what_is_skipped_parts_nothing_that_overtime_joins_later():
    night = shift("22:25-03:00", "night")
    said = [skip("03:00", "22:00", "late"), overtime("20:00", "21:58")]
    assert runs(table(said, EARLY, LATE, night), "15:00") == ["20:00 20:20 03:00"]


def test_a_skip_that_is_taken_back_just_after_another_run_begins_one_of_its_own():
    said = [skip("03:00", "22:00", "late")]
    found = table(said, cancelled={0: "14:05"})
    assert runs(found) == ["05:40 06:00 14:00", "14:05 14:25 22:00"]


def test_a_hold_off_ends_the_run_now_and_what_is_left_comes_a_lead_after_it():
    found = table([hold_off("15:00", "16:00")])
    assert runs(found) == ["05:40 06:00 15:00", "16:00 16:20 22:00"]


def test_a_hold_off_over_a_start_delays_it():
    assert runs(table([hold_off("05:00", "05:50")])) == ["05:50 06:10 22:00"]
    assert runs(table([hold_off("05:50", "07:00")])) == ["07:00 07:20 22:00"]
    assert runs(table([hold_off("06:00", "07:00")])) == ["07:00 07:20 22:00"]


def test_a_hold_off_that_leaves_no_time_for_a_start_ends_the_day():
    assert runs(table([hold_off("20:00", "21:40")])) == ["05:40 06:00 20:00"]


def test_a_hold_off_in_a_bridged_pause_is_not_bridged():
    found = table([hold_off("22:30", "22:40")], LATE, NIGHT, bridge=2 * HOUR)
    assert runs(found, "12:00") == ["13:40 14:00 22:00", "23:10 23:30 03:00"]


def test_a_hold_off_that_is_taken_back_ends_there():
    said = [hold_off("15:00", "20:00")]
    expected = ["05:40 06:00 15:00", "15:30 15:50 22:00"]
    assert runs(table(said, cancelled={0: "15:30"})) == expected


def test_overtime_after_a_hold_off_is_the_later_word():
    said = [hold_off("15:00", "20:00"), overtime("16:00", "18:00")]
    expected = ["05:40 06:00 15:00", "16:00 16:20 18:00", "20:00 20:20 22:00"]
    assert runs(table(said)) == expected


def test_a_hold_off_counts_again_when_the_later_word_is_over():
    said = [hold_off("15:00", "17:00"), overtime("15:30", "16:55")]
    expected = ["05:40 06:00 15:00", "15:30 15:50 16:55", "17:00 17:20 22:00"]
    assert runs(table(said)) == expected


def test_a_long_overtime_is_seen_whole_from_its_last_day_too():
    run = table([overtime("21:50", "08 21:00")]).run_at(on("08 20:00"))
    assert run is not None
    assert (run.start, run.stop) == (on("05:40"), on("08 22:00"))


def test_a_long_overtime_is_seen_whole_whatever_else_is_said():
    said = [overtime("21:50", "09 21:00"), overtime("21:51", "22:30")]
    for heard in (said, said[::-1]):
        run = table(heard).run_at(on("22:00"))
        assert run is not None
        assert run.stop == on("09 22:00")
    later = [said[0], say(Kind.HOLD_ON, "09 12:00", "09 15:00")]
    run = table(later).run_at(on("09 16:00"))
    assert run is not None
    assert run.start == on("05:40")


def test_overtime_that_runs_into_an_endless_shift_does_not_end():
    always = shift("00:00-24:00", "always", first=MONDAY + DAY)
    (run,) = table([overtime("12:00", "23:35")], always).runs(on("12:00"), on("12:01"))
    assert run.stop.year == 2050


def test_a_hold_off_after_overtime_is_the_later_word():
    said = [overtime("21:50", "23:30"), hold_off("22:10", "22:30")]
    assert runs(table(said)) == ["05:40 06:00 22:10", "22:30 22:50 23:30"]


def test_a_hold_on_is_overtime_by_another_name():
    found = table([say(Kind.HOLD_ON, "21:50", "23:30")])
    assert runs(found) == ["05:40 06:00 23:30"]
    assert found.runs(on("20:00"), on("21:00"))[0].windows[-1].shifts[1] == "hold on"


def test_what_is_taken_back_in_the_second_it_was_said_was_not_said():
    said = [hold_off("15:00", "20:00")]
    assert runs(table(said, cancelled={0: "15:00"})) == ["05:40 06:00 22:00"]


def test_a_disabled_model_is_off_whatever_is_said():
    assert runs(table([overtime("12:00", "13:00")], enabled=False)) == []


def test_a_model_without_shifts_can_work_overtime():
    works = plant("UTC", model(name="paint"))
    found = overridden(works, timetables(works), {"paint": [overtime("12:00", "13:00")]})
    assert runs(found["paint"]) == ["12:00 12:20 13:00"]


def test_only_the_models_that_somebody_speaks_of_get_another_timetable():
    works = plant("UTC", model(EARLY, name="paint"), model(EARLY, name="glue"))
    tables = timetables(works)
    found = overridden(works, tables, {"paint": [overtime("12:00", "16:00")], "gone": []})
    assert found["glue"] is tables["glue"]
    assert found["paint"] is not tables["paint"]
    assert (
        overridden(works, tables, {"paint": [overtime("12:00", "16:00")]})["paint"]
        is (found["paint"])
    )
    assert overridden(works, tables, {"paint": []})["paint"].runs(BEGIN, END)[0].stop == on(
        "01 14:00"
    )


def test_near_the_last_known_day_an_override_asks_for_no_later_ones():
    last = dt.datetime(2049, 12, 31, 21, 50, tzinfo=dt.UTC)
    late = Override(
        model="paint",
        kind=Kind.OVERTIME,
        made=last,
        until=last + HOUR,
        who="anna",
        why="the last batch",
    )
    run = table([late]).run_at(last)
    assert run is not None
    assert run.stop == last + HOUR


# Laws, whatever is said in whatever order


@st.composite
def words(draw) -> list[tuple[Kind, int, int, int | None]]:
    """Kind, minutes after BEGIN it is said, minutes it lasts, and when it is taken back."""
    kinds = st.sampled_from([Kind.OVERTIME, Kind.HOLD_ON, Kind.HOLD_OFF, Kind.SKIP])
    day, lasting = st.integers(0, 3 * 24 * 60), st.integers(1, 20 * 60)
    one = st.tuples(kinds, day, lasting, st.one_of(st.none(), st.integers(0, 20 * 60)))
    found = st.lists(one, min_size=1, max_size=5, unique_by=lambda each: each[1])
    said: list[tuple[Kind, int, int, int | None]] = draw(found)
    return said


def spoken(drawn: list[tuple[Kind, int, int, int | None]]) -> list[Override]:
    said = []
    for kind, begin, lasting, ended in sorted(drawn, key=lambda each: each[1]):
        made = BEGIN + begin * MINUTE
        day = (made + lasting * MINUTE).date() if kind is Kind.SKIP else None
        override = Override(
            model="paint",
            kind=kind,
            made=made,
            until=made + (lasting * MINUTE if day is None else 3 * DAY),
            who="anna",
            why="why not",
            day=day,
        )
        if ended is not None:
            back = Cancellation(
                override=override.id, until=override.until, made=made + ended * MINUTE, who="bob"
            )
            (override,) = Orders.of([override], [back]).overrides["paint"]
        said.append(override)
    return said


SHIFTS = st.sampled_from([(EARLY,), (EARLY, LATE), (LATE, NIGHT), (EARLY, LATE, NIGHT)])
INSTANTS = st.lists(st.integers(0, 4 * 24 * 60), min_size=30, max_size=30)


def is_on(found: Timetable, now: dt.datetime) -> bool:
    return found.run_at(now) is not None


@given(words(), SHIFTS, INSTANTS)
def test_nothing_that_is_said_changes_what_was(drawn, shifts, minutes):
    said = spoken(drawn)
    before, after = table(said[:-1], *shifts), table(said, *shifts)
    for now in (BEGIN + minute * MINUTE for minute in minutes):
        if now < said[-1].made:
            assert is_on(before, now) == is_on(after, now)


@given(words(), SHIFTS, INSTANTS)
def test_the_last_word_in_force_is_what_happens(drawn, shifts, minutes):
    said = spoken(drawn)
    found = table(said, *shifts)
    for now in (BEGIN + minute * MINUTE for minute in minutes):
        told = Orders(overrides={"paint": said}).last_word("paint", now)
        # What begins anew may be too short to be worth a start.
        if told is not None and now + 20 * MINUTE < told.ends:
            assert is_on(found, now) == (told.kind is not Kind.HOLD_OFF)


@given(words(), SHIFTS, INSTANTS)
def test_when_all_is_over_the_plan_is_as_it_was(drawn, shifts, minutes):
    said = spoken(drawn)
    plain, found = table([], *shifts), table(said, *shifts)
    over = max(each.until for each in said) + HOUR
    for now in (over + minute * MINUTE for minute in minutes):
        assert is_on(plain, now) == is_on(found, now)


@given(words(), SHIFTS, INSTANTS)
def test_runs_follow_each_other_and_are_the_same_from_wherever_they_are_seen(
    drawn, shifts, minutes
):
    said = spoken(drawn)
    whole = table(said, *shifts).runs(BEGIN - 8 * DAY, END + 8 * DAY)
    assert all(a.stop <= b.start for a, b in pairwise(whole))
    for now in (BEGIN + minute * MINUTE for minute in minutes[:5]):
        seen = [run for run in whole if run.start <= now < run.stop]
        assert [table(said, *shifts).run_at(now)] == (seen or [None])

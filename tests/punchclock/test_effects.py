"""What something that is said changes: hours, money, and production time without the model."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from punchclock.costs import Usage
from punchclock.effects import effect, skippable
from punchclock.overrides import Kind, Override
from tests.punchclock.worlds import at, model, plant, shift

EARLY, LATE = shift("06:00-14:00", "early"), shift("14:00-22:00", "late")
PAINT = model(EARLY, LATE, name="paint")
WORKS = plant("UTC", PAINT)
MONDAY = dt.date(2026, 3, 2)


def on(text: str) -> dt.datetime:
    return at(f"2026-03-02T{text}Z")


def said(kind: Kind, made: str, until: str, day: dt.date | None = None) -> Override:
    return Override(
        model="paint",
        kind=kind,
        made=on(made),
        until=on(until),
        who="anna",
        why="late batch",
        day=day,
    )


def test_overtime_costs_what_is_more_than_planned_and_leaves_nothing_uncovered():
    found = effect(WORKS, PAINT, [], [said(Kind.OVERTIME, "21:50", "23:30")], on("21:50"))
    assert found.usage == Usage.of(2 * 90, Decimal(4))
    assert not found.uncovered
    assert found.before is not None
    assert found.after is not None
    assert (found.before.stop, found.after.stop) == (on("22:00"), on("23:30"))


def test_all_that_is_said_is_counted_to_its_end():
    before = [said(Kind.OVERTIME, "21:40", "22:10")]
    after = [*before, said(Kind.OVERTIME, "21:50", "23:30")]
    for one, other, unit_minutes in ((before, after, 2 * 80), (after, before, -2 * 80)):
        found = effect(WORKS, PAINT, one, other, on("21:50"))
        assert found.usage == Usage.of(unit_minutes, Decimal(4))


def test_a_shift_that_is_over_is_not_uncovered_later():
    paint = model(EARLY, shift("14:25-22:00", "late"), name="paint")
    after = [said(Kind.HOLD_OFF, "15:00", "16:00")]
    found = effect(plant("UTC", paint), paint, [], after, on("15:00"))
    assert found.uncovered == dt.timedelta(hours=1, minutes=20)


def test_a_hold_off_saves_what_it_leaves_uncovered_with_the_start_after_it():
    found = effect(WORKS, PAINT, [], [said(Kind.HOLD_OFF, "15:00", "16:00")], on("15:00"))
    assert found.uncovered == dt.timedelta(hours=1, minutes=20)
    assert found.usage == Usage.of(-2 * 80, Decimal(4))
    assert found.coming is not None
    assert (found.coming.start, found.coming.ready) == (on("16:00"), on("16:20"))


def test_what_only_overtime_covered_is_no_production_time():
    before = [said(Kind.OVERTIME, "21:50", "23:30")]
    after = [*before, said(Kind.HOLD_OFF, "22:10", "23:20")]
    found = effect(WORKS, PAINT, before, after, on("22:10"))
    assert not found.uncovered
    assert found.usage == Usage.of(-2 * 80, Decimal(4))


def test_a_skip_finds_the_hours_of_a_day_that_were_not_asked_for():
    works = plant("UTC", model(EARLY, shift("18:00-22:00", "late"), name="paint"))
    (paint,) = works.models
    found = skippable(works, paint, [], day=MONDAY, shift=None, now=on("12:00"))
    assert [each.shift for each in found.skipped] == ["late"]
    assert [hours.shift for hours, _ in found.left] == ["early"]
    assert found.until == on("22:00")


def test_a_skip_finds_the_hours_of_one_shift_or_of_all_in_their_order():
    paint = model(shift("18:00-22:00", "late"), EARLY, name="paint")

    def found(one: str | None, *before: Override) -> list[str]:
        skip = skippable(plant("UTC", paint), paint, before, day=MONDAY, shift=one, now=on("03:00"))
        assert not skip.left
        return [f"{each.shift} {each.end:%H:%M}" for each in skip.skipped] + (
            [f"until {skip.until:%H:%M}"] if skip.skipped else []
        )

    assert found(None) == ["early 14:00", "late 22:00", "until 22:00"]
    assert found("late") == ["late 22:00", "until 22:00"]
    skipped = replace(said(Kind.SKIP, "02:00", "14:00", day=MONDAY), shift="early")
    assert found(None, skipped) == ["late 22:00", "until 22:00"]
    assert found("early", skipped) == []

"""Whether the schedules' events still arrive: what is missed, and when that is a trouble."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from punchclock.actions import Action
from punchclock.hearing import Heard, Hearing, judged, latest_due
from punchclock.plants import Assignment, Model, Plant, Target
from punchclock.shifts import Calendar, Shift
from punchclock.timetables import timetables

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
GRACE, APART = 10 * MINUTE, 60 * MINUTE
DAWN = Shift(name="dawn", days=frozenset(range(5)), start=dt.time(6), end=dt.time(14))
"""In Europe/Berlin, in winter: due to start at 04:40Z and to stop at 13:00Z."""

DUE = dt.datetime(2026, 3, 2, 4, 40, tzinfo=dt.UTC)
BEFORE = DUE - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("heard", "due", "expected"),
    [
        (Heard(), None, Hearing.FINE),
        (Heard(arrived=BEFORE), None, Hearing.FINE),
        (Heard(arrived=DUE), DUE, Hearing.FINE),
        (Heard(arrived=DUE + MINUTE), DUE, Hearing.FINE),
        (Heard(arrived=DUE - APART), DUE, Hearing.FINE),
        (Heard(arrived=DUE - APART - SECOND), DUE, Hearing.MISSED),
        (Heard(), DUE, Hearing.MISSED),
        (Heard(arrived=BEFORE, missed=DUE), None, Hearing.WAITING),
        (Heard(arrived=BEFORE, missed=DUE), DUE, Hearing.WAITING),
        (Heard(missed=DUE), DUE + APART, Hearing.WAITING),
        (Heard(missed=DUE), DUE + APART + SECOND, Hearing.GONE),
    ],
)
def test_one_event_is_missed_and_two_more_than_an_hour_apart_are_gone(heard, due, expected):
    assert judged(heard, due) is expected


def paint(*shifts: Shift, **more) -> Model:
    return Model(
        name="paint",
        target=Target(service="lookoutvision", key="paint/1", batch="paint/1", address={}),
        assignments=tuple(Assignment(shift=each, units=2) for each in shifts),
        rate=Decimal(4),
        **more,
    )


def due(now: dt.datetime, *models: Model, since: dt.datetime = BEFORE):
    plant = Plant(name="p", timezone="Europe/Berlin", region="eu-central-1", models=models)
    return latest_due(timetables(plant).values(), since, now)


def test_a_start_is_due_ten_minutes_after_its_time_and_while_its_run_lasts():
    model = paint(DAWN)
    assert due(DUE + GRACE - SECOND, model) == {}
    assert due(DUE + GRACE, model) == {Action.START: DUE}
    assert due(DUE + dt.timedelta(hours=8), model) == {Action.START: DUE}


def test_a_stop_is_due_ten_minutes_after_its_time_and_for_a_quarter_of_an_hour():
    stop = dt.datetime(2026, 3, 2, 13, 0, tzinfo=dt.UTC)
    assert due(stop + GRACE - SECOND, paint(DAWN)) == {Action.START: DUE}
    assert due(stop + GRACE, paint(DAWN)) == {Action.STOP: stop}
    assert due(stop + GRACE + 15 * MINUTE - SECOND, paint(DAWN)) == {Action.STOP: stop}
    assert due(stop + GRACE + 15 * MINUTE, paint(DAWN)) == {}


def test_what_was_due_before_the_plant_was_swept_is_not_missed():
    assert due(DUE + GRACE, paint(DAWN), since=DUE) == {}


def test_the_latest_of_all_models_is_due():
    later = Shift(name="later", days=DAWN.days, start=dt.time(7), end=dt.time(14))
    found = due(DUE + dt.timedelta(hours=2), paint(DAWN), replace(paint(later), name="glue"))
    assert found == {Action.START: DUE + dt.timedelta(hours=1)}


def test_a_calendar_that_has_ended_keeps_no_other_model_from_being_listened_for():
    ended = replace(
        paint(DAWN, calendar=Calendar(name="works", last=dt.date(2026, 2, 27))), name="old"
    )
    assert due(DUE + GRACE, ended, paint(DAWN)) == {Action.START: DUE}


def test_an_event_that_autumn_brings_an_hour_early_is_not_missed():
    """A night that ends at 02:30 of the second pass is stopped by the event of the first one."""
    night = Shift(
        name="night", days=frozenset({5}), start=dt.time(22), end=dt.time(2, 30), overnight=True
    )
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    found = due(second + GRACE, paint(night))
    assert found == {Action.STOP: second}
    first = second - dt.timedelta(hours=1)
    assert judged(Heard(arrived=first), found[Action.STOP]) is Hearing.FINE

"""What the timekeeper says of days and months, and what comes to light when a card is closed."""

import datetime as dt
from dataclasses import replace

import pytest

from functions import journal as events
from functions.readings import PORTION
from punchclock.errors import ComeAgain, Refused, ServiceSilent, Throttled
from punchclock.observations import State
from punchclock.shifts import Calendar, Shift
from punchclock.timecards import Basis
from tests.functions.hall import MINUTE, Hall, at, model

TUESDAY, WEDNESDAY = 3, 4
ENDED = Calendar(name="works", last=dt.date(2026, 2, 27))
ALWAYS = Shift(
    name="always", days=frozenset(range(7)), start=dt.time(0), end=dt.time(0), overnight=True
)
FORECASTS = (events.FORECAST, events.PLANNED_MONTH)


def closed_day(units: str = "2") -> Hall:
    """Return a hall whose Monday is over: 05:00 to 13:00 in service, closed at 13:30."""
    hall = Hall(model("paint"))
    hall.worked_day()
    hall.meter.count("paint", at("05:00"), at("13:00"), units)
    for minute in ("13:15", "13:30"):
        hall.keep_time(at(minute))
    return hall


def values(hall: Hall, name: str) -> list[float]:
    return [value for each, value in hall.journal.values if each == name]


def test_a_day_that_is_over_has_one_line_for_each_model_that_cost_something():
    hall = closed_day()
    assert hall.journal.of(events.DAY) == []
    for minute in ("00:15", "00:30", "05:00"):
        hall.keep_time(at(minute, TUESDAY))
    assert hall.journal.of(events.DAY) == [
        {
            "model": "paint",
            "day": "2026-03-02",
            "unit_hours": "16.00",
            "cost": "64.00",
            "month_to_date": "64.00",
            "currency": "USD",
        }
    ]


def test_a_day_is_told_of_when_the_last_card_that_touches_it_is_closed():
    hall = Hall(model("paint"))
    hall.worked_day()
    hall.keep_time(at("00:15", TUESDAY))
    assert hall.journal.of(events.DAY) == []
    hall.meter.count("paint", at("05:00"), at("13:00"))
    for minute in ("00:30", "00:45"):
        hall.keep_time(at(minute, TUESDAY))
    assert [line["cost"] for line in hall.journal.of(events.DAY)] == ["64.00"]


def around_the_clock(shift: Shift) -> Hall:
    """Return a hall with a model that runs from the Monday on, on two units."""
    hall = Hall(model("paint", shift), now=at("00:00"))
    hall.sweep()
    hall.start(at("05:00"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    return hall


@pytest.mark.parametrize(("minute", "is_told"), [("23:14", False), ("23:15", True)])
def test_a_day_of_a_running_model_is_told_of_when_it_was_read_after_its_end(minute, is_told):
    hall = around_the_clock(ALWAYS)
    hall.keep_time(at(minute))
    assert [line["unit_hours"] for line in hall.journal.of(events.DAY)] == ["36.00"] * is_told


@pytest.mark.parametrize(
    ("opened", "is_told"), [("22:50", False), ("23:00", True), ("23:05", True)]
)
def test_a_day_waits_for_cards_that_were_opened_on_it_and_for_no_others(opened, is_told):
    """In Berlin the Monday ends at 23:00Z."""
    hall = Hall(model("paint", ALWAYS), now=at("00:00"))
    hall.sweep()
    hall.start(at(opened))
    hall.lookout.set("paint/1", State.STARTING)
    hall.sweep(at(opened) + MINUTE)
    hall.keep_time(at("23:20"))
    assert (hall.ledger.book().told == dt.date(2026, 3, 2)) is is_told


def test_the_models_of_a_day_are_told_of_by_name():
    hall = Hall(model("b"), model("a", service="rekognition"))
    hall.start(at("04:40"))
    for state, minute in ((State.RUNNING, "05:00"), (State.STOPPED, "13:00")):
        hall.lookout.set("b/1", state)
        hall.rekognition.set("a/1", state)
        hall.sweep(at(minute))
    for minute in ("13:15", "13:30", "23:30"):
        hall.keep_time(at(minute))
    assert [line["model"] for line in hall.journal.of(events.DAY)] == ["a", "b"]


def test_the_month_so_far_adds_up_over_the_days():
    hall = closed_day()
    hall.ledger.forget_cards()
    hall.keep_time(at("00:15", TUESDAY))
    hall.start(at("04:40", TUESDAY))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00", TUESDAY))
    hall.stop(at("13:00", TUESDAY))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02", TUESDAY))
    hall.meter.count("paint", at("05:00", TUESDAY), at("13:00", TUESDAY))
    for now in (at("13:15", TUESDAY), at("13:30", TUESDAY), at("00:15", WEDNESDAY)):
        hall.keep_time(now)
    told = [(line["day"], line["month_to_date"]) for line in hall.journal.of(events.DAY)]
    assert told == [("2026-03-02", "64.00"), ("2026-03-03", "128.00")]
    hall.keep_time(at("03:00", WEDNESDAY))
    assert values(hall, events.MONTH_TO_DATE)[-1] == 128.0


def test_the_month_to_date_is_a_gauge_that_no_repetition_raises():
    hall = closed_day()
    for _ in range(3):
        hall.keep_time(at("15:10"))
    assert values(hall, events.MONTH_TO_DATE) == [64.0] * 3


def test_the_month_to_date_has_what_an_open_card_used_of_it_and_nothing_of_the_month_before():
    hall = around_the_clock(replace(ALWAYS, first=dt.date(2026, 3, 31)))
    april = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    hall.start(april - dt.timedelta(hours=3))
    hall.sweep(april - dt.timedelta(hours=3))
    hall.keep_time(april - dt.timedelta(hours=2, minutes=30))
    hall.keep_time(april)
    # In Berlin it is April from 22:00Z on: two hours on two units.
    assert values(hall, events.MONTH_TO_DATE)[-1] == 2 * 2 * 4.0


@pytest.mark.parametrize(("minute", "count"), [("15:14", 1), ("15:15", 0)])
def test_a_gauge_is_sent_in_the_first_quarter_of_its_hour(minute, count):
    hall = Hall(model("paint"))
    hall.keep_time(at(minute))
    assert len(values(hall, events.MONTH_TO_DATE)) == count


def test_a_month_is_planned_from_its_first_day_to_its_last():
    hall = Hall(model("paint"))
    hall.keep_time(dt.datetime(2026, 4, 2, tzinfo=dt.UTC))
    # A Wednesday, a Thursday, and the first of May is a Friday: 22 days in April.
    assert values(hall, events.PLANNED_MONTH) == [22 * 64.0]


def test_what_is_charged_by_the_hour_in_which_it_is_sent_is_sent_in_few_hours():
    hall = closed_day()
    hall.journal.values.clear()
    for quarter in range(96):
        hall.keep_time(at("00:05", TUESDAY) + 15 * quarter * MINUTE)
    sent = [len(values(hall, name)) for name in (events.MONTH_TO_DATE, *FORECASTS)]
    assert sent == [8, 2, 2]


def test_a_forecast_comes_in_each_half_of_a_day_of_utc_as_its_alarm_looks_at_them():
    hall = closed_day()
    for hour, count in (("11:00", 0), ("12:10", 1), ("12:25", 1), ("15:00", 1), ("18:00", 1)):
        hall.keep_time(at(hour, TUESDAY))
        assert len(values(hall, events.FORECAST)) == count


def test_the_forecast_is_what_was_paid_and_what_is_still_planned():
    hall = closed_day()
    hall.keep_time(at("00:00", TUESDAY))
    planned = values(hall, events.PLANNED_MONTH)[-1]
    # The model of these tests works eight hours on two units, Monday to Friday: 22 days in March.
    assert planned == 22 * 64.0
    assert values(hall, events.FORECAST)[-1] == 64.0 + 21 * 64.0


def test_a_model_whose_calendar_has_ended_keeps_no_forecast_of_the_others_from_being_sent():
    known, both = Hall(model("paint")), Hall(model("paint"), replace(model("old"), calendar=ENDED))
    for hall in (known, both):
        hall.keep_time(at("00:00"))
    assert values(both, events.FORECAST) == values(known, events.FORECAST)
    assert values(both, events.PLANNED_MONTH) == values(known, events.PLANNED_MONTH)


def test_one_review_that_fails_keeps_no_other_from_being_made():
    hall = Hall(model("paint"), model("glue"))
    hall.worked_day("paint")
    hall.lookout.set("glue/1", State.RUNNING)
    hall.sweep(at("13:03"))
    hall.lookout.set("glue/1", State.STOPPED)
    hall.sweep(at("13:05"))
    for minute in ("13:20", "13:35", "13:50"):
        hall.keep_time(at(minute))
    assert len(hall.closed()) == 2
    reviewed, made = hall.ledger.reviewed, []

    def review(card, correction):
        if card.model == "paint":
            raise Throttled("the ledger is busy")
        made.append(card.model)
        reviewed(card, correction)

    hall.ledger.reviewed = review
    with pytest.raises(ComeAgain, match="the ledger is busy"):
        hall.keep_time(at("14:00", TUESDAY))
    assert made == ["glue"]


def test_what_the_metric_says_a_day_after_the_closing_is_a_correction():
    hall = closed_day()
    [card] = hall.closed()
    hall.meter.count("paint", at("05:00"), at("06:00"), "4")
    hall.keep_time(at("13:15", TUESDAY))
    assert hall.closed() == [card]
    hall.keep_time(at("13:31", TUESDAY))
    [corrected] = hall.closed()
    assert corrected.usage.unit_hours - card.usage.unit_hours == 2
    [line] = hall.journal.of(events.CORRECTION)
    assert line == {
        "card": card.id,
        "model": "paint",
        "unit_hours": "18.00",
        "cost": "72.00",
        "cost_before": "64.00",
        "currency": "USD",
    }
    hall.keep_time(at("15:00", TUESDAY))
    assert values(hall, events.MONTH_TO_DATE)[-1] == 72.0
    hall.keep_time(at("13:46", TUESDAY))
    assert len(hall.journal.of(events.CORRECTION)) == 1


def test_a_review_that_finds_nothing_else_says_nothing():
    hall = closed_day()
    hall.keep_time(at("13:31", TUESDAY))
    assert hall.journal.of(events.CORRECTION) == []
    assert hall.ledger.reviews(at("13:31", WEDNESDAY)) == []


def test_a_review_reads_the_minutes_of_the_card_and_no_others():
    hall = Hall(model("paint"))
    hall.start(at("04:40:30"))
    for state, minute in ((State.RUNNING, "05:00"), (State.STOPPED, "13:02:30")):
        hall.lookout.set("paint/1", state)
        hall.sweep(at(minute))
    for minute in ("13:30", "13:45"):
        hall.keep_time(at(minute))
    hall.meter.asked.clear()
    hall.keep_time(at("13:45", TUESDAY))
    ((reading,),) = hall.meter.asked
    assert (reading.begin, reading.end) == (at("04:40"), at("13:03"))


def three_weeks() -> Hall:
    """Return a hall whose model has run from the Monday to the 23rd, on four units."""
    hall = around_the_clock(ALWAYS)
    hall.meter.count("paint", at("05:00"), at("13:02", 23), "4")
    for day in range(3, 24):
        hall.keep_time(at("05:15", day))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02", 23))
    for minute in ("13:17", "13:32"):
        hall.keep_time(at(minute, 23))
    hall.meter.asked.clear()
    return hall


def test_a_review_begins_with_the_first_day_that_the_meter_still_knows_for_sure():
    hall = three_weeks()
    before = hall.closed()
    assert sum(card.minutes(Basis.OBSERVED) for card in before) == 0
    hall.meter.forget(at("13:45", 24))
    hall.keep_time(at("13:45", 24))
    ((reading,),) = hall.meter.asked
    assert (reading.begin, reading.end) == (at("23:00", 10), at("13:03", 23))
    assert hall.closed() == before
    assert hall.journal.of(events.CORRECTION) == []
    assert hall.ledger.reviews(at("13:45", 25)) == []


def test_a_correction_leaves_the_days_as_they_are_that_the_meter_has_forgotten():
    hall = three_weeks()
    [before] = hall.closed()
    hall.meter.forget(at("13:45", 24))
    hall.meter.count("paint", at("23:00", 10), at("00:00", 11), "7")
    hall.keep_time(at("13:45", 24))
    [card] = hall.closed()
    assert card.usage.unit_hours - before.usage.unit_hours == 3
    assert card.minutes(Basis.OBSERVED) == 0
    [day] = [now for now, was in zip(card.days, before.days, strict=True) if now != was]
    assert day.day == dt.date(2026, 3, 11)


@pytest.mark.parametrize(("stopped", "minutes"), [("22:59", []), ("23:00", [1])])
def test_a_review_of_which_the_meter_knows_nothing_any_more_is_given_up(stopped, minutes):
    """In Berlin the Monday ends at 23:00Z; on the 16th the Tuesday is the first that is kept."""
    hall = around_the_clock(ALWAYS)
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at(stopped))
    for minute in ("23:15", "23:30"):
        hall.keep_time(at(minute))
    before = hall.closed()
    hall.meter.asked.clear()
    hall.keep_time(at("12:00", 16))
    asked = [each.end - each.begin for some in hall.meter.asked for each in some]
    assert asked == [each * MINUTE for each in minutes]
    assert hall.ledger.reviews(at("12:00", 17)) == []
    assert hall.closed() == before
    assert hall.journal.of(events.CORRECTION) == []


def test_a_card_that_was_never_in_service_is_reviewed_without_a_reading():
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:00"))
    for minute in ("13:15", "13:30"):
        hall.keep_time(at(minute))
    hall.meter.asked.clear()
    hall.keep_time(at("13:31", TUESDAY))
    assert hall.meter.asked == []
    assert hall.ledger.reviews(at("13:31", WEDNESDAY)) == []


def closed_together(*names: str) -> Hall:
    """Return a hall whose models were in service from 05:00 to 05:30; all are closed at 06:00."""
    hall = Hall(*(model(name) for name in names))
    hall.start(at("04:40"))
    for state, minute in ((State.RUNNING, "05:00"), (State.STOPPED, "05:30")):
        for name in names:
            hall.lookout.set(f"{name}/1", state)
        hall.sweep(at(minute))
    for minute in ("05:45", "06:00"):
        hall.keep_time(at(minute))
    hall.meter.asked.clear()
    return hall


def under_review(hall: Hall, now: dt.datetime) -> list[str]:
    """Return the names of the models whose cards are still to be read once more."""
    return [card.model for card in hall.ledger.reviews(now)]


@pytest.mark.parametrize("error", [Refused("not allowed"), KeyError("Spec")])
def test_one_card_whose_metric_cannot_be_read_keeps_no_other_from_being_reviewed(error):
    hall = closed_together("a", "glue", "z")
    now = at("06:00", TUESDAY)
    hall.meter.refused = {"glue/1": error}
    for name in ("a", "glue", "z"):
        hall.meter.count(name, at("05:00"), at("05:30"), "4")
    with pytest.raises(ComeAgain, match=r"^meter of lookoutvision:glue/1@[^;]*$"):
        hall.keep_time(now)
    assert [line["model"] for line in hall.journal.of(events.CORRECTION)] == ["a", "z"]
    assert under_review(hall, now) == ["glue"]
    hall.meter.refused.clear()
    hall.keep_time(now)
    assert [line["model"] for line in hall.journal.of(events.CORRECTION)] == ["a", "z", "glue"]
    assert under_review(hall, now) == []


def test_reviews_wait_for_a_meter_that_is_silent():
    hall = closed_together("a", "z")
    now = at("06:00", TUESDAY)
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain, match=r"^meter: no answer$"):
        hall.keep_time(now)
    assert len(hall.meter.asked) == 1
    assert under_review(hall, now) == ["a", "z"]


def test_a_review_that_is_always_refused_is_tried_until_the_meter_has_forgotten_the_card():
    hall = closed_together("paint")
    hall.meter.refused = {"paint/1": Refused("not allowed")}
    # In Berlin the second day after the oldest that is kept begins at 23:00Z.
    last = at("22:59:59", 15)
    with pytest.raises(ComeAgain, match="not allowed"):
        hall.keep_time(last)
    assert under_review(hall, last) == ["paint"]
    hall.keep_time(last + MINUTE)
    assert under_review(hall, last) == []
    assert hall.journal.of(events.CORRECTION) == []


def test_cards_whose_metric_is_always_refused_stand_before_no_other():
    names = [f"m{n:03}" for n in range(PORTION)]
    hall = closed_together(*names, "z")
    hall.meter.refused = dict.fromkeys((f"{name}/1" for name in names), Refused("not allowed"))
    with pytest.raises(ComeAgain, match="not allowed"):
        hall.keep_time(at("06:00", TUESDAY))
    hall.keep_time(at("06:15", TUESDAY))
    assert under_review(hall, at("06:15", TUESDAY)) == names


def test_reviews_of_many_cards_are_shared_out_over_the_quarters():
    hall = closed_together(*(f"m{n:03}" for n in range(PORTION + 1)))
    for minute in ("06:00", "06:15", "06:30"):
        hall.keep_time(at(minute, TUESDAY))
    assert [len(each) for each in hall.meter.asked] == [PORTION, 1]


def test_a_unit_that_is_lost_is_told_of_while_the_model_runs():
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.meter.count("paint", at("05:00"), at("05:20"), "2")
    hall.keep_time(at("05:15"))
    assert values(hall, events.CAPACITY_LOW) == []
    hall.meter.count("paint", at("05:20"), at("05:30"), "1")
    hall.keep_time(at("05:30"))
    assert values(hall, events.CAPACITY_LOW) == [1]


def test_what_runs_costs_so_much_an_hour():
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STARTING)
    hall.sweep(at("04:41"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    assert values(hall, events.COST_PER_HOUR) == [0.0, 8.0]
    assert values(hall, events.START_DURATION) == [600.0]


@pytest.mark.parametrize("minute", [at("05:00"), at("05:20")])
def test_a_model_that_is_late_is_counted_each_minute(minute):
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STARTING)
    hall.sweep(minute)
    assert values(hall, events.MODELS_LATE) == [1]
    assert values(hall, events.MODELS_OUTSIDE) == []


def test_a_run_by_hand_is_counted_within_a_minute_and_its_cost_is_unscheduled():
    hall = Hall(model("paint"), now=at("15:00"))
    hall.sweep(at("15:00"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("15:01"))
    assert values(hall, events.MODELS_OUTSIDE) == [1]
    hall.sweep(at("16:01"))
    hall.stop(at("16:01"), {"targets": ["lookoutvision:paint/1"]})
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("16:03"))
    hall.meter.count("paint", at("15:01"), at("16:01"))
    for minutes in (15, 30):
        hall.keep_time(at("16:03") + minutes * MINUTE)
    assert values(hall, events.UNSCHEDULED_COST) == [8.0]


@pytest.mark.parametrize(
    ("minute", "late"), [(at("04:50"), []), (at("05:00"), [1])], ids=["in the lead", "in the shift"]
)
def test_a_model_that_is_missing_is_late_from_the_beginning_of_its_shift(minute, late):
    hall = Hall(model("paint"))
    hall.lookout.set("paint/1", State.MISSING)
    hall.sweep(minute)
    assert values(hall, events.MODELS_LATE) == late


def test_a_model_that_was_ready_and_is_gone_for_a_moment_is_not_late():
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    hall.lookout.set("paint/1", State.UNKNOWN)
    hall.sweep(at("05:10"))
    assert values(hall, events.MODELS_LATE) == []

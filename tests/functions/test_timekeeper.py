"""The timekeeper: what it reads, when it closes a card, and what it says a run has cost."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from functions import journal as events
from functions.readings import PORTION
from punchclock.decisions import Trouble
from punchclock.errors import ComeAgain, LedgerConflict, Refused, ServiceSilent, Throttled
from punchclock.observations import State
from punchclock.overrides import Kind, Override
from punchclock.shifts import Shift
from punchclock.timecards import Basis, Origin, Purpose
from tests.functions.hall import MINUTE, Hall, at, idle, model, named

TUESDAY, WEDNESDAY, THURSDAY = 3, 4, 5


def hall_after_work(*models):
    """Return a hall in which a run is over: in service from 05:00 to 13:00, confirmed at 13:02."""
    hall = Hall(*models)
    hall.worked_day()
    return hall


def hall_running():
    """Return a hall in which a run has begun: in service from 05:00."""
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    return hall


def metered(hall, name="paint"):
    hall.meter.count(name, at("05:00"), at("13:00"))
    return hall


# When a card is closed


def test_a_card_is_closed_15_minutes_after_its_stop_and_two_equal_readings():
    hall = metered(hall_after_work())
    assert hall.keep_time(at("13:15")) == {"cards": 1, "closed": 0}
    assert hall.keep_time(at("13:16:59")) == {"cards": 1, "closed": 0}
    assert hall.keep_time(at("13:17")) == {"cards": 1, "closed": 1}
    (card,) = hall.closed()
    assert (card.stopped, card.closed) == (at("13:02"), at("13:17"))
    assert hall.keep_time(at("13:30")) == {"cards": 0, "closed": 0}


def test_one_reading_closes_no_card_however_late_it_is():
    hall = metered(hall_after_work())
    assert hall.keep_time(at("13:45"))["closed"] == 0
    assert hall.keep_time(at("14:00"))["closed"] == 1


def test_a_card_whose_readings_still_differ_waits():
    hall = hall_after_work()
    hall.meter.count("paint", at("05:00"), at("12:00"))
    hall.keep_time(at("13:15"))
    hall.meter.count("paint", at("12:00"), at("12:30"), "3")
    assert hall.keep_time(at("13:30"))["closed"] == 0
    assert hall.keep_time(at("13:45"))["closed"] == 1


def test_a_card_whose_readings_never_agree_is_closed_after_a_day():
    hall = hall_after_work()
    closed = []
    for minutes in range(15, 26 * 60, 15):
        minute = at("05:00") + minutes // 15 * MINUTE
        hall.meter.count("paint", minute, minute + MINUTE, "3")
        now = at("13:02") + minutes * MINUTE
        if hall.keep_time(now)["closed"]:
            closed.append(now)
    assert closed == [at("13:02", TUESDAY)]


def test_a_card_is_closed_exactly_once_with_exactly_one_line():
    hall = metered(hall_after_work())
    for minutes in range(0, 120, 5):
        hall.keep_time(at("13:02") + minutes * MINUTE)
    assert len(hall.closed()) == 1
    assert len(hall.journal.of("timecard")) == 1


def test_a_reading_that_says_nothing_new_of_a_stopped_card_is_not_written():
    hall = metered(hall_after_work())
    hall.keep_time(at("13:15"))
    before = len(hall.ledger.writes)
    hall.keep_time(at("13:16"))
    assert len(hall.ledger.writes) == before


def test_a_timekeeper_that_was_overtaken_writes_no_second_line():
    hall = metered(hall_after_work())
    hall.keep_time(at("13:15"))
    book = hall.ledger.book()
    hall.keep_time(at("13:30"))
    hall.ledger.stale = book
    assert hall.keep_time(at("13:30:05"))["closed"] == 0
    assert len(hall.journal.of("timecard")) == 1
    assert len(hall.journal.of("conflict")) == 1


def test_a_card_that_is_not_stopped_stays_open():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    assert hall.keep_time(at("05:00", WEDNESDAY))["closed"] == 0


def test_a_stopped_card_without_any_datapoint_closes_as_observed():
    hall = hall_after_work()
    hall.keep_time(at("13:15"))
    hall.keep_time(at("13:30"))
    (card,) = hall.closed()
    assert card.minutes(Basis.METERED) == 0
    assert card.minutes(Basis.OBSERVED) == 480
    assert card.usage.unit_hours == 16


def test_a_card_that_never_ran_closes_with_nothing():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:00"))
    hall.keep_time(at("13:15"))
    hall.keep_time(at("13:30"))
    (card,) = hall.closed()
    assert card.days == ()
    assert card.usage.cost == 0
    (line,) = hall.journal.of("timecard")
    assert (line["unit_hours"], line["cost"], line["ready"]) == ("0.00", "0.00", None)


def test_a_run_that_only_the_meter_saw_is_billed():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:00"))
    hall.meter.count("paint", at("05:00"), at("05:30"))
    hall.keep_time(at("13:15"))
    hall.keep_time(at("13:30"))
    assert hall.closed()[0].minutes(Basis.METERED) == 30


# What a run has cost


def test_two_units_for_eight_hours_are_one_line_of_16_unit_hours_and_64_dollars():
    hall = metered(hall_after_work())
    hall.keep_time(at("13:15"))
    hall.keep_time(at("13:30"))
    (line,) = hall.journal.of("timecard")
    assert line == {
        "card": "lookoutvision:paint/1@2026-03-02T04:40:00Z",
        "model": "paint",
        "shifts": ("early",),
        "origin": Origin.PLANNED,
        "asked": at("04:40"),
        "ready": at("05:00"),
        "stopped": at("13:02"),
        "units": 2,
        "late_seconds": 0,
        "minutes": {"metered": 480, "observed": 0},
        "unit_minutes": {"shift": "960"},
        "unit_hours": "16.00",
        "rate": "4.00",
        "cost": "64.00",
        "currency": "USD",
    }
    assert [each for each in hall.journal.values if each[0] in {"UnitHours", "RunCost"}] == [
        ("UnitHours", 16.0),
        ("RunCost", 64.0),
    ]
    assert events.UNSCHEDULED_COST not in hall.journal.units


def test_minutes_without_a_datapoint_in_which_it_was_seen_running_are_observed():
    hall = hall_after_work()
    hall.meter.count("paint", at("05:00"), at("11:00"))
    hall.keep_time(at("13:15"))
    card = hall.card()
    assert (card.minutes(Basis.METERED), card.minutes(Basis.OBSERVED)) == (360, 120)


def test_minutes_before_the_window_and_after_the_stop_are_told_apart():
    hall = hall_after_work()
    hall.meter.count("paint", at("04:50"), at("13:02"))
    hall.keep_time(at("13:15"))
    (day,) = hall.card().days
    assert day.unit_minutes == {Purpose.LEAD: 20, Purpose.SHIFT: 960, Purpose.LATE_STOP: 4}


def test_a_persons_minutes_are_unscheduled():
    hall = Hall(idle("spare"), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("20:00"))
    hall.lookout.set("spare/1", State.STOPPED)
    hall.sweep(at("20:30"))
    hall.keep_time(at("20:45"))
    (day,) = hall.card("spare").days
    assert day.unit_minutes == {Purpose.UNSCHEDULED: 60}


def test_minutes_before_the_card_and_after_its_confirmed_stop_are_not_its_own():
    hall = hall_after_work()
    hall.meter.count("paint", at("04:00"), at("14:00"))
    hall.keep_time(at("14:15"))
    # From 04:40 to the end of 13:02.
    assert hall.card().minutes(Basis.METERED) == 8 * 60 + 23


def test_the_minute_at_the_seam_of_two_cards_is_on_one_card_only():
    hall = Hall(now=at("04:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:30"))
    hall.sweep(at("04:40:30"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("04:50"))
    hall.keep_time(at("04:55"))
    person, ours = hall.cards()
    assert person.minutes(Basis.OBSERVED) == 10
    assert ours.minutes(Basis.OBSERVED) == 10
    hall.meter.count("paint", at("04:30"), at("04:50"))
    hall.keep_time(at("05:10"))
    person, ours = hall.cards()
    assert [card.minutes(Basis.METERED) for card in (person, ours)] == [10, 10]
    assert [card.minutes(Basis.OBSERVED) for card in (person, ours)] == [0, 0]


def test_cards_that_share_a_minute_are_closed_in_the_order_in_which_they_were_opened():
    hall = hall_after_work()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("13:02:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:10"))
    # What is known of the first one changes with every reading.
    for minutes in (15, 30, 45):
        hall.meter.count("paint", at("05:00"), at("05:00") + minutes * MINUTE, "1")
        assert hall.keep_time(at("13:15") + minutes * MINUTE) == {"cards": 2, "closed": 0}
    hall.keep_time(at("14:15"))
    first, second = hall.closed()
    assert first.minutes_end == at("13:02") <= second.opened


def test_a_restart_within_a_minute_counts_that_minute_once():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("06:00:10"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("06:00:50"))
    hall.meter.count("paint", at("05:00"), at("06:30"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("06:30"))
    hall.keep_time(at("06:45"))
    assert [card.minutes(Basis.METERED) for card in hall.cards()] == [60, 30]


def test_days_are_the_plants_local_dates():
    """In Berlin the Monday ends at 23:00Z."""
    night = Shift(
        name="night",
        days=frozenset(range(7)),
        start=dt.time(22),
        end=dt.time(6),
        overnight=True,
    )
    hall = Hall(model("paint", night), now=at("20:40"))
    hall.start()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("21:00"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("05:00", TUESDAY))
    hall.keep_time(at("05:15", TUESDAY))
    assert [(day.day.day, sum(day.minutes.values())) for day in hall.card().days] == [
        (2, 120),
        (3, 360),
    ]


# Cards that are open for days


ALWAYS = Shift(
    name="always", days=frozenset(range(7)), start=dt.time(0), end=dt.time(0), overnight=True
)


def around_the_clock():
    """Return a hall with a model that has run since 05:00 of the Monday and never stops."""
    hall = Hall(model("paint", ALWAYS))
    hall.start()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    return hall


def test_a_running_card_is_read_each_quarter_of_an_hour():
    hall = around_the_clock()
    for minute in ("05:14", "05:15", "05:27", "05:28"):
        hall.meter.count("paint", at("05:00"), at(minute))
        hall.keep_time(at(minute))
    assert [reading.end for (reading,) in hall.meter.asked] == [at("05:14"), at("05:28")]
    assert hall.card().minutes(Basis.METERED) == 28


def test_a_card_that_was_never_seen_in_service_is_not_read():
    hall = Hall()
    hall.start()
    hall.lookout.set("paint/1", State.STARTING)
    hall.sweep(at("04:50"))
    hall.keep_time(at("05:30"))
    assert hall.meter.asked == []


def test_the_minutes_of_a_model_do_not_end_where_another_begins():
    hall = Hall(model("paint", ALWAYS), model("glue"))
    hall.start(at("04:40"), named("paint"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    hall.start(at("05:00"), named("glue"))
    hall.keep_time(at("05:15"))
    ((reading,),) = hall.meter.asked
    assert (reading.begin, reading.end) == (at("04:40"), at("05:15"))


def test_just_after_midnight_the_day_before_is_read_again():
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("23:30"))
    for minute in ("23:05", "23:20"):
        hall.keep_time(at(minute))
    assert [reading.begin for (reading,) in hall.meter.asked] == [at("04:40"), at("04:40")]


def test_where_nothing_changes_a_card_is_written_once_a_day():
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("23:30"), "0")
    before = len(hall.ledger.writes)
    written = []
    for minute in ("22:50", "23:05", "23:20"):
        hall.keep_time(at(minute))
        written.append(len(hall.ledger.writes) - before)
    assert written == [0, 0, 1]


def test_the_first_reading_of_a_day_is_written_though_it_says_what_the_last_one_said():
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("22:50"))
    hall.meter.count("paint", at("22:50"), at("23:30"), "0")
    hall.keep_time(at("22:50"))
    before = len(hall.ledger.writes)
    hall.keep_time(at("23:20"))
    assert len(hall.ledger.writes) == before + 1


@pytest.mark.parametrize("units", ["1", None], ids=["stopped on one unit", "without a datapoint"])
def test_units_are_missed_of_running_models_alone_where_the_meter_says_so(units):
    hall = hall_after_work() if units else around_the_clock()
    if units:
        hall.meter.count("paint", at("05:00"), at("13:02"), units)
    hall.keep_time(at("13:15"))
    assert len(hall.meter.asked) == 1
    assert events.CAPACITY_LOW not in hall.journal.units


def test_of_many_running_cards_each_is_read_more_rarely():
    """A reading costs money: a hundred of them a quarter of an hour, however many models run."""
    names = [f"m{number}" for number in range(250)]
    hall = Hall(*(model(name, ALWAYS) for name in names))
    for portion in range(5):
        hall.start(at("04:40") + portion * MINUTE)
    for name in names:
        hall.lookout.set(f"{name}/1", State.RUNNING)
    for minute in range(5):
        hall.sweep(at("05:00") + minute * MINUTE)
    asked = []
    for quarter in range(1, 9):
        before = len(hall.meter.asked)
        hall.keep_time(at("05:00") + quarter * 15 * MINUTE)
        asked.append(sum(len(each) for each in hall.meter.asked[before:]))
    assert sum(asked) <= 8 * 100 + len(names)
    assert sum(asked) >= 2 * len(names)


def test_days_that_are_long_over_stay_as_they_are():
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("05:00", 7))
    for day in (TUESDAY, WEDNESDAY, THURSDAY, 6):
        hall.keep_time(at("05:01", day))
    before = hall.card().days
    assert [day.day.day for day in before] == [2, 3, 4, 5, 6]
    # The metric forgets, and what comes now about the first days comes too late.
    hall.meter.points.clear()
    hall.meter.count("paint", at("00:00", 6), at("05:02", 7), "4")
    hall.keep_time(at("05:02", 7))
    after = hall.card().days
    assert after[:3] == before[:3]
    assert after[-1].unit_minutes == {Purpose.SHIFT: 4 * 6 * 60 + 4 * 2}
    assert hall.meter.asked[-1][0].begin == at("23:00", THURSDAY)


@pytest.mark.parametrize("read", [True, False], ids=["read once", "never read"])
def test_a_card_that_nobody_has_read_for_weeks_is_as_it_was_seen_where_the_meter_has_forgotten(
    read,
):
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("05:00", 25), "4")
    if read:
        hall.keep_time(at("05:00", TUESDAY))
    now = at("05:00", 25)
    hall.meter.forget(now)
    hall.keep_time(now)
    assert hall.meter.asked[-1][0].begin == at("23:00", 11)
    card = hall.card()
    kept = (now - at("23:00", 11)) // MINUTE
    metered = kept + 1440 * read
    assert card.minutes(Basis.METERED) == metered
    assert card.minutes(Basis.OBSERVED) == (now - at("05:00")) // MINUTE - metered
    assert card.usage.unit_hours == Decimal(2 * 23 * 24) + Decimal(2 * metered) / 60
    assert [day.day.day for day in card.days] == [*range(2, 26)]
    before = len(hall.ledger.writes)
    hall.keep_time(now)
    assert len(hall.ledger.writes) == before


def test_a_minute_that_two_cards_share_is_counted_once_where_the_meter_has_forgotten_it():
    hall = hall_running()
    states = (State.STOPPED, State.RUNNING, State.STOPPED)
    for state, now in zip(states, ("06:00:10", "06:00:50", "06:30"), strict=True):
        hall.lookout.set("paint/1", state)
        hall.sweep(at(now))
    for minute in ("13:15", "13:30"):
        hall.keep_time(at(minute, 25))
    assert [card.minutes(Basis.OBSERVED) for card in hall.closed()] == [60, 30]


def test_a_closed_card_has_all_its_days():
    hall = around_the_clock()
    hall.meter.count("paint", at("05:00"), at("05:00", THURSDAY))
    for day in (TUESDAY, WEDNESDAY):
        hall.keep_time(at("05:01", day))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("05:00", THURSDAY))
    hall.keep_time(at("05:15", THURSDAY))
    hall.keep_time(at("05:30", THURSDAY))
    (card,) = hall.closed()
    assert card.usage.unit_hours == 2 * 72
    assert [day.day.day for day in card.days] == [2, 3, 4, 5]


# What goes wrong


def test_a_meter_that_cannot_be_read_closes_nothing_loses_nothing_and_fails_loudly():
    hall = metered(hall_after_work())
    hall.keep_time(at("13:15"))
    before = hall.card()
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain, match="meter: no answer"):
        hall.keep_time(at("13:30"))
    assert hall.card() == before
    hall.meter.error = None
    assert hall.keep_time(at("13:45"))["closed"] == 1


def test_a_meter_that_cannot_be_read_for_a_day_leaves_what_it_said_before():
    hall = metered(hall_after_work())
    hall.keep_time(at("13:15"))
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain):
        hall.keep_time(at("13:02", TUESDAY))
    (card,) = hall.closed()
    assert card.minutes(Basis.METERED) == 480


def test_a_minute_that_was_read_just_after_the_stop_is_not_counted_again_in_silence():
    hall = hall_running()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.meter.count("paint", at("05:00"), at("13:03"))
    hall.sweep(at("13:02:10"))
    hall.keep_time(at("13:02:30"))
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain):
        hall.keep_time(at("13:03", TUESDAY))
    (card,) = hall.closed()
    assert (card.minutes(Basis.METERED), card.minutes(Basis.OBSERVED)) == (483, 0)


def test_a_meter_that_never_answered_leaves_what_was_observed():
    hall = hall_after_work()
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain):
        hall.keep_time(at("13:02", TUESDAY))
    (card,) = hall.closed()
    assert card.minutes(Basis.OBSERVED) == 480


def test_a_meter_that_fell_silent_before_the_stop_leaves_what_it_said_and_what_was_seen_since():
    hall = hall_running()
    hall.meter.count("paint", at("05:00"), at("12:00"), "4")
    hall.keep_time(at("12:00"))
    hall.meter.error = ServiceSilent("no answer")
    hall.stop(at("13:00"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02"))
    with pytest.raises(ComeAgain):
        hall.keep_time(at("13:02", TUESDAY))
    (card,) = hall.closed()
    assert (card.minutes(Basis.METERED), card.minutes(Basis.OBSERVED)) == (420, 60)
    assert card.usage.unit_hours == 7 * 4 + 2


def test_a_minute_that_was_read_and_goes_to_the_next_card_is_on_that_one_alone():
    """At 13:30 somebody wants on what could not be stopped at 13:00, and the meter falls silent."""
    hall = hall_running()
    hall.keep_time(at("13:30:05"))
    hold = Override(
        model="paint",
        kind=Kind.HOLD_ON,
        made=at("13:30:10"),
        until=at("16:00"),
        who="anna",
        why="batch",
    )
    hall.ledger.order(hold)
    hall.sweep(at("13:30:20"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("16:05"))
    hall.meter.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain):
        hall.keep_time(at("16:05", TUESDAY))
    first, second = hall.closed()
    assert [card.minutes(Basis.OBSERVED) for card in (first, second)] == [8 * 60 + 30, 155]


@pytest.mark.parametrize("error", [Refused("not allowed"), KeyError("Spec")])
def test_one_card_whose_metric_cannot_be_read_keeps_no_other_from_being_closed(error):
    hall = Hall(model("paint"), model("glue"))
    hall.start(at("04:40"))
    for name, now in (("paint", "05:00"), ("glue", "05:00"), ("paint", "13:02"), ("glue", "13:02")):
        state = State.RUNNING if now == "05:00" else State.STOPPED
        hall.lookout.set(f"{name}/1", state)
        hall.sweep(at(now))
    hall.meter.refused = {"paint/1": error}
    hall.meter.count("glue", at("05:00"), at("13:00"))
    for minute in ("13:15", "13:30"):
        with pytest.raises(ComeAgain, match=r"meter of lookoutvision:paint/1@"):
            hall.keep_time(at(minute))
    (card,) = hall.closed()
    assert (card.model, card.minutes(Basis.METERED)) == ("glue", 480)


def test_one_card_that_cannot_be_written_keeps_no_other_open():
    hall = Hall(model("paint"), model("glue"))
    hall.worked_day("paint")
    hall.lookout.set("glue/1", State.STOPPED)
    hall.sweep(at("13:11"))
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    with pytest.raises(ComeAgain, match=r"paint/1@.*: the ledger is busy"):
        hall.keep_time(at("13:30"))
    assert hall.card("glue").read == at("13:30")


def test_a_card_that_was_changed_meanwhile_is_read_again_next_time():
    hall = metered(hall_after_work())
    hall.ledger.errors["paint"] = LedgerConflict("somebody else was first")
    assert hall.keep_time(at("13:15"))["closed"] == 0
    assert hall.journal.of("conflict") == [{"model": "paint", "reason": "somebody else was first"}]


@pytest.mark.parametrize(
    ("question", "name"), [("reviews", "reviews"), ("tell", "days"), ("entries", "month")]
)
def test_what_the_ledger_does_not_answer_is_told_by_name(question, name):
    hall = metered(hall_after_work())
    hall.ledger.begin(at("04:40"))

    def busy(*_: object) -> None:
        raise Throttled("the ledger is busy")

    setattr(hall.ledger, question, busy)
    with pytest.raises(ComeAgain, match=f"{name}: the ledger is busy$"):
        hall.keep_time(at("00:05", THURSDAY))


def test_every_value_has_the_unit_that_its_metric_has():
    hall = Hall(model("paint"), model("glue"), idle("spare"))
    hall.ledger.begin(at("04:00"))
    hall.lookout.errors["start glue/1"] = Throttled("slow down")
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.lookout.set("glue/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.meter.count("paint", at("05:00"), at("05:20"), "1")
    hall.keep_time(at("05:20"))
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("20:00"))
    for name in ("paint", "glue", "spare"):
        hall.lookout.set(f"{name}/1", State.STOPPED)
    hall.sweep(at("20:10"))
    for minute in ("20:30", "20:45"):
        hall.keep_time(at(minute))
    hall.keep_time(at("00:00", TUESDAY))
    hall.sweep(at("05:00", TUESDAY))
    assert hall.journal.units == {
        events.HEARTBEAT: "Count",
        events.MODELS_LATE: "Count",
        events.MODELS_OUTSIDE: "Count",
        events.CAPACITY_LOW: "Count",
        events.START_DURATION: "Seconds",
        events.COST_PER_HOUR: "None",
        events.UNIT_HOURS: "None",
        events.RUN_COST: "None",
        events.UNSCHEDULED_COST: "None",
        events.MONTH_TO_DATE: "None",
        events.PLANNED_MONTH: "None",
        events.FORECAST: "None",
    }


def test_nothing_to_read_asks_nothing():
    hall = Hall()
    assert hall.keep_time(at("13:00")) == {"cards": 0, "closed": 0}
    assert hall.meter.asked == []


def test_incidents_that_are_over_are_filed_away_and_open_ones_stay():
    hall = Hall(model("paint"), model("glue"))
    hall.sweep(at("05:00"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:01"))
    hall.keep_time(at("05:15"))
    (left,) = hall.ledger.book().incidents.values()

    def busy(_: object) -> None:
        raise Throttled("the ledger is busy")

    hall.ledger.file = busy
    hall.keep_time(at("05:30"))
    assert (left.model, left.trouble) == ("glue", Trouble.LATE)


def test_one_incident_that_cannot_be_filed_keeps_no_other_from_it():
    hall = Hall(model("paint"), model("glue"))
    hall.sweep(at("05:00"))
    for name in ("paint", "glue"):
        hall.lookout.set(f"{name}/1", State.RUNNING)
    hall.sweep(at("05:01"))
    file = hall.ledger.file

    def busy(incident):
        if incident.model == "paint":
            raise Throttled("the ledger is busy")
        file(incident)

    hall.ledger.file = busy
    with pytest.raises(ComeAgain, match="paint/1#late: the ledger is busy"):
        hall.keep_time(at("05:15"))
    assert [each.model for each in hall.ledger.book().incidents.values()] == ["paint"]


def test_a_card_of_a_model_that_the_file_has_forgotten_is_closed_too():
    hall = metered(hall_after_work())
    hall.file(model("glue"))
    hall.keep_time(at("13:15"))
    hall.keep_time(at("13:30"))
    assert hall.closed()[0].usage.cost == Decimal(64)


def test_the_rate_of_the_day_it_ran_is_on_the_card():
    hall = metered(hall_after_work())
    hall.file(replace(model("paint"), rate=Decimal("5.00")))
    hall.keep_time(at("13:15"))
    assert hall.card().usage.cost == Decimal(64)


def test_many_cards_are_read_in_portions_and_what_they_lack_is_counted_over_all():
    names = [f"m{n:03}" for n in range(PORTION + 1)]
    hall = Hall(*(model(name) for name in names))
    hall.start(at("04:40"))
    for name in names:
        hall.lookout.set(f"{name}/1", State.RUNNING)
    for minutes in range(3):
        hall.sweep(at("05:00") + minutes * MINUTE)
    for name in names:
        hall.meter.count(name, at("05:00"), at("05:30"), "1")
    hall.journal.values.clear()
    hall.keep_time(at("05:30"))
    assert [len(each) for each in hall.meter.asked] == [PORTION, 1]
    assert [value for name, value in hall.journal.values if name == events.CAPACITY_LOW] == [101]

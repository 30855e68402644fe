"""The law of money on one card: which minutes, on what basis, for what, and when it is closed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from punchclock import localtime
from punchclock.costs import money, two_decimals
from punchclock.observations import State
from punchclock.timecards import Basis, Day, Origin, Purpose, Span, Timecard, review_due
from punchclock.windows import Window
from tests.punchclock.mornings import (
    MINUTE,
    MODEL,
    MONDAY,
    RUN,
    at,
    manual,
    planned,
    run_of,
    running,
    seen,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = MONDAY + dt.timedelta(days=1)


def points(begin: str, end: str, units: str = "2") -> dict[dt.datetime, Decimal]:
    """Return a datapoint for each minute of [begin, end)."""
    minutes = (at(end) - at(begin)) // MINUTE
    return {at(begin) + each * MINUTE: Decimal(units) for each in range(minutes)}


def served(begin: str, end: str, **more: Any) -> Timecard:
    """Return a planned card that was seen in service from ``begin`` to ``end``."""
    return planned(spans=(Span(begin=at(begin), end=at(end)),), **more)


def tallied(
    card: Timecard,
    metered: Mapping[dt.datetime, Decimal] | None = None,
    begin: str = "04:40",
    end: str = "23:00",
) -> Timecard:
    return card.tally(metered or {}, BERLIN, at(begin), at(end))


def only(card: Timecard) -> Day:
    (day,) = card.days
    return day


# What a card is


def test_a_planned_card_says_what_its_run_is():
    card = Timecard.planned(MODEL, RUN, at("04:40"), Origin.PLANNED)
    assert (card.planned_ready, card.planned_stop) == (at("05:00"), at("13:00"))
    assert (card.units, card.rate, card.shifts) == (2, Decimal("4.00"), ("early",))
    assert card.target is MODEL.target
    assert card.ours


def test_a_card_is_named_after_its_hosted_model_and_its_second():
    assert planned("04:40:07").id == "lookoutvision:paint/1@2026-03-02T04:40:07Z"


def test_a_card_is_priced_with_what_its_run_needs_and_not_with_the_models_default():
    big = run_of("05:00", "13:00", units=4)
    assert Timecard.planned(MODEL, big, at("04:40"), Origin.PLANNED).units == 4


def test_a_persons_card_is_not_ours_and_knows_when_it_has_had_its_time():
    card = Timecard.manual(MODEL, 3, at("20:00"), found=False)
    assert not card.ours
    assert (card.units, card.stop_after) == (3, at("21:00"))


def test_a_person_who_is_left_alone_has_no_end():
    left = replace(MODEL, manual_runs=None)
    assert Timecard.manual(left, 2, at("20:00"), found=False).stop_after is None
    assert Timecard.manual(MODEL, 2, at("20:00"), found=True).stop_after is None


def test_a_persons_card_of_a_service_that_names_no_units_has_the_models():
    assert Timecard.manual(MODEL, None, at("20:00"), found=False).units == 2


def test_a_confirmed_card_is_no_longer_ours():
    assert running().ours
    assert not running().confirm(at("13:02")).ours


# What is noted


def test_every_attempt_counts_and_the_first_one_is_remembered():
    card = planned("04:40").ask(at("04:42"))
    assert (card.asked, card.last_asked, card.attempts) == (at("04:40"), at("04:42"), 2)
    card = card.ask_stop(at("13:00")).ask_stop(at("13:02"))
    assert (card.stop_asked, card.stop_attempts) == (at("13:00"), 2)


def test_ready_is_the_first_time_it_runs_with_enough_units():
    card = planned().see(seen(State.RUNNING, 1), at("04:48"))
    assert card.ready is None
    card = card.see(seen(State.RUNNING, 2), at("04:49")).see(seen(State.RUNNING, 2), at("04:55"))
    assert card.ready == at("04:49")


def test_lateness_is_counted_from_the_window_and_never_negative():
    assert running("04:48").late_seconds == 0
    assert running("05:00:30").late_seconds == 30
    assert planned().late_seconds == 0


def test_seeing_the_same_again_changes_nothing():
    card = running()
    assert card.see(seen(State.RUNNING), at("09:00")) is card
    fresh = planned()
    assert fresh.see(seen(State.STOPPED), at("04:41")) is fresh


def test_a_model_is_in_service_from_running_to_stopping():
    card = running("04:48").see(seen(State.STOPPING), at("13:01"))
    assert card.spans == (Span(begin=at("04:48"), end=at("13:01")),)
    assert card.stopped is None
    assert card.see(seen(State.STOPPED), at("13:03")).stopped == at("13:03")


@pytest.mark.parametrize("state", [State.UPDATING, State.UNKNOWN])
def test_an_update_or_an_unknown_word_leaves_it_in_service(state):
    card = running("04:48").see(seen(state), at("09:00")).see(seen(State.RUNNING), at("09:05"))
    assert card.spans == (Span(begin=at("04:48")),)


def test_a_failure_ends_the_service_and_a_second_start_begins_it_anew():
    card = running("04:48").see(seen(State.FAILED), at("09:00"))
    card = card.see(seen(State.STARTING), at("09:02")).see(seen(State.RUNNING), at("09:10"))
    assert card.spans == (
        Span(begin=at("04:48"), end=at("09:00")),
        Span(begin=at("09:10")),
    )
    assert card.ready == at("04:48")


def test_a_model_that_is_gone_has_ended_its_card():
    assert running().see(seen(State.MISSING), at("09:00")).stopped == at("09:00")


def test_a_start_that_came_to_nothing_does_not_end_the_card():
    card = planned().see(seen(State.STARTING), at("04:41")).see(seen(State.STOPPED), at("04:50"))
    assert card.stopped is None


def test_a_start_that_was_stopped_again_ends_the_card():
    card = planned().see(seen(State.STARTING), at("04:41")).ask_stop(at("04:42"))
    assert card.stopping(at("04:42")).see(seen(State.STOPPED), at("04:44")).stopped == at("04:44")


def test_the_units_that_were_last_seen_are_the_ones_it_holds():
    card = manual().see(seen(State.RUNNING, 5), at("20:10"))
    assert (card.units, card.held_units) == (2, 5)
    assert card.see(seen(State.RUNNING, 2), at("20:20")).held_units == 2


def test_a_stopped_models_old_units_say_nothing():
    assert running().see(seen(State.STOPPED, 5), at("13:00")).held_units == 2


def test_overtime_moves_the_end_of_the_card_that_is_open():
    longer = run_of("05:00", "15:00")
    card = running().ask_stop(at("13:00")).replan(longer)
    assert (card.planned_stop, card.stop_asked) == (at("15:00"), None)
    assert card.replan(longer) is card


def test_a_later_run_is_not_the_cards_own():
    card = running()
    later = run_of("13:30", "20:00")
    assert not card.covers(later)
    assert card.replan(later) is card


# What is counted


def test_two_units_for_eight_hours_are_16_unit_hours_and_64_dollars():
    card = tallied(served("05:00", "13:00"), points("05:00", "13:00"))
    assert two_decimals(card.usage.unit_hours) == "16.00"
    assert money(card.usage.cost) == {"amount": "64.00", "currency": "USD"}


def test_every_minute_has_the_purpose_it_was_for():
    card = tallied(served("04:50", "13:05"), points("04:50", "13:05"))
    assert only(card).unit_minutes == {
        Purpose.LEAD: 20,
        Purpose.SHIFT: 960,
        Purpose.LATE_STOP: 10,
    }


def test_a_persons_minutes_are_unscheduled():
    card = replace(manual("20:00"), spans=(Span(begin=at("20:00"), end=at("20:30")),))
    assert only(tallied(card, begin="20:00")).unit_minutes == {Purpose.UNSCHEDULED: 60}


def test_a_minute_with_a_datapoint_is_metered_and_one_without_is_observed():
    card = tallied(served("05:00", "05:10"), points("05:00", "05:06"))
    assert only(card).minutes == {Basis.METERED: 6, Basis.OBSERVED: 4}
    assert (card.minutes(Basis.METERED), card.minutes(Basis.OBSERVED)) == (6, 4)


def test_an_observed_minute_has_the_last_known_units():
    card = tallied(served("05:00", "05:10"), points("05:00", "05:06", units="3"))
    assert card.usage.unit_minutes == 30


def test_before_the_first_datapoint_the_units_are_those_it_was_seen_with():
    card = served("05:00", "05:10", seen_units=4)
    assert tallied(card).usage.unit_minutes == 40


def test_a_datapoint_of_zero_is_a_minute_out_of_service():
    metered = points("05:00", "05:02") | points("05:02", "05:04", units="0")
    card = tallied(served("05:00", "05:06"), metered)
    assert only(card).minutes == {Basis.METERED: 2, Basis.OBSERVED: 2}
    assert card.usage.unit_minutes == 8


def test_a_minute_that_only_the_meter_saw_counts_too():
    card = tallied(planned(), points("04:45", "04:55"))
    assert only(card).minutes == {Basis.METERED: 10}


def test_units_that_autoscaling_added_are_counted_to_the_fraction():
    card = tallied(served("05:00", "05:02"), points("05:00", "05:02", units="2.5"))
    assert card.usage.unit_minutes == Decimal("5.0")


def test_neither_basis_sees_minutes_outside_the_reading():
    card = tallied(served("05:00", "05:10"), points("04:50", "05:20"), begin="05:02", end="05:05")
    assert only(card).minutes == {Basis.METERED: 3}
    card = tallied(served("05:00", "05:10"), begin="05:02", end="05:05")
    assert only(card).minutes == {Basis.OBSERVED: 3}


def test_seconds_of_a_minute_are_the_whole_minute():
    card = tallied(served("05:00:40", "05:02:10"))
    assert only(card).minutes == {Basis.OBSERVED: 3}


def test_an_open_span_is_counted_up_to_the_reading():
    assert only(tallied(running("05:00"), end="05:30")).minutes == {Basis.OBSERVED: 30}


def test_a_minute_of_two_spans_is_counted_once():
    spans = (Span(begin=at("05:00"), end=at("05:01:10")), Span(begin=at("05:01:50")))
    assert only(tallied(planned(spans=spans), end="05:03")).minutes == {Basis.OBSERVED: 3}


def test_days_are_the_plants_own():
    """In Berlin the night from Monday to Tuesday is at 23:00Z."""
    night = replace(manual("22:00"), spans=(Span(begin=at("22:00"), end=at("23:45")),))
    card = night.tally({}, BERLIN, at("22:00"), at("00:00", TUESDAY))
    assert [(day.day, day.minutes) for day in card.days] == [
        (MONDAY, {Basis.OBSERVED: 60}),
        (TUESDAY, {Basis.OBSERVED: 45}),
    ]


def test_days_before_the_reading_stay_as_they_are():
    frozen = Day(
        day=MONDAY - dt.timedelta(days=1),
        minutes={Basis.METERED: 7},
        unit_minutes={Purpose.SHIFT: Decimal(14)},
    )
    stale = replace(frozen, day=MONDAY)
    begin = localtime.starting(MONDAY, dt.time(), BERLIN)
    card = planned(days=(frozen, stale), spans=(Span(begin=at("05:00"), end=at("05:10")),))
    counted = card.tally({}, BERLIN, begin, at("06:00"))
    assert [day.day for day in counted.days] == [frozen.day, MONDAY]
    assert counted.days[0] == frozen
    assert counted.days[1].minutes == {Basis.OBSERVED: 10}


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-01", 8)]
)
def test_a_night_is_billed_as_long_as_it_is(day, hours):
    """Berlin springs forward on 2026-03-29 and falls back on 2026-10-25."""
    date = dt.date.fromisoformat(day)
    start = localtime.starting(date, dt.time(22), BERLIN)
    end = localtime.ending(date + dt.timedelta(days=1), dt.time(6), BERLIN)
    card = replace(planned(), spans=(Span(begin=start, end=end),))
    counted = card.tally({}, BERLIN, start, end)
    assert counted.usage.unit_hours == hours * 2


# What the meter does not tell of any more


@pytest.mark.parametrize(
    ("read", "observed"),
    [("07:00", 240), ("07:00:00.000001", 240), ("07:00:59.999999", 240), ("07:01", 239)],
)
def test_minutes_since_the_last_reading_are_as_they_were_seen_and_those_before_as_they_were_read(
    read, observed
):
    card = tallied(running(read=at(read)), points("04:48", "07:00", "3"), end="07:00")
    filled = card.fill(BERLIN, at("11:00"))
    assert only(filled).minutes == {Basis.METERED: 132, Basis.OBSERVED: observed}
    assert only(filled).unit_minutes == {Purpose.LEAD: 36, Purpose.SHIFT: 360 + 2 * observed}
    assert only(filled).day == MONDAY


def test_what_was_seen_on_later_days_follows_and_earlier_days_stay():
    """In Berlin the Monday ends at 23:00Z."""
    card = running("22:57", planned_stop=at("23:03"))
    read = replace(tallied(card, end="23:02"), read=at("23:02"))
    assert [sum(day.minutes.values()) for day in read.days] == [3, 2]
    filled = read.fill(BERLIN, at("23:02", TUESDAY))
    assert filled.days == (
        read.days[0],
        Day(
            day=TUESDAY,
            minutes={Basis.OBSERVED: 1440},
            unit_minutes={Purpose.SHIFT: Decimal(6), Purpose.LATE_STOP: Decimal(2 * 1437)},
        ),
        Day(
            day=TUESDAY + dt.timedelta(days=1),
            minutes={Basis.OBSERVED: 2},
            unit_minutes={Purpose.LATE_STOP: Decimal(4)},
        ),
    )


def test_a_card_that_was_never_read_is_as_it_was_seen_from_the_minute_of_its_opening_on():
    card = manual("20:00:30").fill(BERLIN, at("20:10"))
    assert only(card).minutes == {Basis.OBSERVED: 10}


@pytest.mark.parametrize("end", ["04:40", "11:59", "12:00"])
def test_nothing_is_added_to_what_was_read_already(end):
    card = tallied(running(read=at("12:00")), points("05:00", "12:00", "3"), end="12:00")
    assert card.fill(BERLIN, at(end)) == card


# When it is closed


def stopped(read: str | None = None, **more: Any) -> Timecard:
    """Return a card that was confirmed stopped at 13:02 and read before."""
    card = served("05:00", "13:00").confirm(at("13:02"))
    return replace(tallied(card), read=at(read) if read else None, **more)


def test_a_card_is_settled_after_15_minutes_and_two_equal_readings():
    card = stopped("13:05")
    assert not card.settled(card, at("13:16:59"))
    assert card.settled(card, at("13:17"))


def test_a_reading_that_changed_is_followed_by_another():
    before = stopped("13:05")
    changed = tallied(before, points("05:00", "13:01"))
    assert not changed.settled(before, at("13:30"))
    assert changed.settled(replace(changed, read=at("13:30")), at("13:45"))


def test_one_reading_is_not_two():
    never = stopped()
    assert not never.settled(never, at("13:30"))


def test_a_reading_before_the_stop_does_not_count():
    early = stopped("13:01")
    assert not early.settled(early, at("13:30"))


def test_after_a_day_a_card_is_closed_whatever_is_read():
    before = stopped("13:05")
    changed = tallied(before, points("05:00", "13:01"))
    assert not changed.settled(before, at("13:01:59", TUESDAY))
    assert changed.settled(before, at("13:02", TUESDAY))


def test_a_card_that_is_not_stopped_is_never_settled():
    card = running(read=at("05:00"))
    assert not card.settled(card, at("13:00", TUESDAY))


def test_a_run_of_several_shifts_names_them_all():
    run = replace(RUN, windows=(*RUN.windows, replace(RUN.windows[0], shifts=("night", "early"))))
    card = Timecard.planned(MODEL, run, at("04:40"), Origin.PLANNED)
    assert card.shifts == ("early", "night")


def test_a_clock_that_runs_backwards_between_observations_takes_no_minute_away():
    """Clocks of execution environments are seconds apart: stopping is seen before running was."""
    card = planned().see(seen(State.RUNNING), at("05:30")).see(seen(State.STOPPING), at("05:29"))
    assert card.spans == (Span(begin=at("05:30"), end=at("05:29")),)
    counted = card.tally({}, BERLIN, at("04:00"), at("06:00"))
    assert counted.usage.unit_minutes == 0
    assert card.late_seconds >= 0


# After it is closed


def test_a_closed_card_is_looked_at_once_more_a_day_later():
    card = running(closed=at("13:20"))
    assert review_due(card) == at("13:20", TUESDAY)


def test_a_card_that_is_not_closed_has_no_later_look():
    with pytest.raises(ValueError, match="is not closed"):
        review_due(running())


# What is noted


def test_an_accepted_stop_ends_the_service_of_the_card_and_says_since_when():
    card = running().stopping(at("13:00"))
    assert (card.state, card.since) == (State.STOPPING, at("13:00"))
    assert card.spans == (Span(begin=at("04:48"), end=at("13:00")),)


def test_a_confirmed_end_ends_the_service_of_the_card_where_nothing_else_has():
    card = running().confirm(at("13:02"))
    assert card.stopped == at("13:02")
    assert card.spans == (Span(begin=at("04:48"), end=at("13:02")),)


def test_an_end_that_is_known_is_not_moved_by_a_later_confirmation():
    card = running().stopping(at("13:00")).confirm(at("13:02"))
    assert card.spans == (Span(begin=at("04:48"), end=at("13:00")),)


def test_each_attempt_that_is_declined_counts_once_and_may_be_made_again_at_once():
    card = planned().decline()
    assert (card.forgiven, card.last_asked) == (1, None)
    assert card.decline().forgiven == 2


def test_a_run_with_another_end_brings_its_shifts_with_it():
    card = planned().replan(run_of("05:00", "15:00", name="overtime"))
    assert (card.planned_stop, card.shifts) == (at("15:00"), ("overtime",))


def test_a_run_that_begins_where_the_cards_own_ends_is_another():
    assert not planned().covers(run_of("13:00", "20:00", lead=0))
    assert planned().covers(run_of("13:00", "20:00", lead=1))
    assert manual().covers(RUN)


def test_a_card_is_read_after_its_stop_from_the_very_instant_on():
    card = running(stopped=at("13:02"))
    assert not replace(card, read=at("13:01")).read_since_stop
    assert replace(card, read=at("13:02")).read_since_stop
    assert not running(read=at("13:02")).read_since_stop


def test_a_card_that_has_not_stopped_is_never_settled():
    assert running().settled(running(), at("23:00", TUESDAY)) is False
    assert running().outwaited(at("23:00", TUESDAY)) is False


def test_what_a_service_does_not_say_about_units_is_no_news():
    card = running().see(seen(State.UPDATING, units=None), at("06:00"))
    assert card.seen_units is None


def test_the_first_end_that_was_seen_is_the_end():
    over = running().see(seen(State.STOPPED), at("13:02"))
    assert over.see(seen(State.MISSING), at("14:00")).stopped == at("13:02")


def test_a_persons_minutes_are_nobodys_plan_whenever_they_are():
    assert manual().purpose(at("05:00")) is Purpose.UNSCHEDULED
    assert manual().minutes(Basis.METERED) == 0


def test_shifts_of_a_card_are_in_the_order_of_their_names():
    names = [f"s{number}" for number in range(9)]
    windows = tuple(Window(at("05:00"), at("13:00"), 2, (name,)) for name in reversed(names))
    card = Timecard.planned(MODEL, replace(RUN, windows=windows), at("04:40"), Origin.PLANNED)
    assert card.shifts == tuple(names)


def test_a_minute_with_fractions_of_a_second_is_counted_from_its_beginning():
    card = planned(spans=(Span(begin=at("05:00:30.250000"), end=at("05:02")),))
    assert only(tallied(card)).minutes == {Basis.OBSERVED: 2}


# What is on somebody's word


def test_minutes_that_no_shift_asked_for_are_overtime_from_their_first_to_before_their_last():
    card = planned(overtime=(Span(begin=at("05:00"), end=at("06:00")), Span(begin=at("12:00"))))
    purposes = {
        text: card.purpose(at(text))
        for text in ("04:59", "05:00", "05:59", "06:00", "11:59", "12:00", "12:59", "13:00")
    }
    assert [text for text, each in purposes.items() if each is Purpose.OVERTIME] == [
        "05:00",
        "05:59",
        "12:00",
        "12:59",
    ]
    assert purposes["06:00"] is purposes["11:59"] is Purpose.SHIFT
    assert (purposes["04:59"], purposes["13:00"]) == (Purpose.LEAD, Purpose.LATE_STOP)


def test_a_card_takes_the_overtime_of_its_run_and_of_its_runs_new_plan():
    overtime = (Span(begin=at("13:00"), end=at("15:00")),)
    longer = replace(run_of("05:00", "15:00"), overtime=overtime)
    assert Timecard.planned(MODEL, longer, at("04:40"), Origin.PLANNED).overtime == overtime
    assert planned().replan(longer).overtime == overtime


def test_a_stop_that_is_asked_for_early_is_the_planned_end_from_then_on():
    assert running().ask_stop(at("10:00")).planned_stop == at("10:00")
    assert running().ask_stop(at("13:01")).planned_stop == at("13:00")
    assert manual().ask_stop(at("21:00")).planned_stop is None


def test_a_persons_run_is_limited_to_now_and_never_prolonged():
    card = manual("20:00")
    assert card.stop_after == at("21:00")
    assert card.limit(at("20:30")).stop_after == at("20:30")
    assert card.limit(at("21:00")) is card
    assert card.limit(at("22:00")) is card
    assert replace(card, stop_after=None).limit(at("22:00")).stop_after == at("22:00")


def test_our_own_run_is_limited_to_now_and_never_prolonged():
    card = running()
    assert card.limit(at("09:00")) == replace(card, planned_stop=at("09:00"))
    assert card.limit(at("13:00")) is card
    assert card.limit(at("14:00")) is card


# Where little is known


def test_a_card_that_nobody_has_written_counts_no_writes():
    assert planned().version == 0


def test_minutes_on_a_basis_that_a_day_does_not_know_are_none():
    card = tallied(served("05:00", "06:00"))
    assert (card.minutes(Basis.OBSERVED), card.minutes(Basis.METERED)) == (60, 0)


def test_a_run_without_a_planned_time_is_never_late():
    assert replace(manual(), ready=at("20:30")).late_seconds == 0


def test_units_that_were_seen_are_held_until_others_are_seen():
    card = running().see(seen(State.UPDATING, units=3), at("06:00"))
    assert card.see(seen(State.RUNNING, units=None), at("06:01")).held_units == 3


def test_a_run_whose_end_nobody_knows_is_in_its_shift_to_the_last_minute():
    assert planned(planned_stop=None).purpose(at("20:00")) is Purpose.SHIFT


def test_an_end_leaves_earlier_times_in_service_as_they_are():
    earlier = Span(begin=at("04:48"), end=at("05:30"))
    card = running(spans=(earlier, Span(begin=at("06:00")))).stopping(at("13:00"))
    assert card.spans == (earlier, Span(begin=at("06:00"), end=at("13:00")))


def test_a_minute_that_begins_with_fractions_of_a_second_is_the_one_of_its_datapoint():
    card = planned(spans=(Span(begin=at("05:00:30.250000"), end=at("05:02")),))
    assert only(tallied(card, points("05:00", "05:02"))).minutes == {Basis.METERED: 2}


def test_origins_are_written_on_cards_and_lines_as_words_that_stay():
    assert [each.value for each in Origin] == ["planned", "adopted", "manual"]


# What a later start asks for


def test_a_later_start_asks_for_what_its_run_needs_now():
    card = planned("04:40").resize(4, 5)
    assert (card.units, card.max_units, card.held_units) == (4, 5, 4)


def test_a_start_that_asks_for_the_same_changes_nothing():
    card = planned("04:40")
    assert card.resize(card.units, card.max_units) is card


def test_minutes_in_service_before_a_later_start_were_held_with_what_there_was():
    card = served("04:50", "06:00").resize(4, None).resize(3, None)
    assert card.held_units == 3
    assert replace(card, seen_units=2).resize(4, None).held_units == 4
    twice = replace(card, spans=(*card.spans, Span(begin=at("06:20"), end=at("06:30"))))
    both = only(tallied(twice.resize(5, None), {}, end="07:00"))
    assert sum(both.unit_minutes.values()) == 70 * 2 + 10 * 3
    again = card.see(seen(State.RUNNING, units=3), at("06:20"))
    observed = only(tallied(again, {}, end="07:00"))
    assert sum(observed.unit_minutes.values()) == 70 * 2 + 40 * 3
    metered = points("04:48", "05:00", "5") | points("06:18", "06:30", "6")
    read = only(tallied(again, metered, end="07:00"))
    assert sum(read.unit_minutes.values()) == 72 * 5 + 12 * 6 + 30 * 6


# What has been in service for long and fails


@pytest.mark.parametrize(("failed", "forgiven"), [("05:19:59", 0), ("05:20", 3)])
def test_who_has_been_in_service_for_half_an_hour_fails_as_if_for_the_first_time(failed, forgiven):
    card = planned("04:40", attempts=3).see(seen(State.RUNNING), at("04:50"))
    card = card.see(seen(State.UPDATING), at("04:51"))
    assert card.see(seen(State.FAILED), at(failed)).forgiven == forgiven


def test_a_start_that_fails_after_a_long_time_in_service_is_not_forgiven_for_that():
    card = planned("04:40").see(seen(State.RUNNING), at("04:50"))
    card = card.see(seen(State.FAILED), at("06:00")).ask(at("06:02"))
    card = card.see(seen(State.STARTING), at("06:03")).see(seen(State.FAILED), at("06:10"))
    assert (card.attempts, card.forgiven) == (2, 1)


def test_who_never_was_in_service_is_forgiven_nothing():
    card = planned("04:40", attempts=3).see(seen(State.STARTING), at("04:41"))
    assert card.see(seen(State.FAILED), at("09:00")).forgiven == 0

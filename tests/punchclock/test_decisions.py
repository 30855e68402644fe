"""The law of action, row by row: what is wanted, what is seen, what is done about it."""

from dataclasses import replace

import pytest

from punchclock.decisions import PAUSES, Action, Trouble, decide
from punchclock.observations import UNTOUCHABLE, State
from punchclock.timecards import Origin
from tests.punchclock.mornings import (
    MINUTE,
    RUN,
    SECOND,
    at,
    manual,
    planned,
    run_of,
    running,
    seen,
)


def decided(run, state, card, now, units=2, **more):
    """Return action and trouble."""
    decision = decide(run, seen(state, units), card, at(now), **more)
    assert decision.reason
    return decision.action, decision.trouble


# Wanted, stopped


def test_a_wanted_model_that_is_stopped_is_started():
    assert decided(RUN, State.STOPPED, None, "04:40") == (Action.START, None)


def test_a_start_in_the_middle_of_the_shift_is_late_and_made_all_the_same():
    assert decided(RUN, State.STOPPED, None, "09:00") == (Action.START, Trouble.LATE)


def test_a_start_is_late_from_the_first_moment_of_its_window():
    assert decided(RUN, State.STOPPED, None, "04:59:59") == (Action.START, None)
    assert decided(RUN, State.STOPPED, None, "05:00") == (Action.START, Trouble.LATE)


def test_a_start_that_cannot_be_ready_before_its_run_ends_is_not_made():
    assert decided(RUN, State.STOPPED, None, "12:40") == (Action.START, Trouble.LATE)
    assert decided(RUN, State.STOPPED, None, "12:40:01") == (Action.NOTHING, Trouble.LATE)


def test_a_failed_model_is_not_started_so_late_either():
    card = planned("12:00", state=State.FAILED, since=at("12:10"))
    assert decided(RUN, State.FAILED, card, "12:50") == (Action.NOTHING, Trouble.FAILED)


def test_a_start_without_lead_is_made_until_the_run_ends():
    run = run_of("05:00", "13:00", lead=0)
    assert decided(run, State.STOPPED, None, "12:59") == (Action.START, Trouble.LATE)


def test_a_start_that_was_just_asked_for_is_not_asked_for_again():
    assert decided(RUN, State.STOPPED, planned("04:40"), "04:41") == (Action.WAIT, None)


def test_a_start_that_is_still_not_seen_after_two_minutes_is_asked_for_again():
    assert decided(RUN, State.STOPPED, planned("04:40"), "04:42") == (Action.START, None)


def test_the_pauses_between_starts_grow():
    assert list(PAUSES) == sorted(set(PAUSES))
    for attempts, pause in enumerate([*PAUSES, PAUSES[-1], PAUSES[-1]], start=1):
        card = planned("06:00", attempts=attempts)
        again = at("06:00") + pause
        before = decide(RUN, seen(State.STOPPED), card, again - SECOND)
        assert before.action is Action.WAIT, attempts
        assert decide(RUN, seen(State.STOPPED), card, again).action is Action.START, attempts


def test_a_start_that_the_service_did_not_take_is_asked_for_again_at_once():
    card = planned("04:40").decline()
    assert decided(RUN, State.STOPPED, card, "04:41") == (Action.START, None)


def test_starts_that_were_not_taken_make_no_pause_longer():
    card = planned("04:40").decline().ask(at("04:41")).decline().ask(at("04:42"))
    assert decided(RUN, State.STOPPED, card, "04:43:59") == (Action.WAIT, None)
    assert decided(RUN, State.STOPPED, card, "04:44") == (Action.START, None)


def test_a_model_that_somebody_stopped_during_its_run_gets_a_new_card_and_a_new_start():
    assert decided(RUN, State.STOPPED, running(), "09:00") == (Action.CONFIRM, Trouble.LATE)
    assert decided(RUN, State.STOPPED, None, "09:00") == (Action.START, Trouble.LATE)


# Wanted, starting or updating


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING])
def test_what_is_starting_or_updating_is_waited_for(state):
    card = planned(state=state, since=at("04:41"))
    assert decided(RUN, state, card, "04:50") == (Action.WAIT, None)


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING])
def test_what_takes_longer_than_45_minutes_is_an_incident(state):
    card = planned(state=state, since=at("04:41"))
    assert decided(RUN, state, card, "05:26") == (Action.WAIT, Trouble.LATE)
    assert decided(RUN, state, card, "05:26:01") == (Action.WAIT, Trouble.STUCK)


def test_a_model_that_is_updated_during_its_shift_is_not_late():
    card = running().see(seen(State.UPDATING), at("09:00"))
    assert decided(RUN, State.UPDATING, card, "09:05") == (Action.WAIT, None)


def test_a_model_that_is_starting_in_its_window_is_late():
    assert decided(RUN, State.STARTING, None, "05:00") == (Action.WAIT, Trouble.LATE)


# Wanted, running


def test_what_runs_as_planned_is_left_alone():
    assert decided(RUN, State.RUNNING, running(), "09:00") == (Action.NOTHING, None)


def test_more_units_than_planned_are_enough():
    assert decided(RUN, State.RUNNING, running(), "09:00", units=4) == (Action.NOTHING, None)


def test_a_service_that_names_no_units_is_believed():
    assert decided(RUN, State.RUNNING, running(), "09:00", units=None) == (Action.NOTHING, None)


def test_what_runs_without_a_card_within_its_run_becomes_ours():
    assert decided(RUN, State.RUNNING, None, "04:40") == (Action.ADOPT, None)


@pytest.mark.parametrize("state", [State.STARTING, State.RUNNING, State.UPDATING])
def test_a_persons_run_becomes_ours_when_the_planned_run_begins(state):
    card = manual("03:00")
    assert decided(RUN, state, card, "04:40") == (Action.ADOPT, None)


def test_fewer_units_than_planned_are_an_incident_and_no_restart():
    assert decided(RUN, State.RUNNING, running(), "09:00", units=1) == (
        Action.NOTHING,
        Trouble.SHORT,
    )


@pytest.mark.parametrize("card", [None, manual("03:00")])
def test_a_person_who_started_too_few_units_is_an_incident_when_it_becomes_ours(card):
    assert decided(RUN, State.RUNNING, card, "05:00", units=1) == (Action.ADOPT, Trouble.SHORT)


# Wanted, stopping or failed


@pytest.mark.parametrize("card", [None, running(), manual("03:00")])
def test_a_wanted_model_that_is_stopping_is_waited_for(card):
    assert decided(RUN, State.STOPPING, card, "04:45") == (Action.WAIT, None)
    assert decided(RUN, State.STOPPING, card, "05:00") == (Action.WAIT, Trouble.LATE)


def test_a_model_that_failed_before_its_run_is_started():
    assert decided(RUN, State.FAILED, None, "04:40") == (Action.START, None)


def test_a_failed_start_is_an_incident_from_the_first_failure():
    card = planned("04:40", state=State.FAILED, since=at("04:45"))
    assert decided(RUN, State.FAILED, card, "04:45") == (Action.WAIT, Trouble.FAILED)


def test_a_failed_start_is_tried_again_after_a_pause_that_begins_with_the_failure():
    card = planned("04:40", state=State.FAILED, since=at("04:45"))
    assert decided(RUN, State.FAILED, card, "04:46:59") == (Action.WAIT, Trouble.FAILED)
    assert decided(RUN, State.FAILED, card, "04:47") == (Action.START, Trouble.FAILED)


def test_the_pause_after_a_failure_grows_with_every_attempt():
    card = planned("04:40", attempts=3, state=State.FAILED, since=at("05:30"))
    assert decided(RUN, State.FAILED, card, "05:37:59") == (Action.WAIT, Trouble.FAILED)
    assert decided(RUN, State.FAILED, card, "05:38") == (Action.START, Trouble.FAILED)


def test_a_persons_run_that_failed_is_over_when_the_planned_run_begins():
    assert decided(RUN, State.FAILED, manual("03:00"), "04:40") == (Action.CONFIRM, None)


# Wanted, with the card of an earlier run


LATER = run_of("13:30", "20:00", name="late")
"""It starts at 13:10Z, ten minutes after the earlier run has ended."""


@pytest.mark.parametrize("state", [State.STARTING, State.RUNNING, State.UPDATING])
def test_a_run_that_was_never_stopped_goes_on_as_the_next_on_a_card_of_its_own(state):
    assert decided(LATER, state, running(), "13:10") == (Action.ADOPT, None)


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED])
def test_the_card_of_an_earlier_run_ends_before_the_next_run_is_started(state):
    assert decided(LATER, state, planned(), "13:10") == (Action.CONFIRM, None)


def test_a_run_that_was_moved_while_it_was_on_is_the_same_run():
    moved = run_of("04:30", "15:00")
    assert decided(moved, State.RUNNING, running(), "09:00") == (Action.NOTHING, None)


# Not wanted, ours


@pytest.mark.parametrize("state", [State.RUNNING, State.STARTING, State.UPDATING])
def test_ours_is_stopped_when_its_run_has_ended(state):
    assert decided(None, state, running(), "13:00") == (Action.STOP, None)


def test_an_adopted_run_is_ours_to_stop():
    assert decided(None, State.RUNNING, replace(running(), origin=Origin.ADOPTED), "13:00") == (
        Action.STOP,
        None,
    )


@pytest.mark.parametrize("state", [State.RUNNING, State.STARTING, State.UPDATING])
def test_a_stop_that_is_not_taken_is_asked_for_again_and_an_incident_after_ten_minutes(state):
    card = running().ask_stop(at("13:01"))
    assert decided(None, state, card, "13:02") == (Action.STOP, None)
    assert decided(None, state, card, "13:10") == (Action.STOP, None)
    assert decided(None, state, card, "13:10:01") == (Action.STOP, Trouble.OVERDUE)


def test_a_stop_that_was_never_asked_for_or_late_is_overdue_ten_minutes_after_the_run():
    for card in (running(), running().ask_stop(at("13:09")), running().ask_stop(at("13:12"))):
        assert decided(None, State.RUNNING, card, "13:10:01") == (Action.STOP, Trouble.OVERDUE)


def test_a_stop_before_its_time_is_overdue_ten_minutes_after_it_was_asked_for():
    card = running().ask_stop(at("09:00"))
    assert decided(None, State.RUNNING, card, "09:10") == (Action.STOP, None)
    assert decided(None, State.RUNNING, card, "09:10:01") == (Action.STOP, Trouble.OVERDUE)


def test_a_stop_of_what_was_planned_for_no_time_is_overdue_ten_minutes_after_it_was_asked_for():
    card = replace(running(), planned_stop=None).ask_stop(at("09:00"))
    assert decided(None, State.RUNNING, card, "09:10") == (Action.STOP, None)
    assert decided(None, State.RUNNING, card, "09:10:01") == (Action.STOP, Trouble.OVERDUE)


def test_ours_that_failed_is_stopped_once_and_its_card_ended():
    card = running()
    assert decided(None, State.FAILED, card, "13:00") == (Action.STOP, Trouble.FAILED)
    asked = card.ask_stop(at("13:00"))
    assert decided(None, State.FAILED, asked, "13:01") == (Action.CONFIRM, Trouble.FAILED)


def test_ours_that_is_stopping_is_left_alone():
    card = running().ask_stop(at("13:00")).stopping(at("13:00"))
    assert decided(None, State.STOPPING, card, "13:04") == (Action.WAIT, None)


def test_ours_that_does_not_come_to_its_stop_is_an_incident():
    card = running().ask_stop(at("13:00")).stopping(at("13:00"))
    assert decided(None, State.STOPPING, card, "13:10") == (Action.WAIT, None)
    assert decided(None, State.STOPPING, card, "13:10:01") == (Action.WAIT, Trouble.OVERDUE)


def test_a_stop_that_was_taken_late_is_overdue_no_more_unless_it_does_not_come_to_its_end():
    card = running().ask_stop(at("13:00")).ask_stop(at("13:11"))
    assert decided(None, State.RUNNING, card, "13:11") == (Action.STOP, Trouble.OVERDUE)
    taken = card.stopping(at("13:11"))
    assert decided(None, State.STOPPING, taken, "13:12") == (Action.WAIT, None)
    assert decided(None, State.STOPPING, taken, "13:21:01") == (Action.WAIT, Trouble.OVERDUE)


def test_ours_that_nobody_has_seen_stop_yet_is_not_overdue():
    card = running().ask_stop(at("13:00"))
    assert decided(None, State.STOPPING, card, "13:12") == (Action.WAIT, None)


def test_ours_that_was_never_seen_to_run_is_confirmed_stopped():
    assert decided(None, State.STOPPED, planned(), "13:00") == (Action.CONFIRM, None)


def test_a_start_asked_for_just_before_the_end_may_still_come_true():
    card = planned("12:55")
    assert decided(None, State.STOPPED, card, "13:05") == (Action.WAIT, None)
    assert decided(None, State.STOPPED, card, "13:05:01") == (Action.CONFIRM, None)


# Not wanted, not ours


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
def test_a_persons_run_outside_every_shift_is_an_incident_at_once(state):
    assert decided(None, state, None, "20:00") == (Action.ADOPT, Trouble.UNSCHEDULED)


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
def test_a_persons_run_is_stopped_after_its_time(state):
    card = manual("20:00")
    assert decided(None, state, card, "20:59:59") == (Action.WAIT, Trouble.UNSCHEDULED)
    assert decided(None, state, card, "21:00") == (Action.STOP, Trouble.UNSCHEDULED)


def test_a_persons_run_may_be_left_to_them():
    card = manual("20:00", stop_after=None)
    assert decided(None, State.RUNNING, card, "23:59") == (Action.WAIT, Trouble.UNSCHEDULED)


def test_a_run_found_at_the_first_deployment_is_left_until_the_models_next_planned_run():
    card = manual("20:00", found=True)
    assert decided(None, State.RUNNING, card, "23:59") == (Action.WAIT, Trouble.UNSCHEDULED)


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED])
def test_a_persons_run_that_is_over_ends_its_card(state):
    assert decided(None, state, manual(), "20:30") == (Action.CONFIRM, None)


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.STOPPING])
def test_what_nobody_wants_and_nobody_runs_is_nothing(state):
    assert decided(None, state, None, "20:00") == (Action.NOTHING, None)


def test_a_persons_run_that_is_stopping_is_nothing():
    assert decided(None, State.STOPPING, manual(), "20:30") == (Action.NOTHING, None)


def test_a_card_that_is_confirmed_stopped_makes_nothing_ours():
    card = replace(running(), stopped=at("13:02"))
    assert decided(None, State.RUNNING, card, "13:30")[0] is not Action.STOP


# The plant is closed


@pytest.mark.parametrize("closed", ["stop", "leave"])
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("card", [None, planned(), running(), manual()])
def test_nothing_is_started_or_taken_over_in_a_plant_that_is_closed(closed, state, card):
    for now in ("04:40", "09:00", "13:30"):
        action, _ = decided(RUN, state, card, now, closed=closed)
        assert action not in {Action.START, Action.ADOPT}


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
def test_ours_is_stopped_in_mid_shift_when_the_plant_is_closed(state):
    assert decided(RUN, state, running(), "09:00", closed="stop") == (Action.STOP, None)


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
@pytest.mark.parametrize("card", [None, manual("08:00")])
def test_a_persons_run_is_nobodys_business_any_more_when_the_plant_is_closed(state, card):
    for closed in ("stop", "leave"):
        assert decided(None, state, card, "12:00", closed=closed) == (Action.NOTHING, None)


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
def test_ours_is_left_where_the_plant_file_says_so(state):
    assert decided(None, state, running(), "14:00", closed="leave") == (Action.NOTHING, None)


@pytest.mark.parametrize("closed", ["stop", "leave"])
@pytest.mark.parametrize("card", [running(), manual()])
def test_what_has_stopped_by_itself_ends_its_card_in_a_plant_that_is_closed(closed, card):
    assert decided(None, State.STOPPED, card, "14:00", closed=closed) == (Action.CONFIRM, None)


# Another plant's


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("card", [None, planned(), running(), manual("04:00")])
def test_nothing_is_started_or_taken_over_of_what_another_plant_has_claimed(state, card):
    for now in ("04:40", "09:00", "13:30"):
        action, _ = decided(RUN, state, card, now, claimed_by="punchclock-other")
        assert action not in {Action.START, Action.ADOPT}


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
@pytest.mark.parametrize("card", [None, manual("04:00")])
def test_what_another_plant_hosts_is_left_without_a_word(state, card):
    for now in ("04:40", "09:00", "21:00"):
        for run in (None, RUN):
            found = decided(run, state, card, now, claimed_by="punchclock-other")
            assert found == (Action.NOTHING, None)
    reason = decide(None, seen(state), card, at("09:00"), claimed_by="punchclock-other").reason
    assert reason == f"is {state}, for the plant that has claimed it"


@pytest.mark.parametrize("state", [State.STARTING, State.UPDATING, State.RUNNING])
def test_ours_is_stopped_although_another_plant_has_claimed_the_model(state):
    found = decided(RUN, state, running(), "09:00", claimed_by="punchclock-other")
    assert found == (Action.STOP, None)


@pytest.mark.parametrize("card", [running(), manual("04:00")])
def test_what_has_stopped_ends_its_card_although_another_plant_has_claimed_the_model(card):
    found = decided(None, State.STOPPED, card, "14:00", claimed_by="punchclock-other")
    assert found == (Action.CONFIRM, None)


# Any


@pytest.mark.parametrize("state", sorted(UNTOUCHABLE))
@pytest.mark.parametrize("run", [None, RUN])
@pytest.mark.parametrize("card", [None, running(), manual()])
def test_what_is_missing_deleted_training_or_unknown_is_told_and_not_touched(state, run, card):
    assert decided(run, state, card, "09:00") == (Action.NOTHING, Trouble.UNTOUCHABLE)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("run", [None, RUN, LATER])
@pytest.mark.parametrize(
    "card", [None, planned(), running(), running().ask_stop(at("13:00")), manual()]
)
def test_every_state_has_an_answer_with_a_reason(state, run, card):
    for minutes in range(0, 24 * 60, 17):
        now = at("00:00") + minutes * MINUTE
        assert decide(run, seen(state), card, now).reason


def test_the_reason_says_what_an_operator_wants_to_know():
    decision = decide(RUN, seen(State.STOPPED), None, at("04:40"))
    assert decision.reason == "wanted by 05:00Z on 2 units and is stopped"
    decision = decide(None, seen(State.MISSING, word="NOT_THERE"), None, at("04:40"))
    assert "NOT_THERE" in decision.reason


# What is said and when it is told


@pytest.mark.parametrize(
    ("run", "seen_as", "card", "now", "phrase"),
    [
        (RUN, seen(State.RUNNING, 2), running(), "06:00", "runs as planned"),
        (RUN, seen(State.RUNNING, 1), running(), "06:00", "runs on 1 of 2 units; a restart is a"),
        (LATER, seen(State.RUNNING), running(), "13:11", "running since its earlier run"),
        (RUN, seen(State.RUNNING), manual("03:00"), "05:00", "running since a person's run"),
        (LATER, seen(State.STOPPED), running(), "13:11", "its earlier run is over: stopped"),
        (RUN, seen(State.STOPPED), manual("03:00"), "05:00", "a person's run is over: stopped"),
        (None, seen(State.STOPPED), manual(), "21:00", "a person's run is over: stopped"),
        (None, seen(State.MISSING, word="GONE"), None, "05:00", "calls it GONE: no more"),
    ],
)
def test_a_reason_says_what_is_so(run, seen_as, card, now, phrase):
    assert phrase in decide(run, seen_as, card, at(now)).reason


def test_what_the_service_says_about_a_model_that_nobody_can_touch_is_told():
    broken = replace(seen(State.TRAINING, word="TRAINING_FAILED"), message="too few images")
    assert "TRAINING_FAILED: too few images" in decide(RUN, broken, None, at("05:00")).reason


def test_a_plant_that_is_closed_and_leaves_its_models_says_whose_run_is_over():
    decision = decide(None, seen(State.STOPPED), running(), at("14:00"), closed="leave")
    assert (decision.action, "our run is over" in decision.reason) == (Action.CONFIRM, True)


def test_pauses_grow_from_two_minutes_to_half_an_hour():
    assert [pause // MINUTE for pause in PAUSES] == [2, 4, 8, 16, 30]


@pytest.mark.parametrize(("now", "trouble"), [("13:29", None), ("13:30", Trouble.LATE)])
def test_an_earlier_run_that_is_over_is_in_the_way_and_late_once_the_window_has_begun(now, trouble):
    assert decided(LATER, State.STOPPED, running(), now) == (Action.CONFIRM, trouble)
    assert decided(LATER, State.STARTING, running(), now) == (Action.ADOPT, trouble)


def test_the_pause_of_a_start_that_came_to_nothing_begins_with_the_asking():
    card = planned("04:40", state=State.STOPPED, since=at("04:45"))
    assert decided(RUN, State.STOPPED, card, "04:45") == (Action.START, None)


def test_a_start_that_no_sweep_has_seen_before_is_stuck_by_the_time_it_was_asked_for():
    card = planned("04:10")
    assert decided(RUN, State.STARTING, card, "04:55") == (Action.WAIT, None)
    assert decided(RUN, State.STARTING, card, "04:55:01") == (Action.WAIT, Trouble.STUCK)


def test_a_stop_that_somebody_else_asked_for_is_overdue_by_the_time_it_was_seen():
    card = replace(running(), state=State.STOPPING, since=at("13:01"))
    assert decided(None, State.STOPPING, card, "13:11") == (Action.WAIT, None)
    assert decided(None, State.STOPPING, card, "13:11:01") == (Action.WAIT, Trouble.OVERDUE)


def test_a_card_that_knows_no_end_is_stopped_without_being_overdue():
    assert decided(None, State.RUNNING, running(planned_stop=None), "20:00") == (Action.STOP, None)


def test_a_run_that_nobody_asked_to_start_is_over_as_soon_as_it_is_stopped():
    assert decided(None, State.STOPPED, running(last_asked=None), "13:01") == (Action.CONFIRM, None)

"""The sweep: what it notes, adopts, confirms, calls for, and when it keeps silent."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from functions import journal as events
from functions.rollcall import Pace
from functions.sweep import ALARMING
from functions.turns import MOST_DESCRIBES, OTHERS
from punchclock.decisions import Action, Trouble
from punchclock.errors import (
    ComeAgain,
    LedgerConflict,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import Observation, State
from punchclock.overrides import Kind, Override
from punchclock.plants import Target
from punchclock.shifts import Calendar, Shift
from punchclock.timecards import Origin, Purpose, Span
from tests.functions.hall import MINUTE, Hall, Hosting, at, idle, ids, model, named

LATE = Shift(name="late", days=frozenset(range(5)), start=dt.time(15), end=dt.time(20))


# Calling for starts and stops


def test_a_lost_start_is_called_for_and_not_made_by_the_sweep_itself():
    hall = Hall()
    assert hall.sweep(at("04:40")) == {"start": 1, "stop": 0}
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]
    assert hall.lookout.started == []
    assert hall.ledger.writes == []


def test_a_lost_stop_is_called_for_and_not_made_by_the_sweep_itself():
    hall = Hall().at_work()
    assert hall.sweep(at("13:00")) == {"start": 0, "stop": 1}
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]
    assert hall.lookout.stopped == []


def test_all_models_of_an_action_are_called_for_at_once():
    hall = Hall(model("paint"), model("glue"), model("wire"))
    hall.sweep(at("04:40"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint", "glue", "wire"]))]


def test_a_plant_that_is_only_watched_calls_nobody_and_still_tells():
    hall = Hall(mode="watch")
    hall.sweep(at("05:00"))
    assert hall.colleagues.calls == []
    assert hall.troubles() == {Trouble.LATE}
    assert hall.journal.beats() == 1


def test_what_the_edge_has_started_is_not_called_for_again():
    hall = Hall()
    hall.start(at("04:40"))
    hall.sweep(at("04:41"))
    assert hall.colleagues.calls == []


def test_starts_that_could_not_be_called_for_do_not_keep_stops_from_it():
    hall = Hall(model("paint"), model("late", LATE)).at_work()
    hall.lookout.set("late/1", State.STOPPED)
    hall.colleagues.errors[Action.START] = ServiceSilent("no answer")
    with pytest.raises(ComeAgain, match="start: no answer"):
        hall.sweep(at("13:40"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


# What changes is noted, once


def test_a_quiet_minute_writes_and_logs_nothing_and_beats():
    hall = Hall(model("paint"), idle("spare")).at_work()
    hall.lookout.set("spare/1", State.STOPPED)
    hall.sweep(at("04:51"))
    writes, lines = len(hall.ledger.writes), len(hall.journal.lines)
    reports, reads, beats = len(hall.ledger.reports), hall.ledger.reads, hall.journal.beats()
    hall.sweep(at("04:52"))
    assert (len(hall.ledger.writes), len(hall.journal.lines)) == (writes, lines)
    assert len(hall.ledger.reports) == reports
    assert hall.ledger.reads == reads + 1
    assert hall.journal.beats() == beats + 1


def test_a_sweep_that_called_for_something_adds_one_line_of_counts():
    hall = Hall(model("paint"), model("glue"))
    hall.sweep(at("04:40"))
    assert hall.journal.of("called") == [{"start": 2, "stop": 0}]


def test_the_first_sweep_is_remembered():
    hall = Hall()
    hall.sweep(at("01:00"))
    hall.sweep(at("01:01"))
    assert hall.ledger.book().since == at("01:00")


def test_ready_is_noted_once_with_its_lateness():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:01:30"))
    hall.sweep(at("05:02:30"))
    (line,) = hall.journal.of("ready")
    assert (line["late_seconds"], line["units"]) == (90, 2)
    assert hall.card().late_seconds == 90


def test_a_model_that_is_not_ready_when_its_window_begins_is_an_incident_until_it_is():
    hall = Hall()
    hall.start(at("04:40"))
    hall.sweep(at("04:59"))
    assert hall.troubles() == set()
    hall.sweep(at("05:00"))
    hall.sweep(at("05:01"))
    assert hall.troubles() == {Trouble.LATE}
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:02"))
    assert hall.troubles() == set()


def test_the_confirmed_stop_is_noted_once():
    hall = Hall().at_work()
    hall.stop(at("13:00"))
    hall.sweep(at("13:01"))
    assert hall.card().stopped is None
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02"))
    hall.sweep(at("13:03"))
    assert hall.card().stopped == at("13:02")
    assert hall.journal.of("stopped") == [
        {"model": "paint", "card": hall.card().id, "seen": "STOPPED", "stop_asked": at("13:00")}
    ]


def test_a_start_that_never_showed_is_confirmed_after_the_run():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:00"))
    assert hall.card().stopped == at("13:00")
    assert hall.troubles() == set()


# During a run


def test_a_model_that_somebody_stopped_is_started_again_on_a_card_of_its_own():
    hall = Hall().at_work()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("09:00"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]
    hall.start(at("09:00:01"), named("paint"))
    first, second = hall.cards()
    assert (first.stopped, second.opened) == (at("09:00"), at("09:00:01"))


def test_a_start_that_came_to_nothing_is_tried_again_on_the_same_card_after_a_pause():
    hall = Hall()
    hall.start(at("04:40"))
    hall.sweep(at("04:41"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("04:41:59"))
    assert hall.colleagues.calls == []
    hall.sweep(at("04:42"))
    hall.start(at("04:42"), named("paint"))
    assert hall.card().attempts == 2


def test_failures_are_an_incident_and_tried_again_with_growing_pauses():
    hall = Hall()
    asked = []
    for minute in range(60):
        now = at("04:40") + minute * MINUTE
        if hall.start(now, named("paint"))["acted"]:
            asked.append(minute)
            hall.lookout.set("paint/1", State.FAILED)
        hall.sweep(now)
    assert asked == [0, 2, 6, 14, 30]
    assert hall.troubles() == {Trouble.FAILED}
    assert len(hall.incidents(Trouble.FAILED)) == len(hall.ledger.reports) == 1


def test_a_person_who_starts_it_within_its_run_has_started_it_for_us():
    hall = Hall()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:45"))
    card = hall.card()
    assert (card.origin, card.ready, card.units) == (Origin.ADOPTED, at("04:45"), 2)
    assert hall.colleagues.calls == []
    assert hall.troubles() == set()
    hall.sweep(at("13:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


def test_fewer_units_than_planned_are_an_incident_and_nothing_is_restarted():
    hall = Hall()
    hall.lookout.set("paint/1", State.RUNNING, units=1)
    for minute in range(3):
        hall.sweep(at("05:00") + minute * MINUTE)
    assert hall.troubles() == {Trouble.SHORT}
    assert hall.colleagues.calls == []
    assert hall.card().held_units == 1


def test_a_run_that_takes_over_from_one_that_was_never_stopped_has_its_own_card():
    hall = Hall(model("paint")).at_work()
    both = model("paint", hall.site.plant.models[0].assignments[0].shift, LATE)
    hall.file(both)
    hall.sweep(at("13:40"))
    first, second = hall.cards()
    assert (first.stopped, second.planned_ready) == (at("13:40"), at("14:00"))
    assert (second.origin, second.late_seconds) == (Origin.ADOPTED, 0)


def test_the_card_of_an_earlier_run_delays_the_next_start_by_no_sweep():
    early = model("paint").assignments[0].shift
    hall = Hall(model("paint", early, LATE))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:40"))
    assert hall.card().stopped == at("13:40")
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]


def test_a_shift_that_is_made_longer_in_mid_shift_moves_the_end_of_the_card():
    hall = Hall().at_work()
    longer = Shift(name="early", days=frozenset(range(5)), start=dt.time(6), end=dt.time(16))
    hall.file(model("paint", longer))
    hall.sweep(at("12:00"))
    hall.sweep(at("12:01"))
    assert hall.card().planned_stop == at("15:00")
    assert sum(card.planned_stop == at("15:00") for card in hall.ledger.writes) == 1


# What cannot be had


def test_a_start_beyond_the_quota_is_an_incident_and_tried_again_with_growing_pauses():
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.errors["start paint/1"] = QuotaReached("2 models run already")
    for minute in range(60):
        now = at("04:40") + minute * MINUTE
        for action, targets in pending(hall):
            assert action is Action.START
            hall.start(now, {"targets": targets})
        hall.sweep(now + MINUTE / 2)
    asked = [key for key, *_ in hall.lookout.started]
    assert asked.count("paint/1") == 5
    assert asked.count("glue/1") == 1
    assert Trouble.REFUSED in hall.troubles("paint")
    assert hall.troubles("glue") <= {Trouble.LATE, Trouble.STUCK}
    assert len(hall.incidents(Trouble.REFUSED)) == 1


def pending(hall):
    """Return what the sweep has called for since this was asked last."""
    calls = list(hall.colleagues.calls)
    hall.colleagues.calls.clear()
    return calls


def test_a_run_that_can_no_longer_be_had_is_not_called_for():
    hall = Hall(now=at("12:40:01"))
    assert hall.sweep() == {"start": 0, "stop": 0}
    assert hall.troubles() == {Trouble.LATE}


# Switching between act and watch in mid-run


def test_a_plant_that_is_only_watched_from_mid_run_on_stops_nothing_and_tells_what_it_costs():
    hall = Hall().at_work()
    hall.file(*hall.site.plant.models, mode="watch")
    for minute in ("09:00", "13:00", "13:11"):
        hall.sweep(at(minute))
    assert hall.colleagues.calls == []
    (incident,) = hall.incidents(Trouble.OVERDUE)
    assert incident.cost_per_hour == 8
    assert ("CostPerHour", 8.0) in hall.journal.values


def test_a_plant_that_acts_again_stops_by_its_card_what_it_started_before_it_only_watched():
    hall = Hall().at_work()
    hall.file(*hall.site.plant.models, mode="watch")
    hall.sweep(at("13:05"))
    hall.file(*hall.site.plant.models, mode="act")
    hall.sweep(at("13:06"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


def test_a_plant_that_acts_from_mid_run_on_starts_what_is_wanted():
    hall = Hall(mode="watch", now=at("06:00"))
    hall.sweep()
    hall.file(*hall.site.plant.models, mode="act")
    hall.sweep(at("06:01"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]


# Outside every run


def test_a_manual_run_is_an_incident_with_its_cost_at_once_and_stopped_after_its_time():
    hall = Hall(idle("spare", units=3), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING, units=3)
    for minute in range(61):
        hall.sweep(at("20:00") + minute * MINUTE)
    (incident,) = hall.incidents(Trouble.UNSCHEDULED)
    assert incident.opened == at("20:00")
    assert incident.cost_per_hour == 12
    assert hall.colleagues.calls == [(Action.STOP, ids(["spare"]))]
    assert hall.card("spare").origin is Origin.MANUAL


def test_a_manual_run_costs_what_it_holds_and_not_what_the_file_says():
    hall = Hall(idle("spare"), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING, units=5)
    hall.sweep(at("20:00"))
    assert hall.incidents(Trouble.UNSCHEDULED)[0].cost_per_hour == 20


def test_what_is_not_stopped_in_time_costs_what_it_holds_and_not_what_was_planned():
    hall = Hall()
    hall.lookout.set("paint/1", State.RUNNING, units=4)
    hall.sweep(at("05:00"))
    hall.sweep(at("13:11"))
    assert hall.incidents(Trouble.OVERDUE)[0].cost_per_hour == 16


def test_a_manual_run_that_is_to_be_left_is_never_stopped():
    hall = Hall(idle("spare", manual_runs=None), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    for hour in range(4):
        hall.sweep(at("20:00") + hour * 60 * MINUTE)
    assert hall.colleagues.calls == []
    assert hall.troubles("spare") == {Trouble.UNSCHEDULED}


def test_a_manual_run_that_ends_by_itself_closes_its_incident_and_ends_its_card():
    hall = Hall(idle("spare"), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("20:00"))
    hall.lookout.set("spare/1", State.STOPPED)
    hall.sweep(at("20:10"))
    assert hall.troubles("spare") == set()
    assert hall.card("spare").stopped == at("20:10")


def test_a_run_found_at_the_first_sweep_is_left_until_the_next_planned_run_has_ended():
    hall = Hall(now=at("01:00"))
    hall.lookout.set("paint/1", State.RUNNING)
    for minute in range(0, 220, 10):
        hall.sweep(at("01:00") + minute * MINUTE)
    assert hall.colleagues.calls == []
    assert hall.troubles() == {Trouble.UNSCHEDULED}
    hall.sweep(at("04:40"))
    assert hall.troubles() == set()
    hall.sweep(at("13:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


def test_a_run_found_at_the_second_sweep_has_its_time_and_no_more():
    hall = Hall(now=at("01:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("01:01"))
    hall.sweep(at("02:01"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


def test_a_run_is_found_at_the_first_deployment_though_its_turn_comes_minutes_later():
    hall = Hall(*(idle(f"m{n:03}") for n in range(MOST_DESCRIBES + 1)), now=at("01:00"))
    for n in range(MOST_DESCRIBES + 1):
        hall.lookout.set(f"m{n:03}/1", State.RUNNING)
    for minute in range(5):
        hall.sweep(at("01:00") + minute * MINUTE)
    cards = hall.ledger.book().cards.values()
    assert len(cards) == MOST_DESCRIBES + 1
    assert {card.stop_after for card in cards} == {None}


def test_a_model_that_runs_when_it_comes_into_the_file_is_left_until_its_next_planned_run():
    hall = Hall(idle("spare"), now=at("01:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.file(idle("spare"), model("paint"))
    for minute in range(0, 200, 10):
        hall.sweep(at("01:10") + minute * MINUTE)
    assert hall.colleagues.calls == []
    assert hall.troubles() == {Trouble.UNSCHEDULED}
    assert hall.card().stop_after is None
    hall.sweep(at("04:40"))
    hall.sweep(at("13:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]


def test_a_deployment_that_brings_a_model_gives_no_time_to_what_was_started_before_it():
    hall = Hall(idle("spare"), now=at("01:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("01:10"))
    hall.file(idle("spare"), model("paint"))
    hall.sweep(at("01:20"))
    hall.sweep(at("02:10"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["spare"]))]


def test_a_deployment_that_brings_no_model_finds_nothing():
    hall = Hall(idle("spare"), now=at("01:00"))
    hall.sweep()
    hall.file(idle("spare", units=3))
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("01:01"))
    hall.sweep(at("02:01"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["spare"]))]


def test_a_manual_run_becomes_ours_on_a_new_card_when_its_run_begins():
    hall = Hall(now=at("04:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:30"))
    hall.sweep(at("04:40"))
    first, second = hall.cards()
    assert (first.origin, first.stopped) == (Origin.MANUAL, at("04:40"))
    assert first.planned_stop is None
    assert (second.origin, second.opened) == (Origin.ADOPTED, at("04:40"))
    assert hall.troubles() == set()


def test_a_model_taken_from_the_file_while_it_runs_is_called_to_be_stopped_by_its_card():
    hall = Hall().at_work()
    hall.file(model("glue", LATE))
    hall.sweep(at("09:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]
    hall.stop(at("09:00:01"), named("paint"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("09:03"))
    assert hall.card().stopped == at("09:03")


def test_a_model_that_got_another_name_in_mid_shift_keeps_running_on_its_card():
    hall = Hall().at_work()
    hall.file(replace(hall.site.plant.models[0], name="renamed"))
    hall.sweep(at("09:00"))
    assert hall.colleagues.calls == []
    assert len(hall.cards()) == 1


# Incidents


@pytest.mark.parametrize("state", [State.MISSING, State.DELETING, State.TRAINING, State.UNKNOWN])
def test_what_cannot_be_touched_is_an_incident_once_and_over_once(state):
    hall = Hall(idle("spare"), now=at("20:00"))
    hall.lookout.set("spare/1", state)
    for minute in range(3):
        hall.sweep(at("20:00") + minute * MINUTE)
    assert hall.troubles("spare") == {Trouble.UNTOUCHABLE}
    hall.lookout.set("spare/1", State.STOPPED)
    for minute in range(3, 6):
        hall.sweep(at("20:00") + minute * MINUTE)
    assert hall.troubles("spare") == set()
    opened, closed = hall.ledger.reports
    assert (opened.closed, closed.closed) == (None, at("20:03"))
    assert len(hall.journal.of("incident")) == len(hall.journal.of("incident over")) == 1


def test_one_silent_service_delays_no_other_and_its_models_say_so():
    hall = Hall(
        model("paint"), model("glue"), model("wire", service="rekognition"), now=at("04:40")
    )
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.sweep()
    assert hall.colleagues.calls == [(Action.START, ["rekognition:wire/1"])]
    assert hall.troubles("paint") == hall.troubles("glue") == {Trouble.SILENT}
    assert hall.troubles("wire") == set()
    assert len(hall.lookout.described) == 1
    assert hall.journal.beats() == 1


def test_a_service_that_answers_again_closes_the_silence():
    hall = Hall(now=at("01:00"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.sweep()
    hall.sweep(at("01:01"))
    assert len(hall.ledger.reports) == 1
    hall.lookout.errors.clear()
    hall.sweep(at("01:02"))
    assert hall.troubles() == set()


def test_silence_closes_no_other_incident():
    hall = Hall()
    hall.sweep(at("05:00"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.sweep(at("05:01"))
    assert hall.troubles() == {Trouble.LATE, Trouble.SILENT}


def test_a_service_that_refuses_to_answer_is_an_incident():
    hall = Hall(now=at("01:00"))
    hall.lookout.errors["observe"] = Refused("not allowed")
    hall.sweep()
    assert hall.troubles() == {Trouble.REFUSED}


def test_a_refused_answer_about_one_model_is_none_about_the_others():
    """Only silence is the whole service's."""
    hall = Hall(model("paint"), model("glue"), now=at("01:00"))
    hall.lookout.errors["observe"] = Throttled("slow down")
    hall.sweep()
    assert len(hall.lookout.described) == 2


def test_incidents_of_a_model_that_nobody_knows_any_more_are_over():
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.set("paint/1", State.MISSING)
    hall.sweep(at("01:00"))
    hall.file(model("glue"))
    hall.sweep(at("01:01"))
    assert hall.troubles("paint") == set()


def test_a_refused_start_is_over_when_it_is_no_longer_wanted():
    hall = Hall()
    hall.lookout.errors["start"] = Refused("not allowed")
    hall.start(at("04:40"))
    hall.sweep(at("04:41"))
    assert hall.troubles() == {Trouble.REFUSED}
    hall.sweep(at("13:00"))
    assert hall.troubles() == set()


# Completeness


def test_a_card_that_somebody_else_has_just_written_is_left_to_the_next_sweep():
    hall = Hall()
    hall.start(at("04:40"))
    hall.ledger.errors["paint"] = LedgerConflict("somebody else was first")
    hall.sweep(at("04:41"))
    assert hall.journal.of("conflict") == [{"model": "paint", "reason": "somebody else was first"}]
    assert hall.journal.beats() == 1
    hall.ledger.errors.clear()
    hall.sweep(at("04:42"))
    assert hall.card().state is State.STARTING


def test_a_run_that_an_edit_has_ended_is_over_from_then_on():
    hall = Hall().at_work()
    hall.file(model("paint", LATE))
    hall.sweep(at("09:00"))
    assert hall.card().planned_stop == at("09:00")
    hall.sweep(at("09:10"))
    assert hall.troubles() == set()
    hall.sweep(at("09:11"))
    assert hall.troubles() == {Trouble.OVERDUE}


def test_a_card_that_a_sweep_opens_is_a_line_that_says_why():
    hall = Hall(model("paint"), idle("spare"), now=at("02:00"))
    hall.sweep()
    for name in ("paint", "spare"):
        hall.lookout.set(f"{name}/1", State.RUNNING)
    hall.sweep(at("05:00"))
    opened = hall.journal.of("decision")
    assert [(line["model"], line["wanted"], line["card"]) for line in opened] == [
        ("paint", "on", hall.card().id),
        ("spare", "off", hall.card("spare").id),
    ]
    assert all(line["reason"] for line in opened)
    assert {line["action"] for line in opened} == {Action.ADOPT}
    assert {line["seen"] for line in opened} == {"RUNNING"}


def test_what_changes_after_it_is_ready_is_seen_and_not_ready_again():
    hall = Hall().at_work()
    hall.lookout.set("paint/1", State.UPDATING)
    hall.sweep(at("06:00"))
    assert len(hall.journal.of("ready")) == 1
    assert hall.journal.of("seen")[-1] == {
        "model": "paint",
        "card": hall.card().id,
        "seen": "UPDATING",
    }


def test_a_start_that_nobody_has_asked_for_takes_no_time():
    hall = Hall(now=at("02:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.STARTING)
    hall.sweep(at("05:00"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:10"))
    assert hall.card().ready == at("05:10")
    assert events.START_DURATION not in hall.journal.units


def test_a_silent_service_is_late_where_its_model_should_be_ready():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    for minute, late in (("04:59", 0), ("05:00", 1)):
        hall.journal.values.clear()
        hall.sweep(at(minute))
        assert [name for name, _ in hall.journal.values].count(events.MODELS_LATE) == late


def test_a_complete_sweep_beats_once_and_each_value_has_its_unit():
    hall = Hall().at_work()
    hall.lookout.set("paint/1", State.RUNNING, units=1)
    hall.sweep(at("06:00"))
    hall.sweep(at("14:00"))
    assert ("Heartbeat", 1) in hall.journal.values
    assert hall.journal.units == {
        events.HEARTBEAT: "Count",
        events.COST_PER_HOUR: "None",
        events.START_DURATION: "Seconds",
        events.CAPACITY_LOW: "Count",
        events.MODELS_OUTSIDE: "Count",
    }


def test_the_first_sweep_is_noted_once():
    hall = Hall(now=at("02:00"))
    hall.sweep()

    def again(_):
        raise Throttled("the ledger is busy")

    hall.ledger.begin = again
    hall.sweep(at("02:01"))


def test_troubles_raise_the_alarm_that_says_what_is_wrong():
    raised = {
        name: {trouble for trouble, metric in ALARMING.items() if metric == name}
        for name in ALARMING.values()
    }
    assert raised == {
        events.MODELS_LATE: {
            Trouble.LATE,
            Trouble.STUCK,
            Trouble.FAILED,
            Trouble.UNPLANNED,
            Trouble.CLAIMED,
        },
        events.CAPACITY_LOW: {Trouble.SHORT},
        events.MODELS_OUTSIDE: {Trouble.UNSCHEDULED, Trouble.OVERDUE},
    }


def test_a_start_that_never_showed_ends_with_a_line():
    hall = Hall()
    hall.start(at("04:40"))
    hall.journal.lines.clear()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:00"))
    (line,) = hall.journal.of("decision")
    assert line == {
        "model": "paint",
        "wanted": "off",
        "seen": "STOPPED",
        "action": Action.CONFIRM,
        "reason": line["reason"],
        "card": hall.card().id,
    }
    assert line["reason"]


@pytest.mark.parametrize("method", ["miss", "report"])
def test_what_goes_wrong_with_troubles_of_no_model_is_told_by_name(method):
    ends = Calendar(name="works", last=dt.date(2026, 3, 31))
    hall = Hall(model("paint", calendar=ends), now=at("02:00"))
    if method == "miss":
        hall.sweep()
        hall.start(at("04:40"))

    def busy(*_):
        raise Throttled("the ledger is busy")

    setattr(hall.ledger, method, busy)
    with pytest.raises(ComeAgain, match="incidents: the ledger is busy"):
        hall.sweep(at("04:50"))


def test_people_who_cannot_be_told_are_told_of_as_notices():
    hall = Hall(now=at("05:00"))
    hall.board.error = Throttled("slow down")
    with pytest.raises(ComeAgain, match=r"^notices: slow down$"):
        hall.sweep()


def test_of_two_sweeps_that_overlap_only_one_opens_a_card_for_what_runs_without_one():
    hall = Hall(now=at("02:00"))
    hall.sweep()
    hall.ledger.stale = hall.ledger.book()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("03:00"))
    hall.sweep(at("03:00") + dt.timedelta(seconds=5))
    assert len(hall.journal.of("conflict")) == 1
    hall.ledger.stale = None
    assert hall.card().opened == at("03:00")


def test_a_sweep_that_has_read_before_a_start_takes_that_for_nobody_elses():
    hall = Hall(now=at("02:00"))
    hall.sweep()
    hall.ledger.stale = hall.ledger.book()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:40") + dt.timedelta(seconds=30))
    hall.ledger.stale = None
    assert hall.card().origin is Origin.PLANNED


def test_one_models_error_keeps_no_other_from_being_handled_and_then_fails_loudly():
    hall = Hall(model("paint"), model("glue"), now=at("05:00"))
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    with pytest.raises(ComeAgain, match=r"^paint: the ledger is busy$"):
        hall.sweep()
    assert hall.troubles("glue") == {Trouble.LATE}
    assert hall.colleagues.calls == [(Action.START, ids(["glue"]))]


def test_the_heart_beats_only_at_the_end_of_a_complete_sweep():
    hall = Hall(now=at("05:00"))
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    with pytest.raises(ComeAgain):
        hall.sweep()
    assert hall.journal.beats() == 0
    hall.ledger.errors.clear()
    hall.sweep(at("05:01"))
    assert hall.journal.beats() == 1


def test_a_sweep_makes_at_most_three_calls_a_second():
    hall = Hall(*(model(f"m{n}") for n in range(7)), now=at("01:00"))
    hall.sweep()
    assert len(hall.pauses) == 6
    assert all(each >= 1 / 3 for each in hall.pauses)


def test_what_a_call_takes_is_part_of_the_pause_and_after_the_last_call_nobody_waits():
    hall = Hall(now=at("01:00"))
    pace = Pace(hall.site)
    for milliseconds in (200, 400, 0):
        pace.wait()
        hall.now += dt.timedelta(milliseconds=milliseconds)
    assert hall.pauses == [pytest.approx(1 / 3 - 0.2, abs=1e-5)]


def test_a_clock_that_runs_backwards_makes_no_pause_longer():
    hall = Hall(now=at("01:00"))
    pace = Pace(hall.site)
    pace.wait()
    hall.now -= dt.timedelta(hours=1)
    pace.wait()
    assert hall.pauses == [pytest.approx(1 / 3, abs=1e-5)]


def test_models_of_one_batch_are_described_in_one_call():
    hall = Hall(*(model(f"m{n}", batch="all") for n in range(7)), now=at("01:00"))
    hall.sweep()
    assert len(hall.lookout.described) == 1


# What goes wrong with one keeps no other from being handled


ENDED = Calendar(name="works", last=dt.date(2026, 2, 27))
"""A calendar whose last known holidays are over on Monday, 2 March 2026."""


class Mute(Hosting):
    """A service that answers about nothing that it was asked."""

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        del targets
        return {}


def unplanned(name: str, **more):
    return replace(model(name, **more), calendar=ENDED)


def test_a_calendar_that_has_ended_is_the_trouble_of_its_own_model_alone():
    hall = Hall(unplanned("old"), model("paint"))
    assert hall.sweep(at("04:40")) == {"start": 1, "stop": 0}
    assert hall.troubles("old") == {Trouble.UNPLANNED}
    assert hall.troubles("paint") == set()
    assert hall.start(at("04:40"))["acted"] == ["paint"]
    assert hall.journal.beats() == 1
    (incident,) = hall.incidents(Trouble.UNPLANNED)
    assert "2026-02-27" in incident.reason


def test_a_model_that_nobody_can_plan_any_more_raises_the_alarm_for_a_model_not_ready():
    hall = Hall(unplanned("old"))
    hall.sweep(at("01:00"))
    assert ("ModelsLate", 1) in hall.journal.values


def test_the_open_card_of_a_model_that_nobody_can_plan_any_more_is_stopped():
    hall = Hall(model("paint"), model("old")).at_work()
    hall.file(model("paint"), unplanned("old"))
    hall.sweep(at("09:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["old"]))]
    assert hall.stop(at("09:00"), named("old"))["acted"] == ["old"]
    assert hall.stop(at("09:01"))["acted"] == []
    assert hall.troubles("paint") == set()


def test_what_a_person_starts_while_nobody_knows_the_shifts_is_left_to_them():
    hall = Hall(unplanned("old"), now=at("01:00"))
    hall.sweep()
    hall.lookout.set("old/1", State.RUNNING)
    for hour in ("02:00", "04:00", "09:00"):
        hall.sweep(at(hour))
    assert hall.colleagues.calls == []
    assert hall.troubles("old") == {Trouble.UNPLANNED, Trouble.UNSCHEDULED}


def test_a_newer_release_ends_the_trouble():
    hall = Hall(unplanned("old"))
    hall.sweep(at("01:00"))
    hall.file(model("old"))
    hall.sweep(at("01:01"))
    assert hall.troubles("old") == set()


def test_an_adapter_that_fails_as_nobody_has_foreseen_keeps_no_other_service_from_being_handled():
    hall = Hall(model("paint"), model("wire", service="rekognition"))
    hall.lookout.errors["observe"] = KeyError("Status")
    with pytest.raises(ComeAgain, match=r"^paint: KeyError: 'Status'$"):
        hall.sweep(at("04:40"))
    assert hall.colleagues.calls == [(Action.START, ["rekognition:wire/1"])]
    assert hall.troubles("paint") == {Trouble.REFUSED}
    assert hall.journal.beats() == 0


def test_an_answer_that_leaves_a_model_out_is_the_trouble_of_its_batch_alone():
    hall = Hall(model("paint"), model("glue"), model("wire", service="rekognition"))
    hall.site = replace(hall.site, services={**hall.site.services, "rekognition": Mute()})
    with pytest.raises(ComeAgain, match=r"^wire: KeyError"):
        hall.sweep(at("04:40"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint", "glue"]))]


def test_the_mistake_itself_is_told_with_the_failure():
    hall = Hall()
    hall.lookout.errors["observe"] = KeyError("Status")
    with pytest.raises(ComeAgain) as failed:
        hall.sweep(at("04:40"))
    group = failed.value.__cause__
    assert isinstance(group, ExceptionGroup)
    assert isinstance(group.exceptions[0].__cause__, KeyError)


def test_what_goes_wrong_with_one_model_hides_no_alarm_of_another():
    hall = Hall(model("paint"), model("glue"), now=at("05:00"))
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    with pytest.raises(ComeAgain):
        hall.sweep()
    assert ("ModelsLate", 1) in hall.journal.values


# Turns


def looked_at(hall, minutes, begin="01:00"):
    """Sweep for some minutes; return what each sweep has described."""
    found = []
    for minute in range(minutes):
        hall.lookout.described.clear()
        hall.sweep(at(begin) + minute * MINUTE)
        found.append({key for keys in hall.lookout.described for key in keys})
    return found


def test_a_hundred_and_twenty_models_are_all_looked_at_in_every_sweep():
    hall = Hall(*(idle(f"m{n:03}") for n in range(120)))
    assert [len(each) for each in looked_at(hall, 2)] == [120, 120]


@pytest.mark.parametrize("models", [121, 240, 601])
def test_any_of_n_idle_models_is_looked_at_within_n_by_120_minutes(models):
    hall = Hall(*(idle(f"m{n:03}") for n in range(models)))
    sweeps = looked_at(hall, -(-models // 120))
    assert max(len(each) for each in sweeps) <= 120
    assert len(set.union(*sweeps)) == models


def test_models_that_are_wanted_or_have_a_card_are_looked_at_in_every_sweep():
    busy = [model(f"a{n:02}") for n in range(40)]
    hall = Hall(*(idle(f"m{n:03}") for n in range(200)), *busy)
    sweeps = looked_at(hall, 3, begin="06:00")
    assert all({each.target.key for each in busy} <= sweep for sweep in sweeps)
    assert max(len(each) for each in sweeps) == 120
    assert len(set.union(*sweeps)) == 240


def test_a_model_whose_run_begins_within_minutes_is_looked_at_in_every_sweep():
    hall = Hall(*(idle(f"m{n:03}") for n in range(300)), model("paint"))
    for sweep in looked_at(hall, 5, begin="04:35"):
        assert "paint/1" in sweep
    assert not all("paint/1" in sweep for sweep in looked_at(hall, 5, begin="04:20"))


def test_more_busy_models_than_a_minute_has_calls_for_are_all_looked_at_in_turn():
    busy = [model(f"a{n:03}") for n in range(200)]
    hall = Hall(*busy, *(idle(f"m{n:03}") for n in range(60)))
    sweeps = looked_at(hall, 3, begin="06:00")
    assert {each.target.key for each in busy} <= set.union(*sweeps)
    assert max(len(each) for each in sweeps) <= 120


def test_a_full_house_hides_no_manual_start_for_long():
    hall = Hall(*(model(f"a{n:03}") for n in range(200)), *(idle(f"m{n}") for n in range(60)))
    sweeps = looked_at(hall, 60 // OTHERS, begin="06:00")
    assert {f"m{n}/1" for n in range(60)} <= set.union(*sweeps)


@pytest.mark.parametrize(
    ("last", "told"), [(dt.date(2026, 4, 30), 1), (dt.date(2026, 5, 1), 0)], ids=["59", "60"]
)
def test_a_calendar_that_ends_within_60_days_is_told_of_once(last, told):
    calendar = Calendar(name="works", last=last)
    hall = Hall(replace(model("paint"), calendar=calendar))
    for minute in ("04:00", "04:01"):
        hall.sweep(at(minute))
    found = [each for each in hall.ledger.reports if each.trouble is Trouble.EXPIRING]
    assert len(found) == told
    assert all("2026-04-30" in each.reason for each in found)
    hall.file(model("paint"))
    hall.sweep(at("04:02"))
    assert [each for each in hall.incidents(Trouble.EXPIRING) if each.closed is None] == []


# What was said at the desk


def say(hall: Hall, kind: Kind, made: str, until: str, **more: Any) -> Override:
    details = {"model": "paint", "who": "arn:aws:iam::1:user/anna", "why": "late batch", **more}
    override = Override(kind=kind, made=at(made), until=at(until), **details)
    hall.ledger.order(override)
    return override


def test_overtime_goes_on_the_card_without_a_restart_and_ends_by_itself():
    hall = Hall().at_work()
    say(hall, Kind.OVERTIME, "12:50", "14:30")
    hall.sweep(at("12:51"))
    assert hall.card().planned_stop == at("14:30")
    assert hall.card().shifts == ("early", "overtime")
    assert hall.stop(at("13:00"))["acted"] == []
    assert hall.sweep(at("14:29")) == {"start": 0, "stop": 0}
    assert hall.sweep(at("14:30")) == {"start": 0, "stop": 1}
    assert hall.stop(at("14:30"), named("paint"))["acted"] == ["paint"]
    assert len(hall.lookout.started) == 1


def test_overtime_minutes_are_overtime_on_the_card():
    hall = Hall().at_work()
    say(hall, Kind.OVERTIME, "12:50", "14:30")
    hall.sweep(at("12:51"))
    hall.meter.count("paint", at("12:58"), at("13:05"))
    hall.keep_time(at("13:05"))
    (day,) = hall.card().days
    assert day.unit_minutes[Purpose.OVERTIME] == 10


def test_overtime_for_a_model_that_is_off_is_a_start_that_the_sweep_calls_for():
    hall = Hall()
    say(hall, Kind.OVERTIME, "18:00", "20:00")
    assert hall.sweep(at("18:01")) == {"start": 1, "stop": 0}
    assert hall.start(at("18:01"), named("paint"))["acted"] == ["paint"]
    card = hall.card()
    assert (card.planned_ready, card.planned_stop) == (at("18:20"), at("20:00"))
    assert card.overtime == (Span(begin=at("18:20"), end=at("20:00")),)
    # Nobody is late before a lead has passed.
    assert hall.troubles() == set()


def test_overtime_just_after_the_stop_was_asked_for_is_a_run_of_its_own():
    hall = Hall().at_work()
    hall.stop(at("13:00"))
    say(hall, Kind.OVERTIME, "13:01", "15:00")
    hall.sweep(at("13:01:30"))
    hall.lookout.set("paint/1", State.STOPPED)
    assert hall.sweep(at("13:03")) == {"start": 1, "stop": 0}
    hall.start(at("13:03"), named("paint"))
    first, second = hall.cards()
    assert first.stopped
    assert second.planned_ready == at("13:21")


def test_a_hold_off_stops_the_model_at_once_and_its_card_says_when():
    hall = Hall().at_work()
    said = say(hall, Kind.HOLD_OFF, "09:00", "10:00")
    assert hall.sweep(at("09:00:30")) == {"start": 0, "stop": 1}
    hall.stop(at("09:00:31"), named("paint"))
    assert hall.card().planned_stop == at("09:00:30")
    (line,) = (line for line in hall.journal.of("decision") if line["action"] == "stop")
    assert (line["override"], line["who"], line["why"]) == (said.id, said.who, "late batch")


def test_a_model_that_is_held_off_is_started_again_when_that_is_over():
    hall = Hall().at_work()
    say(hall, Kind.HOLD_OFF, "09:00", "10:00")
    hall.stop(at("09:00:31"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("09:03"))
    assert hall.sweep(at("09:59")) == {"start": 0, "stop": 0}
    assert hall.troubles() == set()
    assert hall.sweep(at("10:00")) == {"start": 1, "stop": 0}
    hall.start(at("10:00"), named("paint"))
    assert [card.planned_ready for card in hall.cards()] == [at("05:00"), at("10:20")]


@pytest.mark.parametrize("manual_runs", [60 * MINUTE, None])
def test_a_hold_off_stops_what_a_person_has_started_too(manual_runs):
    hall = Hall(model("paint", manual_runs=manual_runs), now=at("18:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("18:10"))
    say(hall, Kind.HOLD_OFF, "18:20", "19:00")
    assert hall.sweep(at("18:20:30")) == {"start": 0, "stop": 1}
    assert hall.stop(at("18:20:31"), named("paint"))["acted"] == ["paint"]


def test_what_a_person_starts_while_it_is_held_off_is_stopped_within_two_sweeps():
    hall = Hall(now=at("18:00"))
    hall.sweep()
    say(hall, Kind.HOLD_OFF, "18:20", "19:00")
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("18:30"))
    assert hall.sweep(at("18:31")) == {"start": 0, "stop": 1}


def test_a_skip_that_comes_too_late_leaves_the_run_alone():
    hall = Hall().at_work()
    say(hall, Kind.SKIP, "04:55", "13:00", day=at("05:00").date())
    assert hall.sweep(at("05:00")) == {"start": 0, "stop": 0}
    assert hall.card().planned_stop == at("13:00")


def test_a_skip_in_time_is_no_start_and_nobody_is_late():
    hall = Hall()
    say(hall, Kind.SKIP, "03:00", "13:00", day=at("05:00").date())
    assert hall.sweep(at("04:40")) == {"start": 0, "stop": 0}
    assert hall.start(at("04:41")) == {"acted": [], "waiting": [], "refused": []}
    hall.sweep(at("05:10"))
    assert hall.troubles() == set()


def test_an_override_of_a_model_that_the_file_forgot_or_disabled_has_no_effect():
    hall = Hall(replace(model("paint"), enabled=False), now=at("18:00"))
    say(hall, Kind.OVERTIME, "18:00", "20:00")
    say(hall, Kind.OVERTIME, "18:00", "20:00", model="gone")
    assert hall.sweep(at("18:01")) == {"start": 0, "stop": 0}


def test_an_override_that_nobody_can_read_is_told_of_once_until_it_is_gone():
    hall = Hall().at_work()
    hall.ledger.unreadable = ["2026-03-02T12:00:00Z#x"]
    hall.sweep(at("06:00"))
    hall.sweep(at("06:01"))
    (incident,) = hall.incidents(Trouble.UNREADABLE)
    assert "2026-03-02T12:00:00Z#x" in incident.reason
    assert len(hall.journal.of("incident")) == 1
    hall.ledger.unreadable = []
    hall.sweep(at("06:02"))
    (incident,) = hall.incidents(Trouble.UNREADABLE)
    assert incident.closed == at("06:02")

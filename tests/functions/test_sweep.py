"""The sweep: what it calls for, notes, adopts and confirms, and when it keeps silent."""

import datetime as dt

import pytest

from functions import journal as events
from functions.rollcall import Pace
from functions.sweep import ALARMING
from punchclock.decisions import Action, Trouble
from punchclock.errors import (
    ComeAgain,
    LedgerConflict,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import State
from punchclock.shifts import Calendar, Shift
from punchclock.timecards import Origin
from tests.functions.hall import MINUTE, Hall, at, idle, ids, model, named

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
    decided = hall.journal.of("decision")
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02"))
    hall.sweep(at("13:03"))
    assert hall.card().stopped == at("13:02")
    assert hall.journal.of("stopped") == [
        {"model": "paint", "card": hall.card().id, "seen": "STOPPED", "stop_asked": at("13:00")}
    ]
    assert hall.journal.of("decision") == decided


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


def test_a_persons_start_that_a_run_has_taken_over_takes_no_time():
    hall = Hall(now=at("02:00"))
    hall.sweep()
    hall.lookout.set("paint/1", State.STARTING)
    for minute in ("04:30", "04:40"):
        hall.sweep(at(minute))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    person, ours = hall.cards()
    assert (person.origin, ours.origin, ours.ready) == (Origin.MANUAL, Origin.ADOPTED, at("04:50"))
    assert [line["model"] for line in hall.journal.of(events.READY)] == ["paint"]
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

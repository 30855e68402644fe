"""The sweep outside every run: what people start, what was found, and what is only watched."""

import datetime as dt
from dataclasses import replace

from functions.turns import MOST_DESCRIBES
from punchclock.decisions import Action, Trouble
from punchclock.localtime import DAY
from punchclock.observations import State
from punchclock.shifts import Calendar, Shift
from punchclock.timecards import Origin
from tests.functions.hall import MINUTE, MONDAY, Hall, at, idle, ids, model, named

LATE = Shift(name="late", days=frozenset(range(5)), start=dt.time(15), end=dt.time(20))
CLOSED = Calendar(name="works", closed=frozenset({MONDAY, MONDAY + DAY}))


# A day that is closed while it is worked


def test_a_closure_deployed_in_mid_shift_stops_nothing_and_nothing_starts_after_it():
    hall = Hall().at_work()
    hall.file(replace(model("paint"), calendar=CLOSED))
    hall.sweep(at("08:00"))
    assert hall.stop(at("08:00"), named("paint"))["acted"] == []
    assert hall.colleagues.calls == []
    hall.sweep(at("13:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["paint"]))]
    assert hall.start(at("04:40", day=3))["acted"] == []


def test_what_is_stopped_by_hand_on_a_day_that_was_closed_meanwhile_is_over():
    """Its start is not asked for again, so nobody is told that it is late."""
    hall = Hall().at_work()
    hall.file(replace(model("paint"), calendar=CLOSED))
    hall.sweep(at("08:00"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("08:01"))
    assert hall.card().stopped == at("08:01")
    assert hall.colleagues.calls == []
    assert hall.ledger.reports == []


def test_what_fails_on_a_day_that_was_closed_meanwhile_is_started_again():
    hall = Hall().at_work()
    hall.file(replace(model("paint"), calendar=CLOSED))
    hall.lookout.set("paint/1", State.FAILED)
    hall.sweep(at("08:00"))
    assert hall.start(at("08:02"), named("paint"))["acted"] == ["paint"]


def test_around_the_clock_a_day_that_is_closed_in_its_middle_goes_on_and_the_next_does_not():
    days = frozenset(range(7))
    always = Shift(name="always", days=days, start=dt.time(), end=dt.time(), overnight=True)
    hall = Hall(model("paint", always)).at_work()
    hall.file(replace(hall.site.plant.models[0], calendar=CLOSED))
    hall.sweep(at("08:00"))
    assert hall.colleagues.calls == []
    # Tuesday is closed too, and was not begun.
    assert hall.card().planned_stop == at("23:00")


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


def test_what_runs_when_its_model_comes_is_found_whichever_of_two_sweeps_sees_it():
    """The first has written the roster, and is at work still while the second adopts the run."""
    hall = Hall(idle("spare"), now=at("01:00"))
    hall.sweep()
    hall.file(idle("spare"), model("paint"))
    hall.sweep(at("01:10"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("01:10:59"))
    assert hall.card().stop_after is None


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

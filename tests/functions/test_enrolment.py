"""A model that another plant has claimed: who asks, when, and what is left alone from then on."""

from dataclasses import replace
from typing import Any

import pytest

from functions import sweep
from punchclock.decisions import Action, Trouble
from punchclock.errors import ComeAgain, QuotaReached, Refused, ServiceSilent
from punchclock.observations import State
from punchclock.overrides import Kind, Override
from punchclock.rosters import claim
from punchclock.timecards import Origin
from tests.functions.hall import MINUTE, Hall, at, idle, ids, model, named

OTHER = "punchclock-shelbyville"
WHY = f"stack {OTHER} has claimed it first: take it out of one of the two plant files, deploy that"


def refused(*models, **plant) -> Hall:
    """Return a hall, swept for the first time at 04:41, whose model paint is another plant's."""
    hall = Hall(*models, **plant)
    hall.street.stacks[OTHER] = {"paint"}
    hall.sweep(at("04:41"))
    return hall


def working(*models) -> Hall:
    """Return a hall that holds its models, whose paint was started at 04:40 and runs."""
    hall = Hall(*models)
    hall.sweep(at("04:30"))
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    return hall


def look(hall: Hall) -> Any:
    """Return what a checkup answers of each model."""
    handler: Any = sweep.handler
    return handler.__wrapped__(hall.site, {"check": True})["models"]


# Asking


def test_a_plant_is_asked_about_when_it_is_swept_first_and_not_on_quiet_days():
    hall = Hall()
    for minute in range(15):
        hall.sweep(at("01:00") + minute * MINUTE)
    assert hall.street.asked == 1
    assert hall.ledger.book().roster.held == {claim(model("paint").target)}


def test_the_roster_is_written_once_while_nothing_changes():
    hall = refused()
    for minute in range(6):
        hall.sweep(at("04:42") + minute * MINUTE)
    assert hall.ledger.book().roster.version == 1


def test_a_model_that_a_deployment_brings_is_asked_about_and_one_that_it_takes_is_not():
    hall = working()
    hall.file(model("paint"), model("glue"))
    hall.sweep(at("04:51"))
    assert hall.street.asked == 2
    hall.file(model("paint"))
    hall.sweep(at("04:52"))
    assert hall.street.asked == 2
    hall.file(model("paint"), model("glue"))
    hall.sweep(at("04:53"))
    assert hall.street.asked == 3


def test_an_edit_of_a_shift_asks_nobody():
    hall = working()
    hall.file(model("paint", lead=30 * MINUTE))
    hall.sweep(at("04:51"))
    assert hall.street.asked == 1


def test_while_a_model_is_anothers_it_is_asked_about_every_five_minutes():
    hall = refused()
    minutes = [at("04:42") + n * MINUTE for n in range(120)]
    asked = []
    for minute in minutes:
        before = hall.street.asked
        hall.sweep(minute)
        asked += [minute] * (hall.street.asked - before)
    assert asked == minutes[3::5]


# What is another plant's


def test_a_model_that_another_plant_has_claimed_is_not_started_and_told_of():
    hall = refused(model("paint"), model("glue"))
    assert hall.colleagues.calls == [(Action.START, ids(["glue"]))]
    hall.start(at("04:42"))
    hall.start(at("04:43"), event=named("paint"))
    assert [key for key, *_ in hall.lookout.started] == ["glue/1"]
    assert hall.troubles() == {Trouble.CLAIMED}
    (incident,) = hall.incidents(Trouble.CLAIMED)
    assert (incident.reason, incident.opened) == (WHY, at("04:41"))
    assert incident.cost_per_hour == 0
    assert "is another plant's" in hall.board.sent[0].subject


def test_its_line_raises_the_alarm_of_models_that_are_not_ready():
    hall = refused()
    assert ("ModelsLate", 1) in hall.journal.values


@pytest.mark.parametrize("run", [model("paint"), idle("paint")])
def test_what_the_other_plant_runs_is_neither_adopted_nor_stopped_nor_paid_for(run):
    hall = refused(run)
    hall.lookout.set("paint/1", State.RUNNING)
    for minute in (0, 30, 90, 240):
        assert hall.sweep(at("05:00") + minute * MINUTE) == {"start": 0, "stop": 0}
    hall.stop(at("09:01"), event=named("paint"))
    assert hall.cards() == []
    assert hall.lookout.stopped == []
    assert hall.troubles() == {Trouble.CLAIMED}
    assert dict(hall.journal.values)["CostPerHour"] == 0


def test_a_hold_does_not_stop_what_the_other_plant_runs():
    hall = refused()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.ledger.order(
        Override(
            model="paint",
            kind=Kind.HOLD_OFF,
            made=at("05:00"),
            until=at("08:00"),
            who="anna",
            why="test",
        )
    )
    assert hall.sweep(at("05:01")) == {"start": 0, "stop": 0}


def test_a_service_that_does_not_answer_hides_no_claim():
    hall = Hall()
    hall.street.stacks[OTHER] = {"paint"}
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.sweep(at("04:41"))
    assert hall.troubles() == {Trouble.CLAIMED, Trouble.SILENT}
    assert ("ModelsLate", 1) in hall.journal.values


def test_a_plant_that_is_only_watched_tells_of_it_too():
    hall = refused(mode="watch")
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    assert (hall.cards(), hall.troubles()) == ([], {Trouble.CLAIMED})


def test_what_this_plant_has_started_is_stopped_and_closed_although_it_is_anothers():
    hall = working()
    # It left the file while it ran, another plant has claimed it, and it comes back.
    hall.file(model("glue"))
    hall.sweep(at("04:51"))
    hall.street.stacks[OTHER] = {"paint"}
    hall.file(model("paint"), model("glue"))
    assert hall.sweep(at("04:52"))["stop"] == 1
    hall.stop(at("04:53"), event=named("paint"))
    assert [key for key, _ in hall.lookout.stopped] == ["paint/1"]
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("05:10"))
    assert hall.card().stopped == at("05:10")
    hall.sweep(at("05:11"))
    assert len(hall.cards()) == 1
    assert hall.troubles() == {Trouble.CLAIMED}


def test_a_start_that_was_refused_here_is_no_trouble_any_more_where_the_other_plant_runs_it():
    hall = Hall()
    hall.street.final = False
    hall.sweep(at("04:39"))
    hall.lookout.errors["start"] = QuotaReached("two models run already")
    hall.start(at("04:40"))
    assert hall.troubles() == {Trouble.REFUSED}
    hall.ledger.forget_cards()
    hall.street.stacks[OTHER] = {"paint"}
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:41"))
    assert hall.troubles() == {Trouble.CLAIMED}


def test_a_stop_of_ours_that_is_refused_stays_told_of_although_the_model_is_anothers():
    hall = working()
    hall.file(model("glue"))
    hall.sweep(at("04:51"))
    hall.street.stacks[OTHER] = {"paint"}
    hall.file(model("paint"), model("glue"))
    hall.sweep(at("04:52"))
    hall.lookout.errors["stop"] = Refused("no permission")
    hall.stop(at("04:53"), event=named("paint"))
    hall.sweep(at("04:54"))
    assert hall.troubles() == {Trouble.CLAIMED, Trouble.REFUSED}


def test_a_persons_run_on_a_card_is_no_longer_stopped_once_the_model_is_anothers():
    hall = Hall(idle("paint"))
    hall.street.error = ServiceSilent("no answer")
    hall.lookout.set("paint/1", State.RUNNING)
    for minute in (30, 31):
        with pytest.raises(ComeAgain):
            hall.sweep(at("01:00") + minute * MINUTE)
    assert hall.card().origin is Origin.MANUAL
    hall.street.error = None
    hall.street.stacks[OTHER] = {"paint"}
    assert hall.sweep(at("09:00")) == {"start": 0, "stop": 0}
    assert hall.troubles() == {Trouble.CLAIMED}
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("09:01"))
    assert hall.card().stopped == at("09:01")


# The first claim wins


def test_what_a_plant_holds_it_keeps_whatever_another_one_claims():
    hall = working()
    hall.street.stacks[OTHER] = {"paint", "glue"}
    hall.file(model("paint"), model("glue"))
    hall.sweep(at("04:51"))
    assert (hall.troubles("paint"), hall.troubles("glue")) == (set(), {Trouble.CLAIMED})
    assert hall.card().planned_stop == at("13:00")


def test_a_model_that_the_other_plant_gives_up_is_started_within_five_minutes():
    hall = refused()
    hall.sweep(at("04:43"))
    hall.street.stacks.clear()
    for minute in range(44, 46):
        hall.sweep(at(f"04:{minute}"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]
    assert hall.troubles() == set()
    hall.start(at("04:46"))
    assert [key for key, *_ in hall.lookout.started] == ["paint/1"]


def test_what_runs_when_a_model_is_given_up_is_left_as_at_a_first_deployment():
    hall = refused(idle("paint"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.street.stacks.clear()
    hall.sweep(at("04:45"))
    assert hall.card().stop_after is None


def test_taking_a_model_out_of_the_file_ends_its_incident():
    hall = refused(model("paint"), model("glue"))
    hall.file(model("glue"))
    hall.sweep(at("04:42"))
    assert hall.troubles() == set()


def test_two_plants_that_are_deployed_at_once_both_leave_the_model_alone():
    halls = {name: Hall() for name in ("punchclock-a", "punchclock-b")}
    for name, hall in halls.items():
        hall.street.stacks = {other: {"paint"} for other in halls if other != name}
        hall.street.final = False
        hall.sweep(at("04:41"))
        assert (hall.colleagues.calls, hall.troubles()) == ([], {Trouble.CLAIMED})


def test_while_its_own_stack_is_being_changed_a_plant_works_and_asks_until_it_knows():
    hall = Hall()
    hall.street.final = False
    hall.sweep(at("04:41"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]
    hall.street.final = True
    hall.street.stacks[OTHER] = {"paint"}
    hall.sweep(at("04:42"))
    assert (hall.street.asked, hall.troubles()) == (2, {Trouble.CLAIMED})


def test_a_rollback_of_its_own_stack_takes_nothing_from_what_it_held():
    hall = working()
    hall.street.stacks[OTHER] = {"glue"}
    hall.file(model("paint"), model("glue"))
    hall.sweep(at("04:51"))
    hall.file(model("paint"))
    hall.street.stacks[OTHER] = {"glue", "paint"}
    hall.sweep(at("04:52"))
    assert hall.troubles("paint") | hall.troubles("glue") == set()


def test_a_plant_that_was_swept_by_a_release_that_asked_nobody_keeps_its_models():
    hall = working()
    known = hall.ledger.book().roster
    hall.ledger.reopen()
    hall.ledger.enrol(replace(known, held=None, version=0))
    hall.street.stacks[OTHER] = {"paint"}
    hall.sweep(at("04:51"))
    assert (hall.street.asked, hall.troubles()) == (1, set())
    assert hall.ledger.book().roster == replace(known, version=1)


# Where nobody answers


@pytest.mark.parametrize("error", [ServiceSilent("no answer"), Refused("not allowed")])
def test_where_nobody_answers_what_is_new_is_worked_and_asked_about_again_at_once(error):
    hall = Hall()
    hall.street.error = error
    for minute in (41, 42):
        with pytest.raises(ComeAgain, match=f"claims: {error}"):
            hall.sweep(at(f"04:{minute}"))
        assert hall.colleagues.calls.pop() == (Action.START, ids(["paint"]))
    assert hall.street.asked == 2
    assert hall.journal.beats() == 0
    hall.street.error = None
    hall.street.stacks[OTHER] = {"paint"}
    hall.sweep(at("04:43"))
    assert hall.troubles() == {Trouble.CLAIMED}


def test_where_nobody_answers_what_is_held_is_kept():
    hall = working()
    hall.street.error = ServiceSilent("no answer")
    hall.file(model("paint"), model("glue"))
    with pytest.raises(ComeAgain, match="claims: no answer"):
        hall.sweep(at("04:51"))
    assert hall.troubles() == set()
    assert hall.colleagues.calls[-1] == (Action.START, ids(["glue"]))


def test_where_nobody_answers_what_is_anothers_stays_so():
    hall = refused()
    hall.street.error = ServiceSilent("no answer")
    with pytest.raises(ComeAgain, match="claims: no answer"):
        hall.sweep(at("04:45"))
    assert (hall.colleagues.calls, hall.troubles()) == ([], {Trouble.CLAIMED})


# After a deployment


def test_a_checkup_says_whose_a_model_is_before_any_sweep_and_writes_nothing():
    hall = Hall(model("paint"), model("glue"))
    hall.street.stacks[OTHER] = {"paint"}
    found = look(hall)
    assert found["paint"] == {"error": f"stack {OTHER} has claimed it first"}
    assert found["glue"]["state"] == "stopped"
    assert hall.ledger.book().roster is None
    assert hall.journal.lines == []


def test_a_checkup_of_what_is_held_asks_nobody():
    hall = working()
    hall.street.stacks[OTHER] = {"paint"}
    assert look(hall)["paint"]["state"] == "running"
    assert hall.street.asked == 1


def test_a_checkup_that_nobody_answers_takes_no_deployment_back():
    hall = Hall()
    hall.street.error = ServiceSilent("no answer")
    assert look(hall)["paint"]["state"] == "stopped"

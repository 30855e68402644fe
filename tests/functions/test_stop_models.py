"""Stopping: what is ours and no longer wanted, known to the plant file or not."""

from contextlib import nullcontext
from decimal import Decimal

import pytest

from punchclock.decisions import Action, Trouble
from punchclock.errors import ComeAgain, LedgerConflict, NotYet, Refused, ServiceSilent, Throttled
from punchclock.observations import State
from tests.functions.hall import MINUTE, Hall, at, idle, ids, model, named


def test_ours_is_stopped_when_its_run_ends():
    hall = Hall().at_work()
    assert hall.stop(at("13:00")) == {"acted": ["paint"], "waiting": [], "refused": []}
    card = hall.card()
    assert (card.stop_asked, card.stop_attempts, card.state) == (at("13:00"), 1, State.STOPPING)
    assert card.spans[-1].end == at("13:00")


def test_nothing_is_stopped_while_it_is_wanted_whatever_the_event_names():
    hall = Hall().at_work()
    hall.stop(at("12:59:59"))
    hall.stop(at("12:59:59"), named("paint"))
    assert hall.lookout.stopped == []


def test_stopping_at_the_seam_of_two_shifts_does_nothing():
    """A late or repeated stop of yesterday's run finds today's run on."""
    hall = Hall().at_work()
    hall.stop(at("05:00"), {"scheduled_at": "2026-03-01T13:00:00Z"})
    assert hall.lookout.stopped == []


def test_a_model_that_the_file_has_forgotten_is_stopped_by_its_card():
    hall = Hall().at_work()
    hall.file(model("glue"))
    assert hall.stop(at("09:00"))["acted"] == ["paint"]
    assert hall.lookout.stopped[0][0] == "paint/1"


def test_a_model_that_was_disabled_in_mid_shift_is_stopped():
    hall = Hall().at_work()
    hall.file(model("paint", enabled=False))
    assert hall.stop(at("09:00"))["acted"] == ["paint"]


def test_a_model_that_is_still_starting_is_stopped_too():
    hall = Hall()
    hall.start(at("04:40"))
    assert hall.stop(at("13:00"))["acted"] == ["paint"]


def test_a_model_without_a_card_is_left_alone_even_when_it_is_named():
    hall = Hall(idle("spare"))
    hall.lookout.set("spare/1", State.RUNNING)
    assert hall.stop(at("20:00"))["acted"] == []
    assert hall.lookout.described == []
    assert hall.stop(at("20:00"), named("spare"))["acted"] == []
    assert hall.lookout.stopped == []


def test_a_persons_run_is_stopped_only_when_named_and_only_after_its_time():
    hall = Hall(idle("spare"), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("20:00"))
    hall.stop(at("20:59"), named("spare"))
    assert hall.lookout.stopped == []
    hall.stop(at("21:00"))
    assert hall.lookout.stopped == []
    assert hall.stop(at("21:00"), named("spare"))["acted"] == ["spare"]


def test_a_failed_model_is_stopped_once():
    hall = Hall().at_work()
    hall.lookout.set("paint/1", State.FAILED)
    hall.lookout.errors["stop"] = NotYet("it is not hosted")
    assert hall.stop(at("13:00"))["waiting"] == ["paint"]
    hall.sweep(at("13:01"))
    assert hall.cards()[0].stopped == at("13:01")
    assert len(hall.lookout.stopped) == 1


def test_a_stop_that_is_not_taken_is_asked_for_again_and_overdue_after_ten_minutes():
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = NotYet("it is being updated")
    for minute in range(11):
        hall.stop(at("13:00") + minute * MINUTE, named("paint"))
        hall.sweep(at("13:00:30") + minute * MINUTE)
    assert len(hall.lookout.stopped) == 11
    assert hall.card().stop_asked == at("13:00")
    assert hall.troubles() == {Trouble.OVERDUE}
    (incident,) = hall.incidents(Trouble.OVERDUE)
    assert (incident.opened, incident.cost_per_hour) == (at("13:10:30"), Decimal(8))


def test_every_attempt_to_stop_has_a_token_of_its_own():
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = Throttled("slow down")
    for minute in range(0, 10, 2):
        hall.stop(at("13:00") + minute * MINUTE)
    tokens = {token for _, token in hall.lookout.stopped}
    assert len(tokens) == 5
    assert not tokens & {token for *_, token in hall.lookout.started}


def test_a_refused_stop_is_an_incident_with_what_it_costs_and_the_others_are_stopped():
    hall = Hall(model("paint"), model("glue")).at_work()
    hall.lookout.errors["stop paint/1"] = Refused("not allowed")
    outcome = hall.stop(at("13:00"))
    assert outcome == {"acted": ["glue"], "waiting": [], "refused": ["paint"]}
    (incident,) = hall.incidents(Trouble.REFUSED)
    assert (incident.reason, incident.cost_per_hour) == (
        "stop was refused: not allowed",
        Decimal(8),
    )


def test_a_refused_stop_is_an_incident_until_it_is_stopped():
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = Refused("not allowed")
    hall.stop(at("13:00"))
    hall.sweep(at("13:01"))
    assert hall.troubles() == {Trouble.REFUSED}
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:05"))
    assert hall.troubles() == set()


def test_a_claim_keeps_two_calls_from_stopping_twice():
    """The service may have taken the stop without an answer."""
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = ServiceSilent("no answer")
    hall.stop(at("13:00"))
    assert hall.stop(at("13:01:59"))["waiting"] == ["paint"]
    assert len(hall.lookout.stopped) == 1
    hall.stop(at("13:02"))
    assert len(hall.lookout.stopped) == 2


@pytest.mark.parametrize("error", [NotYet("it is being updated"), Throttled("slow down")])
def test_a_stop_that_the_service_did_not_take_keeps_no_claim(error):
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = error
    for minute in range(3):
        assert hall.stop(at("13:00") + minute * MINUTE, named("paint"))["waiting"] == ["paint"]
    assert len(hall.lookout.stopped) == 3


def test_a_card_that_somebody_else_wrote_first_keeps_no_claim():
    hall = Hall().at_work()
    hall.ledger.errors["paint"] = LedgerConflict("changed")
    hall.stop(at("13:00"))
    hall.ledger.errors.clear()
    assert hall.stop(at("13:00:30"), named("paint"))["acted"] == ["paint"]


def test_a_refused_stop_is_repeated_with_the_next_claim_and_not_in_between():
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = Refused("not allowed")
    for minute in range(6):
        hall.stop(at("13:00") + minute * MINUTE)
    assert len(hall.lookout.stopped) == 3


def test_a_claim_of_a_start_holds_for_a_stop_as_well():
    hall = Hall().at_work()
    hall.ledger.claim("lookoutvision:paint/1", Action.START, at("12:59"))
    assert hall.stop(at("13:00"))["waiting"] == ["paint"]


def test_a_service_without_an_answer_delays_no_other():
    wire = model("wire", service="rekognition")
    hall = Hall(model("paint"), model("glue"), wire)
    hall.start(at("04:40"))
    hall.lookout.errors["stop"] = ServiceSilent("no answer")
    outcome = hall.stop(at("13:00"))
    assert outcome == {"acted": ["wire"], "waiting": ["paint", "glue"], "refused": []}


def test_a_stop_that_was_accepted_is_told_of_although_the_sweep_wrote_the_card_meanwhile():
    hall = Hall().at_work()
    hall.ledger.conflict_after = len(hall.ledger.writes) + 1
    assert hall.stop(at("13:00"))["acted"] == ["paint"]
    assert len(hall.journal.of("decision")) == 2
    hall.ledger.conflict_after = None
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("13:02"))
    assert hall.cards()[0].stopped == at("13:02")


def test_a_card_that_somebody_else_wrote_first_stops_the_stop():
    hall = Hall().at_work()
    hall.ledger.errors["paint"] = LedgerConflict("changed")
    assert hall.stop(at("13:00"))["waiting"] == ["paint"]
    assert hall.lookout.stopped == []


def test_an_edge_looks_only_at_what_may_be_due():
    hall = Hall(model("paint"), idle("spare")).at_work()
    hall.lookout.described.clear()
    hall.stop(at("13:00"))
    assert hall.lookout.described == [["paint/1"]]


def test_the_sweep_calls_for_a_persons_run_to_be_stopped_by_its_id():
    hall = Hall(idle("spare"), now=at("19:00"))
    hall.sweep()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("20:00"))
    hall.sweep(at("21:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["spare"]))]


@pytest.mark.parametrize("event", [None, [], {"targets": 3}, {"scheduled_at": []}])
def test_an_odd_event_is_a_plain_call(event):
    hall = Hall().at_work()
    assert hall.stop(at("13:00"), event)["acted"] == ["paint"]


@pytest.mark.parametrize(
    ("verb", "mistake"), [("stop", r"paint: TypeError: nobody"), ("observe", None)]
)
def test_a_mistake_about_one_model_keeps_no_other_from_being_stopped(verb, mistake):
    """One that keeps a model from being looked at is told of by the next sweep."""
    hall = Hall(model("paint"), model("wire", service="rekognition")).at_work()
    hall.rekognition.set("wire/1", State.RUNNING)
    hall.sweep(at("04:51"))
    hall.lookout.errors[verb] = TypeError("nobody has thought of that")
    with pytest.raises(ComeAgain, match=mistake) if mistake else nullcontext():
        hall.stop(at("13:00"))
    assert [key for key, _ in hall.rekognition.stopped] == ["wire/1"]


def test_a_mistake_in_a_stop_is_an_incident():
    hall = Hall().at_work()
    hall.lookout.errors["stop"] = TypeError("nobody has thought of that")
    with pytest.raises(ComeAgain):
        hall.stop(at("13:00"))
    assert hall.troubles() == {Trouble.REFUSED}


def test_what_is_still_wanted_is_not_even_looked_at_where_no_event_names_it():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.lookout.described.clear()
    assert hall.stop(at("09:00")) == {"acted": [], "waiting": [], "refused": []}
    assert hall.lookout.described == []

"""What start and stop do alike: the lines they write, the incidents they open, the events heard."""

import pytest

from functions.action import PORTION, token
from punchclock.decisions import Action, Trouble
from punchclock.errors import LedgerConflict, NotYet, QuotaReached, ServiceSilent, Throttled
from punchclock.observations import State
from punchclock.overrides import Kind, Override
from tests.functions.hall import Hall, at, model, named

SCHEDULED = {"scheduled_at": "2026-03-02T04:40:00Z"}


def test_a_line_tells_what_was_done_to_which_run_why_and_what_was_seen():
    hall = Hall()
    hall.start(at("04:40:37"), SCHEDULED)
    card = hall.card()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.stop(at("13:00"))
    start, stop = hall.journal.of("decision")
    assert start == {
        "model": "paint",
        "action": Action.START,
        "shifts": ("early",),
        "wanted": "on",
        "seen": "TRAINED",
        "reason": start["reason"],
        "units": 2,
        "card": card.id,
        "called_by": "schedule",
        "scheduled_at": at("04:40"),
        "lag_seconds": 37,
    }
    assert (stop["wanted"], stop["seen"], stop["called_by"]) == ("off", "RUNNING", None)
    assert start["reason"]
    assert stop["reason"]


def test_a_line_tells_on_whose_word_it_was_done():
    hall = Hall()
    said = Override(
        model="paint",
        kind=Kind.OVERTIME,
        made=at("15:00"),
        until=at("17:00"),
        who="anna",
        why="late batch",
    )
    hall.ledger.order(said)
    hall.start(at("15:00"))
    (line,) = hall.journal.of("decision")
    told = {key: line[key] for key in ("override", "override_kind", "who", "why")}
    assert told == {
        "override": said.id,
        "override_kind": Kind.OVERTIME,
        "who": "anna",
        "why": "late batch",
    }


def test_an_accepted_start_is_written_once():
    hall = Hall()
    hall.start(at("04:40"))
    assert len(hall.ledger.writes) == 1


def test_an_accepted_stop_is_on_its_card_at_once():
    hall = Hall().at_work()
    hall.stop(at("13:00"))
    assert (hall.card().state, hall.card().since) == (State.STOPPING, at("13:00"))


def test_what_could_not_be_observed_waits():
    hall = Hall()
    hall.lookout.errors["observe"] = Throttled("slow down")
    assert hall.start(at("04:40")) == {"acted": [], "waiting": ["paint"], "refused": []}


def test_a_line_tells_of_a_card_that_somebody_else_wrote_first():
    hall = Hall()
    hall.ledger.errors["paint"] = LedgerConflict("changed")
    hall.start(at("04:40"))
    assert hall.journal.of("conflict") == [
        {"model": "paint", "action": Action.START, "reason": "changed"}
    ]


def test_a_line_tells_what_the_service_does_not_take_now():
    hall = Hall()
    hall.lookout.errors["start"] = Throttled("slow down")
    hall.start(at("04:40"))
    assert hall.journal.of("not yet") == [
        {"model": "paint", "action": Action.START, "seen": "TRAINED", "reason": "slow down"}
    ]


def test_a_refused_start_costs_nothing_an_hour_and_is_told_with_its_reason():
    hall = Hall()
    hall.lookout.errors["start"] = QuotaReached("2 models run already")
    hall.start(at("04:40"))
    (incident,) = hall.incidents(Trouble.REFUSED)
    assert incident.cost_per_hour == 0
    assert hall.journal.of("refused") == [
        {"model": "paint", "action": Action.START, "reason": "2 models run already"}
    ]


def test_a_refusal_that_comes_again_after_it_was_over_is_told_again():
    hall = Hall()
    hall.lookout.errors["start"] = QuotaReached("2 models run already")
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    assert hall.troubles() == set()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("06:00"))
    hall.start(at("06:00"), named("paint"))
    assert Trouble.REFUSED in hall.troubles()
    assert len(hall.journal.of("refused")) == 2


@pytest.mark.parametrize(("count", "reads"), [(PORTION - 1, 1), (PORTION, 2), (PORTION + 1, 2)])
def test_models_are_looked_at_in_portions_each_with_what_the_ledger_says_then(count, reads):
    hall = Hall(*(model(f"m{n:02}") for n in range(count)))
    assert len(hall.start(at("04:40"))["acted"]) == count
    assert hall.ledger.reads == reads


def test_what_is_looked_at_and_left_is_not_looked_at_again():
    hall = Hall(*(model(f"m{n:02}") for n in range(PORTION + 1)))
    for each in hall.site.plant.models:
        hall.lookout.set(each.target.key, State.RUNNING)
    assert hall.start(at("04:40"))["acted"] == []
    assert len(hall.lookout.described) == PORTION + 1


@pytest.mark.parametrize("error", [NotYet("in transition"), Throttled("slow down")])
def test_a_start_that_the_service_does_not_take_now_is_declined_on_its_card(error):
    hall = Hall()
    hall.lookout.errors["start"] = error
    hall.start(at("04:40"))
    (asked, declined) = hall.ledger.writes
    assert declined.last_asked is None
    assert asked.last_asked == at("04:40")


@pytest.mark.parametrize("error", [NotYet("in transition"), Throttled("slow down")])
def test_what_the_service_does_not_take_now_may_be_asked_for_in_the_very_next_minute(error):
    hall = Hall()
    hall.lookout.errors["start"] = error
    hall.start(at("04:40"))
    del hall.lookout.errors["start"]
    assert hall.start(at("04:41"), named("paint"))["acted"] == ["paint"]


def test_what_could_not_be_written_may_be_asked_for_in_the_very_next_minute():
    hall = Hall()
    hall.ledger.errors["paint"] = LedgerConflict("changed")
    hall.start(at("04:40"))
    del hall.ledger.errors["paint"]
    assert hall.start(at("04:41"))["acted"] == ["paint"]


def test_what_the_service_may_have_done_in_silence_is_asked_for_no_sooner_than_its_claim_ends():
    hall = Hall()
    hall.lookout.errors["start"] = ServiceSilent("no answer in time")
    hall.start(at("04:40"))
    del hall.lookout.errors["start"]
    assert hall.start(at("04:41"), named("paint"))["acted"] == []
    assert hall.start(at("04:42"), named("paint"))["acted"] == ["paint"]


def test_a_token_is_that_of_the_attempt():
    hall = Hall()
    hall.start(at("04:40"))
    card = hall.card()
    again, stopped = card.ask(at("04:50")), card.ask_stop(at("04:50"))
    assert token(card, Action.START) != token(again, Action.START)
    assert token(card, Action.START) == token(stopped, Action.START)
    assert token(card, Action.STOP) == token(again, Action.STOP)
    assert token(card, Action.STOP) != token(stopped, Action.STOP)


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (SCHEDULED, at("04:40")),
        ({"scheduled_at": "2026-03-02T05:40:00Z"}, at("04:41")),
        ({**SCHEDULED, "targets": ["lookoutvision:paint/1"]}, None),
        ({"targets": ["lookoutvision:paint/1"]}, None),
        ({}, None),
    ],
    ids=["on time", "before its time", "of the sweep", "unscheduled", "by hand"],
)
def test_what_arrives_from_a_schedule_is_noted_and_nothing_else(event, heard):
    hall = Hall()
    hall.start(at("04:41"), event)
    found = hall.ledger.book().heard.get(Action.START)
    assert (found and found.arrived) == heard


@pytest.mark.parametrize("event", [SCHEDULED, named("paint")])
def test_an_event_that_comes_late_to_a_plant_that_is_only_watched_by_now_does_nothing(event):
    hall = Hall(mode="watch")
    nothing: dict[str, list[str]] = {"acted": [], "waiting": [], "refused": []}
    assert hall.start(at("04:40"), event) == nothing
    assert (hall.lookout.described, hall.ledger.writes, hall.cards()) == ([], [], [])
    acting = Hall().at_work()
    acting.file(*acting.site.plant.models, mode="watch")
    assert acting.stop(at("13:00"), event) == nothing
    assert acting.lookout.stopped == []

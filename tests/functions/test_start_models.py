"""Starting: what is due, what is named, what is refused, and that nothing is lost or done twice."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.action import PORTION, token
from functions.rollcall import subjects
from functions.start_models import START
from punchclock.decisions import Action, Trouble
from punchclock.errors import (
    ComeAgain,
    InvalidPlant,
    LedgerConflict,
    NotYet,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import State
from punchclock.overrides import Orders
from punchclock.plants import Assignment
from punchclock.shifts import Shift
from tests.functions.hall import EARLY, MINUTE, Hall, at, idle, ids, model, named

LATE = Shift(name="late", days=frozenset(range(5)), start=dt.time(15), end=dt.time(20))


class Crash(BaseException):
    """The end of an execution environment."""


# What is started


def test_what_is_wanted_and_stopped_is_started_on_a_card_with_at_least_two_units():
    hall = Hall()
    assert hall.start(at("04:40")) == {"acted": ["paint"], "waiting": [], "refused": []}
    ((key, units, _),) = hall.lookout.started
    assert (key, units) == ("paint/1", 2)
    card = hall.card()
    assert (card.asked, card.attempts, card.planned_ready) == (at("04:40"), 1, at("05:00"))


def test_a_start_asks_for_the_units_of_its_run():
    paint = replace(model("paint"), assignments=(Assignment(shift=EARLY, units=3),))
    hall = Hall(paint)
    hall.start(at("04:40"))
    assert hall.lookout.started[0][1] == 3


def test_nothing_is_started_before_its_lead_begins():
    hall = Hall()
    assert hall.start(at("04:39:59"))["acted"] == []
    assert hall.lookout.described == []


def test_a_start_that_would_be_ready_only_after_the_run_is_not_made():
    hall = Hall()
    assert hall.start(at("12:41"))["acted"] == []
    assert hall.lookout.started == []


def test_only_models_that_may_be_due_are_looked_at():
    hall = Hall(model("paint"), idle("spare"), model("late", LATE))
    hall.start(at("04:40"))
    assert hall.lookout.described == [["paint/1"]]


def test_a_model_that_is_on_its_way_is_not_looked_at_again_by_an_edge():
    hall = Hall()
    hall.start(at("04:40"))
    hall.start(at("04:41"))
    assert len(hall.lookout.described) == 1


def test_a_model_that_runs_already_is_left_to_the_sweep():
    hall = Hall()
    hall.lookout.set("paint/1", State.RUNNING)
    assert hall.start(at("04:40")) == {"acted": [], "waiting": [], "refused": []}
    assert hall.ledger.writes == []


def test_a_disabled_model_is_never_started():
    hall = Hall(model("paint", enabled=False))
    hall.start(at("06:00"), named("paint"))
    assert hall.lookout.started == []


# Whatever the event names


def test_an_event_may_name_the_models():
    hall = Hall(model("paint"), model("glue"))
    assert hall.start(at("04:40"), named("glue"))["acted"] == ["glue"]


def test_what_is_not_the_plants_is_refused_whatever_the_event_names():
    hall = Hall()
    hall.start(at("04:40"), {"targets": ["lookoutvision:stranger/1", "rekognition:x/y"]})
    assert hall.lookout.described == hall.rekognition.described == []
    assert hall.lookout.started == []


def test_what_the_plant_does_not_want_now_is_refused_whatever_the_event_names():
    hall = Hall(model("paint"), idle("spare"))
    hall.start(at("20:00"), named("paint", "spare"))
    assert hall.lookout.started == []


def test_a_model_that_the_file_has_forgotten_is_not_started_again():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.FAILED)
    hall.file(model("glue"))
    hall.start(at("05:30"), named("paint"))
    assert [key for key, *_ in hall.lookout.started] == ["paint/1"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "start",
        7,
        {},
        {"targets": None},
        {"targets": "paint"},
        {"targets": {"paint": 1}},
        {"scheduled_at": 5},
        {"scheduled_at": "tomorrow"},
        {"scheduled_at": "2026-03-02T04:40:00"},
        {"scheduled_at": "9999-12-31T23:59:59-23:59"},
        {"scheduled_at": "<aws.scheduler.scheduled-time>"},
    ],
)
def test_an_odd_event_is_a_plain_call(event):
    hall = Hall()
    assert hall.start(at("04:40"), event)["acted"] == ["paint"]


@pytest.mark.parametrize("targets", [[], [None], [1, {}, []]])
def test_an_event_that_names_nobody_starts_nobody(targets):
    hall = Hall()
    assert hall.start(at("04:40"), {"targets": targets})["acted"] == []


def test_the_line_of_a_start_tells_how_late_it_was_called():
    hall = Hall()
    hall.start(at("04:40:37"), {"scheduled_at": "2026-03-02T04:40:00Z"})
    (line,) = hall.journal.of("decision")
    assert line["lag_seconds"] == 37
    assert line["scheduled_at"] == at("04:40")
    told = {key: line[key] for key in ("model", "action", "wanted", "units", "shifts", "card")}
    assert told == {
        "model": "paint",
        "action": Action.START,
        "wanted": "on",
        "units": 2,
        "shifts": ("early",),
        "card": hall.card().id,
    }


def test_a_call_that_was_not_scheduled_has_no_lateness():
    hall = Hall()
    hall.start(at("04:40"))
    assert hall.journal.of("decision")[0]["lag_seconds"] is None


# Tokens


def test_two_starts_of_one_shift_within_eight_hours_have_different_tokens():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("06:00"))
    hall.start(at("06:00"), named("paint"))
    (_, _, first), (_, _, second) = hall.lookout.started
    assert first != second
    assert len(hall.cards()) == 2


def test_every_attempt_has_a_token_of_its_own():
    hall = Hall()
    hall.lookout.errors["start"] = Throttled("slow down")
    for minute in range(0, 20, 2):
        hall.start(at("04:40") + minute * MINUTE, named("paint"))
    tokens = [token for _, _, token in hall.lookout.started]
    assert len(tokens) == 10
    assert len(set(tokens)) == 10


def test_start_and_stop_of_one_card_have_different_tokens_that_lookout_takes():
    hall = Hall()
    hall.start(at("04:40"))
    card = hall.card().ask_stop(at("04:41"))
    tokens = {token(card, Action.START), token(card, Action.STOP)}
    assert len(tokens) == 2
    assert all(each.isalnum() and len(each) <= 64 for each in tokens)


def test_two_models_that_start_together_have_different_tokens():
    hall = Hall(model("paint"), model("glue"))
    hall.start(at("04:40"))
    assert len({token for _, _, token in hall.lookout.started}) == 2


# Nothing twice, nothing lost


def test_a_claim_keeps_two_calls_from_starting_twice():
    hall = Hall()
    hall.start(at("04:40"))
    # The service has not noticed yet, and the first call's card is not there yet either.
    hall.lookout.set("paint/1", State.STOPPED)
    hall.ledger.forget_cards()
    assert hall.start(at("04:41:59"), named("paint"))["waiting"] == ["paint"]
    assert len(hall.lookout.started) == 1


def test_a_call_whose_claim_is_taken_waits_and_writes_nothing():
    hall = Hall()
    hall.ledger.claim("lookoutvision:paint/1", Action.START, at("04:40"))
    assert hall.start(at("04:41:59"))["waiting"] == ["paint"]
    assert (hall.ledger.writes, hall.lookout.started) == ([], [])
    assert hall.start(at("04:42"))["acted"] == ["paint"]


def test_the_card_is_written_before_the_call_so_that_a_crash_after_it_loses_nothing():
    hall = Hall()
    hall.lookout.errors["start"] = Crash()
    with pytest.raises(Crash):
        hall.start(at("04:40"))
    assert hall.card().last_asked == at("04:40")
    hall.lookout.errors.clear()
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("04:50"))
    assert hall.card().ready == at("04:50")
    assert hall.card().ours


def test_a_card_that_somebody_else_wrote_first_stops_the_start():
    hall = Hall()
    hall.ledger.errors["paint"] = LedgerConflict("changed")
    assert hall.start(at("04:40"))["waiting"] == ["paint"]
    assert hall.lookout.started == []


def test_cards_are_read_again_before_claims_can_expire():
    """A slow invocation with many models must not act on a card that it read minutes ago."""
    hall = Hall(*(model(f"m{n:03}") for n in range(2 * PORTION + 1)))
    assert len(hall.start(at("04:40"))["acted"]) == 2 * PORTION + 1
    assert hall.ledger.reads == 3
    assert len({key for key, *_ in hall.lookout.started}) == 2 * PORTION + 1


def test_looks_are_two_a_second_and_starts_three():
    hall = Hall(*(model(f"m{n}") for n in range(5)))
    hall.start(at("04:40"))
    assert hall.pauses == [0.5] * 4 + [0.333334] * 4


# What goes wrong


@pytest.mark.parametrize(
    "error", [Refused("not allowed"), QuotaReached("2 models run already"), InvalidPlant("1 unit")]
)
def test_a_refused_start_is_an_incident_and_the_others_are_started(error):
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.errors["start paint/1"] = error
    outcome = hall.start(at("04:40"))
    assert outcome == {"acted": ["glue"], "waiting": [], "refused": ["paint"]}
    assert hall.troubles("paint") == {Trouble.REFUSED}
    (incident,) = hall.incidents(Trouble.REFUSED)
    assert incident.reason == f"start was refused: {error}"


def test_a_start_that_is_refused_again_is_told_once():
    hall = Hall()
    hall.lookout.errors["start"] = QuotaReached("2 models run already")
    hall.start(at("04:40"), named("paint"))
    hall.start(at("04:42"), named("paint"))
    assert len(hall.lookout.started) == 2
    assert len(hall.journal.of("refused")) == 1
    assert len(hall.ledger.reports) == 1


@pytest.mark.parametrize("error", [NotYet("in transition"), Throttled("slow down")])
def test_what_the_service_does_not_take_now_comes_again_with_the_next_claim(error):
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.errors["start paint/1"] = error
    outcome = hall.start(at("04:40"))
    assert outcome == {"acted": ["glue"], "waiting": ["paint"], "refused": []}
    assert hall.troubles("paint") == set()
    hall.lookout.errors.clear()
    hall.sweep(at("04:41"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint"]))]
    assert hall.start(at("04:42"), named("paint"))["acted"] == ["paint"]


def test_a_start_without_an_answer_may_have_been_taken_and_is_not_repeated_at_once():
    hall = Hall()
    hall.lookout.errors["start"] = ServiceSilent("no answer")
    assert hall.start(at("04:40"))["waiting"] == ["paint"]
    hall.sweep(at("04:41"))
    assert hall.colleagues.calls == []


def test_a_service_that_does_not_answer_a_start_is_asked_nothing_more_and_delays_no_other():
    hall = Hall(model("paint"), model("glue"), model("wire", service="rekognition"))
    hall.lookout.errors["start"] = ServiceSilent("no answer")
    outcome = hall.start(at("04:40"))
    assert outcome == {"acted": ["wire"], "waiting": ["paint", "glue"], "refused": []}
    assert len(hall.lookout.started) == 1


def test_a_service_that_does_not_answer_a_look_is_asked_nothing_more_and_delays_no_other():
    many = [model(f"m{n:03}") for n in range(PORTION + 1)]
    hall = Hall(*many, model("wire", service="rekognition"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    outcome = hall.start(at("04:40"))
    assert outcome["acted"] == ["wire"]
    assert len(outcome["waiting"]) == PORTION + 1
    assert len(hall.lookout.described) == 1


def test_a_ledger_that_fails_for_one_model_lets_the_others_start_and_fails_loudly():
    hall = Hall(model("paint"), model("glue"))
    hall.ledger.errors["paint"] = Refused("no permission to write")
    with pytest.raises(ComeAgain, match="paint: no permission to write"):
        hall.start(at("04:40"))
    assert [key for key, *_ in hall.lookout.started] == ["glue/1"]


def test_a_start_refuses_a_model_without_a_plan():
    hall = Hall()
    hall.start(at("04:40"))
    hall.file(model("glue"))
    book = hall.ledger.book()
    (forgotten,) = [
        each for each in subjects(hall.site, book, Orders(), hall.now) if each.model is None
    ]
    with pytest.raises(Refused, match="paint is not wanted"):
        START.ask(forgotten, hall.now)


def test_a_second_attempt_is_noted_on_the_card_of_the_first():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.FAILED)
    hall.sweep(at("04:43"))
    assert hall.start(at("04:46"), named("paint"))["acted"] == ["paint"]
    assert (hall.card().opened, hall.card().attempts) == (at("04:40"), 2)


# An edit between two starts of one run


def test_a_start_that_was_refused_is_repeated_with_the_units_of_the_file_as_it_is_now():
    paint = model("paint")
    hall = Hall(replace(paint, assignments=(Assignment(shift=EARLY, units=5),)))
    hall.lookout.errors["start"] = QuotaReached("4 units at most")
    hall.start(at("04:40"))
    hall.file(replace(paint, assignments=(Assignment(shift=EARLY, units=3),), max_units=4))
    del hall.lookout.errors["start"]
    assert hall.start(at("04:45"), named("paint"))["acted"] == ["paint"]
    assert [units for _, units, _ in hall.lookout.started] == [5, 3]
    assert (hall.card().units, hall.card().max_units) == (3, 4)

"""The sweep and what people must know: it is told once, and it is over once."""

import pytest

from punchclock.decisions import Action, Trouble
from punchclock.errors import (
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import State
from tests.functions.hall import MINUTE, Hall, at, idle, model

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

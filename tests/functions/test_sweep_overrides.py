"""The sweep and what was said at the desk: overtime, holds, and skips."""

from dataclasses import replace
from typing import Any

import pytest

from punchclock.decisions import Trouble
from punchclock.observations import State
from punchclock.overrides import Kind, Override
from punchclock.timecards import Purpose, Span
from tests.functions.hall import MINUTE, Hall, at, model, named


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

"""What a person must know: opened once, closed once, each with its cost and its line."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.incidents import Incidents
from functions.rollcall import subjects
from punchclock.decisions import Action, Decision, Trouble
from punchclock.errors import Refused
from punchclock.hearing import Heard
from punchclock.observations import Observation, State
from punchclock.overrides import Orders
from punchclock.ports import Incident
from punchclock.shifts import Calendar
from punchclock.timecards import Origin, Timecard
from tests.functions.hall import Hall, at, model

STOPPED = Observation(state=State.STOPPED, word="TRAINED")


def reconciled(hall: Hall, trouble: Trouble | None) -> None:
    """Let a sweep of the Monday at 05:00 find a trouble with the only model, or none."""
    book, now = hall.ledger.book(), at("05:00")
    (subject,) = subjects(hall.site, book, Orders(), now)
    decision = Decision(action=Action.WAIT, reason="it is said why", trouble=trouble)
    Incidents(hall.site, book, now).reconcile(subject, STOPPED, decision)


def opened(hall: Hall) -> list[Incident]:
    return list(hall.ledger.book().incidents.values())


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_trouble_costs_something_where_nobody_wants_what_runs(trouble):
    hall = Hall()
    reconciled(hall, trouble)
    (incident,) = [each for each in opened(hall) if each.trouble is trouble]
    costly = {Trouble.UNSCHEDULED, Trouble.OVERDUE, Trouble.STUCK}
    assert incident.cost_per_hour == (8 if trouble in costly else 0)


def test_what_begins_and_what_is_over_is_a_line_each():
    hall = Hall()
    reconciled(hall, Trouble.STUCK)
    reconciled(hall, Trouble.STUCK)
    reconciled(hall, None)
    reconciled(hall, None)
    assert hall.journal.lines == [
        (
            "incident",
            {
                "model": "paint",
                "trouble": Trouble.STUCK,
                "reason": "it is said why",
                "cost_per_hour": 8,
            },
        ),
        ("incident over", {"model": "paint", "trouble": Trouble.STUCK, "opened": at("05:00")}),
    ]


def test_a_model_that_nobody_can_plan_is_off_until_a_newer_release():
    ended = Calendar(name="works", last=dt.date(2026, 2, 27))
    hall = Hall(model("paint", calendar=ended))
    reconciled(hall, None)
    (subject,) = subjects(hall.site, hall.ledger.book(), Orders(), at("05:00"))
    incidents = Incidents(hall.site, hall.ledger.book(), at("05:00"))
    assert incidents.standing(subject) is Trouble.UNPLANNED
    (incident,) = opened(hall)
    assert incident.reason.startswith("nobody knows when it is wanted: 2026-03-02 to")
    assert incident.reason.endswith("; it is off until the plant is deployed with a newer release")


@pytest.mark.parametrize(
    ("claimed_by", "is_ours", "stays"),
    [(None, False, True), ("shelbyville", False, False), ("shelbyville", True, True)],
)
def test_a_refusal_of_a_model_that_another_plant_has_claimed_is_over(claimed_by, is_ours, stays):
    hall = Hall()
    (subject,) = subjects(hall.site, hall.ledger.book(), Orders(), at("20:00"))
    (run,) = hall.site.timetables["paint"].runs(at("05:00"), at("06:00"))
    ours = Timecard.planned(model("paint"), run, at("04:40"), Origin.PLANNED)
    theirs = Timecard.manual(model("paint"), 2, at("04:40"), found=False)
    subject = replace(subject, claimed_by=claimed_by, card=ours if is_ours else theirs)
    incidents = Incidents(hall.site, hall.ledger.book(), at("20:00"))
    incidents.silent(subject, Refused("not allowed"))
    decision = Decision(action=Action.WAIT, reason="it is said why")
    running = Observation(state=State.RUNNING, word="HOSTED")
    incidents.reconcile(subject, running, decision)
    assert (Trouble.REFUSED in hall.troubles()) is stays


def test_troubles_of_no_model_stand_for_what_they_are_of():
    hall = Hall()
    incidents = Incidents(hall.site, hall.ledger.book(), at("05:00"))
    ending = Calendar(name="works", last=dt.date(2026, 3, 31))
    assert incidents.expiring(ending) == "calendar:works"
    assert incidents.unreadable("2026-03-02T22:30:00Z#1") == "override:2026-03-02T22:30:00Z#1"
    incidents.unheard(Action.START, Heard())
    assert [(each.target_id, each.model, each.trouble) for each in opened(hall)] == [
        ("calendar:works", "works", Trouble.EXPIRING),
        ("override:2026-03-02T22:30:00Z#1", "override", Trouble.UNREADABLE),
        ("schedules:start", "start schedules", Trouble.UNHEARD),
    ]
    assert "has arrived since the beginning: only the sweep acts" in opened(hall)[-1].reason

"""What the ledger says is going on, as values."""

import datetime as dt

from punchclock.actions import Action, Trouble
from punchclock.ports import CLAIM, Book, Incident

NOW = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)


def test_a_claim_lives_for_two_minutes():
    assert dt.timedelta(minutes=2) == CLAIM


def test_an_incident_is_one_of_its_kind_for_its_model_and_costs_nothing_unless_said():
    incident = Incident(
        target_id="lookoutvision:a/1", model="a", trouble=Trouble.LATE, reason="why", opened=NOW
    )
    assert incident.id == "lookoutvision:a/1#late"
    assert incident.cost_per_hour == 0
    assert incident.closed is None


def test_a_new_book_is_empty():
    assert (dict(Book().cards), dict(Book().incidents)) == ({}, {})


def test_actions_and_troubles_are_written_as_words_that_people_search_for():
    assert [each.value for each in Action] == [
        "start",
        "stop",
        "adopt",
        "confirm",
        "wait",
        "nothing",
    ]
    assert [each.value for each in Trouble] == [
        "late",
        "stuck",
        "failed",
        "short",
        "overdue",
        "unscheduled",
        "untouchable",
        "refused",
        "silent",
        "unreadable",
        "unplanned",
        "claimed",
        "unheard",
        "expiring",
    ]

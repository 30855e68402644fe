"""Whom does who tell of an incident, and how often?"""

from dataclasses import replace

import pytest

from functions.bulletin import Bulletin
from punchclock.decisions import Trouble
from punchclock.errors import ComeAgain, QuotaReached, Refused, ServiceSilent
from punchclock.observations import State
from tests.functions.hall import MINUTE, Hall, at, idle, model


def started_by_hand(*names: str) -> Hall:
    """Return a hall whose models somebody has started outside their shifts."""
    hall = Hall(*(idle(name) for name in names))
    hall.sweep(at("14:59"))
    for name in names:
        hall.lookout.set(f"{name}/1", State.RUNNING)
    return hall


def subjects(hall: Hall) -> list[str]:
    return [each.subject for each in hall.board.sent]


def test_an_incident_is_told_of_when_it_begins_and_when_it_is_over_and_never_between():
    hall = started_by_hand("paint")
    for minute in range(10):
        hall.sweep(at("15:00") + minute * MINUTE)
    hall.lookout.set("paint/1", State.STOPPED)
    for minute in range(10, 20):
        hall.sweep(at("15:00") + minute * MINUTE)
    assert subjects(hall) == [
        "springfield: paint is hosted although no shift wants it",
        "springfield: over: paint is hosted although no shift wants it",
    ]
    begun, over = hall.board.sent
    assert "USD 8.00 per hour" in begun.body
    assert "since  Mon 2026-03-02 16:00 (2026-03-02T15:00Z)" in begun.body
    assert "until  Mon 2026-03-02 16:10" in over.body


def test_a_day_as_planned_is_silent():
    hall = Hall()
    hall.worked_day()
    assert subjects(hall) == []


def test_what_begins_in_one_sweep_is_one_message():
    hall = started_by_hand("paint", "glue", "weld")
    hall.sweep(at("15:00"))
    assert subjects(hall) == ["springfield: 3 incidents"]


def test_a_plant_that_is_only_watched_is_told_too():
    hall = Hall(idle("paint"), mode="watch")
    hall.sweep(at("14:59"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("15:00"))
    assert subjects(hall) == ["springfield: paint is hosted although no shift wants it"]


def test_of_two_sweeps_that_see_the_same_one_tells():
    hall = started_by_hand("paint")
    before = hall.ledger.book()
    hall.sweep(at("15:00"))
    hall.ledger.stale = replace(before, cards=hall.ledger.book().cards)
    hall.sweep(at("15:00:01"))
    assert len(subjects(hall)) == 1
    assert len(hall.journal.of("incident")) == 1


def test_of_two_sweeps_that_see_the_same_end_one_tells():
    hall = started_by_hand("paint")
    hall.sweep(at("15:00"))
    before = hall.ledger.book()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.sweep(at("15:01"))
    hall.ledger.stale = replace(before, cards={})
    hall.sweep(at("15:01:01"))
    assert len(subjects(hall)) == 2
    assert len(hall.journal.of("incident over")) == 1


def test_starts_that_are_refused_are_told_of_at_once_in_one_message():
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.errors["start"] = QuotaReached("2 models run already")
    hall.start(at("04:40"))
    hall.start(at("04:42"))
    assert subjects(hall) == ["springfield: 2 incidents"]
    assert "start was refused: 2 models run already" in hall.board.sent[0].body


def test_a_stop_that_is_refused_is_told_with_what_it_costs():
    hall = Hall()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.lookout.errors["stop"] = Refused("not allowed")
    hall.stop(at("13:00"))
    assert subjects(hall) == ["springfield: paint is refused by its service"]
    assert "USD 8.00 per hour" in hall.board.sent[0].body


def test_who_cannot_be_told_keeps_no_sweep_from_its_work():
    hall = Hall(model("paint"), idle("glue"))
    hall.sweep(at("04:39"))
    hall.lookout.set("glue/1", State.RUNNING)
    hall.board.error = ServiceSilent("SNS does not answer")
    with pytest.raises(ComeAgain, match="notices: SNS does not answer"):
        hall.sweep(at("04:40"))
    assert hall.troubles("glue") == {Trouble.UNSCHEDULED}
    assert len(hall.colleagues.calls) == 1
    assert hall.journal.of("untold") == [
        {"incidents": ["glue: unscheduled"], "reason": "SNS does not answer"}
    ]
    beats = hall.journal.beats()
    # The message is lost, and the next sweep is whole.
    hall.board.error = None
    hall.sweep(at("04:41"))
    assert (subjects(hall), hall.journal.beats()) == ([], beats + 1)


def test_a_mistake_in_what_is_sent_is_told_like_any_other():
    hall = started_by_hand("paint")
    hall.board.error = KeyError("subject")
    with pytest.raises(ComeAgain, match="notices: KeyError"):
        hall.sweep(at("15:00"))


def test_starts_and_stops_are_made_although_nobody_can_be_told():
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.errors["start paint/1"] = Refused("not allowed")
    hall.board.error = Refused("no such topic")
    with pytest.raises(ComeAgain, match="notices: no such topic"):
        hall.start(at("04:40"))
    assert [key for key, _, _ in hall.lookout.started] == ["paint/1", "glue/1"]


def test_without_news_nobody_is_told():
    hall = Hall()
    Bulletin(hall.site, at("04:40")).send()
    assert subjects(hall) == []

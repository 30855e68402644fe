"""A sweep that has to do the schedules' work notices it, and says so when it goes on."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.incidents import Incidents
from functions.listening import listen
from punchclock.decisions import Action, Trouble
from punchclock.errors import ComeAgain, Throttled
from punchclock.observations import State
from punchclock.ports import Closure
from tests.functions.hall import MINUTE, Hall, at, model, named


def scheduled(text: str, day: int = 2) -> dict[str, object]:
    """Return the event of a schedule that was due at an instant of March 2026."""
    return {"scheduled_at": f"2026-03-{day:02}T{text}:00Z", "schedule": "arn"}


def unheard(hall: Hall) -> set[str]:
    return {each.model for each in hall.incidents(Trouble.UNHEARD) if each.closed is None}


def missed(hall: Hall) -> list[tuple[object, object]]:
    return [(line["action"], line["scheduled_at"]) for line in hall.journal.of("event missed")]


def swept_hall(*models, **plant) -> Hall:
    """Return a hall that has been swept for a while."""
    hall = Hall(*models, now=at("01:00"), **plant)
    hall.sweep()
    return hall


def day_of(hall: Hall, day: int, *, edges: bool) -> None:
    """Live through a day, a sweep each five minutes; with its two events, or without."""
    begin = at("04:30", day)
    for minute in range(0, 540, 5):
        now = begin + minute * MINUTE
        for action, targets in list(hall.colleagues.calls):
            hall.colleagues.calls.clear()
            call = hall.start if action is Action.START else hall.stop
            call(now, {"targets": targets})
        if edges and now == at("04:40", day):
            hall.start(now, scheduled("04:40", day))
        if edges and now == at("13:00", day):
            hall.stop(now, scheduled("13:00", day))
        for key, seen in list(hall.lookout.hosted.items()):
            if seen.state is State.STARTING:
                hall.lookout.set(key, State.RUNNING)
            if seen.state is State.STOPPING:
                hall.lookout.set(key, State.STOPPED)
        hall.sweep(now)


def test_events_that_arrive_are_no_news():
    hall = swept_hall()
    for day in (2, 3):
        day_of(hall, day, edges=True)
    assert (missed(hall), unheard(hall)) == ([], set())
    assert hall.ledger.book().heard[Action.START].arrived == at("04:40", 3)


def test_one_event_of_a_kind_that_is_lost_is_a_line_and_no_incident():
    hall = swept_hall()
    day_of(hall, 2, edges=False)
    assert missed(hall) == [(Action.START, at("04:40")), (Action.STOP, at("13:00"))]
    assert unheard(hall) == set()
    day_of(hall, 3, edges=True)
    assert len(missed(hall)) == 2
    assert unheard(hall) == set()


def test_events_that_have_stopped_arriving_are_an_incident_until_they_arrive_again():
    hall = swept_hall()
    for day in (2, 3):
        day_of(hall, day, edges=False)
    assert unheard(hall) == {"start schedules", "stop schedules"}
    # Told once each, and in the night between too.
    hall.sweep(at("23:00", 3))
    assert len(hall.incidents(Trouble.UNHEARD)) == 2
    assert len(missed(hall)) == 2
    day_of(hall, 4, edges=True)
    assert unheard(hall) == set()


def test_an_event_that_is_missed_is_a_line_with_its_reason():
    hall = swept_hall()
    hall.sweep(at("04:50"))
    assert hall.journal.of("event missed") == [
        {
            "action": Action.START,
            "scheduled_at": at("04:40"),
            "reason": "has not arrived within 10 minutes",
        }
    ]


def test_what_was_due_before_the_plant_had_its_models_is_not_missed():
    hall = swept_hall(model("glue"))
    hall.file(model("glue"), model("paint"))
    for minute in ("04:45", "04:50"):
        hall.sweep(at(minute))
    assert missed(hall) == []


def test_a_plant_that_nobody_has_swept_or_that_is_closed_misses_nothing():
    hall = swept_hall()
    hall.ledger.hear(Action.STOP, at("01:00"))
    book = hall.ledger.book()
    closure = Closure(at=at("04:30"), on_destroy="stop")
    books = (book, replace(book, since=None), replace(book, roster=None))
    told = []
    for each in (*books, replace(book, closure=closure)):
        hall.journal.lines.clear()
        list(listen(hall.site, each, Incidents(hall.site, each, at("04:50")), at("04:50")))
        told.append(len(missed(hall)))
    assert told == [1, 0, 0, 0]


def test_what_the_sweep_calls_for_counts_for_no_event():
    hall = swept_hall()
    hall.start(at("04:40"), named("paint"))
    hall.start(at("04:41"))
    assert hall.ledger.book().heard == {}


def test_an_event_that_comes_late_ends_the_waiting():
    hall = swept_hall()
    hall.sweep(at("04:50"))
    assert missed(hall) == [(Action.START, at("04:40"))]
    hall.start(at("10:40"), scheduled("04:40"))
    hall.sweep(at("10:41"))
    assert hall.ledger.book().heard[Action.START].missed is None


def test_an_event_from_the_future_proves_nothing_about_it():
    hall = swept_hall()
    hall.start(at("04:40"), {"scheduled_at": "2099-01-01T00:00:00Z"})
    assert hall.ledger.book().heard[Action.START].arrived == at("04:40")


def test_events_are_listened_for_by_kind():
    hall = swept_hall()
    for day in (2, 3):
        for minute in ("04:50", "13:10"):
            if minute == "13:10":
                hall.stop(at("13:00", day), scheduled("13:00", day))
            hall.sweep(at(minute, day))
    assert unheard(hall) == {"start schedules"}


def test_a_plant_that_is_only_watched_has_no_events_to_miss():
    hall = swept_hall(mode="watch")
    for day in (2, 3):
        day_of(hall, day, edges=False)
    assert missed(hall) == []


def test_switching_to_watching_ends_the_incident():
    hall = swept_hall()
    for day in (2, 3):
        day_of(hall, day, edges=False)
    hall.file(*hall.site.plant.models, mode="watch")
    hall.sweep(at("14:00", 3))
    assert unheard(hall) == set()


def test_a_plant_that_is_deployed_in_mid_shift_has_missed_nothing():
    hall = Hall(now=at("09:00"))
    for minute in ("09:00", "09:30"):
        hall.sweep(at(minute))
    assert missed(hall) == []


def test_an_arrival_that_cannot_be_written_keeps_no_model_from_being_started():
    hall = swept_hall(model("paint"))

    def busy(*_):
        raise Throttled("the ledger is busy")

    hall.ledger.hear = busy
    with pytest.raises(ComeAgain, match="schedules: the ledger is busy"):
        hall.start(at("04:40"), scheduled("04:40"))
    assert len(hall.lookout.started) == 1


@pytest.mark.parametrize(
    ("event", "caller"), [(scheduled("04:40"), "schedule"), (named("paint"), "sweep"), (None, None)]
)
def test_the_line_of_a_decision_says_who_called_for_it(event, caller):
    hall = Hall()
    hall.start(at("04:40"), event)
    (line,) = hall.journal.of("decision")
    assert line["called_by"] == caller


def test_the_incident_says_since_when_and_where_to_look():
    hall = swept_hall()
    day_of(hall, 2, edges=True)
    for day in (3, 4):
        day_of(hall, day, edges=False)
    (start,) = [each for each in hall.incidents(Trouble.UNHEARD) if "start" in each.model]
    assert "since the one of 2026-03-02 04:40Z" in start.reason
    assert start.opened - at("04:50", 4) < dt.timedelta(minutes=5)

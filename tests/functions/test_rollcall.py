"""Who is looked at first, what a model costs while it runs, and how far apart calls are."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.rollcall import Pace, Subject, subjects
from punchclock.overrides import Kind, Orders, Override
from punchclock.ports import Closure
from punchclock.shifts import Calendar
from punchclock.timecards import Origin, Timecard
from tests.functions.hall import MINUTE, MONDAY, Hall, at, model, named

PAINT = model("paint")
IDLE = Subject(target=PAINT.target, model=PAINT, run=None, card=None)


def seen(hall: Hall, minute: str, *said: Override) -> Subject:
    (found,) = subjects(hall.site, hall.ledger.book(), Orders.of(said), at(minute))
    return found


def held(kind: Kind = Kind.HOLD_OFF) -> Override:
    return Override(
        model="paint", kind=kind, made=at("05:00"), until=at("09:00"), who="anna", why="jam"
    )


def open_card(units: int = 3) -> Timecard:
    card = Timecard.manual(PAINT, units, at("04:00"), found=False)
    assert card.origin is Origin.MANUAL
    return card


def test_what_is_wanted_or_soon_will_be_or_has_a_card_is_urgent():
    hall = Hall()
    assert [seen(hall, each).urgent for each in ("04:34:59", "04:35", "04:40", "12:59")] == [
        False,
        True,
        True,
        True,
    ]
    assert not seen(hall, "13:00").urgent
    assert seen(hall, "12:56").near is False
    assert replace(IDLE, card=open_card()).urgent
    assert not IDLE.urgent


def test_a_model_is_held_off_by_a_hold_off_alone_and_not_within_a_run():
    hall = Hall()
    assert seen(hall, "06:00", held()).held_off
    assert not seen(hall, "06:00").held_off
    assert not replace(IDLE, override=held(Kind.HOLD_ON)).held_off
    run = seen(hall, "06:00").run
    assert not replace(IDLE, run=run, override=held()).held_off


def test_of_a_plant_that_is_closed_only_open_cards_are_left():
    hall = Hall(model("paint"), model("glue"))
    hall.start(at("04:40"), named("paint"))
    hall.ledger.shut(Closure(at=at("09:00"), on_destroy="leave"))
    (left,) = subjects(hall.site, hall.ledger.book(), Orders(), at("09:00"))
    assert (left.name, left.model, left.run, left.closed) == ("paint", None, None, "leave")


def test_what_has_another_card_is_wanted_as_before_and_what_has_none_as_if_asked_for_now():
    hall = Hall().at_work()
    calendar = Calendar(name="works", closed=frozenset({MONDAY}))
    hall.file(replace(PAINT, calendar=calendar))
    before = seen(hall, "09:00")
    assert before.run is not None
    assert before.with_card(replace(hall.card(), units=3)).run == before.run
    assert before.with_card(None).run is None
    hall.file(PAINT)
    assert seen(hall, "09:00").with_card(None).run == before.run


def test_nothing_that_is_said_of_a_disabled_model_counts():
    assert seen(Hall(model("paint", enabled=False)), "06:00", held()).override is None
    assert seen(Hall(), "06:00", held()).override == held()


def test_a_card_that_is_stopped_and_not_closed_yet_is_nobodys_any_more():
    hall = Hall()
    open_ = hall.ledger.write(open_card())
    assert seen(hall, "14:00").card == open_
    hall.ledger.write(open_.confirm(at("13:30")))
    assert seen(hall, "14:00").card is None
    assert not seen(hall, "14:00").urgent


def test_a_model_costs_what_its_card_holds_or_else_what_the_file_says_and_nothing_as_anothers():
    assert replace(IDLE, card=open_card()).cost_per_hour == 12
    assert IDLE.cost_per_hour == 8
    assert replace(IDLE, claimed_by="shelbyville").cost_per_hour == 0
    assert replace(IDLE, model=None).cost_per_hour == 0


def test_a_model_is_called_what_the_file_calls_it_or_else_what_it_was_called():
    assert IDLE.name == "paint"
    assert replace(IDLE, model=None, card=open_card()).name == "paint"
    assert replace(IDLE, model=None).name == "lookoutvision:paint/1"


@pytest.mark.parametrize(
    ("passed", "pauses"),
    [(0, [0.333334]), (100_000, [0.233334]), (333_333, [0.000001]), (333_334, []), (400_000, [])],
)
def test_a_call_begins_a_third_of_a_second_after_the_last_one(passed, pauses):
    hall = Hall()
    pace = Pace(hall.site)
    pace.wait()
    hall.now += dt.timedelta(microseconds=passed)
    pace.wait()
    assert hall.pauses == pauses


def test_a_clock_that_goes_back_makes_no_pause_longer():
    hall = Hall()
    pace = Pace(hall.site)
    pace.wait()
    hall.now -= MINUTE
    pace.wait()
    assert hall.pauses == [0.333334]

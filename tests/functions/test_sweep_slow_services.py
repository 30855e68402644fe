"""A service that answers slowly: it delays no other, and leaves none of its models out for long."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from functions.rollcall import Subject
from functions.turns import in_asking_order
from punchclock.decisions import Action, Trouble
from punchclock.errors import ComeAgain, ServiceSilent
from punchclock.observations import Observation
from punchclock.plants import Model, Target
from tests.functions.hall import MINUTE, Hall, Hosting, at, idle, ids, model

SECOND = dt.timedelta(seconds=1)


class Slow(Hosting):
    """A service that takes so many seconds for each look."""

    def __init__(self, hall: Hall, seconds: float) -> None:
        """Host nothing yet."""
        super().__init__()
        self.hall, self.seconds = hall, seconds

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Say what it hosts, at last."""
        self.hall.now += self.seconds * SECOND
        return super().observe(targets)


def slow_hall(seconds: float, *models: Model) -> Hall:
    """Return a hall whose Lookout for Vision is slow, and in which pauses take their time."""
    hall = Hall(*models)

    def pause(length: float) -> None:
        hall.now += length * SECOND

    hall.lookout = Slow(hall, seconds)
    services = {"lookoutvision": hall.lookout, "rekognition": hall.rekognition}
    hall.site = replace(hall.site, services=services, pause=pause)
    return hall


@pytest.mark.parametrize(("seconds", "count"), [(5, 12), (3, 20), (1, 60), (0.35, 119)])
def test_a_slow_service_keeps_no_model_of_another_from_its_start_within_the_minute(seconds, count):
    slow = [model(f"m{n:03}") for n in range(count)]
    hall = slow_hall(seconds, *slow, model("wire", service="rekognition"))
    with pytest.raises(ComeAgain, match="answers too slowly: no time was left to look at m"):
        hall.sweep(at("04:40"))
    ((action, started),) = hall.colleagues.calls
    assert action is Action.START
    assert "rekognition:wire/1" in started
    assert set(started) < {"rekognition:wire/1", *ids(each.name for each in slow)}
    assert hall.now <= at("04:40:46")


def test_a_sweep_that_has_not_looked_at_all_that_goes_on_is_not_complete():
    hall = slow_hall(5, *(model(f"m{n:02}") for n in range(12)))
    with pytest.raises(ComeAgain):
        hall.sweep(at("04:40"))
    assert hall.journal.beats() == 0


def test_a_sweep_that_leaves_out_what_is_idle_is_complete():
    hall = slow_hall(5, *(idle(f"m{n:02}") for n in range(12)))
    hall.sweep(at("04:40"))
    assert len(hall.lookout.described) == 6
    assert hall.journal.beats() == 1


def test_nothing_becomes_of_what_nobody_had_time_to_look_at():
    hall = Hall(*(model(f"m{n:02}") for n in range(12))).at_work()
    before = {card.id: card for card in hall.ledger.book().cards.values()}
    slow = Slow(hall, 50)
    slow.hosted = hall.lookout.hosted
    hall.site = replace(hall.site, services={"lookoutvision": slow})
    with pytest.raises(ComeAgain) as told:
        hall.sweep(at("09:00"))
    assert len(slow.described) == 1
    (looked_at,) = slow.described[0]
    left = ", ".join(f"m{n:02}" for n in range(12) if f"m{n:02}/1" != looked_at)
    assert str(told.value) == (
        f"looks: a service answers too slowly: no time was left to look at {left}"
    )
    assert {card.id: card for card in hall.ledger.book().cards.values()} == before
    assert hall.ledger.reports == []


def test_a_service_that_takes_long_and_then_does_not_answer_is_silent_for_all_of_its_models():
    hall = slow_hall(31, *(model(f"m{n:02}") for n in range(3)))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.sweep(at("04:40"))
    assert [hall.troubles(f"m{n:02}") for n in range(3)] == [{Trouble.SILENT}] * 3
    assert hall.journal.beats() == 1


def test_models_of_a_slow_service_are_all_looked_at_within_minutes():
    hall = slow_hall(5, *(idle(f"m{n:02}") for n in range(16)))
    for minute in range(5):
        hall.sweep(at("01:00") + minute * MINUTE)
    assert {key for keys in hall.lookout.described for key in keys} == {
        f"m{n:02}/1" for n in range(16)
    }


def test_starting_and_stopping_have_all_the_time_that_there_is():
    hall = slow_hall(5, *(model(f"m{n:02}") for n in range(12)))
    assert len(hall.start(at("04:40"))["acted"]) == 12


def subjects(count: int, *, near: bool) -> list[Subject]:
    models = [model(f"m{n:02}") for n in range(count)]
    return [
        Subject(target=each.target, model=each, run=None, card=None, near=near) for each in models
    ]


def test_urgent_models_are_asked_about_first_in_every_minute_and_each_is_the_first_before_long():
    quiet, busy = subjects(5, near=False), subjects(7, near=True)
    orders = [in_asking_order([*quiet, *busy], at("05:00") + n * MINUTE) for n in range(13)]
    for order in orders:
        assert [each.near for each in order] == [True] * 7 + [False] * 5
        assert sorted(map(id, order)) == sorted(map(id, [*quiet, *busy]))
    assert {id(order[0]) for order in orders} == set(map(id, busy))
    assert {id(order[7]) for order in orders} == set(map(id, quiet))
    assert in_asking_order([], at("05:00")) == []

"""The sweep in trouble: what goes wrong with one model keeps no other from being handled."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from punchclock.decisions import Action, Trouble
from punchclock.errors import (
    ComeAgain,
    Throttled,
)
from punchclock.observations import Observation, State
from punchclock.plants import Target
from punchclock.shifts import Calendar
from tests.functions.hall import Hall, Hosting, at, ids, model, named

ENDED = Calendar(name="works", last=dt.date(2026, 2, 27))
"""A calendar whose last known holidays are over on Monday, 2 March 2026."""


class Mute(Hosting):
    """A service that answers about nothing that it was asked."""

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        del targets
        return {}


def unplanned(name: str, **more):
    return replace(model(name, **more), calendar=ENDED)


def test_a_calendar_that_has_ended_is_the_trouble_of_its_own_model_alone():
    hall = Hall(unplanned("old"), model("paint"))
    assert hall.sweep(at("04:40")) == {"start": 1, "stop": 0}
    assert hall.troubles("old") == {Trouble.UNPLANNED}
    assert hall.troubles("paint") == set()
    assert hall.start(at("04:40"))["acted"] == ["paint"]
    assert hall.journal.beats() == 1
    (incident,) = hall.incidents(Trouble.UNPLANNED)
    assert "2026-02-27" in incident.reason


def test_a_model_that_nobody_can_plan_any_more_raises_the_alarm_for_a_model_not_ready():
    hall = Hall(unplanned("old"))
    hall.sweep(at("01:00"))
    assert ("ModelsLate", 1) in hall.journal.values


def test_the_open_card_of_a_model_that_nobody_can_plan_any_more_is_stopped():
    hall = Hall(model("paint"), model("old")).at_work()
    hall.file(model("paint"), unplanned("old"))
    hall.sweep(at("09:00"))
    assert hall.colleagues.calls == [(Action.STOP, ids(["old"]))]
    assert hall.stop(at("09:00"), named("old"))["acted"] == ["old"]
    assert hall.stop(at("09:01"))["acted"] == []
    assert hall.troubles("paint") == set()


def test_what_a_person_starts_while_nobody_knows_the_shifts_is_left_to_them():
    hall = Hall(unplanned("old"), now=at("01:00"))
    hall.sweep()
    hall.lookout.set("old/1", State.RUNNING)
    for hour in ("02:00", "04:00", "09:00"):
        hall.sweep(at(hour))
    assert hall.colleagues.calls == []
    assert hall.troubles("old") == {Trouble.UNPLANNED, Trouble.UNSCHEDULED}


def test_a_newer_release_ends_the_trouble():
    hall = Hall(unplanned("old"))
    hall.sweep(at("01:00"))
    hall.file(model("old"))
    hall.sweep(at("01:01"))
    assert hall.troubles("old") == set()


def test_an_adapter_that_fails_as_nobody_has_foreseen_keeps_no_other_service_from_being_handled():
    hall = Hall(model("paint"), model("wire", service="rekognition"))
    hall.lookout.errors["observe"] = KeyError("Status")
    with pytest.raises(ComeAgain, match=r"^paint: KeyError: 'Status'$"):
        hall.sweep(at("04:40"))
    assert hall.colleagues.calls == [(Action.START, ["rekognition:wire/1"])]
    assert hall.troubles("paint") == {Trouble.REFUSED}
    assert hall.journal.beats() == 0


def test_an_answer_that_leaves_a_model_out_is_the_trouble_of_its_batch_alone():
    hall = Hall(model("paint"), model("glue"), model("wire", service="rekognition"))
    hall.site = replace(hall.site, services={**hall.site.services, "rekognition": Mute()})
    with pytest.raises(ComeAgain, match=r"^wire: KeyError"):
        hall.sweep(at("04:40"))
    assert hall.colleagues.calls == [(Action.START, ids(["paint", "glue"]))]


def test_the_mistake_itself_is_told_with_the_failure():
    hall = Hall()
    hall.lookout.errors["observe"] = KeyError("Status")
    with pytest.raises(ComeAgain) as failed:
        hall.sweep(at("04:40"))
    group = failed.value.__cause__
    assert isinstance(group, ExceptionGroup)
    assert isinstance(group.exceptions[0].__cause__, KeyError)


def test_what_goes_wrong_with_one_model_hides_no_alarm_of_another():
    hall = Hall(model("paint"), model("glue"), now=at("05:00"))
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    with pytest.raises(ComeAgain):
        hall.sweep()
    assert ("ModelsLate", 1) in hall.journal.values

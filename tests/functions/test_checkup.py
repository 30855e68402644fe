"""The look at all models after a deployment: what it tells, and that it does nothing."""

from typing import Any

import pytest

from functions import sweep
from functions.turns import MOST_DESCRIBES
from punchclock.errors import Refused, ServiceSilent
from punchclock.observations import State
from tests.functions.hall import Hall, at, model


def swept(hall: Hall, event: object) -> Any:
    """Return what a sweep answers to an event."""
    handler: Any = sweep.handler
    return handler.__wrapped__(hall.site, event)


def look(hall: Hall, **more: object) -> Any:
    """Return what a checkup answers."""
    return swept(hall, {"check": True, **more})


def test_a_checkup_says_of_every_model_what_its_service_says():
    hall = Hall(model("paint"), model("glue"))
    hall.lookout.set("glue/1", State.MISSING, None)
    hall.lookout.set("paint/1", State.RUNNING)
    assert look(hall) == {
        "plant": "springfield",
        "models": {
            "paint": {"state": "running", "seen": "RUNNING", "units": 2},
            "glue": {"state": "missing", "seen": "MISSING", "units": None},
        },
        "next": None,
    }


def test_a_checkup_in_mid_shift_starts_stops_writes_and_logs_nothing():
    hall = Hall(model("paint"), model("off", enabled=False), now=at("05:30"))
    hall.lookout.set("off/1", State.RUNNING)
    look(hall)
    assert hall.colleagues.calls == []
    assert [*hall.lookout.started, *hall.lookout.stopped] == []
    assert [*hall.ledger.writes, *hall.ledger.reports] == []
    assert hall.ledger.book().since is None
    assert [*hall.journal.lines, *hall.journal.values] == []


def test_what_cannot_be_described_is_told_and_hides_no_other():
    hall = Hall(model("boards"), model("paint", service="rekognition"))
    hall.lookout.errors["observe"] = Refused("no permission to describe boards")
    models = look(hall)["models"]
    assert models["boards"] == {"error": "no permission to describe boards"}
    assert models["paint"]["state"] == "stopped"


def test_a_ledger_that_cannot_be_read_fails_the_checkup():
    hall = Hall()
    hall.ledger.book = lambda: (_ for _ in ()).throw(ServiceSilent("no answer"))
    with pytest.raises(ServiceSilent):
        look(hall)


def test_what_does_not_fit_a_minute_is_left_to_the_next_invocation():
    hall = Hall(*(model(f"m{n:03}") for n in range(MOST_DESCRIBES + 1)))
    first = look(hall)
    assert len(first["models"]) == first["next"] == MOST_DESCRIBES
    assert look(hall, skip=first["next"]) == {
        "plant": "springfield",
        "models": {f"m{MOST_DESCRIBES}": {"state": "stopped", "seen": "TRAINED", "units": None}},
        "next": None,
    }


def test_a_model_that_left_the_file_is_not_asked_about():
    hall = Hall(model("paint"))
    hall.start(at("04:40"))
    hall.file(model("glue"))
    assert set(look(hall)["models"]) == {"glue"}


@pytest.mark.parametrize("event", [{"check": "true"}, {"check": 1}, {"scheduled_at": "x"}, None])
def test_whatever_else_an_event_says_a_sweep_is_a_sweep(event):
    hall = Hall()
    assert swept(hall, event) == {"start": 1, "stop": 0}


@pytest.mark.parametrize("skip", [-1, "1", None, True])
def test_what_is_no_number_skips_nothing(skip):
    hall = Hall(model("paint"), model("glue"))
    assert set(look(hall, skip=skip)["models"]) == {"paint", "glue"}


def test_one_may_be_skipped():
    assert set(look(Hall(model("paint"), model("glue")), skip=1)["models"]) == {"glue"}


def test_a_plant_that_just_fits_a_minute_leaves_nothing_to_the_next():
    hall = Hall(*(model(f"m{n:03}") for n in range(MOST_DESCRIBES)))
    assert look(hall)["next"] is None

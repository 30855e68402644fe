"""The composition root: from environment and asset to a site, and from work to a Lambda handler."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ReadTimeoutError

from functions import close_plant, compose, start_models, stop_models, sweep, timekeeper
from functions.neighbours import Alone, StackNeighbours
from functions.notices import Nobody, SnsNotices
from functions.services import clients
from functions.site import Order
from punchclock import compiled
from punchclock.decisions import Action
from punchclock.errors import InvalidPlant, ServiceSilent
from tests.functions.hall import Hall, at, model, plant_of


@pytest.fixture
def session() -> botocore.session.Session:
    made = botocore.session.Session()
    made.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return made


@pytest.fixture
def environ(tmp_path) -> dict[str, str]:
    plant = plant_of(model("paint"), model("glue", service="rekognition"))
    (tmp_path / "plant.json").write_text(json.dumps(compiled.dump(plant)), encoding="utf-8")
    return {
        "LAMBDA_TASK_ROOT": str(tmp_path),
        "PUNCHCLOCK_PLANT": "plant.json",
        "PUNCHCLOCK_TABLE": "springfield",
    }


@contextmanager
def configured(session: botocore.session.Session) -> Iterator[dict[str, object]]:
    """Yield how patient each client is that the session is asked for."""
    configs: dict[str, object] = {}
    create = session.create_client

    def noted(name: str, *args: Any, **more: Any) -> Any:
        configs[name] = more.get("config")
        return create(name, *args, **more)

    session.create_client = noted
    yield configs


def _unplugged(**_: object) -> None:
    raise ReadTimeoutError(endpoint_url="https://cloudformation.example")


def compose_at(environ, session):
    return compose.compose(environ, session, lambda: at("04:40"), lambda _: None)


def test_a_site_is_made_of_the_compiled_plant_in_the_asset(environ, session):
    site = compose_at(environ, session)
    assert [each.name for each in site.plant.models] == ["paint", "glue"]
    assert site.timetables["paint"].run_at(at("04:40")) is not None
    assert {"lookoutvision", "rekognition"} <= set(site.services)
    assert site.now() == at("04:40")


def test_people_are_told_through_the_topic_that_is_named_and_else_not_at_all(environ, session):
    assert isinstance(compose_at(environ, session).notices, Nobody)
    environ["PUNCHCLOCK_TOPIC"] = "arn:aws:sns:eu-central-1:123456789012:springfield"
    with configured(session) as configs:
        assert isinstance(compose_at(environ, session).notices, SnsNotices)
    assert configs["sns"] is clients.PATIENT


def test_only_who_knows_the_name_of_our_stack_asks_what_others_claim_and_not_before_it_must(
    environ, session
):
    with configured(session) as configs:
        assert isinstance(compose_at(environ, session).neighbours, Alone)
        environ["PUNCHCLOCK_STACK"] = "punchclock-springfield"
        neighbours = compose_at(environ, session).neighbours
        assert isinstance(neighbours, StackNeighbours)
        assert "cloudformation" not in configs
        session.register("before-send", _unplugged)
        with pytest.raises(ServiceSilent):
            neighbours.claimed()
    assert configs["cloudformation"] is clients.BRIEF


def test_a_table_that_is_not_named_is_told_at_once(environ, session):
    del environ["PUNCHCLOCK_TABLE"]
    with pytest.raises(KeyError, match="PUNCHCLOCK_TABLE"):
        compose_at(environ, session)


def test_a_plant_that_was_tampered_with_is_refused(environ, session, tmp_path):
    path = tmp_path / "plant.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["early", 2]', '["early", 1]'), encoding="utf-8")
    with pytest.raises(InvalidPlant):
        compose_at(environ, session)


def test_only_the_sweep_is_told_whom_it_may_call():
    assert compose.ACTIONS == {
        Action.START: "PUNCHCLOCK_START_FUNCTION",
        Action.STOP: "PUNCHCLOCK_STOP_FUNCTION",
    }


def test_a_function_is_called_with_the_event_and_no_context(monkeypatch):
    """Its work stays reachable, so that it can be given any site."""
    monkeypatch.setattr(compose, "_site", lambda: "here")

    def work(site: object, event: object) -> object:
        return site, event

    handler: Any = compose.function(work)
    assert handler.__name__ == "work"
    assert handler.__wrapped__("site", {"a": 1}) == ("site", {"a": 1})
    assert handler({"a": 1}, object()) == ("here", {"a": 1})


@pytest.mark.parametrize("module", [start_models, stop_models, sweep, timekeeper, close_plant])
def test_every_function_has_a_handler_that_answers_with_json(module):
    hall = Hall()
    answer = module.handler.__wrapped__(hall.site, {})
    assert json.loads(json.dumps(answer)) == answer
    assert isinstance(answer, dict)


# What an event says


def test_an_order_says_when_it_was_scheduled_and_whom_it_is_about():
    order = Order.of({"scheduled_at": "2026-03-02T04:40:00Z", "targets": ["a", 1, None, "b"]})
    assert (order.scheduled_at, order.targets) == (at("04:40"), ["a", "b"])
    assert order.lag_seconds(at("04:41:30")) == 90


def test_an_instant_with_another_offset_is_the_same_instant():
    order = Order.of({"scheduled_at": "2026-03-02T05:40:00+01:00"})
    assert order.lag_seconds(at("04:41")) == 60


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "text",
        3,
        {"scheduled_at": "2026-03-02T04:40:00"},
        {"scheduled_at": "<aws.scheduler.scheduled-time>"},
        {"scheduled_at": 1772426400},
        {"targets": "a"},
        {"targets": ("a",)},
    ],
)
def test_what_is_not_understood_is_ignored(event):
    order = Order.of(event)
    assert (order.scheduled_at, order.targets) == (None, None)
    assert order.lag_seconds(dt.datetime.max.replace(tzinfo=dt.UTC)) is None

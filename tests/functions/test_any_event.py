"""Whatever a function is called with, it answers, and touches nothing but what the plant hosts."""

import contextlib
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from functions import start_models, stop_models, sweep, timekeeper
from functions.journal import PowertoolsJournal
from punchclock import compiled
from punchclock.observations import State
from punchclock.shifts import Shift
from rehearsal.emulator.emulator import Emulator
from rehearsal.server import serving
from tests.functions.hall import Hall, at, idle, ids, model, plant_of
from tests.functions.ledgers import TABLE, in_dynamodb

HANDLERS: list[Any] = [start_models.handler, stop_models.handler, sweep.handler, timekeeper.handler]

TEXTS = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        *("paint", "lookoutvision:paint/1 ", "LOOKOUTVISION:paint/1", "lookoutvision:%", "*", ""),
        *("2026-03-02T04:40:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
        *("2026-03-02T04:40:00", "<aws.scheduler.scheduled-time>", "2026-W10-1T04:40Z", "\ud800"),
    ]
)
TARGETS = st.sampled_from([*ids(["paint", "glue", "gone", "foreign"]), "rekognition:foreign"])
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, TARGETS),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)
EVENTS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "scheduled_at": TEXTS | JSON,
        "targets": st.lists(TARGETS | JSON, max_size=8) | JSON,
        "action": st.sampled_from(["start", "stop"]),
        "units": st.integers(),
        "mode": st.just("act"),
    },
)


def hall_at_work() -> Hall:
    """Return a hall that hosts a model to start, one to leave, one to stop, and a stranger's."""
    hall = Hall(model("paint"), model("gone"), idle("glue"))
    hall.start(at("04:40"), {"targets": ids(["gone"])})
    hall.lookout.set("gone/1", State.RUNNING)
    hall.lookout.set("foreign/1", State.RUNNING)
    hall.file(model("paint"), idle("glue"))
    for asked in (hall.lookout.described, hall.lookout.started, hall.lookout.stopped):
        asked.clear()
    hall.site = replace(hall.site, journal=PowertoolsJournal("springfield", hall.site.now))
    return hall


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.__module__)
@given(event=EVENTS)
def test_any_event_is_answered_and_moves_only_what_is_due(handler, event):
    hall = hall_at_work()
    answer = handler.__wrapped__(hall.site, event)
    assert json.loads(json.dumps(answer)) == answer
    assert {key for key, _, _ in hall.lookout.started} <= {"paint/1"}
    assert {key for key, _ in hall.lookout.stopped} <= {"gone/1"}
    described = {key for keys in hall.lookout.described for key in keys}
    assert described <= {"paint/1", "glue/1", "gone/1"}
    assert not hall.rekognition.described


@given(event=EVENTS)
def test_what_an_event_says_is_written_as_lines_of_json(event):
    hall = hall_at_work()
    with contextlib.redirect_stdout(io.StringIO()) as written:
        HANDLERS[0].__wrapped__(hall.site, event)
    for line in written.getvalue().splitlines():
        assert json.loads(line)["plant"] == "springfield"


@pytest.fixture
def deployed(tmp_path, monkeypatch) -> Iterator[Emulator]:
    """Deploy a plant that works around the clock, beside a model that is not its own."""
    always = Shift(name="always", start=dt.time(0), end=dt.time(0), overnight=True)
    paint = model("paint", always)
    emulator = Emulator(now=lambda: at("04:40"))
    emulator.add(paint.target)
    emulator.add(model("foreign").target)
    plant = json.dumps(compiled.dump(plant_of(paint)))
    (tmp_path / "plant.json").write_text(plant, encoding="utf-8")
    with mock_aws(), serving(emulator.respond) as address:
        in_dynamodb()
        for name, value in {
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_ENDPOINT_URL_LOOKOUTVISION": address,
            "AWS_ENDPOINT_URL_CLOUDWATCH": address,
            "LAMBDA_TASK_ROOT": str(tmp_path),
            "PUNCHCLOCK_PLANT": "plant.json",
            "PUNCHCLOCK_TABLE": TABLE,
        }.items():
            monkeypatch.setenv(name, value)
        yield emulator


def test_deployed_functions_called_with_anything_start_only_what_the_plant_hosts(deployed):
    """In one test, because a function's site is made once, of the environment, and kept."""
    events: list[object] = [None, [[]], {"targets": ids(["foreign"]), "scheduled_at": 5}, "paint"]
    for event in events:
        for handler in HANDLERS:
            assert isinstance(handler(event, None), dict)
    assert {call.params["ProjectName"] for call in deployed.calls} == {"paint"}
    assert [call.operation for call in deployed.calls].count("StartModel") == 1

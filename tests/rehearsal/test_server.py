"""The emulator over HTTP, with real sockets and a clock that runs fast."""

import datetime as dt
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.config import Config
from botocore.session import Session

from functions.services import descriptions
from rehearsal.clocks import ScaledClock
from rehearsal.emulator.emulator import Emulator
from rehearsal.server import serving
from tests.rehearsal.emulator.emulated import MORNING, lookout, rekognition

SPEED = 3000
MODEL = {"ProjectName": "circuit-boards", "ModelVersion": "1"}
ADDRESS = rekognition().address
ARN, PROJECT = ADDRESS["project_version_arn"], ADDRESS["project_arn"]


@pytest.fixture
def address() -> Iterator[str]:
    emulator = Emulator(now=ScaledClock(MORNING, SPEED))
    emulator.add(lookout())
    emulator.add(rekognition())
    with serving(emulator.respond) as found:
        yield found


def client(address: str, service: str) -> Any:
    session = Session()
    session.set_credentials("AKIDEXAMPLE", "not-a-secret")
    descriptions.add(session)
    return session.create_client(
        service, "eu-central-1", endpoint_url=address, config=Config(retries={"mode": "standard"})
    )


def test_lookout_is_listed_started_awaited_stopped_and_metered(address: str):
    service = client(address, "lookoutvision")
    assert len(service.list_models(ProjectName="circuit-boards")["Models"]) == 1
    service.start_model(**MODEL, MinInferenceUnits=2)
    with pytest.raises(service.exceptions.ConflictException):
        service.start_model(**MODEL, MinInferenceUnits=2)
    _await(lambda: service.describe_model(**MODEL)["ModelDescription"]["Status"], "HOSTED")
    service.stop_model(**MODEL)
    _await(lambda: service.describe_model(**MODEL)["ModelDescription"]["Status"], "TRAINED")
    metrics = client(address, "cloudwatch").list_metrics(Namespace="AWS/LookoutVision")["Metrics"]
    assert [each["MetricName"] for each in metrics] == ["InServiceInferenceUnits"]


def test_rekognition_is_listed_started_awaited_and_stopped(address: str):
    service = client(address, "rekognition")
    assert len(service.describe_projects()["ProjectDescriptions"]) == 1
    service.start_project_version(ProjectVersionArn=ARN, MinInferenceUnits=2)
    with pytest.raises(service.exceptions.ResourceInUseException):
        service.start_project_version(ProjectVersionArn=ARN, MinInferenceUnits=2)
    service.get_waiter("project_version_running").wait(
        ProjectArn=PROJECT, WaiterConfig={"Delay": 0.02, "MaxAttempts": 100}
    )
    service.stop_project_version(ProjectVersionArn=ARN)
    _await(lambda: _version(service)["Status"], "STOPPED")


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        ("application/x-amz-json-1.1", b"UnknownOperationException"),
        ("application/x-www-form-urlencoded", b"<Code>InvalidAction</Code>"),
    ],
)
def test_what_is_not_emulated_is_refused_in_words_that_the_client_reads(
    address: str, content_type: str, code: bytes
):
    headers = {"Content-Type": content_type}
    request = urllib.request.Request(address, b"Action=Else", headers)  # noqa: S310 - our own server
    with pytest.raises(HTTPError) as caught:
        urllib.request.urlopen(request)  # noqa: S310 - our own server
    with caught.value as answer:
        assert (answer.code, code in answer.read()) == (404, True)


def test_a_hundred_requests_over_one_connection_wait_for_no_acknowledgements(address: str):
    # Without care for small packets each of them would wait forty ms, four seconds in all.
    service = client(address, "lookoutvision")
    service.describe_model(**MODEL)
    begun = time.perf_counter()
    for _ in range(100):
        service.describe_model(**MODEL)
    assert time.perf_counter() - begun < 3.5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number: signal.Signals):
    program = (
        "from rehearsal.server import serve\n"
        "serve(lambda request: None, port=0, announce=lambda a: print(a, flush=True))\n"
        "print('ended')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(number)
        assert process.stdout.read() == "ended\n"
    assert process.returncode == 0


def test_the_clock_runs_from_its_instant_at_its_speed():
    passed = iter([100.0, 100.0, 102.0])
    clock = ScaledClock(MORNING, 60, lambda: next(passed))
    assert clock() == MORNING
    assert clock() == MORNING + dt.timedelta(minutes=2)


def _version(service: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.describe_project_versions(ProjectArn=PROJECT)[
        "ProjectVersionDescriptions"
    ][0]
    return found


def _await(look: Any, word: str) -> None:
    until = time.monotonic() + 10
    while look() != word:
        assert time.monotonic() < until, f"never {word}"
        time.sleep(0.01)

"""How a request finds its service, and what may come between."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.session import Session
from moto import mock_aws

from punchclock.plants import Target
from rehearsal.emulator.emulator import LOST, Emulator
from rehearsal.emulator.hosting import HostedModel, Phase
from rehearsal.emulator.refusals import Kind, Refusal, Trouble
from rehearsal.emulator.wire import Call, Request, Result
from tests.rehearsal.emulator.emulated import MORNING, lookout, rekognition

Act = Callable[[], Result]
MODEL = {"ProjectName": "circuit-boards", "ModelVersion": "1"}
ARN = rekognition().address["project_version_arn"]

STARTS: dict[str, Callable[[Any], object]] = {
    "lookoutvision": lambda service: service.start_model(**MODEL, MinInferenceUnits=2),
    "rekognition": lambda service: service.start_project_version(
        ProjectVersionArn=ARN, MinInferenceUnits=2
    ),
    "cloudwatch": lambda service: service.list_metrics(),
}


@pytest.fixture
def calls(emulator: Emulator, client: Callable[[str], Any]) -> dict[str, Act]:
    """Return a call for each service, with a model that it can start."""
    emulator.add(lookout())
    emulator.add(rekognition())
    return {name: lambda n=name: STARTS[n](client(n)) for name in STARTS}  # type: ignore[misc]


def refused(call: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (
            Kind.DENIED,
            [("AccessDeniedException", 403), ("AccessDeniedException", 400), ("AccessDenied", 403)],
        ),
        (
            Kind.THROTTLED,
            [("ThrottlingException", 429), ("ThrottlingException", 500), ("Throttling", 400)],
        ),
        (
            Kind.BROKEN,
            [
                ("InternalServerException", 500),
                ("InternalServerError", 500),
                ("InternalServiceError", 500),
            ],
        ),
    ],
)
def test_each_service_has_its_own_words_for_what_the_gate_refuses(
    emulator: Emulator, calls: dict[str, Act], kind: Kind, codes: list[tuple[str, int]]
):
    def gate(call: Call, act: Act) -> Result:
        raise Trouble(kind, f"no {call.operation} without {act}")

    emulator.gate = gate
    assert [refused(calls[name]) for name in STARTS] == codes
    assert {model.phase for model in emulator.fleet} == {Phase.NEW}


def test_the_gate_sees_service_operation_parameters_time_and_caller(
    emulator: Emulator, calls: dict[str, Act]
):
    seen: list[Call] = []

    def gate(call: Call, act: Act) -> Result:
        seen.append(call)
        return act()

    emulator.gate = gate
    calls["rekognition"]()
    (call,) = seen
    assert (call.service, call.operation) == ("rekognition", "StartProjectVersion")
    assert call.params == {"ProjectVersionArn": ARN, "MinInferenceUnits": 2}
    assert call.at == MORNING
    assert "Credential=AKIDEXAMPLE/" in call.request.headers["authorization"]


def test_a_gate_may_answer_with_a_code_of_its_own(emulator: Emulator, calls: dict[str, Act]):
    def gate(call: Call, act: Act) -> Result:
        del act
        raise Refusal("NobodyKnowsException", call.service, 418)

    emulator.gate = gate
    assert {refused(calls[name]) for name in STARTS} == {("NobodyKnowsException", 418)}


@pytest.mark.parametrize(
    ("acts", "phase"), [(False, Phase.NEW), (True, Phase.STARTING)], ids=["before", "after"]
)
def test_an_answer_can_be_lost_before_or_after_the_effect(
    emulator: Emulator, calls: dict[str, Act], *, acts: bool, phase: Phase
):
    def gate(call: Call, act: Act) -> Result:
        if acts:
            act()
        raise ReadTimeoutError(endpoint_url=call.service)

    emulator.gate = gate
    with pytest.raises(ReadTimeoutError):
        calls["lookoutvision"]()
    assert emulator.model(lookout()).phase is phase
    assert [call.error for call in emulator.calls] == [LOST]


def test_every_call_is_recorded_with_what_became_of_it(
    emulator: Emulator, calls: dict[str, Act], client: Callable[[str], Any]
):
    calls["lookoutvision"]()
    refused(calls["lookoutvision"])
    client("lookoutvision").describe_model(**MODEL)
    assert [(call.operation, call.error) for call in emulator.calls] == [
        ("StartModel", ""),
        ("StartModel", "ConflictException"),
        ("DescribeModel", ""),
    ]
    assert emulator.calls[0].params["MinInferenceUnits"] == 2


def test_every_answer_has_a_request_id_of_its_own(
    client: Callable[[str], Any], boards: HostedModel
):
    assert boards.phase is Phase.NEW
    service = client("lookoutvision")
    found = {service.describe_model(**MODEL)["ResponseMetadata"]["RequestId"] for _ in range(3)}
    assert len(found) == 3


def test_what_is_not_emulated_here_is_left_to_others(session: Session, emulator: Emulator):
    with mock_aws():
        table = session.create_client("dynamodb", region_name="eu-central-1").list_tables()
    assert table["TableNames"] == []
    assert emulator.calls == []
    assert emulator.respond(Request(method="GET", path="/")) is None


def test_a_person_can_start_and_stop_by_hand(boards: HostedModel, client: Callable[[str], Any]):
    boards.start(2)
    found = client("lookoutvision").describe_model(**MODEL)["ModelDescription"]
    assert found["Status"] == "STARTING_HOSTING"


def test_a_model_of_a_service_that_is_not_here_cannot_be_taken_in(emulator: Emulator):
    other = Target(service="sagemaker", key="a", batch="a", address={})
    with pytest.raises(KeyError, match="sagemaker"):
        emulator.add(other)

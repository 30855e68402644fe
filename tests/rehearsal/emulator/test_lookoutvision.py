"""Lookout for Vision, asked by a real client with our own description of the service."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError

from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import HostedModel, Phase, Stage
from rehearsal.emulator.wire import Request
from tests.rehearsal.emulator.emulated import Hand, lookout

MODEL = {"ProjectName": "circuit-boards", "ModelVersion": "1"}


@pytest.fixture
def service(client: Callable[[str], Any], boards: HostedModel) -> Any:
    assert boards.phase is Phase.NEW
    return client("lookoutvision")


def refused(call: Callable[..., object], **params: object) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def described(service: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.describe_model(**MODEL)["ModelDescription"]
    return found


def test_a_model_goes_from_trained_to_hosted_and_back(service: Any, clock: Hand):
    assert described(service)["Status"] == "TRAINED"
    started = service.start_model(**MODEL, MinInferenceUnits=2)
    assert started["Status"] == "STARTING_HOSTING"
    assert started["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert described(service)["Status"] == "STARTING_HOSTING"
    clock.pass_(minutes=10)
    assert described(service)["Status"] == "HOSTED"
    assert service.stop_model(**MODEL)["Status"] == "STOPPING_HOSTING"
    assert described(service)["Status"] == "STOPPING_HOSTING"
    clock.pass_(minutes=2)
    assert described(service)["Status"] == "TRAINED"


@pytest.mark.parametrize(
    ("phase", "word"), [(Phase.UPDATING, "SYSTEM_UPDATING"), (Phase.FAILED, "HOSTING_FAILED")]
)
def test_what_the_service_does_by_itself_has_its_own_words(
    service: Any, boards: HostedModel, clock: Hand, phase: Phase, word: str
):
    boards.enter(Stage(phase=phase, begin=clock()))
    assert described(service)["Status"] == word


def test_units_are_told_from_the_first_start_on(service: Any):
    assert "MinInferenceUnits" not in described(service)
    service.start_model(**MODEL, MinInferenceUnits=2, MaxInferenceUnits=4)
    found = described(service)
    assert (found["MinInferenceUnits"], found["MaxInferenceUnits"]) == (2, 4)
    assert found["ModelArn"] == (
        "arn:aws:lookoutvision:eu-central-1:123456789012:model/circuit-boards/1"
    )


def test_redundant_starts_and_stops_are_conflicts(service: Any, clock: Hand):
    assert refused(service.stop_model, **MODEL) == ("ConflictException", 409)
    service.start_model(**MODEL, MinInferenceUnits=2)
    again = {**MODEL, "MinInferenceUnits": 2}
    assert refused(service.start_model, **again) == ("ConflictException", 409)
    clock.pass_(minutes=10)
    assert refused(service.start_model, **again) == ("ConflictException", 409)


@pytest.mark.parametrize("name", ["describe_model", "start_model", "stop_model"])
@pytest.mark.parametrize(
    "other", [{"ModelVersion": "2"}, {"ProjectName": "no-boards"}], ids=["version", "project"]
)
def test_an_unknown_model_is_not_found(service: Any, name: str, other: dict[str, str]):
    units = {"MinInferenceUnits": 2} if name == "start_model" else {}
    params = {**MODEL, **other, **units}
    assert refused(getattr(service, name), **params) == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize(
    "params",
    [
        {"ModelVersion": "01"},
        {"ModelVersion": "12345678901"},
        {"ProjectName": "-boards"},
        {"ClientToken": "not_a_token"},
        {"MaxInferenceUnits": 1},
    ],
    ids=str,
)
def test_impossible_values_are_refused(service: Any, params: dict[str, Any]):
    asked = {**MODEL, "MinInferenceUnits": 2, **params}
    assert refused(service.start_model, **asked) == ("ValidationException", 400)


def test_no_units_are_refused_where_the_client_lets_them_through(emulator: Emulator):
    emulator.add(lookout())
    path = "/2020-11-20/projects/circuit-boards/models/1/start"
    for body in (b'{"MinInferenceUnits": 0}', b"{}", b""):
        reply = emulator.respond(Request(method="POST", path=path, body=body))
        assert reply is not None
        assert (reply.status, reply.headers["x-amzn-ErrorType"]) == (400, "ValidationException")


def test_a_body_that_is_no_json_is_refused(emulator: Emulator):
    path = "/2020-11-20/projects/circuit-boards/models/1/start"
    for body in (b"{", b"[]"):
        reply = emulator.respond(Request(method="POST", path=path, body=body))
        assert reply is not None
        assert reply.headers["x-amzn-ErrorType"] == "SerializationException"


def test_too_many_units_reach_the_quota(service: Any):
    asked = {**MODEL, "MinInferenceUnits": 6}
    assert refused(service.start_model, **asked) == ("ServiceQuotaExceededException", 402)


def test_a_repeated_token_is_answered_from_the_first_call_without_acting(
    service: Any, boards: HostedModel, clock: Hand
):
    asked = {**MODEL, "MinInferenceUnits": 2, "ClientToken": "run-1"}
    first = service.start_model(**asked)["Status"]
    clock.pass_(hours=4)
    boards.stop()
    clock.pass_(hours=3, minutes=59)
    assert service.start_model(**asked)["Status"] == first
    assert boards.phase is Phase.STOPPED


def test_a_token_is_forgotten_after_eight_hours(service: Any, boards: HostedModel, clock: Hand):
    asked = {**MODEL, "MinInferenceUnits": 2, "ClientToken": "run-1"}
    service.start_model(**asked)
    clock.pass_(hours=4)
    boards.stop()
    clock.pass_(hours=4)
    service.start_model(**asked)
    assert boards.phase is Phase.STARTING


def test_a_token_with_other_parameters_is_refused(service: Any, emulator: Emulator):
    emulator.add(lookout(2))
    service.start_model(**MODEL, MinInferenceUnits=2, ClientToken="run-1")
    for other in ({"MinInferenceUnits": 3}, {"ModelVersion": "2"}):
        asked = {**MODEL, "MinInferenceUnits": 2, "ClientToken": "run-1", **other}
        assert refused(service.start_model, **asked) == ("ConflictException", 409)


def test_a_stop_with_the_token_of_the_start_is_a_call_of_its_own(
    service: Any, boards: HostedModel, clock: Hand
):
    service.start_model(**MODEL, MinInferenceUnits=2, ClientToken="run-1")
    clock.pass_(minutes=10)
    service.stop_model(**MODEL, ClientToken="run-1")
    assert boards.phase is Phase.STOPPING


def test_a_refused_call_does_not_use_its_token_up(service: Any, boards: HostedModel, clock: Hand):
    asked = {**MODEL, "MinInferenceUnits": 2, "ClientToken": "run-1"}
    boards.start(2)
    clock.pass_(minutes=10)
    boards.stop()
    assert refused(service.start_model, **asked) == ("ConflictException", 409)
    clock.pass_(minutes=2)
    service.start_model(**asked)
    assert boards.phase is Phase.STARTING


def test_models_are_listed_page_by_page(service: Any, emulator: Emulator):
    for version in (2, 3):
        emulator.add(lookout(version))
    emulator.add(lookout(1, "housings"))
    pages = list(
        service.get_paginator("list_models").paginate(
            ProjectName="circuit-boards", PaginationConfig={"PageSize": 2}
        )
    )
    versions = [[each["ModelVersion"] for each in page["Models"]] for page in pages]
    assert versions == [["1", "2"], ["3"]]


@pytest.mark.parametrize("token", ["elsewhere", "-1", "2"])
def test_a_token_of_no_page_is_refused(service: Any, token: str):
    asked = {"ProjectName": "circuit-boards", "NextToken": token}
    assert refused(service.list_models, **asked) == ("ValidationException", 400)


def test_projects_are_listed_for_clients_that_know_them(emulator: Emulator):
    emulator.add(lookout())
    for path, key in (("", "Projects"), ("/circuit-boards", "ProjectDescription")):
        reply = emulator.respond(Request(method="GET", path=f"/2020-11-20/projects{path}"))
        assert reply is not None
        assert reply.status == 200
        assert key.encode() in reply.body
        assert b":project/circuit-boards" in reply.body


def test_paths_that_are_no_operation_are_left_to_others(emulator: Emulator):
    for method, path in (("POST", "/2020-11-20/projects"), ("GET", "/2020-11-20/else")):
        url = f"https://lookoutvision.eu-central-1.amazonaws.com{path}"
        request = AWSPreparedRequest(method, url, {}, b"", stream_output=False)
        assert emulator.answer(request) is None

"""Rekognition Custom Labels, asked by a real client."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import HostedModel, Phase, Stage
from rehearsal.emulator.wire import Request
from tests.rehearsal.emulator.emulated import Hand, rekognition

ADDRESS = rekognition(1).address
ARN, PROJECT = ADDRESS["project_version_arn"], ADDRESS["project_arn"]


@pytest.fixture
def service(client: Callable[[str], Any], paint: HostedModel) -> Any:
    assert paint.phase is Phase.NEW
    return client("rekognition")


def refused(call: Callable[..., object], **params: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def described(service: Any) -> dict[str, Any]:
    found: list[dict[str, Any]] = service.describe_project_versions(ProjectArn=PROJECT)[
        "ProjectVersionDescriptions"
    ]
    return found[0]


def test_a_version_goes_from_trained_to_running_and_is_stopped_then(service: Any, clock: Hand):
    assert described(service)["Status"] == "TRAINING_COMPLETED"
    started = service.start_project_version(ProjectVersionArn=ARN, MinInferenceUnits=2)
    assert started["Status"] == described(service)["Status"] == "STARTING"
    clock.pass_(minutes=10)
    assert described(service)["Status"] == "RUNNING"
    stopped = service.stop_project_version(ProjectVersionArn=ARN)
    assert stopped["Status"] == described(service)["Status"] == "STOPPING"
    clock.pass_(minutes=2)
    assert described(service)["Status"] == "STOPPED"


def test_a_start_that_fails_is_said_to_have_failed(service: Any, paint: HostedModel, clock: Hand):
    paint.enter(Stage(phase=Phase.FAILED, begin=clock()))
    assert described(service)["Status"] == "FAILED"


def test_units_are_told_from_the_first_start_on(service: Any):
    assert "MinInferenceUnits" not in described(service)
    service.start_project_version(ProjectVersionArn=ARN, MinInferenceUnits=2, MaxInferenceUnits=3)
    found = described(service)
    assert (found["MinInferenceUnits"], found["MaxInferenceUnits"]) == (2, 3)
    assert found["CreationTimestamp"].timestamp() == 1768035600.001


def test_redundant_starts_and_stops_find_it_in_use(service: Any, clock: Hand):
    start, stop = service.start_project_version, service.stop_project_version
    assert refused(stop, ProjectVersionArn=ARN) == "ResourceInUseException"
    start(ProjectVersionArn=ARN, MinInferenceUnits=2)
    for minutes in (0, 10):
        clock.pass_(minutes=minutes)
        again = {"ProjectVersionArn": ARN, "MinInferenceUnits": 2}
        assert refused(start, **again) == "ResourceInUseException"


def test_what_is_unknown_is_not_found(service: Any):
    missing = "ResourceNotFoundException"
    units = {"MinInferenceUnits": 2}
    assert refused(service.start_project_version, ProjectVersionArn=f"{ARN}9", **units) == missing
    assert refused(service.stop_project_version, ProjectVersionArn=f"{ARN}9") == missing
    assert refused(service.describe_project_versions, ProjectArn=f"{PROJECT}9") == missing


def test_a_third_model_and_a_sixth_unit_exceed_the_limits(service: Any, emulator: Emulator):
    start = service.start_project_version
    asked = {"ProjectVersionArn": ARN, "MinInferenceUnits": 6}
    assert refused(start, **asked) == "LimitExceededException"
    for version in (2, 3):
        emulator.add(rekognition(version)).start(2)
    assert refused(start, **{**asked, "MinInferenceUnits": 2}) == "LimitExceededException"


def test_a_maximum_under_the_minimum_is_an_invalid_parameter(service: Any):
    asked = {"ProjectVersionArn": ARN, "MinInferenceUnits": 3, "MaxInferenceUnits": 2}
    assert refused(service.start_project_version, **asked) == "InvalidParameterException"


def test_versions_are_described_newest_first_and_page_by_page(service: Any, emulator: Emulator):
    for version in (3, 2):
        emulator.add(rekognition(version))
    pages = service.get_paginator("describe_project_versions").paginate(
        ProjectArn=PROJECT, PaginationConfig={"PageSize": 2}
    )
    arns = [
        [each["ProjectVersionArn"].split("/")[3] for each in page["ProjectVersionDescriptions"]]
        for page in pages
    ]
    assert arns == [["paint.3", "paint.2"], ["paint.1"]]


def test_versions_can_be_asked_for_by_name(service: Any, emulator: Emulator):
    for version in (2, 3):
        emulator.add(rekognition(version))
    found = service.describe_project_versions(
        ProjectArn=PROJECT, VersionNames=["paint.2", "paint.9"]
    )["ProjectVersionDescriptions"]
    assert [each["ProjectVersionArn"] for each in found] == [
        rekognition(2).address["project_version_arn"]
    ]


def test_a_token_of_no_page_is_refused(service: Any):
    asked = {"ProjectArn": PROJECT, "NextToken": "elsewhere"}
    assert refused(service.describe_project_versions, **asked) == "InvalidPaginationTokenException"


def test_the_services_own_waiter_waits_until_it_runs(service: Any, paint: HostedModel, clock: Hand):
    paint.start(2)
    clock.pass_(minutes=10)
    waiter = service.get_waiter("project_version_running")
    waiter.wait(ProjectArn=PROJECT, WaiterConfig={"MaxAttempts": 1})


def test_projects_are_described_and_can_be_asked_for_by_name(service: Any):
    for params, arns in (({}, [PROJECT]), ({"ProjectNames": ["glue"]}, [])):
        found = service.describe_projects(**params)["ProjectDescriptions"]
        assert [each["ProjectArn"] for each in found] == arns


def test_other_operations_of_the_service_are_left_to_others(emulator: Emulator):
    for target in ("RekognitionService.DetectLabels", "Else.StartProjectVersion", ""):
        request = Request(method="POST", path="/", headers={"x-amz-target": target}, body=b"{}")
        assert emulator.respond(request) is None

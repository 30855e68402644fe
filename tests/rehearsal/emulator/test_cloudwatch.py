"""The metric of units in service, asked by real clients in each protocol that CloudWatch speaks."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.session import Session

from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import HostedModel, Stage
from rehearsal.emulator.series import Archive, Query
from rehearsal.emulator.wire import Request
from tests.rehearsal.emulator.emulated import MORNING, Hand

MINUTE = dt.timedelta(minutes=1)
READY = MORNING + 10 * MINUTE
BOARDS = [
    {"Name": "ProjectName", "Value": "circuit-boards"},
    {"Name": "ModelVersion", "Value": "1"},
]
PAINT = [{"Name": "ProjectName", "Value": "paint"}, {"Name": "VersionName", "Value": "paint.1"}]
NAMESPACES = {"boards": ("AWS/LookoutVision", BOARDS), "paint": ("AWS/Rekognition", PAINT)}


@pytest.fixture(params=["json", "smithy-rpc-v2-cbor", "query"])
def cloudwatch(
    request: pytest.FixtureRequest, session: Session, loader: Loader, tmp_path: Path
) -> Any:
    """Make a client that speaks this protocol only."""
    described = loader.load_service_model("cloudwatch", "service-2")
    metadata = {**described["metadata"], "protocol": request.param, "protocols": [request.param]}
    if request.param == "query":
        metadata.pop("awsQueryCompatible")
    folder = tmp_path / "cloudwatch" / "2010-08-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps({**described, "metadata": metadata}))
    session.register_component("data_loader", Loader(extra_search_paths=[str(tmp_path)]))
    config = Config(retries={"total_max_attempts": 1})
    made: Any = session.create_client("cloudwatch", region_name="eu-central-1", config=config)
    assert made.meta.service_model.resolved_protocol == request.param
    return made


@pytest.fixture
def today(client: Any) -> Any:
    return client("cloudwatch")


def query(name: str, seconds: int = 60, stat: str = "Average") -> dict[str, Any]:
    namespace, dimensions = NAMESPACES[name]
    metric = {
        "Namespace": namespace,
        "MetricName": "InServiceInferenceUnits",
        "Dimensions": dimensions,
    }
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": seconds, "Stat": stat}}


def read(service: Any, *queries: dict[str, Any], **params: object) -> dict[str, list[Any]]:
    span = {"StartTime": MORNING, "EndTime": MORNING + dt.timedelta(days=1)}
    asked = {"MetricDataQueries": list(queries), **span, "ScanBy": "TimestampAscending", **params}
    found = service.get_metric_data(**asked)["MetricDataResults"]
    return {
        each["Id"]: list(zip(each["Timestamps"], each["Values"], strict=True)) for each in found
    }


def ran(model: HostedModel, clock: Hand, minutes: int, units: int = 2) -> None:
    model.start(units)
    clock.pass_(minutes=10 + minutes)
    model.stop()
    clock.pass_(minutes=10)


def test_there_is_a_point_for_each_minute_in_service_and_none_for_others(
    cloudwatch: Any, boards: HostedModel, paint: HostedModel, clock: Hand
):
    ran(boards, clock, minutes=3)
    ran(paint, clock, minutes=2, units=5)
    found = read(cloudwatch, query("boards"), query("paint"))
    assert found["boards"] == [(READY + n * MINUTE, 2.0) for n in range(3)]
    assert [value for _, value in found["paint"]] == [5.0, 5.0]


def test_the_newest_point_comes_first_unless_asked_otherwise(
    cloudwatch: Any, boards: HostedModel, clock: Hand
):
    ran(boards, clock, minutes=2)
    found = read(cloudwatch, query("boards"), ScanBy="TimestampDescending")["boards"]
    assert [instant for instant, _ in found] == [READY + MINUTE, READY]


def test_an_error_travels_in_every_protocol(cloudwatch: Any):
    with pytest.raises(ClientError) as caught:
        read(cloudwatch, {"Id": "sum", "Expression": "SUM(METRICS())"})
    error = caught.value.response["Error"]
    assert (error["Code"], error["Type"]) == ("InvalidParameterValue", "Sender")
    assert "expressions are not emulated" in error["Message"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_statistics_are_told_by_period(cloudwatch: Any, boards: HostedModel, clock: Hand):
    ran(boards, clock, minutes=60)
    found = cloudwatch.get_metric_statistics(
        Namespace="AWS/LookoutVision",
        MetricName="InServiceInferenceUnits",
        Dimensions=BOARDS,
        StartTime=MORNING,
        EndTime=clock.at,
        Period=3600,
        Statistics=["Average", "SampleCount", "Sum"],
    )["Datapoints"]
    assert [
        (each["Timestamp"], each["Average"], each["SampleCount"], each["Sum"]) for each in found
    ] == [
        (MORNING, 2.0, 50.0, 100.0),
        (MORNING + dt.timedelta(hours=1), 2.0, 10.0, 20.0),
    ]


def test_a_clients_own_metrics_are_taken_in_and_recorded(cloudwatch: Any, emulator: Emulator):
    datum = {"MetricName": "Heartbeat", "Value": 1.0}
    cloudwatch.put_metric_data(Namespace="Punchclock", MetricData=[datum])
    call = emulator.calls[-1]
    assert (call.service, call.operation) == ("cloudwatch", "PutMetricData")
    assert call.params["Namespace"] == "Punchclock"


def test_only_models_that_were_in_service_have_a_metric(
    cloudwatch: Any, boards: HostedModel, paint: HostedModel, clock: Hand
):
    paint.start(2)
    paint.stop()
    ran(boards, clock, minutes=1)
    listed = cloudwatch.list_metrics()["Metrics"]
    assert [each["Namespace"] for each in listed] == ["AWS/LookoutVision"]
    assert listed[0]["Dimensions"] == BOARDS
    assert cloudwatch.list_metrics(Namespace="AWS/Rekognition")["Metrics"] == []
    assert cloudwatch.list_metrics(Dimensions=[{"Name": "ModelVersion"}])["Metrics"] == listed
    other = {"Name": "ModelVersion", "Value": "2"}
    assert cloudwatch.list_metrics(Dimensions=[other])["Metrics"] == []


def test_a_point_is_seen_one_minute_after_its_minute_has_ended(
    today: Any, boards: HostedModel, clock: Hand
):
    boards.start(2)
    clock.at = READY + 2 * MINUTE - dt.timedelta(microseconds=1)
    assert read(today, query("boards"))["boards"] == []
    clock.at = READY + 2 * MINUTE
    assert read(today, query("boards"))["boards"] == [(READY, 2.0)]


def test_the_delay_of_points_can_be_chosen(emulator: Emulator, boards: HostedModel, clock: Hand):
    boards.start(2)
    asked = Query(
        namespace="AWS/LookoutVision",
        name="InServiceInferenceUnits",
        dimensions=boards.meter.dimensions,
        begin=MORNING,
        end=MORNING + dt.timedelta(days=1),
        seconds=60,
    )
    clock.at = READY + 6 * MINUTE
    archive = Archive(fleet=emulator.fleet, delay=5 * MINUTE)
    assert archive.read(asked) == [(READY, 2.0)]


def test_units_are_those_in_service_in_each_minute(today: Any, boards: HostedModel, clock: Hand):
    boards.start(2, 4)
    clock.at = READY
    boards.enter(Stage(phase=boards.phase, begin=READY + MINUTE, units=4))
    clock.pass_(minutes=4)
    assert [units for _, units in read(today, query("boards"))["boards"]] == [2.0, 4.0, 4.0]


def test_a_span_is_half_open_and_begins_with_its_whole_first_minute(
    today: Any, boards: HostedModel, clock: Hand
):
    ran(boards, clock, minutes=10)
    half = dt.timedelta(seconds=30)
    span = {"StartTime": READY + MINUTE + half, "EndTime": READY + 3 * MINUTE}
    found = read(today, query("boards"), **span)["boards"]
    assert [instant for instant, _ in found] == [READY + MINUTE, READY + 2 * MINUTE]


def test_points_come_page_by_page(today: Any, boards: HostedModel, paint: HostedModel, clock: Hand):
    ran(boards, clock, minutes=3)
    ran(paint, clock, minutes=3)
    pages = today.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query("boards"), query("paint")],
        StartTime=MORNING,
        EndTime=clock.at,
        MaxDatapoints=2,
    )
    found = [
        [
            (each["Id"], len(each["Values"]), each["StatusCode"])
            for each in page["MetricDataResults"]
        ]
        for page in pages
    ]
    assert found == [
        [("boards", 2, "PartialData"), ("paint", 0, "PartialData")],
        [("boards", 1, "Complete"), ("paint", 1, "PartialData")],
        [("boards", 0, "Complete"), ("paint", 2, "Complete")],
    ]


def test_minutes_are_kept_for_fifteen_days_and_hours_for_longer(
    today: Any, boards: HostedModel, clock: Hand
):
    ran(boards, clock, minutes=3)
    clock.at = READY + MINUTE + dt.timedelta(days=15)
    assert [instant for instant, _ in read(today, query("boards"))["boards"]] == [
        READY + MINUTE,
        READY + 2 * MINUTE,
    ]
    assert read(today, query("boards", 3600, "SampleCount"))["boards"] == [(MORNING, 3.0)]


@pytest.mark.parametrize(
    "wrong",
    [query("boards", 90), query("boards", stat="p99")],
    ids=["period", "statistic"],
)
def test_what_the_metric_does_not_have_is_refused(today: Any, wrong: dict[str, Any]):
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        read(today, wrong)


def test_other_metrics_have_no_points(today: Any, boards: HostedModel, clock: Hand):
    ran(boards, clock, minutes=3)
    other = query("boards")
    other["MetricStat"]["Metric"]["MetricName"] = "Time"
    assert read(today, other, query("paint")) == {"boards": [], "paint": []}


def test_a_query_whose_data_is_not_wanted_is_not_answered(today: Any):
    assert read(today, {**query("boards"), "ReturnData": False}) == {}


def test_a_token_of_no_page_is_refused(today: Any):
    with pytest.raises(ClientError, match="InvalidNextToken"):
        read(today, query("boards"), NextToken="elsewhere")


def test_other_operations_of_the_service_are_left_to_others(emulator: Emulator):
    for request in (
        Request(
            method="POST",
            path="/",
            headers={"x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms"},
        ),
        Request(method="POST", path="/", body=b"Action=DescribeAlarms&Version=2010-08-01"),
        Request(method="POST", path="/", body=b"Action=ListMetrics&Version=2011-06-15"),
    ):
        assert emulator.respond(request) is None

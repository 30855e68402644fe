"""What the meter reads: from the emulator where it can say it, from stubs where it cannot."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from functions import meter
from functions.meter import CloudWatchMeter
from functions.services import clients
from functions.services.catalog import SPECS
from punchclock.errors import Refused, ServiceSilent, Throttled
from punchclock.ports import Reading
from rehearsal.emulator.emulator import Emulator
from tests.functions.services.worlds import KEYS, session, target

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
MORNING = dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC)


def client_of(made: botocore.session.Session, config: Any = clients.ONCE) -> BaseClient:
    return made.create_client("cloudwatch", region_name="eu-central-1", config=config)


@pytest.fixture(scope="module")
def client() -> BaseClient:
    return client_of(session())


@pytest.fixture
def stubber(client: BaseClient) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber


def reading(
    number: int = 1,
    begin: dt.datetime = MORNING,
    minutes: int = 10,
    service: str = "lookoutvision",
) -> Reading:
    seen = target(service, number)
    return Reading(target=seen, begin=begin, end=begin + minutes * MINUTE)


def result(place: int, *values: float, begin: dt.datetime = MORNING, **more: str) -> dict[str, Any]:
    instants = [begin + each * MINUTE for each in range(len(values))]
    return {"Id": f"m{place}", "Timestamps": instants, "Values": list(values), **more}


def answer(*results: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"MetricDataResults": list(results), **more}


def test_the_units_in_service_are_read_minute_by_minute_through_the_real_protocol():
    now = MORNING
    emulator = Emulator(now=lambda: now)
    models = {name: target(name) for name in KEYS}
    hosted = {name: emulator.add(model) for name, model in models.items()}
    made = session()
    made.register("before-send", emulator.answer)
    hosted["lookoutvision"].start(2)
    hosted["rekognition"].start(3)
    now += dt.timedelta(hours=2)
    span = {"begin": MORNING, "end": now}
    found = CloudWatchMeter(client_of(made)).read(
        [Reading(target=model, **span) for model in models.values()]
    )
    for name, units in (("lookoutvision", 2), ("rekognition", 3)):
        points = found[models[name].id]
        [period] = hosted[name].periods()
        first = period.begin.replace(second=0, microsecond=0)
        assert min(points) == first
        assert max(points) >= now - 3 * MINUTE
        assert set(points.values()) == {Decimal(units)}
        assert len(points) == (max(points) - first) // MINUTE + 1


def test_a_model_without_a_datapoint_has_no_minute(client, stubber):
    stubber.add_response("get_metric_data", answer(result(0)))
    assert CloudWatchMeter(client).read([reading()]) == {"lookoutvision:circuit-boards/1": {}}


def test_nothing_to_read_asks_nothing(client, stubber):
    empty = reading(minutes=0)
    assert CloudWatchMeter(client).read([]) == {}
    assert CloudWatchMeter(client).read([empty]) == {empty.target.id: {}}
    assert stubber  # It raises at any call.


def test_the_average_of_every_minute_is_asked_for_with_the_services_own_dimensions(client, stubber):
    stubber.add_response(
        "get_metric_data",
        answer(),
        {
            "MetricDataQueries": [
                {
                    "Id": "m0",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/LookoutVision",
                            "MetricName": "InServiceInferenceUnits",
                            "Dimensions": [
                                {"Name": "ProjectName", "Value": "circuit-boards"},
                                {"Name": "ModelVersion", "Value": "1"},
                            ],
                        },
                        "Period": 60,
                        "Stat": "Average",
                    },
                }
            ],
            "StartTime": MORNING,
            "EndTime": MORNING + 10 * MINUTE,
            "ScanBy": "TimestampAscending",
        },
    )
    CloudWatchMeter(client).read([reading()])
    stubber.assert_no_pending_responses()


def test_minutes_are_utc_and_units_exact(client, stubber):
    berlin = dt.timezone(dt.timedelta(hours=1))
    there = MORNING.astimezone(berlin)
    stubber.add_response("get_metric_data", answer(result(0, 2.0, 2.1, begin=there)))
    points = CloudWatchMeter(client).read([reading()])[reading().target.id]
    assert points == {MORNING: Decimal(2), MORNING + MINUTE: Decimal("2.1")}
    assert {minute.tzinfo for minute in points} == {dt.UTC}


def test_a_result_with_a_time_too_many_is_none(client, stubber):
    odd = result(0, 2.0)
    stubber.add_response(
        "get_metric_data", answer({**odd, "Timestamps": [MORNING, MORNING + MINUTE]})
    )
    with pytest.raises(ValueError, match="shorter"):
        CloudWatchMeter(client).read([reading()])


def test_every_page_is_read(client, stubber):
    later = MORNING + 2 * MINUTE
    first = answer(result(0, 2.0, 2.0, StatusCode="PartialData"), NextToken="more")
    stubber.add_response("get_metric_data", first)
    second = answer(result(0, 3.0, begin=later, StatusCode="Complete"))
    stubber.add_response("get_metric_data", second)
    points = CloudWatchMeter(client).read([reading()])[reading().target.id]
    assert points == {MORNING: 2, MORNING + MINUTE: 2, later: 3}


def test_readings_of_different_spans_share_a_call_and_keep_to_their_own_minutes(client, stubber):
    long = reading(1, minutes=4)
    short = reading(2, begin=MORNING + MINUTE, minutes=2)
    both = [result(place, 2.0, 2.0, 2.0, 2.0) for place in (0, 1)]
    stubber.add_response("get_metric_data", answer(*both))
    found = CloudWatchMeter(client).read([short, long])
    assert {key: len(points) for key, points in found.items()} == {
        long.target.id: 4,
        short.target.id: 2,
    }
    assert min(found[short.target.id]) == MORNING + MINUTE


def test_two_readings_of_one_model_are_put_together(client, stubber):
    early, late = reading(minutes=2), reading(begin=MORNING + 5 * MINUTE, minutes=2)
    stubber.add_response(
        "get_metric_data",
        answer(result(0, 2.0, 2.0), result(1, 3.0, 3.0, begin=MORNING + 5 * MINUTE)),
    )
    points = CloudWatchMeter(client).read([early, late])[early.target.id]
    assert list(points.values()) == [2, 2, 3, 3]


def test_a_reading_that_no_call_has_room_for_is_one_of_its_own():
    long = reading(1, minutes=100_801)
    assert list(meter.together([long])) == [[long]]


def test_the_meter_may_read_metrics_and_nothing_else():
    assert meter.PERMISSIONS == ("cloudwatch:GetMetricData",)


@pytest.mark.parametrize(
    ("readings", "sizes"),
    [
        ([reading(n) for n in range(1, 502)], [500, 1]),
        ([reading(n, minutes=1440) for n in range(1, 75)], [70, 4]),
        ([reading(1, minutes=100_800), reading(2)], [1, 1]),
        ([reading(1, minutes=50_400), reading(2, minutes=50_400)], [2]),
        ([reading(1, minutes=50_401), reading(2, minutes=50_400)], [1, 1]),
        ([reading(1), reading(2, begin=MORNING + 34 * DAY)], [2]),
        ([reading(1), reading(2, begin=MORNING + 36 * DAY)], [1, 1]),
        ([reading(n, begin=MORNING + n % 2 * 30 * DAY) for n in range(1, 5)], [2, 2]),
    ],
    ids=["metrics", "datapoints", "long", "just", "just not", "far", "farther", "apart"],
)
def test_readings_are_shared_out_within_the_limits_of_a_call(readings, sizes):
    shared = list(meter.together(readings))
    assert [len(some) for some in shared] == sizes
    assert {id(each) for some in shared for each in some} == {id(each) for each in readings}
    for some in shared:
        minutes = (max(r.end for r in some) - min(r.begin for r in some)) // MINUTE
        assert len(some) <= 500
        assert len(some) * minutes <= 100_800


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDenied", 403, Refused),
        ("InvalidParameterValue", 400, Refused),
        ("Throttling", 400, Throttled),
        ("ThrottlingException", 400, Throttled),
        ("RequestLimitExceeded", 400, Throttled),
        ("InternalServiceFault", 500, ServiceSilent),
        ("InternalServiceFault", 400, ServiceSilent),
    ],
)
def test_an_error_says_what_its_caller_can_do(client, stubber, code, status, expected):
    stubber.add_client_error("get_metric_data", code, "so it is", status)
    with pytest.raises(expected, match=code) as caught:
        CloudWatchMeter(client).read([reading()])
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("status", "expected"), [("InternalError", ServiceSilent), ("Forbidden", Refused)]
)
def test_an_incomplete_reading_is_none_because_it_would_bill_too_little(
    client, stubber, status, expected
):
    stubber.add_response("get_metric_data", answer(result(0, 2.0, StatusCode=status)))
    with pytest.raises(expected, match="lookoutvision:circuit-boards/1"):
        CloudWatchMeter(client).read([reading()])


def test_no_answer_is_silence():
    def unplug(request, **_):
        raise ReadTimeoutError(endpoint_url=request.url)

    made = session()
    made.register("before-send", unplug)
    with pytest.raises(ServiceSilent):
        CloudWatchMeter(client_of(made)).read([reading()])


def test_every_service_of_the_catalog_can_be_metered(client, stubber):
    stubber.add_response("get_metric_data", answer())
    readings = [reading(service=name) for name in SPECS]
    assert set(CloudWatchMeter(client).read(readings)) == {each.target.id for each in readings}

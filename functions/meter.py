"""How many units of a model were in service, minute by minute, as CloudWatch knows it?"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from botocore.client import BaseClient

from functions.services.catalog import SPECS
from functions.services.refusals import Meanings, translated
from punchclock.errors import PunchclockError, Refused, ServiceSilent, Throttled
from punchclock.localtime import MINUTE
from punchclock.ports import Reading

PERMISSIONS = ("cloudwatch:GetMetricData",)
"""IAM actions of ``read``; CloudWatch knows no resource but ``*``."""

QUERIES = 500
"""Most metrics that one GetMetricData takes. Source: its API reference, like the next."""

DATAPOINTS = 100_800
"""Most datapoints that one GetMetricData answers with."""

KEPT = dt.timedelta(days=15)
"""How long CloudWatch keeps datapoints of a minute. Source: its user guide, "Metrics retention"."""

MEANINGS: Meanings = {
    "InternalServiceFault": ServiceSilent,
    "RequestLimitExceeded": Throttled,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
}
"""What CloudWatch's errors mean."""

INCOMPLETE: Mapping[str, type[PunchclockError]] = {
    "InternalError": ServiceSilent,
    "Forbidden": Refused,
}
"""What a result's ``StatusCode`` means where datapoints are missing, so none may be counted."""


class CloudWatchMeter:
    """The meter in CloudWatch: each service's own metric of units in service."""

    def __init__(self, client: BaseClient) -> None:
        """Take a CloudWatch client."""
        self._client = client

    def read(self, readings: Collection[Reading]) -> Mapping[str, Mapping[dt.datetime, Decimal]]:
        """Return units in service by UTC minute, by target id; no datapoint, no minute.

        A reading without length has no minute. Raises ``Throttled``, ``ServiceSilent`` or
        ``Refused``: it answers for all readings or for none.
        """
        found: dict[str, dict[dt.datetime, Decimal]] = {each.target.id: {} for each in readings}
        for some in together(readings):
            for reading, minute, units in self._points(some):
                if reading.begin <= minute < reading.end:
                    found[reading.target.id][minute] = units
        return found

    def _points(
        self, readings: Sequence[Reading]
    ) -> Iterator[tuple[Reading, dt.datetime, Decimal]]:
        begin, end = _span(readings)
        pages = self._client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[_query(place, reading) for place, reading in enumerate(readings)],
            StartTime=begin,
            EndTime=end,
            ScanBy="TimestampAscending",
        )
        with translated(MEANINGS):
            for page in pages:
                for result in page["MetricDataResults"]:
                    yield from _values(readings[int(result["Id"].removeprefix("m"))], result)


def together(readings: Collection[Reading]) -> Iterator[list[Reading]]:
    """Share readings out to few calls, each within CloudWatch's limits.

    A call has one span for all that it asks, so readings that begin alike go together.
    """
    some: list[Reading] = []
    lasting = (each for each in readings if each.begin < each.end)
    for reading in sorted(lasting, key=lambda each: (each.begin, each.end)):
        if some and not _fits([*some, reading]):
            yield some
            some = []
        some.append(reading)
    if some:
        yield some


def _fits(readings: Sequence[Reading]) -> bool:
    begin, end = _span(readings)
    minutes = -((begin - end) // MINUTE)
    return len(readings) <= QUERIES and len(readings) * minutes <= DATAPOINTS


def _span(readings: Sequence[Reading]) -> tuple[dt.datetime, dt.datetime]:
    return min(each.begin for each in readings), max(each.end for each in readings)


def _query(place: int, reading: Reading) -> dict[str, object]:
    metric = SPECS[reading.target.service].metric(reading.target)
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions.items()]
    return {
        "Id": f"m{place}",
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": dimensions,
            },
            "Period": 60,
            # The only valid statistic of this metric. Source: the Custom Labels guide.
            "Stat": "Average",
        },
    }


def _values(
    reading: Reading, result: Mapping[str, Any]
) -> Iterator[tuple[Reading, dt.datetime, Decimal]]:
    status = str(result.get("StatusCode", "Complete"))
    if status in INCOMPLETE:
        message = f"the metric of {reading.target.id} is incomplete: {status}"
        raise INCOMPLETE[status](message)
    for instant, value in zip(result["Timestamps"], result["Values"], strict=True):
        yield reading, instant.astimezone(dt.UTC), Decimal(str(value))

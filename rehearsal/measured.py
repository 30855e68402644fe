"""What does CloudWatch answer of the metrics that the functions send themselves, in their log?"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.journal import NAMESPACE
from punchclock.minutes import floor
from rehearsal.emulator.emulator import Gate
from rehearsal.emulator.wire import Call, Result
from rehearsal.world import Line

_EMBEDDED = "_aws"
"""The key by which CloudWatch knows a line that has metrics."""


def measured(lines: Sequence[Line]) -> Gate:
    """Return what answers questions about the functions' own metrics from what they have logged.

    Minute by minute, whatever the statistic: these are gauges and counts, sent once a minute.
    """

    def gate(call: Call, act: Callable[[], Result]) -> Result:
        asked: Any = call.params.get("MetricDataQueries")
        if call.operation != "GetMetricData" or not all(map(_ours, asked)):
            return act()
        begin, end = (_utc(call.params[key]) for key in ("StartTime", "EndTime"))
        return {"MetricDataResults": [_result(each, lines, begin, end) for each in asked]}

    return gate


def _ours(query: Mapping[str, Any]) -> bool:
    return bool(query.get("MetricStat", {}).get("Metric", {}).get("Namespace") == NAMESPACE)


def _result(
    query: Mapping[str, Any], lines: Sequence[Line], begin: dt.datetime, end: dt.datetime
) -> Mapping[str, object]:
    points = dict(_points(query["MetricStat"]["Metric"]["MetricName"], lines, begin, end))
    return {
        "Id": query["Id"],
        "Timestamps": list(points),
        "Values": list(points.values()),
        "StatusCode": "Complete",
    }


def _points(
    name: str, lines: Sequence[Line], begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, float]]:
    """Yield values by minute, the last first, as CloudWatch does."""
    for line in reversed(lines):
        if line.at < begin:
            return
        if line.at < end and _EMBEDDED in line.fields and name in line.fields:
            (value,) = line.fields[name]
            yield floor(line.at), float(value)


def _utc(instant: Any) -> dt.datetime:  # noqa: ANN401 - what the wire has read
    found: dt.datetime = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    return found.astimezone(dt.UTC)

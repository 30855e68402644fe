"""What does CloudWatch answer? Units in service, by the minute; all else is only taken in."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from rehearsal.emulator.codecs import SERVICE, Cbor, Codec, Form, Json
from rehearsal.emulator.hosting import HostedModel
from rehearsal.emulator.refusals import Kind, Refusal, Trouble
from rehearsal.emulator.series import METRIC, Archive, Point, Query
from rehearsal.emulator.wire import Call, Reply, Request, Result, page

_MOST_POINTS = 100_800
_MOST_QUERIES = 500
_MOST_STATISTICS = 1_440
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudWatch:
    """The service's side of the wire."""

    archive: Archive
    codecs: tuple[Codec, ...] = (Json(), Cbor(), Form())

    codes: ClassVar[Mapping[Kind, tuple[str, int]]] = {
        Kind.BUSY: ("ConcurrentModificationException", 429),
        Kind.QUOTA: ("LimitExceeded", 400),
        Kind.UNKNOWN: ("ResourceNotFound", 404),
        Kind.INVALID: ("InvalidParameterValue", 400),
        Kind.PAGE: ("InvalidNextToken", 400),
        Kind.DENIED: ("AccessDenied", 403),
        Kind.THROTTLED: ("Throttling", 400),
        Kind.BROKEN: ("InternalServiceError", 500),
    }

    def recognize(self, request: Request) -> Call | None:
        """Tell an operation in any of the protocols."""
        for codec in self.codecs:
            operation = codec.operation(request)
            if operation is not None and operation in _OPERATIONS:
                params = codec.read(operation, request)
                return Call(service=SERVICE, operation=operation, params=params, request=request)
        return None

    def execute(self, call: Call) -> Result:
        """Do it. Raises ``Trouble``."""
        return _OPERATIONS[call.operation](self, call.params)

    def reply(self, call: Call, result: Result) -> Reply:
        """Write a result."""
        return self._codec(call.request).write(call.operation, result)

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Write an error."""
        return self._codec(request).refuse(refusal)

    def get_metric_data(self, params: Mapping[str, Any]) -> Result:
        """Answer several queries, page by page."""
        asked = params["MetricDataQueries"]
        if len(asked) > _MOST_QUERIES:
            raise Trouble(Kind.INVALID, f"{len(asked)} queries; at most {_MOST_QUERIES} at a time")
        most = min(int(params.get("MaxDatapoints") or _MOST_POINTS), _MOST_POINTS)
        ascending = params.get("ScanBy") == "TimestampAscending"
        lines = {
            each["Id"]: self._line(each, params, ascending=ascending)
            for each in asked
            if _wanted(each)
        }
        first = _offset(params.get("NextToken"))
        results = []
        # A page is a stretch of all the points of all the queries, one after the other.
        skip, room, more = first, most, False
        for name, points in lines.items():
            part = points[skip : skip + room]
            complete = skip + len(part) >= len(points)
            skip, room, more = max(0, skip - len(points)), room - len(part), more or not complete
            results.append(_answer(name, part, complete=complete))
        token = {"NextToken": str(first + most)} if more else {}
        return {"MetricDataResults": results, "Messages": [], **token}

    def get_metric_statistics(self, params: Mapping[str, Any]) -> Result:
        """Answer one query, with several statistics."""
        query = _query(params, params, params["Period"])
        rows: dict[dt.datetime, dict[str, object]] = {}
        for statistic in params.get("Statistics") or ["Average"]:
            for instant, value in self.archive.read(replace(query, statistic=statistic)):
                row = rows.setdefault(instant, {"Timestamp": instant, "Unit": "None"})
                row[statistic] = value
        if len(rows) > _MOST_STATISTICS:
            message = f"{len(rows)} datapoints; at most {_MOST_STATISTICS}, so ask for fewer"
            raise Refusal("InvalidParameterCombination", message)
        return {"Label": query.name, "Datapoints": list(rows.values())}

    def list_metrics(self, params: Mapping[str, Any]) -> Result:
        """List the metrics of models that were in service."""
        wanted = [(each["Name"], each.get("Value")) for each in params.get("Dimensions") or []]
        found = [
            _listed(model)
            for model in self.archive.metrics()
            if params.get("Namespace") in {None, model.meter.namespace}
            and params.get("MetricName") in {None, METRIC}
            and all(_has(model, name, value) for name, value in wanted)
        ]
        metrics, token = page(found, params.get("NextToken"), None, _PAGE)
        return {"Metrics": list(metrics), **({"NextToken": token} if token else {})}

    def put_metric_data(self, params: Mapping[str, Any]) -> Result:
        """Take a client's own metrics in; they are kept with the calls, and never answered."""
        del params
        return {}

    def _line(
        self, asked: Mapping[str, Any], params: Mapping[str, Any], *, ascending: bool
    ) -> list[Point]:
        stat = asked.get("MetricStat")
        if stat is None:
            raise Trouble(Kind.INVALID, f"{asked['Id']}: expressions are not emulated")
        query = replace(_query(stat["Metric"], params, stat["Period"]), statistic=stat["Stat"])
        points = self.archive.read(query)
        return points if ascending else points[::-1]

    def _codec(self, request: Request) -> Codec:
        return next(codec for codec in self.codecs if codec.operation(request))


_OPERATIONS: dict[str, Callable[[CloudWatch, Mapping[str, Any]], Result]] = {
    "GetMetricData": CloudWatch.get_metric_data,
    "GetMetricStatistics": CloudWatch.get_metric_statistics,
    "ListMetrics": CloudWatch.list_metrics,
    "PutMetricData": CloudWatch.put_metric_data,
}


def _query(metric: Mapping[str, Any], span: Mapping[str, Any], seconds: object) -> Query:
    return Query(
        namespace=metric["Namespace"],
        name=metric["MetricName"],
        dimensions={each["Name"]: each["Value"] for each in metric.get("Dimensions") or []},
        begin=_utc(span["StartTime"]),
        end=_utc(span["EndTime"]),
        seconds=int(str(seconds)),
    )


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


def _wanted(asked: Mapping[str, Any]) -> bool:
    return bool(asked.get("ReturnData", True))


def _offset(token: object) -> int:
    text = str(token or 0)
    if not text.isdecimal():
        raise Trouble(Kind.PAGE, f"{text} is no token of this query")
    return int(text)


def _answer(name: str, points: list[Point], *, complete: bool) -> dict[str, object]:
    return {
        "Id": name,
        "Label": METRIC,
        "Timestamps": [instant for instant, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete" if complete else "PartialData",
    }


def _listed(model: HostedModel) -> dict[str, object]:
    dimensions = [{"Name": key, "Value": each} for key, each in model.meter.dimensions.items()]
    return {"Namespace": model.meter.namespace, "MetricName": METRIC, "Dimensions": dimensions}


def _has(model: HostedModel, name: str, value: str | None) -> bool:
    found = model.meter.dimensions.get(name)
    return found is not None and value in {None, found}

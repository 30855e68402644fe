"""The log and the metrics, by Powertools: JSON lines on standard output, which is all Lambda needs.

One line says one thing that changed. Names of events and metrics are the constants here.
"""

import datetime as dt
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import TextIO, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

DECISION = "decision"
READY = "ready"
SEEN = "seen"
STOPPED = "stopped"
CALLED = "called"
"""The sweep has called for starts and stops: how many."""
MISSED = "event missed"
"""A schedule's event has not arrived; the sweep has done its work."""
NOT_YET = "not yet"
REFUSED = "refused"
CONFLICT = "conflict"
INCIDENT = "incident"
INCIDENT_OVER = "incident over"
UNTOLD = "untold"
"""People could not be told of incidents: which."""
TIMECARD = "timecard"
"""A card is closed: what its run cost."""
DAY = "day"
"""A local day is over and settled: what a model cost on it, and in its month so far."""
CORRECTION = "correction"
"""The metric of a closed card says something else now."""

NAMESPACE = "Punchclock"
PLANT = "plant"
"""The one dimension of every metric: a dimension more would be a billed metric more."""

HEARTBEAT = "Heartbeat"
"""Count; sent each minute at the end of a complete sweep."""
COST_PER_HOUR = "CostPerHour"
"""USD per hour of what runs now; sent each minute."""
MODELS_LATE = "ModelsLate"
"""Count of models that are not ready although their window has begun; sent where there are any."""
MODELS_OUTSIDE = "ModelsOutsideShifts"
"""Count of hosted models that no shift wants; sent where there are any."""
CAPACITY_LOW = "CapacityBelowMinimum"
"""Count of models in service with fewer units than their least; sent where there are any."""
START_DURATION = "StartDuration"
"""Seconds from asked to ready; sent once per start."""
UNIT_HOURS = "UnitHours"
"""Unit-hours of a run; sent once per closed timecard."""
RUN_COST = "RunCost"
"""USD of a run; sent once per closed timecard."""
UNSCHEDULED_COST = "UnscheduledCost"
"""USD of minutes that no shift wanted; sent once per closed timecard that has any."""
MONTH_TO_DATE = "MonthToDateCost"
"""USD of the month so far, a gauge: its statistic is Maximum; sent every third hour."""
FORECAST = "ForecastCost"
"""USD of the month so far and of the plan of its rest, a gauge; sent twice a day."""
PLANNED_MONTH = "PlannedMonthCost"
"""USD that the plan of the whole month asks for, a gauge; sent twice a day."""


class PowertoolsJournal:
    """The journal of a plant."""

    def __init__(self, plant: str, now: Callable[[], dt.datetime]) -> None:
        """Write for a plant, with the times of a clock."""
        self._plant = plant
        self._now = now
        self._logger = Logger(
            service="punchclock",
            level="INFO",
            stream=cast("TextIO", _StandardOutput()),
            logger_formatter=None,
            json_default=_plain,
            timestamp=None,
            location=None,
            sampling_rate=None,
        )

    def note(self, event: str, **data: object) -> None:
        """Write one line."""
        self._logger.info(event, extra=self._fields(data))

    def warn(self, event: str, **data: object) -> None:
        """Write one line that asks for attention."""
        self._logger.warning(event, extra=self._fields(data))

    def measure(self, name: str, value: float, unit: str) -> None:
        """Send one value of a metric of the plant, as a line in the embedded metric format."""
        metrics = AmazonCloudWatchEMFProvider(
            namespace=NAMESPACE,
            metric_set={},
            dimension_set={},
            metadata_set={},
            default_dimensions={},
        )
        metrics.add_dimension(PLANT, self._plant)
        metrics.add_metric(name, unit, value)
        # Not set_timestamp, which holds the time against a clock of its own.
        metrics.timestamp = int(self._now().timestamp() * 1000)
        metrics.flush_metrics()

    def _fields(self, data: dict[str, object]) -> dict[str, object]:
        said = {key: value for key, value in data.items() if value is not None}
        return {"at": _plain(self._now()), PLANT: self._plant, **said}


class _StandardOutput:
    """Whatever standard output is when a line is written, not when the logger was made."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return str(value)
    message = f"{type(value).__name__} has no place in a log line"
    raise TypeError(message)

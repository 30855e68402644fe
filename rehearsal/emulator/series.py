"""What does CloudWatch know of the units in service of a model, and from when on?"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import MINUTE, HostedModel
from rehearsal.emulator.refusals import Kind, Trouble

METRIC = "InServiceInferenceUnits"

STATISTICS: dict[str, Callable[[Sequence[int]], float]] = {
    "Average": fmean,
    "Sum": lambda values: float(sum(values)),
    "Minimum": lambda values: float(min(values)),
    "Maximum": lambda values: float(max(values)),
    "SampleCount": lambda values: float(len(values)),
}
"""Each minute in service is one sample."""

_KEPT = (
    (300, dt.timedelta(days=15)),
    (3600, dt.timedelta(days=63)),
)
"""How long points of a period below so many seconds are kept."""
_KEPT_LONGEST = dt.timedelta(days=455)
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A metric over [begin, end), one value per period."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    begin: dt.datetime
    end: dt.datetime
    seconds: int
    """Length of a period, a multiple of 60."""
    statistic: str = "Average"


Point = tuple[dt.datetime, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The metric of every model of a fleet: a point for each minute in service, none for others."""

    fleet: Fleet
    delay: dt.timedelta = MINUTE
    """How long after the end of its minute a point can be seen."""

    def metrics(self) -> Iterator[HostedModel]:
        """Yield the models that have points, which are those that were in service once."""
        return (model for model in self.fleet if model.periods())

    def read(self, query: Query) -> list[Point]:
        """Return the points of a query, ascending. Raises ``Trouble`` (INVALID)."""
        if query.seconds < 1 or query.seconds % 60:
            raise Trouble(Kind.INVALID, f"period {query.seconds}; a multiple of 60 would do")
        if query.statistic not in STATISTICS:
            raise Trouble(Kind.INVALID, f"statistic {query.statistic}; Average would do")
        model = self.fleet.metered(query.namespace, query.dimensions)
        if model is None or query.name != METRIC:
            return []
        found = model.unit_minutes(*self._reach(query))
        if query.seconds == 60 and query.statistic == "Average":  # noqa: PLR2004 - the common case
            return [(minute, float(units)) for minute, units in found.items()]
        return list(_grouped(found, query))

    def _reach(self, query: Query) -> tuple[dt.datetime, dt.datetime]:
        now = self.fleet.now()
        kept = next((age for below, age in _KEPT if query.seconds < below), _KEPT_LONGEST)
        begin = _period(query.begin, query.seconds)
        return max(begin, now - kept), min(query.end, _period(now - self.delay, 60))


def _grouped(found: Mapping[dt.datetime, int], query: Query) -> Iterator[Point]:
    reduce = STATISTICS[query.statistic]
    for begin, minutes in groupby(found, key=lambda minute: _period(minute, query.seconds)):
        yield begin, reduce([found[minute] for minute in minutes])


def _period(instant: dt.datetime, seconds: int) -> dt.datetime:
    return instant - (instant - _EPOCH) % dt.timedelta(seconds=seconds)

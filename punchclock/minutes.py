"""Which minutes was a model in service, on how many units, how is that known, and what for?"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from punchclock.localtime import MINUTE

_NONE = Decimal(0)


class Basis(StrEnum):
    """How we know that a minute was in service."""

    METERED = "metered"
    """A datapoint of the service's own metric."""
    OBSERVED = "observed"
    """No datapoint, but the service said that the model was running."""


class Purpose(StrEnum):
    """What a paid minute was for."""

    SHIFT = "shift"
    """From the first window's start to the last one's end, bridged pauses included."""
    OVERTIME = "overtime"
    """On somebody's word, overtime or a hold, when no shift wants it."""
    LEAD = "lead"
    LATE_STOP = "late_stop"
    UNSCHEDULED = "unscheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval in which the service was seen to have the model in service."""

    begin: dt.datetime
    end: dt.datetime | None = None
    units: int | None = None
    """What it was seen with, where that is not what its card says now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one card used on one local day."""

    day: dt.date
    minutes: Mapping[Basis, int]
    unit_minutes: Mapping[Purpose, Decimal]

    def __add__(self, other: "Day") -> "Day":
        """Return both parts of the day together."""
        return Day(
            day=self.day,
            minutes={
                each: self.minutes.get(each, 0) + other.minutes.get(each, 0)
                for each in (*self.minutes, *other.minutes)
            },
            unit_minutes={
                each: self.unit_minutes.get(each, _NONE) + other.unit_minutes.get(each, _NONE)
                for each in (*self.unit_minutes, *other.unit_minutes)
            },
        )


class Minute(NamedTuple):
    """One UTC minute in service."""

    begin: dt.datetime
    units: Decimal
    basis: Basis


def in_service(
    spans: Iterable[Span],
    points: Mapping[dt.datetime, Decimal],
    units: int,
    begin: dt.datetime,
    end: dt.datetime,
) -> Iterator[Minute]:
    """Yield the minutes in service that begin in [``begin``, ``end``), ascending.

    ``points`` are units in service by UTC minute. A minute with a datapoint is metered; one
    without, in which the model was seen running, is observed with the last known units of its span,
    which are ``units``, or the span's own, before its first datapoint. A datapoint of 0 is a minute
    out of service.
    """
    metered = {minute: value for minute, value in points.items() if begin <= minute < end}
    seen = {minute: span for span in spans for minute in _seen(span, begin, end)}
    current = next(iter(seen.values()), Span(begin=begin))
    last = Decimal(current.units or units)
    for minute in sorted(metered.keys() | seen.keys()):
        span = seen.get(minute, current)
        if span is not current:
            current, last = span, Decimal(span.units or units)
        value = metered.get(minute)
        basis = Basis.OBSERVED if value is None else Basis.METERED
        value = last if value is None else value
        if value:
            last = value
            yield Minute(minute, value, basis)


def floor(instant: dt.datetime) -> dt.datetime:
    """Return the beginning of an instant's minute."""
    return instant.replace(second=0, microsecond=0)


def _seen(span: Span, begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    minute = floor(max(span.begin, begin))
    last = min(span.end or end, end)
    while minute < last:
        yield minute
        minute += MINUTE

"""When is a wall time? The zone's rules of that very day, without ever falling short (law of time, 2).

``datetime`` answers for both of its ``fold`` values, and the two answers differ only around a clock
change: in a gap the first is the later one, moved forward by the gap's length; in a fold the first is
the first pass.
"""

import datetime as dt
from zoneinfo import ZoneInfo

MIDNIGHT = dt.time()
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def starting(day: dt.date, wall: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant of a start: moved forward out of a gap, the first pass of a fold."""
    return dt.datetime.combine(day, wall, zone).astimezone(dt.UTC)


def ending(day: dt.date, wall: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant of an end: moved forward out of a gap, the second pass of a fold."""
    local = dt.datetime.combine(day, wall, zone)
    return max(local.astimezone(dt.UTC), local.replace(fold=1).astimezone(dt.UTC))


def exists(day: dt.date, zone: ZoneInfo) -> bool:
    """Whether the zone has this date at all: Pacific/Apia went from 2011-12-29 to 2011-12-31."""
    return starting(day, MIDNIGHT, zone) < starting(day + DAY, MIDNIGHT, zone)


def day_of(instant: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the local date of an instant."""
    return instant.astimezone(zone).date()

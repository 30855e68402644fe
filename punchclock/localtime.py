"""When is a wall time? By the zone's rules of that very day, never falling short (law of time, 2).

``datetime`` answers for both of its ``fold`` values, and the two answers differ only around a clock
change: in a gap the first is the later one, moved forward by the gap's length; in a fold the first
is the first pass.
"""

import datetime as dt
from zoneinfo import ZoneInfo

MIDNIGHT = dt.time()
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
_NO_OFFSET = dt.timedelta()


def starting(day: dt.date, wall: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant of a start: moved forward out of a gap, the first pass of a fold."""
    shown = dt.datetime.combine(day, wall, dt.UTC)
    # The zone looks at what the walls show, whichever zone the value names; `astimezone` would cost
    # three times as much, and a model around the clock is asked for fifty years.
    return shown - (zone.utcoffset(shown) or _NO_OFFSET)


def ending(day: dt.date, wall: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant of an end: moved forward out of a gap, the second pass of a fold."""
    return max(starting(day, wall, zone), starting(day, wall.replace(fold=1), zone))


def exists(day: dt.date, zone: ZoneInfo) -> bool:
    """Whether the zone has this date at all: Pacific/Apia went from 2011-12-29 to 2011-12-31."""
    return starting(day, MIDNIGHT, zone) < starting(day + DAY, MIDNIGHT, zone)


def day_of(instant: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the local date of an instant."""
    return instant.astimezone(zone).date()

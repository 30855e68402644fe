"""When do the clocks of a zone change, and what does EventBridge Scheduler make of it?

In the gap of spring a wall time is missing and a schedule for it is skipped; in the fold of autumn
one occurs twice and a schedule for it fires once, at the first pass. Source: EventBridge Scheduler,
schedule types.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from punchclock import localtime

_STEP = dt.timedelta(hours=6)
"""Clocks do not change twice within this time."""
_SECOND = dt.timedelta(seconds=1)
_NONE = dt.timedelta()


class Change(NamedTuple):
    """One change of a zone's clocks."""

    at: dt.datetime
    """The first instant of the new time, in UTC."""
    before: dt.timedelta
    after: dt.timedelta
    """What the clocks are ahead of UTC."""

    @property
    def left(self) -> dt.datetime:
        """What the clocks would have shown then."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def reached(self) -> dt.datetime:
        """What they show instead."""
        return (self.at + self.after).replace(tzinfo=None)


def changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[Change]:
    """Yield the changes of a zone's clocks within [begin, end), ascending."""
    early = begin - _SECOND
    while early < end:
        late = min(early + _STEP, end)
        before, after = _ahead(early, zone), _ahead(late, zone)
        if before != after:
            at = _first(early, late, zone)
            if at < end:
                yield Change(at, before, after)
        early = late


def fired(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """Return when a schedule for a wall time fires: never where the clocks skip it."""
    instant = localtime.starting(wall.date(), wall.time(), zone)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None


def twice(wall: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks show a wall time two times."""
    times = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or _NONE for fold in (0, 1))
    first, second = times
    return second < first


def _ahead(instant: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return instant.astimezone(zone).utcoffset() or _NONE


def _first(early: dt.datetime, late: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the first second between two instants at which the later one's time holds."""
    new = _ahead(late, zone)
    seconds = range(1, (late - early) // _SECOND + 1)
    least, most = 0, len(seconds) - 1
    while least < most:
        middle = (least + most) // 2
        if _ahead(early + dt.timedelta(seconds=seconds[middle]), zone) == new:
            most = middle
        else:
            least = middle + 1
    return early + dt.timedelta(seconds=seconds[least])

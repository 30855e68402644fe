"""Do the events of the schedules still arrive?

The sweep finds whatever an event has left undone, so nobody would notice that no event comes any
more, and every start would be up to a minute late. One event may be lost or late, and a clock
change may skip an hour of them; so they count as gone only when two of a kind that were due more
than an hour apart have not come, and none in between.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from punchclock.actions import Action
from punchclock.errors import OutOfRange
from punchclock.timetables import Timetable

GRACE = dt.timedelta(minutes=10)
"""How late an event may be before it is missed."""

REACH = dt.timedelta(minutes=15)
"""For how long after that the end of a run is still looked at: sweeps may be missing too."""

APART = dt.timedelta(hours=1)
"""An event proves for so long that others would have come. In autumn it comes an hour before the
second pass, and in spring those of one hour are skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is known of the events of one kind."""

    arrived: dt.datetime | None = None
    """When the latest one that has arrived was due."""
    missed: dt.datetime | None = None
    """When the first one was due that has not arrived, if none has arrived since."""


class Hearing(Enum):
    """What that comes to."""

    FINE = auto()
    MISSED = auto()
    """One has not arrived, for the first time."""
    WAITING = auto()
    """None has arrived since one was missed."""
    GONE = auto()
    """Another one has not arrived, long after the first: a person must look."""


def judged(heard: Heard, due: dt.datetime | None) -> Hearing:
    """Judge whether events of a kind arrive, the latest of which was ``due`` lately, if any."""
    if heard.missed is not None:
        again = due is not None and due - heard.missed > APART
        return Hearing.GONE if again else Hearing.WAITING
    if due is not None and (heard.arrived is None or heard.arrived < due - APART):
        return Hearing.MISSED
    return Hearing.FINE


def latest_due(
    tables: Iterable[Timetable], since: dt.datetime, now: dt.datetime
) -> Mapping[Action, dt.datetime]:
    """Return when the latest event of each kind was due that should have arrived by now.

    Runs as the plant file has them: what is said at the desk has no schedule. Events from before
    ``since`` are nobody's.
    """
    by = now - GRACE
    found: dict[Action, list[dt.datetime]] = {Action.START: [], Action.STOP: []}
    for table in tables:
        # What cannot be planned is told of otherwise.
        with suppress(OutOfRange):
            # The earlier instant first: a timetable works out the day from where it is asked.
            ended, begun = table.run_at(by - REACH), table.run_at(by)
            if ended is not None and ended.stop <= by:
                found[Action.STOP].append(ended.stop)
            if begun is not None:
                found[Action.START].append(begun.start)
    late = {action: [each for each in dues if each > since] for action, dues in found.items()}
    return {action: max(dues) for action, dues in late.items() if dues}

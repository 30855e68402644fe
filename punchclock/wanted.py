"""Which run is on, of a model that was started before its file said something else?

A closure that arrives after its run was asked for changes nothing (law of time, 3). So of a day
that has begun, hours that are on an open card are worked although the day is closed by now; a day
that is still to come is taken away, however long the run goes on. Whoever wants a model off now
holds it off.
"""

import datetime as dt
from collections.abc import Iterator

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.minutes import Purpose
from punchclock.runs import Run
from punchclock.shifts import Calendar
from punchclock.timecards import Timecard
from punchclock.timetables import Timetable
from punchclock.windows import Worked


def run_on(table: Timetable, card: Timecard | None, now: dt.datetime) -> Run | None:
    """Return the run that is on at an instant, lead included, or None.

    ``card`` is the model's open card. Raises ``OutOfRange`` where nobody knows.
    """
    if table.calendar is None or card is None or not card.ours:
        return table.run_at(now)
    asked = list(_asked_for(table, table.calendar, card, now))
    begun = {hours.day for hours, _ in asked if hours.start - table.lead <= now}
    return table.keeping([each for each in asked if each[0].day in begun]).run_at(now)


def _asked_for(
    table: Timetable, calendar: Calendar, card: Timecard, now: dt.datetime
) -> Iterator[Worked]:
    """Yield what a card has of the hours of days close by that are closed.

    Nobody closes a day and asks for a run on it: they were closed afterwards. But what is on the
    card by somebody's word alone was no shift's.
    """
    ready, stop = card.planned_ready or card.opened, card.planned_stop or now
    zone = table.almanac.zone
    first = localtime.day_of(now, zone) - 2 * DAY
    last = localtime.day_of(now + table.lead, zone)
    for hours, units in table.almanac.worked(table.assignments, None, first, last):
        start, end = max(hours.start, ready), min(hours.end, stop)
        if (
            hours.shift in card.shifts
            and start < end
            and card.purpose(start) is Purpose.SHIFT
            and _is_closed(calendar, hours.day)
        ):
            yield hours._replace(start=start, end=end), units


def _is_closed(calendar: Calendar, day: dt.date) -> bool:
    known = calendar.first <= day <= calendar.last
    return known and calendar.closure(day) is not None

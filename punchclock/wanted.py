"""Which run is on, of a model that was started before its file said something else?

A closure that arrives after its run was asked for changes nothing (law of time, 3). So of a day
that has begun, hours that are on an open card are worked although the day is closed by now; a day
that is still to come is taken away, however long the run goes on. Whoever wants a model off now
holds it off.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.minutes import Span
from punchclock.runs import Run
from punchclock.shifts import Calendar
from punchclock.timecards import Timecard
from punchclock.timetables import Timetable
from punchclock.windows import Worked


def run_on(table: Timetable, card: Timecard | None, now: dt.datetime) -> Run | None:
    """Return the run that is on at an instant, lead included, or None.

    ``card`` is the model's open card. Raises ``OutOfRange`` where nobody knows.
    """
    if card is None or not card.ours or card.planned_ready is None or card.planned_stop is None:
        return table.run_at(now)
    asked = list(_asked_for(table, card, card.planned_ready, card.planned_stop, now))
    begun = {hours.day for hours, _ in asked if hours.start - table.lead <= now}
    return table.keeping([each for each in asked if each[0].day in begun]).run_at(now)


def _asked_for(
    table: Timetable, card: Timecard, ready: dt.datetime, stop: dt.datetime, now: dt.datetime
) -> Iterator[Worked]:
    """Yield what a card has of the hours of days close by that are closed.

    Nobody closes a day and asks for a run on it: they were closed afterwards. But what is on the
    card by somebody's word alone was no shift's.
    """
    zone = table.almanac.zone
    first = localtime.day_of(now, zone) - 2 * DAY
    last = localtime.day_of(now + table.lead, zone)
    closed = set(_closed(table.calendar, first, last)) if table.calendar is not None else ()
    if not closed:
        return
    for hours, units in table.almanac.worked(table.assignments, None, first, last):
        if hours.day in closed and hours.shift in card.shifts:
            whole = max(hours.start, ready), min(hours.end, stop)
            for begin, end in _without(card.overtime, *whole):
                yield hours._replace(start=begin, end=end), units


def _closed(calendar: Calendar, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days that are known to be closed."""
    day = max(first, calendar.first)
    while day <= min(last, calendar.last):
        if calendar.closure(day) is not None:
            yield day
        day += DAY


def _without(
    spans: Sequence[Span], begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield what is left of an interval without ascending spans."""
    for span in spans:
        if begin < min(span.begin, end):
            yield begin, min(span.begin, end)
        begin = max(begin, span.end or end)
    if begin < end:
        yield begin, end

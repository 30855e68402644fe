"""Which run is on, of a model that may have been started before its file said something else?

A closure that arrives after its run was asked for changes nothing (law of time, 3): the run goes on
as its card has it. Whoever wants it off now holds it off.
"""

import datetime as dt

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.runs import Run
from punchclock.timecards import Timecard
from punchclock.timetables import Timetable
from punchclock.windows import Window


def run_on(table: Timetable, card: Timecard | None, now: dt.datetime) -> Run | None:
    """Return the run that is on at an instant, lead included, or None.

    ``card`` is the model's open card. Raises ``OutOfRange`` where nobody knows.
    """
    run = table.run_at(now)
    end = now if run is None else run.stop
    if card is None or not card.ours or card.planned_ready is None or card.planned_stop is None:
        return run
    if card.planned_stop <= end or not _is_closed_since(table, card, card.planned_stop, now):
        return run
    return _as_asked(table, card, card.planned_ready, card.planned_stop)


def _is_closed_since(table: Timetable, card: Timecard, stop: dt.datetime, now: dt.datetime) -> bool:
    """Whether the hours that a card was to stop with are of a day that is closed by now.

    Another stop, or hours that were closed before, it would have had by an edit or somebody's word.
    """
    if table.calendar is None or table.without_closures().run_at(now) is None:
        return False
    day = localtime.day_of(stop, table.almanac.zone)
    return any(
        hours.end == stop and hours.shift in card.shifts and table.calendar.closure(hours.day)
        for hours, _ in table.almanac.worked(table.assignments, None, day - 2 * DAY, day)
    )


def _as_asked(table: Timetable, card: Timecard, ready: dt.datetime, stop: dt.datetime) -> Run:
    window = Window(ready, stop, card.units, card.shifts)
    return Run(ready - table.lead, ready, stop, card.units, (window,), card.overtime)

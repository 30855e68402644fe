"""Which run is on, of a model that may have been started before its file said something else?

A closure that arrives after its run was asked for changes nothing (law of time, 3): the run goes on
as its card has it. Whoever wants it off now holds it off.
"""

import datetime as dt
from dataclasses import replace

from punchclock.runs import Run
from punchclock.timecards import Timecard
from punchclock.timetables import Timetable


def run_on(table: Timetable, card: Timecard | None, now: dt.datetime) -> Run | None:
    """Return the run that is on at an instant, lead included, or None.

    ``card`` is the model's open card. Raises ``OutOfRange`` where nobody knows.
    """
    run = table.run_at(now)
    end = now if run is None else run.stop
    if card is None or not card.ours or card.planned_stop is None or card.planned_stop <= end:
        return run
    asked = table.without_closures().run_at(now)
    if asked is None or asked.stop <= end or not _is_of(card, asked, now):
        return run
    return _until(asked, card.planned_stop)


def _is_of(card: Timecard, run: Run, now: dt.datetime) -> bool:
    """Whether a card was opened for what a run is on for, and not for somebody's word alone."""
    on = [window for window in run.windows if window.end > now]
    return not set(on[0].shifts).isdisjoint(card.shifts)


def _until(run: Run, end: dt.datetime) -> Run:
    """Return a run that goes on no longer than it was asked for."""
    windows = tuple(
        replace(window, end=min(window.end, end)) for window in run.windows if window.start < end
    )
    return replace(
        run,
        stop=windows[-1].end,
        units=max(window.units for window in windows),
        windows=windows,
    )

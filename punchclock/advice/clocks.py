"""Which starts and stops does a change of the clocks take from EventBridge, and what heals them?

A schedule fires by the wall, our law goes by true time (law of time, 2 and 5). Where the two part,
within two years, a note says what the scheduler does and when the sweep acts instead.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from punchclock import localtime
from punchclock.advice.outlook import TWO_YEARS, Advice, Outlook
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import Model
from punchclock.shifts import Shift
from punchclock.spellings import both, listed
from punchclock.timetables import Run
from punchclock.transitions import Change, changes, fired, twice

_NEAR = 2 * DAY
"""How far from a change of the clocks what belongs to one wall day may lie."""


class _Moment(NamedTuple):
    """A start or stop that no schedule makes on time."""

    due: dt.datetime
    shift: str
    kind: str
    wall: dt.datetime
    """When its schedule fires on the walls."""


def clock_changes(outlook: Outlook) -> Iterator[Advice]:
    """Yield the edges of two years that the sweep heals, and the shifts that a gap swallows."""
    found = list(changes(outlook.zone, *outlook.span(None, TWO_YEARS)))
    if found:
        yield from _healed(outlook, [change.at for change in found])
        yield from _swallowed(outlook, found)


def _healed(outlook: Outlook, instants: list[dt.datetime]) -> Iterator[Advice]:
    models: dict[_Moment, list[str]] = defaultdict(list)
    for model, names in outlook.alike():
        begin, end = outlook.span(model.calendar, TWO_YEARS)
        for run in outlook.runs(model, TWO_YEARS):
            for moment in _unpunctual(outlook, model, run, instants):
                if begin <= moment.due < end:
                    models[moment] += names
    for moment, names in sorted(models.items()):
        path = ("shifts", moment.shift, "start" if moment.kind == "start" else "end")
        yield Advice(severity="note", path=path, message=_told(outlook, moment, names))


def _unpunctual(
    outlook: Outlook, model: Model, run: Run, instants: list[dt.datetime]
) -> Iterator[_Moment]:
    if _between(instants, run.start - _NEAR, run.ready + _NEAR):
        yield from _late(outlook, run.start, _starts(outlook, model, run))
    if _between(instants, run.stop - _NEAR, run.stop + _NEAR):
        yield from _late(outlook, run.stop, _stops(outlook, model, run))


def _between(instants: list[dt.datetime], begin: dt.datetime, end: dt.datetime) -> bool:
    place = bisect_left(instants, begin)
    return place < len(instants) and instants[place] < end


def _starts(outlook: Outlook, model: Model, run: Run) -> Iterator[_Moment]:
    shifts = _shifts(model)
    for each in outlook.workdays.starting(model, run.ready):
        begins = dt.datetime.combine(each.day, shifts[each.shift].start)
        yield _Moment(run.start, each.shift, "start", _minute(begins - model.lead))


def _stops(outlook: Outlook, model: Model, run: Run) -> Iterator[_Moment]:
    shifts = _shifts(model)
    for each in outlook.workdays.ending(model, run.stop):
        shift = shifts[each.shift]
        day = each.day + DAY if shift.overnight else each.day
        yield _Moment(run.stop, each.shift, "stop", dt.datetime.combine(day, shift.end))


def _late(outlook: Outlook, due: dt.datetime, moments: Iterator[_Moment]) -> list[_Moment]:
    """Return the moments, unless one of their schedules fires when it is due."""
    found = list(moments)
    on_time = any(fired(each.wall, outlook.zone) == _minute(due) for each in found)
    return [] if on_time else found


def _told(outlook: Outlook, moment: _Moment, names: list[str]) -> str:
    return (
        f"the {moment.kind} at {moment.wall:%H:%M on %a %Y-%m-%d} {_fate(outlook, moment)};"
        f" it is due at {both(moment.due, outlook.zone)}, and the sweep makes it within two"
        f" minutes, for {listed(names)}"
    )


def _fate(outlook: Outlook, moment: _Moment) -> str:
    instant = fired(moment.wall, outlook.zone)
    if instant is None:
        return "does not exist where the clocks go forward: EventBridge skips it"
    when = f"at {instant:%H:%MZ}"
    if twice(moment.wall, outlook.zone):
        return (
            f"occurs twice where the clocks go back: EventBridge fires once, at the first, {when}"
        )
    early = "early" if instant < moment.due else "late"
    minutes = abs(moment.due - instant) // MINUTE
    return (
        f"is {minutes} minutes {early}, the clocks having changed since: EventBridge fires {when}"
    )


def _swallowed(outlook: Outlook, found: list[Change]) -> Iterator[Advice]:
    """Yield the occurrences that a change leaves without length, or whose date does not exist."""
    for shift, calendars in _worked_by(outlook).items():
        for day in _days_of(found):
            works = any(_works(shift, day, model) for model in calendars)
            if works and shift.occurrence(day, outlook.zone) is None:
                hours = f"{shift.start:%H:%M} to {shift.end:%H:%M}"
                why = f"the clocks skip {hours}, or all that is left of it"
                if not localtime.exists(day, outlook.zone):
                    why = f"{outlook.plant.timezone} has no such date"
                message = f"does not take place on {day:%a %Y-%m-%d}: {why}"
                yield Advice(severity="note", path=("shifts", shift.name), message=message)


def _worked_by(outlook: Outlook) -> dict[Shift, list[Model]]:
    workers: dict[Shift, list[Model]] = defaultdict(list)
    for model, _ in outlook.alike():
        for each in model.assignments:
            workers[each.shift].append(model)
    return workers


def _works(shift: Shift, day: dt.date, model: Model) -> bool:
    calendar = model.calendar
    known = calendar is None or calendar.first <= day <= calendar.last
    return known and shift.closure(day, calendar) is None


def _days_of(found: list[Change]) -> Iterator[dt.date]:
    """Yield the local days on which the clocks go forward, and those that they skip."""
    for change in found:
        day, last = change.left.date(), change.reached.date()
        while day <= last and change.before < change.after:
            yield day
            day += DAY


def _shifts(model: Model) -> dict[str, Shift]:
    return {each.shift.name: each.shift for each in model.assignments}


def _minute(moment: dt.datetime) -> dt.datetime:
    """Return the whole minute that a schedule can say."""
    return moment.replace(second=0, microsecond=0)

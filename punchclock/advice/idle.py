"""What of a plant is never used: shifts that never start, shifts and models without each other?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from punchclock.advice.outlook import Advice, Outlook
from punchclock.shifts import LAST_DAY, Calendar, Shift
from punchclock.spellings import listed
from punchclock.workdays import known_days

_EVER = (LAST_DAY - dt.date.min).days


def idle(outlook: Outlook) -> Iterator[Advice]:
    """Yield what never works."""
    yield from _unworked(outlook)
    yield from _never(outlook)
    for model in outlook.models:
        if not model.assignments:
            message = "works no shift, so it is never started"
            yield Advice(severity="warning", path=("models", model.name, "shifts"), message=message)


def unused(outlook: Outlook, calendars: tuple[str, ...]) -> Iterator[Advice]:
    """Yield the calendars, of those that a file names, by which no model goes."""
    used = {model.calendar.name for model in outlook.plant.models if model.calendar}
    for name in calendars:
        if name not in used:
            message = "no model goes by this calendar: name it in defaults or in a model"
            yield Advice(severity="warning", path=("calendars", name), message=message)


def _unworked(outlook: Outlook) -> Iterator[Advice]:
    workers: dict[str, list[str]] = defaultdict(list)
    for model in outlook.plant.models:
        for each in model.assignments:
            workers[each.shift.name].append(model.name)
    enabled = {model.name for model in outlook.models}
    for shift in outlook.plant.shifts:
        names = workers[shift.name]
        if not names:
            message = "no model works this shift"
            yield Advice(severity="warning", path=("shifts", shift.name), message=message)
        elif enabled.isdisjoint(names):
            message = f"only disabled models work this shift: {listed(names)}"
            yield Advice(severity="note", path=("shifts", shift.name), message=message)


def _never(outlook: Outlook) -> Iterator[Advice]:
    """Yield the shifts that no longer start, by themselves or by a calendar."""
    idle_by_itself = set()
    for shift in outlook.plant.shifts:
        if not _starts(outlook, shift, None):
            idle_by_itself.add(shift.name)
            yield Advice(
                severity="warning", path=("shifts", shift.name), message=_why(outlook, shift)
            )
    for shift, calendar, names in _pairs(outlook):
        told = shift.name in idle_by_itself or not _is_ahead(outlook, calendar)
        if not told and not _starts(outlook, shift, calendar):
            message = (
                f"never starts for {listed(names)} from {outlook.today} to {calendar.last}:"
                f" calendar {calendar.name} excludes each of its days"
            )
            yield Advice(severity="warning", path=("shifts", shift.name), message=message)


def _why(outlook: Outlook, shift: Shift) -> str:
    if shift.last is not None and shift.last < outlook.today:
        return f"ended on {shift.last}: remove it, or move its 'until'"
    rule = (
        f"rrule {shift.rrule} names no day that its dates allow"
        if shift.rrule
        else "no day is left"
    )
    return f"never starts from {outlook.today} on: {rule}"


def _starts(outlook: Outlook, shift: Shift, calendar: Calendar | None) -> bool:
    first, last = outlook.days(calendar, _EVER)
    return any(shift.occurrences(first, last, outlook.zone, calendar))


def _is_ahead(outlook: Outlook, calendar: Calendar) -> bool:
    """Whether anything is known of a calendar from today on."""
    return known_days(calendar)[1] >= outlook.today


def _pairs(outlook: Outlook) -> Iterator[tuple[Shift, Calendar, list[str]]]:
    found: dict[tuple[Shift, str], tuple[Shift, Calendar, list[str]]] = {}
    for model in outlook.models:
        calendar = model.calendar
        if calendar is not None:
            for each in model.assignments:
                key = (each.shift, calendar.name)
                found.setdefault(key, (each.shift, calendar, []))[2].append(model.name)
    yield from found.values()

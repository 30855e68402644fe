"""Which holidays and closures of the coming year keep shifts from starting?"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from punchclock.advice.outlook import YEAR, Advice, Outlook
from punchclock.localtime import DAY
from punchclock.shifts import LAST_DAY, Calendar, Shift
from punchclock.spellings import listed


class _DayOff(NamedTuple):
    """Days in a row on which the same shifts do not start for the same reason."""

    first: dt.date
    last: dt.date
    reason: str
    shifts: tuple[str, ...]

    def __str__(self) -> str:
        days = f"{self.first:%a %Y-%m-%d}"
        if self.last > self.first:
            days += f" to {self.last:%a %Y-%m-%d}"
        return f"{days} {self.reason} ({listed(self.shifts)})"


def days_off(outlook: Outlook) -> Iterator[Advice]:
    """Yield one note per calendar with the days that it takes, and a warning where it ends."""
    for calendar, shifts in _in_use(outlook).values():
        path = ("calendars", calendar.name)
        found = [str(each) for each in _in_a_row(_days_off(outlook, calendar, shifts))]
        if found:
            message = f"no shift starts in the coming 12 months on {'; '.join(found)}"
            yield Advice(severity="note", path=path, message=message)
        yield from _idle_exceptions(outlook, calendar)
        yield from _ending(outlook, calendar)


def _in_use(outlook: Outlook) -> Mapping[str, tuple[Calendar, dict[str, Shift]]]:
    found: dict[str, tuple[Calendar, dict[str, Shift]]] = {}
    for model in outlook.models:
        if model.calendar is not None:
            _, shifts = found.setdefault(model.calendar.name, (model.calendar, {}))
            shifts |= {each.shift.name: each.shift for each in model.assignments}
    return found


def _days_off(
    outlook: Outlook, calendar: Calendar, shifts: Mapping[str, Shift]
) -> Iterator[_DayOff]:
    for day in _days(*outlook.days(calendar, YEAR)):
        if calendar.closure(day) is not None:
            kept = tuple(name for name, each in shifts.items() if each.day_rule(day) is None)
            if kept:
                reason = "closed" if day in calendar.closed else calendar.holidays[day]
                yield _DayOff(day, day, reason, kept)


def _in_a_row(found: Iterator[_DayOff]) -> Iterator[_DayOff]:
    """Yield days off, those in a row as one."""
    row: _DayOff | None = None
    for each in found:
        if row is not None and each == row._replace(first=each.first, last=row.last + DAY):
            row = row._replace(last=each.last)
            continue
        if row is not None:
            yield row
        row = each
    if row is not None:
        yield row


def _idle_exceptions(outlook: Outlook, calendar: Calendar) -> Iterator[Advice]:
    """Yield the days to come that are opened although they are neither a holiday nor closed."""
    first, last = outlook.days(calendar, (LAST_DAY - dt.date.min).days)
    shut = calendar.closed | calendar.holidays.keys()
    idle = sorted(day for day in calendar.open - shut if first <= day <= last)
    if idle:
        days = listed([f"{day:%a %Y-%m-%d}" for day in idle])
        message = f"changes nothing on {days}: neither a holiday nor closed"
        yield Advice(severity="note", path=("calendars", calendar.name, "open"), message=message)


def _ending(outlook: Outlook, calendar: Calendar) -> Iterator[Advice]:
    """Yield a warning where the holidays of the coming year are not all known."""
    ahead = min(YEAR, (dt.date.max - outlook.today).days)
    if calendar.last < min(outlook.today + (ahead - 1) * DAY, LAST_DAY):
        message = (
            f"its holidays are known to {calendar.last} only, and nothing is planned beyond:"
            " update Punchclock before"
        )
        path = ("calendars", calendar.name, "holidays")
        yield Advice(severity="warning", path=path, message=message)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)

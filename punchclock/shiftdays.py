"""Why does a shift work on a day, or why not?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.shifts import Calendar, Occurrence, Shift, spell_days
from punchclock.spellings import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftDay:
    """What one shift does on one day."""

    shift: str
    day: dt.date
    works: bool
    """Whether it starts on this day."""
    because: str


def shift_day(
    shift: Shift, day: dt.date, calendar: Calendar | None, instant: dt.datetime, zone: ZoneInfo
) -> ShiftDay:
    """Say what a shift does on a day, seen from an instant.

    Raises ``OutOfRange`` for a day whose holidays are not known.
    """
    reason = shift.closure(day, calendar)
    hours = shift.occurrence(day, zone)
    works = reason is None and hours is not None
    if hours is None and reason is None:
        reason = _why_no_hours(day, zone)
    if hours is not None and reason is None:
        exception = _exception(calendar, day)
        said = (_rule(shift), *exception, *_hours(shift, hours, instant, zone))
        reason = "; ".join(said)
    return ShiftDay(shift=shift.name, day=day, works=works, because=reason or "")


def _rule(shift: Shift) -> str:
    """Return on which days a shift works: ``works Mon-Fri from 2026-01-10``."""
    parts = [f"works {spell_days(shift.days)}" if shift.rrule is None else f"works {shift.rrule}"]
    if shift.every > 1:
        parts.append(f"every {shift.every} weeks")
    if shift.first is not None:
        parts.append(f"from {shift.first}")
    if shift.last is not None:
        parts.append(f"until {shift.last}")
    return " ".join(parts)


def _exception(calendar: Calendar | None, day: dt.date) -> Iterator[str]:
    """Yield that a day is worked although it is a holiday or closed, where that is so."""
    if calendar is not None and day in calendar.open:
        if day in calendar.closed:
            yield f"opened in calendar {calendar.name} although closed"
        elif day in calendar.holidays:
            name = calendar.holidays[day]
            yield f"opened in calendar {calendar.name} although a holiday: {name}"


def _hours(shift: Shift, hours: Occurrence, instant: dt.datetime, zone: ZoneInfo) -> Iterator[str]:
    begins, ends = (each.astimezone(zone) for each in (hours.start, hours.end))
    yield f"{begins:%a %H:%M} to {ends:%a %H:%M}, {_relation(hours, instant)}"
    length = dt.timedelta(hours=24 * shift.overnight + shift.end.hour - shift.start.hour)
    length += dt.timedelta(minutes=shift.end.minute - shift.start.minute)
    if hours.end - hours.start != length:
        long = spelled(hours.end - hours.start)
        yield f"{long} long instead of {spelled(length)}, because the clocks change"


def _relation(hours: Occurrence, instant: dt.datetime) -> str:
    if hours.end <= instant:
        return "which is over"
    return "which is now" if hours.start <= instant else "which is still to come"


def _why_no_hours(day: dt.date, zone: ZoneInfo) -> str:
    if localtime.exists(day, zone):
        return "the clocks go forward that day and leave nothing of its hours"
    return f"{zone.key} has no such date"

"""Which hours does a model work on certain days, shift by shift?

A timetable answers with windows, in which shifts have become one; here they are still apart.
"""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.plants import Model
from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar, Occurrence, Shift

_FARTHEST = 3
"""Days that an occurrence may end after its own: a night ends on the next, and where the zone skips
a date, or moves an end out of a gap, on the one after that."""


def known_days(calendar: Calendar | None) -> tuple[dt.date, dt.date]:
    """Return the first and last day that can be asked about."""
    if calendar is None:
        return FIRST_DAY, LAST_DAY
    return max(FIRST_DAY, calendar.first), min(LAST_DAY, calendar.last)


@dataclass(frozen=True, slots=True)
class Workdays:
    """The occurrences of a plant's shifts, each worked out once."""

    zone: ZoneInfo
    _worked: dict[tuple[str, str | None, dt.date], Occurrence | None] = field(default_factory=dict)

    def between(self, model: Model, first: dt.date, last: dt.date) -> list[Occurrence]:
        """Return the occurrences of the days from first to last, as far as they are known.

        They ascend by start. A disabled model has them too: it is for the caller to ask.
        """
        found = (
            self._on(each.shift, model.calendar, dt.date.fromordinal(ordinal))
            for each in model.assignments
            for ordinal in _ordinals(model.calendar, first, last)
        )
        return sorted(each for each in found if each is not None)

    def starting(self, model: Model, instant: dt.datetime) -> list[Occurrence]:
        """Return the occurrences that start at an instant."""
        return [each for each in self._near(model, instant) if each.start == instant]

    def ending(self, model: Model, instant: dt.datetime) -> list[Occurrence]:
        """Return the occurrences that end at an instant."""
        return [each for each in self._near(model, instant) if each.end == instant]

    def _near(self, model: Model, instant: dt.datetime) -> list[Occurrence]:
        day = localtime.day_of(instant, self.zone)
        return self.between(model, day - _FARTHEST * DAY, day)

    def _on(self, shift: Shift, calendar: Calendar | None, day: dt.date) -> Occurrence | None:
        key = (shift.name, calendar.name if calendar else None, day)
        if key not in self._worked:
            works = shift.closure(day, calendar) is None
            self._worked[key] = shift.occurrence(day, self.zone) if works else None
        return self._worked[key]


def _ordinals(calendar: Calendar | None, first: dt.date, last: dt.date) -> range:
    earliest, latest = known_days(calendar)
    return range(max(first, earliest).toordinal(), min(last, latest).toordinal() + 1)

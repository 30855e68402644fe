"""What lies ahead of a plant, as far as it is known?

All advice is worked out from here. Nobody reads today's date: the outlook is given one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.plants import Model, Plant
from punchclock.shifts import Calendar
from punchclock.timetables import Run, Timetable, timetables
from punchclock.workdays import Workdays, known_days

YEAR = 366
"""Days that are looked ahead; a leap year's, so that the same date of next year is seen."""
TWO_YEARS = 2 * YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing that is worth knowing about a plant; none of them makes it invalid."""

    severity: Literal["warning", "note"]
    """A warning is probably a mistake; a note tells what will happen."""
    path: tuple[str, ...]
    """The key of the plant file that it is about, from the outside in."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A plant and the date from which it is looked at."""

    plant: Plant
    today: dt.date
    tables: Mapping[str, Timetable]
    """Of each model by name; models that work alike share one."""
    workdays: Workdays

    @classmethod
    def of(cls, plant: Plant, today: dt.date) -> Self:
        """Return the outlook of a plant from a local date on."""
        tables, workdays = timetables(plant), Workdays(plant.zone)
        return cls(plant=plant, today=today, tables=tables, workdays=workdays)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the plant's walls."""
        return self.plant.zone

    @property
    def models(self) -> list[Model]:
        """The models that are not disabled, in the order of the file."""
        return [model for model in self.plant.models if model.enabled]

    def days(self, calendar: Calendar | None, ahead: int) -> tuple[dt.date, dt.date]:
        """Return the first and last of the coming days that are known; last < first means none."""
        first, last = known_days(calendar)
        ahead = min(ahead, (dt.date.max - self.today).days)
        return max(first, self.today), min(last, self.today + (ahead - 1) * DAY)

    def span(self, calendar: Calendar | None, ahead: int) -> tuple[dt.datetime, dt.datetime]:
        """Return the same as instants, [begin, end)."""
        first, last = self.days(calendar, ahead)
        if last < first:
            # What is not known is not looked at; its calendar is warned about.
            nothing = localtime.starting(known_days(None)[0], localtime.MIDNIGHT, self.zone)
            return nothing, nothing
        begin = localtime.starting(first, localtime.MIDNIGHT, self.zone)
        return begin, localtime.starting(last + DAY, localtime.MIDNIGHT, self.zone)

    def runs(self, model: Model, ahead: int) -> Sequence[Run]:
        """Return a model's runs that share an instant with the coming days."""
        table = self.tables[model.name]
        for most in sorted({TWO_YEARS, ahead}, reverse=True):
            # The farthest first: what is nearer is then a look-up in what has been worked out.
            begin, end = self.span(model.calendar, most)
            if begin == end:
                return ()
            found = table.runs(begin, end)
        return found

    def alike(self) -> Iterator[tuple[Model, list[str]]]:
        """Yield one of the models that share a timetable, with the names of all, for each."""
        shared: dict[int, list[Model]] = defaultdict(list)
        for model in self.models:
            shared[id(self.tables[model.name])].append(model)
        for group in shared.values():
            yield group[0], [model.name for model in group]

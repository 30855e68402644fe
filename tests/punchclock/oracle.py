"""What should a plant's plan be? A second implementation, slow and literal: it scans UTC minutes.

It knows nothing of the code under test but the values that state the question. A local time is
found by asking the zone what its walls show in each minute of UTC, and looking the wanted wall time
up; a model is wanted in the minutes that its occurrences cover; windows and runs are read off.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from itertools import count
from operator import or_
from zoneinfo import ZoneInfo

from punchclock.plants import Model
from punchclock.shifts import Calendar, Shift

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)

RULES: Mapping[str, Callable[[dt.date], bool]] = {
    "FREQ=MONTHLY;BYDAY=1SU": lambda day: day.weekday() == 6 and day.day <= 7,
    "FREQ=MONTHLY;BYDAY=-1SU": lambda day: (
        day.weekday() == 6 and (day + 7 * DAY).month != day.month
    ),
    "FREQ=MONTHLY;BYMONTHDAY=1,15,-1": lambda day: day.day in {1, 15} or (day + DAY).day == 1,
    "FREQ=WEEKLY;BYDAY=MO,TH": lambda day: day.weekday() in {0, 3},
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=SA,SU": lambda d: d.month in {3, 10} and d.weekday() >= 5,
    "FREQ=DAILY": lambda _: True,
}
"""Rules that do not depend on where they are anchored, and what they say about a day."""


@dataclass(frozen=True)
class Scan:
    """All minutes of UTC around some local dates, and what the walls of a zone show in each.

    What walls show is a number of minutes too, as if their clock had counted from the epoch.
    """

    begin: int
    """The first minute, counted from the epoch; ``shown`` has the minutes that follow."""
    shown: list[int]
    passes: dict[int, list[int]]
    """The minutes in which a wall time is shown: one, or two in a fold; none in a gap."""
    dates: frozenset[dt.date]

    def minutes(self, day: dt.date, time: dt.time) -> list[int]:
        """Return each minute that shows a wall time; a missing one moves by its gap's length."""
        wall = (day.toordinal() - EPOCH.toordinal()) * 1440 + time.hour * 60 + time.minute
        if wall in self.passes:
            return self.passes[wall]
        after = next(n for n in count(1) if self.shown[n - 1] < wall < self.shown[n])
        skipped = self.shown[after] - self.shown[after - 1] - 1
        return self.passes[wall + skipped]


@cache
def scan(zone: ZoneInfo, first: dt.date, last: dt.date) -> Scan:
    """Ask the zone for each minute from two days before one date to four days after another.

    It is asked for each quarter of an hour: no zone changes its walls in between.
    """
    begin = int((_utc_midnight(first) - 2 * DAY - EPOCH) / MINUTE)
    end = int((_utc_midnight(last) + 4 * DAY - EPOCH) / MINUTE)
    shown = [
        quarter + offset + n
        for quarter in range(begin, end, 15)
        for offset in [_offset(quarter, zone)]
        for n in range(15)
    ]
    passes = defaultdict(list)
    for minute, wall in enumerate(shown, begin):
        passes[wall].append(minute)
    days = frozenset(wall // 1440 + EPOCH.toordinal() for wall in shown)
    return Scan(begin, shown, dict(passes), frozenset(map(dt.date.fromordinal, days)))


def _offset(minute: int, zone: ZoneInfo) -> int:
    """Return by how many minutes the walls are ahead of UTC, as the walls themselves say."""
    walls = dt.datetime.fromtimestamp(minute * 60, zone).replace(tzinfo=dt.UTC)
    return int((walls - EPOCH) / MINUTE) - minute


@dataclass(frozen=True)
class Span:
    """A window: minutes from ``start`` to ``end``, exclusive."""

    start: int
    end: int
    units: int
    shifts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A run: minutes in which it is asked for, must be ready and is stopped."""

    start: int
    ready: int
    stop: int
    units: int


@dataclass
class Oracle:
    """The windows and runs of one model, of the occurrences that belong to [first, last]."""

    model: Model
    zone: ZoneInfo
    first: dt.date
    last: dt.date

    @cached_property
    def seen(self) -> Scan:
        """All minutes that matter."""
        return scan(self.zone, self.first, self.last)

    def midnight(self, day: dt.date) -> int:
        """Return the minute in which a local date begins, at its first pass."""
        return self.seen.minutes(day, dt.time())[0]

    def cover(self, shift: Shift, day: dt.date) -> range:
        """Return the minutes of the shift that starts on a day; none where a gap swallows it."""
        if day not in self.seen.dates:
            return range(0)
        until = day + DAY if shift.overnight else day
        start = self.seen.minutes(day, shift.start)[0]
        end = self.seen.minutes(until, shift.end)[-1]
        return range(start, end)

    @cached_property
    def wanted(self) -> list[int]:
        """For each minute from the scan's first, a bit for each assignment that wants the model."""
        found = [0] * (len(self.seen.shown) + 1)
        for bit, each in enumerate(self.model.assignments if self.model.enabled else ()):
            for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
                day = dt.date.fromordinal(ordinal)
                if works(each.shift, day) and not is_closed(self.model.calendar, day):
                    for minute in self.cover(each.shift, day):
                        found[minute - self.seen.begin] |= 1 << bit
        return found

    @cached_property
    def windows(self) -> list[Span]:
        """Return the stretches of wanted minutes without a hole."""
        wanted, found = self.wanted, []
        for begin in (n for n, bits in enumerate(wanted) if bits and not wanted[n - 1]):
            end = wanted.index(0, begin)
            bits = reduce(or_, wanted[begin:end])
            say = [each for bit, each in enumerate(self.model.assignments) if bits >> bit & 1]
            names = tuple(sorted({each.shift.name for each in say}))
            most = max(each.units for each in say)
            found.append(Span(begin + self.seen.begin, end + self.seen.begin, most, names))
        return found

    @cached_property
    def jobs(self) -> list[Job]:
        """Return the windows joined where the pause is short, and led."""
        lead = int(self.model.lead / MINUTE)
        pause = max(int(self.model.bridge / MINUTE), lead + 10)
        return [
            Job(group[0].start - lead, group[0].start, group[-1].end, max(w.units for w in group))
            for group in _grouped(self.windows, pause)
        ]

    def unit_minutes(self, begin: int, end: int) -> int:
        """Return units times minutes in service from ready to stop within [begin, end)."""
        return sum(
            job.units
            for job in self.jobs
            for minute in range(job.ready, job.stop)
            if begin <= minute < end
        )


def works(shift: Shift, day: dt.date) -> bool:
    """Whether the shift's own rules include a day."""
    if (shift.first and day < shift.first) or (shift.last and day > shift.last):
        return False
    if shift.rrule:
        return RULES[shift.rrule](day)
    if day.weekday() not in shift.days:
        return False
    return shift.every == 1 or day in _worked_weeks(shift, day)


def is_closed(calendar: Calendar | None, day: dt.date) -> bool:
    """Whether nothing starts on a day: closed or a holiday, unless it is open."""
    if calendar is None or day in calendar.open:
        return False
    return day in calendar.closed or day in calendar.holidays


def instant(minute: int) -> dt.datetime:
    """Return a minute as an instant."""
    return EPOCH + minute * MINUTE


def _worked_weeks(shift: Shift, until: dt.date) -> set[dt.date]:
    assert shift.first is not None
    monday = shift.first
    while monday.isoweekday() != 1:
        monday -= DAY
    found = set()
    while monday <= until:
        found |= {monday + n * DAY for n in range(7)}
        monday += shift.every * 7 * DAY
    return found


def _grouped(windows: list[Span], pause: int) -> Iterator[list[Span]]:
    group: list[Span] = []
    for window in windows:
        if group and window.start - group[-1].end > pause:
            yield group
            group = []
        group.append(window)
    if group:
        yield group


def _utc_midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)

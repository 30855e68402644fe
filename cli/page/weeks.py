"""How are planned days laid out? In blocks of a calendar week, one column per day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from cli.page.sheet import Bar, Mark, Place, Span, Tick
from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.plants import Model
from punchclock.shifts import Calendar
from punchclock.transitions import changes

MOST_DAYS = 8
"""A block has at most a week, and the day after for runs that end on it."""

_WHOLE = 10_000
_STEPS = {1: 2, 2: 3, 3: 4}
"""Hours from one tick to the next, by the number of days; 6 where there are more."""

Stretch = tuple[dt.datetime, dt.datetime]


def blocks(first: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Cut days into blocks: one where they fit in one, otherwise calendar weeks from Mondays."""
    if (end - first).days <= MOST_DAYS:
        return [(first, end)]
    found = []
    while first < end:
        until = min(end, first + (7 - first.weekday()) * DAY)
        found.append((first, until))
        first = until
    return found


def dates(first: dt.date, end: dt.date, zone: ZoneInfo) -> list[dt.date]:
    """Return the dates from ``first`` to ``end``, exclusive, that the zone has at all."""
    days = (dt.date.fromordinal(each) for each in range(first.toordinal(), end.toordinal()))
    return [day for day in days if localtime.exists(day, zone)]


def place(begin: dt.datetime, end: dt.datetime, within: Stretch) -> Place:
    """Return where a stretch lies in another that holds it."""
    length = within[1] - within[0]
    left = round(_WHOLE * ((begin - within[0]) / length))
    return Place(left=left, width=round(_WHOLE * ((end - within[0]) / length)) - left)


def ticks(day: dt.date, within: Stretch, days: int, zone: ZoneInfo) -> Iterator[Tick]:
    """Yield the hours on the ruler of a day; a missing one is not shown."""
    for hour in range(0, 24, _STEPS.get(days, 6)):
        at = localtime.starting(day, dt.time(hour), zone)
        if at.astimezone(zone).hour == hour:
            yield Tick(place=place(at, at, within), text=f"{hour}")


def marks(within: Stretch, zone: ZoneInfo) -> Iterator[Mark]:
    """Yield the changes of the clocks in a day: where an hour is missing, or is shown twice."""
    for change in changes(zone, *within):
        back = max(change.before - change.after, dt.timedelta())
        begin, end = max(change.at - back, within[0]), min(change.at + back, within[1])
        way = "back" if back else "forward"
        text = f"clocks {way} {change.left:%H:%M} to {change.reached:%H:%M}"
        yield Mark(place=place(begin, end, within), text=text)


def closure(calendar: Calendar | None, day: dt.date) -> str | None:
    """Return the name of a day on which no shift starts, or None."""
    if calendar is None or not calendar.first <= day <= calendar.last:
        return None
    if calendar.closure(day) is None:
        return None
    return calendar.holidays.get(day, "closed")


def closures(models: Iterable[Model], day: dt.date) -> Iterator[str]:
    """Yield the names of a day, each once: why shifts do not start on it, or do all the same."""
    told = set()
    for calendar in (model.calendar for model in models):
        name = closure(calendar, day)
        if calendar is not None and day in calendar.open:
            holiday = calendar.holidays.get(day)
            name = f"{holiday}: worked" if holiday else None
        if name is not None and name not in told:
            told.add(name)
            yield name


def bars(spans: Sequence[Span], within: Stretch) -> Iterator[Bar]:
    """Yield the parts of spans that lie in a day."""
    begin, end = within
    for span in spans:
        if span.begin < end and span.end > begin:
            yield Bar(
                span=span,
                place=place(max(span.begin, begin), min(span.end, end), within),
                opens=span.begin >= begin,
                closes=span.end <= end,
            )

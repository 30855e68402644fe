"""Which days are holidays, as far as the holidays library knows?"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import holidays

from plantfile.times import CalendarEntry
from plantfile.words import Span
from punchclock.shifts import FIRST_DAY, LAST_DAY, Calendar

FIRST_YEAR = FIRST_DAY.year
LAST_YEAR = 2036
"""Holidays are compiled for these years: what a plant file says must not depend on today's date.
Ten years from the release of the library that they come from; moved when that is renewed."""

_LANGUAGE = "en_US"


@cache
def known_holidays(code: str) -> tuple[Mapping[dt.date, str], dt.date, dt.date]:
    """Return the holidays of a country or country-subdivision, and their first and last date."""
    country, _, subdivision = code.partition("-")
    source = holidays.country_holidays(country, subdiv=subdivision or None)
    # Without a language the names would be in that of the machine that reads the file.
    language = _LANGUAGE if _LANGUAGE in source.supported_languages else None
    first = max(FIRST_YEAR, source.start_year)
    last = min(LAST_YEAR, source.end_year)
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(first, last + 1),
        language=language or source.default_language,
    )
    # Some countries' days begin in another year's evening, and are listed there too.
    listed = {day: name for day, name in sorted(found.items()) if first <= day.year <= last}
    return listed, dt.date(first, 1, 1), dt.date(last, 12, 31)


def calendar(name: str, entry: CalendarEntry) -> Calendar:
    """Return the calendar that an entry describes; without holidays it is known for all days."""
    days: Mapping[dt.date, str] = {}
    first, last = FIRST_DAY, LAST_DAY
    if entry.holidays is not None:
        days, first, last = known_holidays(entry.holidays)
    return Calendar(
        name=name,
        holidays=days,
        closed=frozenset(_days(entry.closed)),
        open=frozenset(_days(entry.open)),
        first=first,
        last=last,
    )


def _days(spans: Iterable[Span]) -> Iterator[dt.date]:
    """Yield the dates of spans, each once, however often they overlap."""
    begin = FIRST_DAY.toordinal()
    for span in sorted(spans):
        end = span.last.toordinal() + 1
        yield from map(dt.date.fromordinal, range(max(begin, span.first.toordinal()), end))
        begin = max(begin, end)

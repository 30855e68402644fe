"""Which days does a recurrence rule name? RFC 5545 rules, as ``dateutil`` reads them.

A rule names days only: the hours are the shift's own. It counts from an anchor, the first date of
its shift, so that ``INTERVAL`` and ``COUNT`` mean the same from whichever side one looks.
"""

import datetime as dt
import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from punchclock.errors import InvalidPlant

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_HOURS = re.compile(r"FREQ=(HOURLY|MINUTELY|SECONDLY)|BY(HOUR|MINUTE|SECOND)=", re.IGNORECASE)
_NEVER_ENDING = re.compile(r"INTERVAL=[+-]?0*(;|$)|INTERVAL=-", re.IGNORECASE)

_YEARS = range(2000, 2050)
_LATER = 7944
"""dateutil looks for the next day until the year 9999. So days are looked for as near to it as the
calendar of these years comes again, with the same weekdays and leap days: where there is none, that
is found out soon."""
_OF_ITS_YEARS = re.compile(r"UNTIL=|BYEASTER=", re.IGNORECASE)
"""Parts that mean other days in other years."""


def parse(text: str, anchor: dt.date) -> "rrule":
    """Return the rule, counted from its anchor.

    Raises ``InvalidPlant`` where the text is not one rule about days.
    """
    # Most plants have no such rule, and none of their functions waits for this when it begins.
    from dateutil.rrule import rrule, rrulestr  # noqa: PLC0415

    if len(text.split()) != 1:
        raise InvalidPlant(f"rrule {text!r}: write one rule without spaces")
    if _HOURS.search(text):
        raise InvalidPlant(f"rrule {text!r}: a rule names days, the hours are start and end")
    if _NEVER_ENDING.search(text):
        raise InvalidPlant(f"rrule {text!r}: an interval is at least 1")
    try:
        rule = rrulestr(text, dtstart=dt.datetime.combine(anchor, dt.time()))
    # What dateutil raises for a missing frequency and for a lone DTSTART is not its ValueError.
    except (ValueError, TypeError, IndexError) as error:
        raise InvalidPlant(f"rrule {text!r}: {error}") from error
    if not isinstance(rule, rrule):
        raise InvalidPlant(f"rrule {text!r}: write one rule, as FREQ=MONTHLY;BYDAY=1SU")
    return rule


@lru_cache(maxsize=256)
def days(text: str, anchor: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return the days of a rule from its anchor to a last one, inclusive, ascending."""
    moves = {anchor.year, last.year} <= set(_YEARS) and not _OF_ITS_YEARS.search(text)
    years = _LATER if moves else 0
    end = _moved(last, years)
    found = (each.date() for each in parse(text, _moved(anchor, years)))
    return tuple(_moved(day, -years) for day in takewhile(lambda day: day <= end, found))


def _moved(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year + years)

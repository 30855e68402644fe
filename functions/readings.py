"""What can be read of the meter, for how many cards at once, and what if it refuses one of them?"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

from functions.failures import Failures, foreseen
from functions.meter import KEPT
from functions.site import Site
from punchclock import localtime
from punchclock.errors import TellAPerson
from punchclock.localtime import DAY
from punchclock.ports import Reading

Points = Mapping[str, Mapping[dt.datetime, Decimal]]
"""Units in service by UTC minute, by target id."""

PORTION = 100
"""Cards whose minutes are read together: of a day each, they take 40 MB."""


def portions(due: Mapping[str, Reading]) -> Iterator[Mapping[str, Reading]]:
    """Share readings out, so that what was read in vain is little when time or memory runs out."""
    readings = iter(due.items())
    while some := dict(islice(readings, PORTION)):
        yield some


def read(site: Site, some: Mapping[str, Reading], failures: Failures) -> Mapping[str, Points]:
    """Read the meter for cards, by card id; one that cannot be read is left out.

    It answers for all that it is asked, or for none: where a repetition would not help, each is
    read by itself, so that the one behind it keeps no other from being closed or reviewed.
    """
    if not some:
        return {}
    with failures.of("meter"):
        try:
            with foreseen():
                return dict.fromkeys(some, site.meter.read(list(some.values())))
        except TellAPerson:
            return dict(_one_by_one(site, some, failures))
    return {}


def kept_since(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the local midnight from which on the meter still knows every minute.

    The day that is half forgotten is left out, and the one after it too: it is forgotten minute by
    minute as soon as it is the oldest, which may be while it is read.
    """
    oldest = localtime.day_of(now - KEPT, zone)
    return localtime.starting(oldest + 2 * DAY, localtime.MIDNIGHT, zone)


def _one_by_one(
    site: Site, some: Mapping[str, Reading], failures: Failures
) -> Iterator[tuple[str, Points]]:
    for card_id, reading in some.items():
        with failures.of(f"meter of {card_id}"):
            yield card_id, site.meter.read([reading])

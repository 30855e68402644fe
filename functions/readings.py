"""How far back can the meter be read?"""

import datetime as dt
from zoneinfo import ZoneInfo

from functions.meter import KEPT
from punchclock import localtime
from punchclock.localtime import DAY


def kept_since(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the local midnight from which on the meter still knows every minute.

    The day that is half forgotten is left out, and the one after it too: it is forgotten minute by
    minute as soon as it is the oldest, which may be while it is read.
    """
    oldest = localtime.day_of(now - KEPT, zone)
    return localtime.starting(oldest + 2 * DAY, localtime.MIDNIGHT, zone)

"""What is worth knowing about a plant, all of it?"""

import datetime as dt
from collections.abc import Iterator

from punchclock.advice.clocks import clock_changes
from punchclock.advice.crowds import crowds
from punchclock.advice.days_off import days_off
from punchclock.advice.idle import idle, unused
from punchclock.advice.joints import joints
from punchclock.advice.outlook import Advice, Outlook
from punchclock.plants import Plant


def advise(plant: Plant, today: dt.date, calendars: tuple[str, ...] = ()) -> Iterator[Advice]:
    """Yield all advice on a plant from a local date on, always in the same order.

    ``calendars`` are the names that its file gives, used or not.
    """
    outlook = Outlook.of(plant, today)
    yield from idle(outlook)
    yield from unused(outlook, calendars)
    yield from clock_changes(outlook)
    yield from joints(outlook)
    yield from days_off(outlook)
    yield from crowds(outlook)

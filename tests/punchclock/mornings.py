"""One Monday's run of one model, and short ways to say what is seen of it and what its card says.

Springfield is in Europe/Berlin: the shift from 06:00 to 14:00 is 05:00Z to 13:00Z, and its lead of
20 minutes begins at 04:40Z.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from punchclock.observations import Observation, State
from punchclock.plants import Assignment, Model, Target
from punchclock.shifts import Shift
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import Run
from punchclock.windows import Window

MONDAY = dt.date(2026, 3, 2)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)

SHIFT = Shift(name="early", days=frozenset({0, 1, 2, 3, 4}), start=dt.time(6), end=dt.time(14))
PAINT = Target(
    service="lookoutvision",
    key="paint/1",
    batch="paint/1",
    address={"project": "paint", "version": "1"},
)
MODEL = Model(
    name="paint",
    target=PAINT,
    assignments=(Assignment(shift=SHIFT, units=2),),
    rate=Decimal("4.00"),
)


def at(text: str, day: dt.date = MONDAY) -> dt.datetime:
    """Return the instant of ``04:40`` or ``04:40:30``, UTC, on the Monday."""
    return dt.datetime.combine(day, dt.time.fromisoformat(text), dt.UTC)


def run_of(ready: str, stop: str, lead: int = 20, units: int = 2, name: str = "early") -> Run:
    """Return a run of one window."""
    window = Window(at(ready), at(stop), units, (name,))
    return Run(at(ready) - lead * MINUTE, at(ready), at(stop), units, (window,))


RUN = run_of("05:00", "13:00")


def seen(state: State, units: int | None = 2, word: str = "its word") -> Observation:
    """Return what a service says."""
    return Observation(state=state, word=word, units=units)


def planned(opened: str = "04:40", run: Run = RUN, **more: Any) -> Timecard:
    """Return the card of a planned run whose start has been asked for once."""
    card = Timecard.planned(MODEL, run, at(opened), Origin.PLANNED).ask(at(opened))
    return replace(card, **more)


def running(since: str = "04:48", **more: Any) -> Timecard:
    """Return the card of a planned run that is in service."""
    return replace(planned().see(seen(State.RUNNING), at(since)), **more)


def manual(opened: str = "20:00", *, found: bool = False, **more: Any) -> Timecard:
    """Return the card of a run that a person began and that is in service."""
    card = Timecard.manual(MODEL, 2, at(opened), found=found).see(seen(State.RUNNING), at(opened))
    return replace(card, **more)

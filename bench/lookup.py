"""How long does it take to say whether a model is on at an instant, once its year is worked out?

The bound: at most 5 µs. The baseline answers a smaller question in the same run, the way a
scheduler without a timetable does: the instant becomes the plant's local time, and the hours of
each of the three shifts are looked at; no lead, no holidays, no clock changes.

Run it as ``python -m bench.lookup``.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from bench.factory import EARLY, END, FIRST, LATE, NIGHT, plant
from punchclock.localtime import DAY
from punchclock.plans import span
from punchclock.shifts import Shift
from punchclock.timetables import timetables

INSTANTS, ROUNDS = 100_000, 5
BOUND_MICROSECONDS = 5.0


def main() -> None:
    """Ask about instants all over the year, in no order, and print what one answer takes."""
    factory = plant(1)
    (table,) = timetables(factory).values()
    begin, end = span(factory, FIRST, END)
    before = time.perf_counter()
    table.runs(begin, end)
    compiled = time.perf_counter() - before
    chance = random.Random(1)  # noqa: S311 - the same instants in every run
    year = int((end - begin).total_seconds())
    instants = [begin + dt.timedelta(seconds=chance.randrange(year)) for _ in range(INSTANTS)]
    zone = factory.zone
    timed = microseconds(lambda now: table.run_at(now) is not None, instants)
    naive = microseconds(lambda now: is_on_by_the_walls(now, zone), instants)
    print(f"{INSTANTS} instants of {FIRST} to {END}, best of {ROUNDS} rounds")
    print(f"the year worked out once: {compiled * 1000:.1f} ms")
    print(f"on at an instant: {timed:.2f} µs (bound {BOUND_MICROSECONDS:.0f} µs)")
    print(f"baseline, three periods of the local time: {naive:.2f} µs")


def microseconds(ask: Callable[[dt.datetime], bool], instants: Sequence[dt.datetime]) -> float:
    """Return how long one question takes, in the fastest of some rounds."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        before = time.perf_counter()
        for instant in instants:
            ask(instant)
        fastest = min(fastest, time.perf_counter() - before)
    return fastest / len(instants) * 1e6


def is_on_by_the_walls(now: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether one of three shifts has its hours then: the local time against each of them."""
    local = now.astimezone(zone)
    return any(_covers(shift, local) for shift in (EARLY, LATE, NIGHT))


def _covers(shift: Shift, local: dt.datetime) -> bool:
    time_of_day, weekday = local.time(), local.weekday()
    if not shift.overnight:
        return weekday in shift.days and shift.start <= time_of_day < shift.end
    yesterday = (local - DAY).weekday()
    return (weekday in shift.days and time_of_day >= shift.start) or (
        yesterday in shift.days and time_of_day < shift.end
    )


if __name__ == "__main__":
    main()

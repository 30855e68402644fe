"""How long does a year's plan of 1,000 models take, and how much memory?

The bound: at most 5 s and 300 MB. Run it as ``python -m bench.year_plan``.
"""

import time

from bench.factory import END, FIRST, peak_megabytes, plant
from punchclock.plans import plan
from punchclock.timetables import timetables

MODELS = 1000
BOUND_SECONDS, BOUND_MEGABYTES = 5.0, 300.0


def main() -> None:
    """Plan the year once, from nothing, and print what it took."""
    factory = plant(MODELS)
    patterns = len({id(table) for table in timetables(factory).values()})
    before = time.perf_counter()
    planned = plan(factory, FIRST, END)
    seconds = time.perf_counter() - before
    runs = sum(len(each.runs) for each in planned.models)
    print(f"plan of {FIRST} to {END}: {MODELS} models, three shifts each, holidays")
    print(f"different patterns of shifts, units, lead and bridge: {patterns}")
    print(f"runs: {runs}, unit-hours: {planned.usage.unit_hours}")
    print(f"time: {seconds:.2f} s (bound {BOUND_SECONDS:.0f} s)")
    print(f"peak memory: {peak_megabytes():.0f} MB (bound {BOUND_MEGABYTES:.0f} MB)")


if __name__ == "__main__":
    main()

"""What is measured? A large plant: three shifts, holidays, models that differ as real ones do."""

import datetime as dt
import resource
import sys
from decimal import Decimal
from itertools import product

import holidays

from punchclock.plants import Assignment, Model, Plant, Target
from punchclock.shifts import Calendar, Shift

YEAR = 2027
FIRST, END = dt.date(YEAR, 1, 1), dt.date(YEAR + 1, 1, 1)
_WEEK = frozenset(range(5))
EARLY = Shift(name="early", start=dt.time(6), end=dt.time(14), days=_WEEK)
LATE = Shift(name="late", start=dt.time(14), end=dt.time(22), days=_WEEK)
NIGHT = Shift(
    name="night",
    start=dt.time(22),
    end=dt.time(6),
    overnight=True,
    days=frozenset({6, 0, 1, 2, 3}),
)
SATURDAY = Shift(
    name="saturday",
    start=dt.time(6),
    end=dt.time(12),
    days=frozenset({5}),
    every=2,
    first=dt.date(2026, 1, 10),
)
WORKED = ((EARLY, LATE, NIGHT), (EARLY, LATE, SATURDAY), (EARLY, NIGHT, SATURDAY))
"""Each model works three shifts."""


def calendar() -> Calendar:
    """Return Bavaria's holidays over ten years, with a closed week."""
    known = holidays.country_holidays("DE", subdiv="BY", years=range(YEAR - 1, YEAR + 9))
    closed = frozenset(dt.date(YEAR, 12, day) for day in range(27, 32))
    first, last = dt.date(YEAR - 1, 1, 1), dt.date(YEAR + 8, 12, 31)
    return Calendar(name="works", holidays=dict(known), closed=closed, first=first, last=last)


def plant(models: int) -> Plant:
    """Return a plant whose models differ in shifts, units per shift, lead and bridge."""
    works = calendar()
    ways = product(
        range(5, 61, 5), product((2, 3), repeat=3), WORKED, (dt.timedelta(), dt.timedelta(hours=9))
    )
    several = list(ways)
    return Plant(
        name="springfield",
        timezone="Europe/Berlin",
        region="eu-central-1",
        models=tuple(
            _model(f"model-{n:04}", several[n % len(several)], works) for n in range(models)
        ),
    )


def peak_megabytes() -> float:
    """Return the most memory that this process has had resident."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _model(
    name: str,
    way: tuple[int, tuple[int, ...], tuple[Shift, ...], dt.timedelta],
    works: Calendar,
) -> Model:
    lead, units, shifts, bridge = way
    return Model(
        name=name,
        target=Target(
            service="lookoutvision",
            key=f"{name}/1",
            batch=name,
            address={"project": name, "version": "1"},
        ),
        assignments=tuple(
            Assignment(shift=shift, units=most) for shift, most in zip(shifts, units, strict=True)
        ),
        rate=Decimal("4.00"),
        lead=dt.timedelta(minutes=lead),
        bridge=bridge,
        calendar=works,
    )

"""Plants for the tests of the law of time: short ways to say one, and strategies that draw many."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from punchclock.plants import Assignment, Model, Plant, Target
from punchclock.shifts import Calendar, Shift
from tests.punchclock.oracle import RULES

DAY = dt.timedelta(days=1)
RATE = Decimal("4.00")
CHANGES = (
    ("Europe/Berlin", dt.date(2026, 3, 29)),
    ("Europe/Berlin", dt.date(2026, 10, 25)),
    ("America/New_York", dt.date(2026, 3, 8)),
    ("America/New_York", dt.date(2026, 11, 1)),
    ("Australia/Lord_Howe", dt.date(2026, 4, 5)),
    ("Australia/Lord_Howe", dt.date(2026, 10, 4)),
    ("America/Santiago", dt.date(2026, 4, 5)),
    ("America/Santiago", dt.date(2026, 9, 6)),
    ("Africa/Cairo", dt.date(2026, 4, 24)),
    ("Africa/Cairo", dt.date(2026, 10, 30)),
    ("America/Havana", dt.date(2026, 3, 8)),
    ("America/Havana", dt.date(2026, 11, 1)),
    ("Asia/Beirut", dt.date(2026, 3, 29)),
    ("Asia/Beirut", dt.date(2026, 10, 25)),
    ("Pacific/Chatham", dt.date(2026, 4, 5)),
    ("Pacific/Chatham", dt.date(2026, 9, 27)),
    ("America/Nuuk", dt.date(2026, 3, 29)),
    ("America/Nuuk", dt.date(2026, 10, 25)),
    ("Pacific/Apia", dt.date(2011, 12, 30)),
    ("Asia/Kolkata", dt.date(2026, 6, 15)),
    ("UTC", dt.date(2028, 2, 29)),
)
"""Zones, and a date on which their walls change, or a plain one where they never do."""

BEFORE, AFTER = 9 * DAY, 11 * DAY
"""How far around a change shifts may start."""


@dataclass(frozen=True)
class World:
    """A plant whose shifts all start on dates from ``first`` to ``last``, for the oracle to see."""

    plant: Plant
    first: dt.date
    last: dt.date


def at(text: str) -> dt.datetime:
    """Read an instant: ``2026-03-29T01:00Z``."""
    return dt.datetime.fromisoformat(text)


def wall(text: str) -> dt.time:
    """Read a wall time; 24:00 is the midnight at the day's end."""
    return dt.time() if text == "24:00" else dt.time.fromisoformat(text)


def shift(hours: str, name: str = "shift", **more: Any) -> Shift:
    """Return a shift of ``22:00-06:00``."""
    start, end = (wall(each) for each in hours.split("-"))
    return Shift(name=name, start=start, end=end, overnight=end <= start, **more)


def model(*shifts: Shift, units: int = 2, name: str = "model", **more: Any) -> Model:
    """Return a model that works shifts with the same units."""
    return model_of([Assignment(shift=each, units=units) for each in shifts], name=name, **more)


def model_of(assignments: Sequence[Assignment], name: str = "model", **more: Any) -> Model:
    """Return a model with its assignments."""
    target = Target(service="lookoutvision", key=f"{name}/1", batch=name, address={"project": name})
    return Model(name=name, target=target, assignments=tuple(assignments), rate=RATE, **more)


def plant(zone: str, *models: Model) -> Plant:
    """Return a plant in a zone."""
    return Plant(name="springfield", timezone=zone, region="eu-central-1", models=models)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a plant around a change of the walls."""
    zone, change = draw(st.sampled_from(CHANGES))
    first, last = change - BEFORE, change + AFTER
    names = ["a", "b", "c", "d"]
    shifts = [draw(_shifts(name, first, last)) for name in names[: draw(st.integers(1, 4))]]
    works = draw(st.none() | _calendars(first, last))
    models = [
        draw(_models(name, shifts, works)) for name in ["one", "two"][: draw(st.integers(1, 2))]
    ]
    return World(plant(zone, *models), first, last)


def dates(first: dt.date, last: dt.date) -> st.SearchStrategy[dt.date]:
    """Draw a date, both bounds included."""
    return st.dates(first, last)


_MINUTES = st.sampled_from([0, 0, 0, 15, 30, 45, 59]) | st.integers(0, 59)
_HOURS = st.sampled_from([0, 0, 1, 2, 3, 22, 23]) | st.integers(0, 23)
_WALLS = st.builds(dt.time, _HOURS, _MINUTES)


@st.composite
def _shifts(draw: st.DrawFn, name: str, first: dt.date, last: dt.date) -> Shift:
    start, end = draw(_WALLS), draw(st.just(dt.time()) | _WALLS)
    if start == end and start != dt.time():
        end = dt.time()
    begins = draw(st.just(first) | dates(first, last))
    ends = draw(st.just(last) | dates(begins, last))
    days: dict[str, Any] = draw(
        st.just({})
        | st.builds(dict, days=st.frozensets(st.integers(0, 6), min_size=1))
        | st.builds(dict, every=st.integers(2, 3))
        | st.builds(dict, rrule=st.sampled_from(sorted(RULES)))
    )
    return Shift(
        name=name, start=start, end=end, overnight=end <= start, first=begins, last=ends, **days
    )


def _calendars(first: dt.date, last: dt.date) -> st.SearchStrategy[Calendar]:
    some = st.frozensets(dates(first, last), max_size=5)
    return st.builds(
        Calendar,
        name=st.just("works"),
        holidays=st.dictionaries(dates(first, last), st.just("a holiday"), max_size=3),
        closed=some,
        open=some,
    )


@st.composite
def _models(draw: st.DrawFn, name: str, shifts: list[Shift], calendar: Calendar | None) -> Model:
    worked = draw(st.lists(st.sampled_from(shifts), unique=True, min_size=1))
    units = st.integers(2, 5)
    return model_of(
        [Assignment(shift=each, units=draw(units)) for each in worked],
        name=name,
        lead=dt.timedelta(minutes=draw(st.just(0) | st.integers(0, 180))),
        bridge=dt.timedelta(minutes=draw(st.just(0) | st.integers(0, 360))),
        calendar=calendar,
        enabled=draw(st.sampled_from([True, True, True, True, True, False])),
    )

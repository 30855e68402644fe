"""Plants and cards of March 2026: short ways to say what runs used."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from punchclock.plants import Plant, Target
from punchclock.timecards import Basis, Day, Origin, Purpose, Span, Timecard
from tests.punchclock.worlds import at, model, plant, shift

MARCH = dt.date(2026, 3, 1)
APRIL = dt.date(2026, 4, 1)
WEEKDAYS = frozenset(range(5))
EARLY = shift("06:00-14:00", name="early", days=WEEKDAYS)
NIGHT = shift("22:00-06:00", name="night")


def springfield(zone: str = "Europe/Berlin", **more: Any) -> Plant:
    """Return a plant of ``paint`` in the early shift and ``weld`` at night, two units each."""
    models = (model(EARLY, name="paint", **more), model(NIGHT, name="weld", **more))
    return plant(zone, *models)


def card(name: str, opened: str, **more: Any) -> Timecard:
    """Return the closed card of a run that was ready in time."""
    begun = at(opened)
    made = Timecard(
        model=name,
        target=Target(service="lookoutvision", key=f"{name}/1", batch=name, address={}),
        rate=Decimal("4.00"),
        units=2,
        max_units=None,
        origin=Origin.PLANNED,
        opened=begun,
        planned_ready=begun + dt.timedelta(minutes=20),
        planned_stop=begun + dt.timedelta(minutes=500),
        shifts=("early",),
        ready=begun + dt.timedelta(minutes=10),
        stopped=begun + dt.timedelta(minutes=500),
        closed=begun + dt.timedelta(minutes=520),
    )
    return replace(made, **more)


def by_hand(name: str, opened: str, **more: Any) -> Timecard:
    """Return the card of a run that a person began outside every shift."""
    nothing: dict[str, Any] = {"planned_ready": None, "planned_stop": None, "shifts": ()}
    return card(name, opened, origin=Origin.MANUAL, **{**nothing, **more})


def day(text: str, metered: int = 0, observed: int = 0, **used: int) -> Day:
    """Return a day of ``2026-03-02``: minutes by basis, and unit-minutes by purpose."""
    known = {Basis.METERED: metered, Basis.OBSERVED: observed}
    return Day(
        day=dt.date.fromisoformat(text),
        minutes={basis: count for basis, count in known.items() if count},
        unit_minutes={Purpose(name): Decimal(count) for name, count in used.items()},
    )


def span(begin: str, end: str | None) -> Span:
    """Return when a model was seen in service."""
    return Span(begin=at(begin), end=None if end is None else at(end))

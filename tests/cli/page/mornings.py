"""A morning on which much goes wrong, as timecards: what a page has to draw."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from cli.page.drawing import sheet
from cli.page.happened import Happened
from cli.page.sheet import Sheet, Verdict
from plantfile.reader import parse
from punchclock import plans
from punchclock.minutes import Basis, Day, Purpose, Span
from punchclock.plans import Plan
from punchclock.timecards import Origin, Timecard

PLANT = """
plant: mill
timezone: Europe/Berlin
region: eu-central-1
shifts:
  early: {days: daily, start: 06:00, end: 09:00}
  late: {days: daily, start: 09:30, end: 12:00}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [early, late]}
  welds: {service: lookoutvision, project: welds, version: "1", shifts: [early]}
"""
DAY = dt.date(2026, 3, 2)


def at(clock: str) -> dt.datetime:
    """Return an instant of the morning, as the plant's walls show it."""
    return dt.datetime.fromisoformat(f"{DAY}T{clock}+01:00").astimezone(dt.UTC)


def planned() -> Plan:
    """Return the plan of the day."""
    return plans.plan(parse(PLANT.encode(), "mill.yaml"), DAY, DAY + dt.timedelta(days=1))


def card(name: str, origin: Origin = Origin.PLANNED, **fields: object) -> Timecard:
    """Return a card of a model of the morning, planned from six to twelve unless it says else."""
    model = next(each.model for each in planned().models if each.model.name == name)
    run = next(run for each in planned().models if each.model == model for run in each.runs)
    if origin is Origin.PLANNED:
        blank = Timecard.planned(model, run, run.start, origin)
    else:
        blank = Timecard.manual(model, 2, at("13:00"), found=False)
    return replace(blank, **fields)  # type: ignore[arg-type]


def used(minutes: int) -> tuple[Day, ...]:
    """Return so many minutes on two units."""
    return (
        Day(
            day=DAY,
            minutes={Basis.METERED: minutes},
            unit_minutes={Purpose.SHIFT: Decimal(2 * minutes)},
        ),
    )


LATE = card(
    "boards",
    asked=at("05:40"),
    attempts=2,
    ready=at("06:10"),
    stopped=at("12:02"),
    spans=(Span(begin=at("06:10"), end=at("10:00")), Span(begin=at("10:12"), end=at("12:00"))),
    days=used(338),
)
"""Ten minutes late, and gone for twelve."""

NEVER = card("welds", asked=at("05:40"), attempts=4, stopped=at("09:00"))

MANUAL = card(
    "boards",
    Origin.MANUAL,
    ready=at("13:00"),
    stopped=at("14:02"),
    spans=(Span(begin=at("13:00"), end=at("14:00")),),
    days=used(60),
)


def happened(*cards: Timecard) -> Happened:
    """Return what has happened: these cards, or all that went wrong."""
    cards = cards or (LATE, NEVER, MANUAL)
    return Happened(
        counted={
            each.model.name: [card for card in cards if card.model == each.model.name]
            for each in planned().models
        },
        cards=cards,
        ended=at("16:00"),
        verdict=Verdict(
            replay="punchclock rehearse mill.yaml",
            violations=("not-ready: welds: 2026-03-02T05:00:00Z: failed on 0 of 2 units",),
        ),
    )


def morning(what: Happened) -> Sheet:
    """Return the page of the morning as values."""
    return sheet(planned(), what)

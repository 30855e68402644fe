"""What did a month cost, by model, shift or day, against the plan and against 24/7?

A month is the plant's local calendar month. What was used stands on the cards, by local day, and
is computed here from a list of them alone. So a night between two months is a run of the first,
and costs something in both.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from punchclock.costs import Usage
from punchclock.localtime import DAY, MIDNIGHT, MINUTE
from punchclock.plans import around_the_clock, paid_unit_minutes, plan, span
from punchclock.plants import Plant
from punchclock.tallies import Tally, tallies
from punchclock.timecards import Timecard
from punchclock.timetables import Run, timetables

NO_SHIFT = "(no shift)"
"""Stands for runs that a person began outside every shift; no shift can have this name."""

_T = TypeVar("_T", Tally, Usage)


class By(StrEnum):
    """What a row of a report stands for."""

    MODEL = "model"
    SHIFT = "shift"
    """The shifts of a run, joined with ``+``."""
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a report."""

    name: str
    """A model, shifts joined with ``+``, or a date."""
    tally: Tally
    planned: Usage
    """For the whole month, by the plant file as it is now."""
    always: Usage | None
    """What the same units would use around the clock; None where that means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A month of a plant."""

    plant: Plant
    first: dt.date
    end: dt.date
    """The day after the month's last."""
    by: By
    rows: tuple[Row, ...]
    """Ascending by name; a shift or day with neither cards nor plan has none."""
    total: Row
    planned_so_far: Usage | None
    """For the days before today; None where the month is over."""


def report(
    plant: Plant, cards: Iterable[Timecard], first: dt.date, by: By, today: dt.date
) -> Report:
    """Report the month that begins on ``first``.

    ``cards`` may hold more than the month's; ``today`` is the date at the plant. Raises
    ``OutOfRange`` where the month leaves the known years.
    """
    end = month_after(first)
    used = _summed(_used(plant, cards, first, end, by))
    planned = _summed(_planned(plant, first, end, by))
    always = _summed(_always(plant, first, end, by))
    models = {model.name for model in plant.models} if by is By.MODEL else set()
    names = used.keys() | planned.keys() | models
    rows = tuple(
        Row(
            name=name,
            tally=used.get(name, Tally()),
            planned=planned.get(name, Usage()),
            always=None if by is By.SHIFT else always.get(name, Usage()),
        )
        for name in sorted(names)
    )
    return Report(
        plant=plant,
        first=first,
        end=end,
        by=by,
        rows=rows,
        total=Row(
            name="total",
            tally=sum((row.tally for row in rows), Tally()),
            planned=sum((row.planned for row in rows), Usage()),
            always=sum(always.values(), Usage()),
        ),
        planned_so_far=plan(plant, first, max(first, today)).usage if today < end else None,
    )


def month_after(first: dt.date) -> dt.date:
    """Return the first day of the next month."""
    return (first + 31 * DAY).replace(day=1)


def months(plant: Plant, first: dt.date, ids: Iterable[str]) -> list[str]:
    """Return the UTC months (``YYYY-MM``), ascending, in which cards of a month were opened.

    That is the month itself, the one before, the one after where the plant's month ends later than
    UTC's, and those of the cards in ``ids``, which may have been in service for very long.
    """
    end = month_after(first)
    last = max(span(plant, first, end)[1], dt.datetime.combine(end, MIDNIGHT, dt.UTC)) - MINUTE
    opened = {card.rpartition("@")[2][: len("YYYY-MM")] for card in ids}
    return sorted({*(f"{day:%Y-%m}" for day in (first - DAY, first, last)), *opened})


def _used(
    plant: Plant, cards: Iterable[Timecard], first: dt.date, end: dt.date, by: By
) -> Iterator[tuple[str, Tally]]:
    for card in cards:
        for day, tally in tallies(card, plant.zone):
            if first <= day < end:
                yield _key(by, card.model, card.shifts, day), tally


def _planned(plant: Plant, first: dt.date, end: dt.date, by: By) -> Iterator[tuple[str, Usage]]:
    tables = timetables(plant)
    pieces = _pieces(plant, first, end, by)
    for model in plant.models:
        table = tables[model.name]
        # Asked for at once, what each day asks below is a look-up.
        table.runs(*span(plant, first, end))
        for day, begin, finish in pieces:
            for run in table.runs(begin, finish):
                key = _key(by, model.name, _shifts(run), day)
                yield key, Usage.of(paid_unit_minutes([run], begin, finish), model.rate)


def _always(plant: Plant, first: dt.date, end: dt.date, by: By) -> Iterator[tuple[str, Usage]]:
    tables = timetables(plant)
    pieces = _pieces(plant, first, end, by)
    for model in plant.models:
        runs = tables[model.name].runs(*span(plant, first, end))
        for day, begin, finish in pieces:
            yield _key(by, model.name, (), day), around_the_clock(model, runs, begin, finish)


def _pieces(
    plant: Plant, first: dt.date, end: dt.date, by: By
) -> Sequence[tuple[dt.date, dt.datetime, dt.datetime]]:
    """Return the days of a month, or the month as one, with their instants."""
    if by is not By.DAY:
        return [(first, *span(plant, first, end))]
    days = [first + n * DAY for n in range((end - first) // DAY)]
    return [(day, *span(plant, day, day + DAY)) for day in days]


def _key(by: By, model: str, shifts: Sequence[str], day: dt.date) -> str:
    keys = {By.MODEL: model, By.SHIFT: "+".join(shifts) or NO_SHIFT, By.DAY: day.isoformat()}
    return keys[by]


def _shifts(run: Run) -> Sequence[str]:
    return sorted({name for window in run.windows for name in window.shifts})


def _summed(pairs: Iterable[tuple[str, _T]]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for key, value in pairs:
        found[key] = found[key] + value if key in found else value
    return found

"""Which runs does a page list, and which timecards belong to them?"""

import datetime as dt
import itertools
from collections.abc import Iterator

from cli.page.happened import Happened
from cli.page.sheet import Line
from punchclock.costs import Usage
from punchclock.localtime import MINUTE
from punchclock.plans import ModelPlan, Plan, shown_end, span
from punchclock.plants import Model
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import Run


def lines(planned: Plan, happened: Happened | None) -> list[Line]:
    """Return the lines of all models, each model's runs ascending, then what nobody planned."""
    begin, end = span(planned.plant, planned.first, planned.end)
    numbers = itertools.count(1)
    return [
        Line(
            key=f"r{next(numbers)}",
            model=each.model,
            run=run,
            card=card,
            counts=_counts(run, card, begin, end),
            note=_note(run, card, begin, end),
            shifts=_shifts(run, card),
            planned=_planned(each.model, run),
        )
        for each in planned.models
        for run, card in _pairs(each, happened, begin, end)
    ]


def _pairs(
    planned: ModelPlan, happened: Happened | None, begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[Run | None, Timecard | None]]:
    """Yield each run with each of its cards, or with none, and then the cards without a run."""
    mine = [
        card
        for card in (happened.cards if happened else ())
        if card.target.id == planned.model.target.id
    ]
    for run in planned.touching:
        own = [card for card in mine if card.planned_ready == run.ready]
        yield from ((run, card) for card in own or (None,))
    known = {run.ready for run in planned.touching}
    for card in mine:
        if card.planned_ready not in known and begin <= _begun(card) < end:
            yield None, card


def _counts(run: Run | None, card: Timecard | None, begin: dt.datetime, end: dt.datetime) -> bool:
    at = run.ready if run else _begun(card) if card else begin
    return begin <= at < end


def _begun(card: Timecard) -> dt.datetime:
    return card.planned_ready or card.opened


def _note(run: Run | None, card: Timecard | None, begin: dt.datetime, end: dt.datetime) -> str:
    if run is None:
        manual = card is not None and card.origin is Origin.MANUAL
        return "in nobody's plan" if manual else "on somebody's word"
    if run.ready < begin:
        return "began before the first day"
    if run.ready >= end:
        return "belongs to a later day"
    if shown_end(run.start, run.stop) is None:
        return "does not end within a year"
    return ""


def _shifts(run: Run | None, card: Timecard | None) -> tuple[str, ...]:
    if run is None:
        return card.shifts if card else ()
    return tuple(sorted({name for window in run.windows for name in window.shifts}))


def _planned(model: Model, run: Run | None) -> Usage | None:
    if run is None or shown_end(run.start, run.stop) is None:
        return None
    return Usage.of(run.units * ((run.stop - run.ready) // MINUTE), model.rate)

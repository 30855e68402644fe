"""What did each model cost by our cards, and by the emulator's own bill?

Both sides count the same runs: those whose first window starts in the rehearsed days, plus
unscheduled minutes in them.
"""

import datetime as dt
from dataclasses import dataclass

from punchclock.costs import Usage
from punchclock.plans import around_the_clock
from punchclock.plants import Model
from punchclock.timecards import Origin, Timecard
from rehearsal.rehearsing import Rehearsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One model's runs, counted by us and by the service."""

    cards: tuple[Timecard, ...]
    usage: Usage
    """By the cards."""
    billed: Usage
    """By the emulator's bill."""
    always: Usage
    """What the same units would have used around the clock on these days."""


def account_of(rehearsed: Rehearsed, model: Model) -> Account:
    """Return the account of one model."""
    cards = tuple(card for card in rehearsed.cards if _counts(rehearsed, model, card))
    begin, end = rehearsed.span
    return Account(
        cards=cards,
        usage=sum((card.usage for card in cards), Usage()),
        billed=Usage.of(_billed(rehearsed, model), model.rate),
        always=around_the_clock(model, rehearsed.runs(model), begin, end),
    )


def _counts(rehearsed: Rehearsed, model: Model, card: Timecard) -> bool:
    begin, end = rehearsed.span
    if card.target.id != model.target.id:
        return False
    if card.origin is Origin.MANUAL:
        return begin <= card.opened < end
    return card.planned_ready is not None and begin <= card.planned_ready < end


def _billed(rehearsed: Rehearsed, model: Model) -> int:
    """Sum the periods in service that began in a counted run, or in no run at all."""
    hosted = rehearsed.hosted[model.name]
    begin, end = rehearsed.span
    minutes: dict[dt.datetime, int] = {}
    for period in hosted.periods():
        run = rehearsed.timetables[model.name].run_at(period.begin)
        counted = begin <= (run.ready if run else period.begin) < end
        if counted:
            minutes |= hosted.unit_minutes(_floor(period.begin), period.end)
    return sum(minutes.values())


def _floor(instant: dt.datetime) -> dt.datetime:
    return instant.replace(second=0, microsecond=0)

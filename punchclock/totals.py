"""What did a plant cost, by model and by local day? Sums over cards, never counted up.

Each card files one entry per local month that it has minutes in. A total is the sum of entries, so
it is right however often a card was read, closed again, or corrected.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from punchclock.costs import Usage
from punchclock.minutes import Day, Purpose
from punchclock.timecards import Timecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One card's part of one local month."""

    card: str
    """Id of the card."""
    model: str
    rate: Decimal
    """USD per unit-hour."""
    month: str
    """``YYYY-MM`` at the plant."""
    days: tuple[Day, ...]

    @property
    def usage(self) -> Usage:
        """All its days together."""
        return sum((used(day, self.rate) for day in self.days), Usage())


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a card's metric said after the card was closed."""

    card: str
    """Id of the card."""
    opened: dt.datetime
    """When the card was opened, which says where it is filed."""
    corrected: dt.datetime
    days: tuple[Day, ...]
    """All of the card's days, as they are known now."""


def entries(card: Timecard) -> list[Entry]:
    """Return a card's entries, by month, ascending."""
    return [
        Entry(card=card.id, model=card.model, rate=card.rate, month=month, days=tuple(days))
        for month, days in groupby(card.days, lambda day: f"{day.day:%Y-%m}")
    ]


def corrected(card: Timecard, days: tuple[Day, ...]) -> list[Entry]:
    """Return the entries of a card whose days are others now; a month may have none left."""
    later = {entry.month: entry for entry in entries(replace(card, days=days))}
    before = {entry.month: replace(entry, days=()) for entry in entries(card)}
    return [*(before | later).values()]


def used(day: Day, rate: Decimal, purposes: Iterable[Purpose] = tuple(Purpose)) -> Usage:
    """Return what one day used, for some purposes or for all."""
    minutes = (day.unit_minutes.get(purpose, Decimal(0)) for purpose in purposes)
    return Usage.of(sum(minutes, Decimal(0)), rate)


def total(found: Iterable[Entry]) -> Usage:
    """Return all entries together."""
    return sum((entry.usage for entry in found), Usage())


def until(found: Iterable[Entry], last: dt.date) -> dict[str, Usage]:
    """Return what each model used up to a day, inclusive, by model name."""
    sums: dict[str, Usage] = {}
    for entry in found:
        for day in entry.days:
            if day.day <= last:
                sums[entry.model] = sums.get(entry.model, Usage()) + used(day, entry.rate)
    return sums


def on(found: Iterable[Entry], day: dt.date) -> Mapping[str, Usage]:
    """Return what each model used on one local day, by model name."""
    own = (
        replace(entry, days=tuple(each for each in entry.days if each.day == day))
        for entry in found
    )
    return until(own, day)

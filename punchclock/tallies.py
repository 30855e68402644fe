"""How do the runs of many cards add up?"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.costs import Usage
from punchclock.timecards import Basis, Purpose, Timecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What runs used; tallies add up."""

    runs: int = 0
    late_starts: int = 0
    """How many of the runs were ready after their first window had begun, or never."""
    used: Mapping[Purpose, Usage] = field(default_factory=dict)
    minutes: Mapping[Basis, int] = field(default_factory=dict)
    open_cards: frozenset[str] = frozenset()
    """Ids of the cards that are not closed: there may be more to come."""

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            runs=self.runs + other.runs,
            late_starts=self.late_starts + other.late_starts,
            used={
                each: self.use(each) + other.use(each)
                for each in Purpose
                if each in self.used or each in other.used
            },
            minutes={each: self.known(each) + other.known(each) for each in Basis},
            open_cards=self.open_cards | other.open_cards,
        )

    def use(self, purpose: Purpose) -> Usage:
        """Return what was used for one purpose."""
        return self.used.get(purpose, Usage())

    def known(self, basis: Basis) -> int:
        """Return minutes in service that are known on one basis."""
        return self.minutes.get(basis, 0)

    @property
    def usage(self) -> Usage:
        """What was used for all purposes."""
        return sum(self.used.values(), Usage())

    @property
    def so_far(self) -> bool:
        """Whether there may be more to come."""
        return bool(self.open_cards)


def tallies(card: Timecard, zone: ZoneInfo) -> Iterator[tuple[dt.date, Tally]]:
    """Yield what a card adds to each local day.

    The run is counted on the day its first window starts, or on the day it was first seen where
    nothing was planned; its minutes are counted on the days they were used. A card that is not
    closed counts as far as it is known.
    """
    open_cards = frozenset() if card.closed else frozenset({card.id})
    began = localtime.day_of(card.planned_ready or card.opened, zone)
    yield began, Tally(runs=1, late_starts=int(_late(card)), open_cards=open_cards)
    for day in card.days:
        used = {each: Usage.of(value, card.rate) for each, value in day.unit_minutes.items()}
        yield day.day, Tally(used=used, minutes=day.minutes, open_cards=open_cards)


def _late(card: Timecard) -> bool:
    """Whether it was ready too late, or ended after its window had begun without being ready."""
    if card.ready is None and card.planned_ready is not None and card.stopped is not None:
        return card.stopped > card.planned_ready
    return card.late_seconds > 0

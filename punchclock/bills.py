"""Does AWS bill what our cards say? Unit-minutes and rate, service by service.

The bill's days are UTC's, our days are the plant's: the hours between the two midnights, at both
ends of the compared days, are moved by when the models were seen in service.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from punchclock.costs import Usage
from punchclock.localtime import MIDNIGHT, starting
from punchclock.minutes import in_service
from punchclock.plants import Plant
from punchclock.timecards import Basis, Timecard
from punchclock.totals import used

TOLERANCE = Decimal("0.01")
"""The part of the bill by which it may differ before it is flagged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """How a model service appears on the bill."""

    service: str
    """Its name in the plant file."""
    billed_as: str
    """Its name in Cost Explorer's dimension SERVICE."""
    suffix: str
    """What follows the region in the usage types of hosting."""
    minutes: int
    """How many unit-minutes one unit of the usage type is."""


TARIFFS = (
    Tariff(
        service="lookoutvision",
        billed_as="Amazon Lookout for Vision",
        suffix="Inference",
        minutes=60,
    ),
    Tariff(
        service="rekognition",
        billed_as="Amazon Rekognition",
        suffix="inferenceminutes",
        minutes=1,
    ),
)
"""Source of the suffixes: AWS Billing, "Tracking your free tier usage"; one has ``EUC1-`` or the
like before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the bill says of one usage type on one UTC day."""

    day: dt.date
    usage_type: str
    quantity: Decimal
    """In the usage type's own unit."""
    cost: Decimal
    """USD."""
    final: bool
    """Whether AWS no longer calls it an estimate."""

    @property
    def region(self) -> str:
        """The bill's short name of the region, as in ``EUC1-Inference``; empty where it has none.

        Source: AWS's convention for usage types; not verified for these services.
        """
        region, dash, _ = self.usage_type.partition("-")
        return region if dash else ""

    def of(self, tariff: Tariff) -> bool:
        """Whether it is for hosting by a service."""
        return self.usage_type.rpartition("-")[2].casefold() == tariff.suffix.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One service's bill against our cards."""

    service: str
    usage_types: tuple[str, ...]
    """What the bill calls it, ascending."""
    ours: Usage
    """By the cards, on the bill's days."""
    billed: Usage
    rate: Decimal | None
    """USD per unit-hour that we reckon with; None where the plant has no model of the service."""
    hints: tuple[str, ...]
    """What is known to be unfinished or uncertain about the two figures."""

    @property
    def difference(self) -> Decimal:
        """Unit-minutes that the bill has more than the cards."""
        return self.billed.unit_minutes - self.ours.unit_minutes

    @property
    def share(self) -> Decimal | None:
        """The difference as a part of the bill; None where nothing is billed."""
        billed = self.billed.unit_minutes
        return self.difference / billed if billed else None

    @property
    def effective_rate(self) -> Decimal | None:
        """USD per unit-hour that was paid; None where nothing is billed."""
        hours = self.billed.unit_hours
        return self.billed.cost / hours if hours else None

    @property
    def usage_differs(self) -> bool:
        """Whether the unit-minutes are too far apart."""
        return _apart(self.ours.unit_minutes, self.billed.unit_minutes)

    @property
    def rate_differs(self) -> bool:
        """Whether the rates are too far apart."""
        paid = self.effective_rate
        return paid is not None and self.rate is not None and _apart(self.rate, paid)

    @property
    def flagged(self) -> bool:
        """Whether a person should look."""
        return self.usage_differs or self.rate_differs

    @property
    def reasons(self) -> tuple[str, ...]:
        """What may be behind it, the likeliest first; none where nothing is flagged."""
        found: tuple[str, ...] = ()
        if self.usage_differs:
            found += self.hints + (_MORE if self.difference > 0 else _LESS)
        return found + (_RATE if self.rate_differs else ())


_MORE = (
    "another plant, or a model that no plant file names, ran in the same account",
    "a model was started before Punchclock first looked",
)
_LESS = (
    "Cost Explorer does not have it all yet: it is refreshed once a day, and later days change",
    "the usage was billed to another account, or under another usage type",
)
_RATE = (
    "the rate in the plant file is not the region's price",
    "a free tier, a volume tier or a private price applies",
)


def compare(
    plant: Plant,
    cards: Sequence[Timecard],
    charges: Sequence[Charge],
    first: dt.date,
    end: dt.date,
) -> tuple[Comparison, ...]:
    """Compare the UTC days from ``first`` to ``end``, exclusive, of each service there is."""
    found = []
    after = dt.datetime.combine(end, MIDNIGHT, dt.UTC)
    for tariff in TARIFFS:
        own = [
            card for card in cards if card.target.service == tariff.service and card.opened < after
        ]
        billed = [charge for charge in charges if charge.of(tariff)]
        rates = [model.rate for model in plant.models if model.target.service == tariff.service]
        if not (own or billed or rates):
            continue
        ours = sum((_used(card, plant, first, end) for card in own), Usage())
        found.append(
            Comparison(
                service=tariff.service,
                usage_types=tuple(sorted({charge.usage_type for charge in billed})),
                ours=ours,
                billed=sum((_billed(charge, tariff) for charge in billed), Usage()),
                rate=ours.cost / ours.unit_hours if ours.unit_hours else next(iter(rates), None),
                hints=tuple(_hints(own, billed, first, end)),
            )
        )
    return tuple(found)


def _used(card: Timecard, plant: Plant, first: dt.date, end: dt.date) -> Usage:
    """Return what a card used from one UTC midnight to another."""
    own = (used(day, card.rate) for day in card.days if first <= day.day < end)
    moved = _between(card, plant, end) - _between(card, plant, first)
    return sum(own, Usage()) + Usage.of(moved, card.rate)


def _between(card: Timecard, plant: Plant, day: dt.date) -> Decimal:
    """Return unit-minutes from the plant's midnight to UTC's, negative where UTC's is earlier."""
    ours = starting(day, MIDNIGHT, plant.zone)
    theirs = dt.datetime.combine(day, MIDNIGHT, dt.UTC)
    seen = in_service(card.spans, {}, card.held_units, min(ours, theirs), max(ours, theirs))
    units = sum((minute.units for minute in seen), Decimal(0))
    return units if ours < theirs else -units


def _billed(charge: Charge, tariff: Tariff) -> Usage:
    return Usage(charge.quantity * tariff.minutes, charge.cost * 60)


def _hints(
    cards: Sequence[Timecard], charges: Sequence[Charge], first: dt.date, end: dt.date
) -> Iterator[str]:
    """Yield what is worth knowing; each is a count of things, and what it means for the sum."""
    not_closed = sum(card.closed is None for card in cards)
    estimates = len({charge.day for charge in charges if not charge.final})
    regions = len({charge.region for charge in charges})
    observed = sum(_observed(card, first, end) for card in cards)
    if not_closed:
        yield f"cards not closed: {not_closed}; what is known of them so far is counted"
    if estimates:
        yield f"days that AWS still calls an estimate: {estimates}"
    if regions > 1:
        yield f"regions in the bill's usage types: {regions}; the plant is in one"
    if observed:
        yield f"minutes without a datapoint: {observed}; their units are what was last known"


def _observed(card: Timecard, first: dt.date, end: dt.date) -> int:
    days = (day for day in card.days if first <= day.day < end)
    return sum(day.minutes.get(Basis.OBSERVED, 0) for day in days)


def _apart(ours: Decimal, theirs: Decimal) -> bool:
    return abs(theirs - ours) > abs(theirs) * TOLERANCE

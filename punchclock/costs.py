"""What hosting costs: the one function behind plan, diff, bill and timecard.

Unit-hours are minutes in service times units in service. Sums stay exact: minutes are added, and
the division by sixty and the rounding to cents come last.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from punchclock.plants import CURRENCY

_CENT = Decimal("0.01")
_MINUTES = Decimal(60)


@dataclass(frozen=True, slots=True)
class Usage:
    """Units in service over time, with their price; usages add up.

    AWS: "if you start the model with 2 inference units and you use the model for 8 hours, you are
    charged for 16 inference hours", 64.00 USD at 4.00 USD per unit-hour.
    """

    unit_minutes: Decimal = Decimal(0)
    rated_minutes: Decimal = Decimal(0)
    """Unit-minutes times their rate in USD per unit-hour."""

    @classmethod
    def of(cls, unit_minutes: Decimal | int, rate: Decimal) -> Self:
        """Return the usage of so many unit-minutes at a rate in USD per unit-hour."""
        return cls(Decimal(unit_minutes), unit_minutes * rate)

    def __add__(self, other: "Usage") -> "Usage":
        """Return both together."""
        return Usage(
            self.unit_minutes + other.unit_minutes, self.rated_minutes + other.rated_minutes
        )

    @property
    def unit_hours(self) -> Decimal:
        """Unit-hours, not rounded."""
        return self.unit_minutes / _MINUTES

    @property
    def cost(self) -> Decimal:
        """USD, not rounded."""
        return self.rated_minutes / _MINUTES

    def as_json(self) -> dict[str, object]:
        """Return unit-hours and cost in the form that every command prints."""
        return {"unit_hours": two_decimals(self.unit_hours), "cost": money(self.cost)}


def two_decimals(value: Decimal) -> str:
    """Round half up to two decimals; what rounds to nothing has no sign."""
    return str(value.quantize(_CENT, ROUND_HALF_UP) + 0)


def money(amount: Decimal) -> dict[str, str]:
    """Return an amount with its currency."""
    return {"amount": two_decimals(amount), "currency": CURRENCY}

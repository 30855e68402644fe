"""What has a plant used, and what would AWS charge for it in a month?"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bench.prices import FREE_DASHBOARDS, HOURS_A_MONTH, PRICES

GB = Decimal(10**9)
MIB_A_GB = 1024


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was used in some hours."""

    invocations: Counter[str] = field(default_factory=Counter)
    """By function."""
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Time at work, by function."""
    longest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Seconds of the longest invocation, by function."""
    calls: Counter[str] = field(default_factory=Counter)
    """By ``service:Operation``, as AWS names it."""
    amounts: Counter[str] = field(default_factory=Counter)
    """Of what is used by the piece, by item of the prices: bytes where the price is by the GB."""
    metric_hours: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Hours in which a custom metric was sent, by its name."""

    def work(self, function: str, seconds: float) -> None:
        """Count one invocation."""
        self.invocations[function] += 1
        self.seconds[function] += seconds
        self.longest[function] = max(self.longest[function], seconds)

    def clear(self) -> None:
        """Forget what was used so far."""
        for each in (self.invocations, self.calls, self.amounts):
            each.clear()
        self.seconds.clear()
        self.longest.clear()
        self.metric_hours.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there whether anything happens or not."""

    memory_mib: Mapping[str, int]
    """By function."""
    alarm_metrics: int
    """An alarm costs by the metrics that it looks at."""
    dashboards: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a bill."""

    item: str
    amount: Decimal
    """A month, in the unit of the item's price."""
    usd: Decimal


def bill(tally: Tally, standing: Standing, hours: Decimal) -> Sequence[Line]:
    """Return what a month costs in which every hour is like the hours of a tally, on average."""
    months = HOURS_A_MONTH / hours
    used = {item: amount * months for item, amount in _used(tally, standing).items()}
    used["DynamoDB: storage after a year"] *= 12
    used["Logs: kept three months"] = 3 * used["Logs: taken in"]
    used["CloudWatch: metrics"] = metric_months(tally.metric_hours, hours)
    used["CloudWatch: alarms"] = Decimal(standing.alarm_metrics)
    over = max(0, standing.dashboards - FREE_DASHBOARDS)
    used["CloudWatch: dashboards over three"] = Decimal(over)
    return [
        Line(item=item, amount=used[item], usd=price.of(used[item]))
        for item, price in PRICES.items()
    ]


def total(lines: Sequence[Line]) -> Decimal:
    """Return USD of a whole bill."""
    return sum((line.usd for line in lines), Decimal(0))


def metric_months(metric_hours: Mapping[str, set[str]], hours: Decimal) -> Decimal:
    """Return for how many metrics a month is charged: each for the hours in which it was sent."""
    sent = sum(min(Decimal(len(each)), hours) for each in metric_hours.values())
    return Decimal(sent) / hours


def read_units(size: int) -> int:
    """Return the request units of a consistent read of so many bytes, at most 1 MB.

    Source: the DynamoDB guide, "Read and write operations": one for each 4 KB, and at least one.
    """
    return max(1, -(-size // 4096))


def write_units(size: int, *, transaction: bool = False) -> int:
    """Return the request units of a write of an item of so many bytes: one for each KB.

    In a transaction they are twice as many.
    """
    return max(1, -(-size // 1024)) * (2 if transaction else 1)


def _used(tally: Tally, standing: Standing) -> dict[str, Decimal]:
    gb_seconds = sum(
        seconds * standing.memory_mib[function] / MIB_A_GB
        for function, seconds in tally.seconds.items()
    )
    by_the_gb = {item for item, price in PRICES.items() if price.unit == "GB"}
    pieces = {
        item: Decimal(tally.amounts[item]) / (GB if item in by_the_gb else 1) for item in PRICES
    }
    return {
        **pieces,
        "Lambda: time": Decimal(gb_seconds),
        "Lambda: invocations": Decimal(tally.invocations.total()),
    }

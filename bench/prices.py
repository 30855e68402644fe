"""What does AWS charge for each thing that Punchclock uses? A dated table, a source in every row.

List prices in USD of US East (N. Virginia). Nothing counts as free but an account's first three
dashboards; what AWS gives away besides (the scheduler's first 14 million calls, say) is charged.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

HOURS_A_MONTH = Decimal(730)
"""Of an average month: 8,760 hours a year, as AWS counts."""

FREE_DASHBOARDS = 3
"""Of an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one thing costs."""

    usd: Decimal
    per: int = 1
    unit: str
    """What is counted."""
    source: str
    read: dt.date
    """When the source was read, or the day from which on it says the price holds."""
    confidence: str
    """H: a page of AWS; M: a third party that quotes AWS; L: several do, or it is inferred."""

    def of(self, amount: Decimal) -> Decimal:
        """Return USD for an amount."""
        return amount * self.usd / self.per


_READ = dt.date(2026, 11, 22)
_DYNAMODB = "airbyte.com/data-engineering-resources/dynamodb-pricing, on AWS's cut of November 2024"
_LAMBDA = "third parties quoting aws.amazon.com/lambda/pricing, arm64, first tier"
_CLOUDWATCH = "third parties quoting aws.amazon.com/cloudwatch/pricing"
_STORAGE = "third parties quoting aws.amazon.com/dynamodb/pricing/on-demand"

PRICES: Mapping[str, Price] = {
    "Lambda: time": Price(
        usd=Decimal("0.0000133334"),
        unit="GB-seconds",
        source=_LAMBDA,
        read=_READ,
        confidence="M",
    ),
    "Lambda: invocations": Price(
        usd=Decimal("0.20"),
        per=1_000_000,
        unit="requests",
        source=_LAMBDA,
        read=_READ,
        confidence="M",
    ),
    "Scheduler": Price(
        usd=Decimal("1.00"),
        per=1_000_000,
        unit="invocations",
        source="a third party quoting aws.amazon.com/eventbridge/pricing in 2026-10",
        read=_READ,
        confidence="M",
    ),
    "DynamoDB: reads": Price(
        usd=Decimal("0.125"),
        per=1_000_000,
        unit="read request units",
        source=_DYNAMODB,
        read=dt.date(2024, 11, 1),
        confidence="M",
    ),
    "DynamoDB: writes": Price(
        usd=Decimal("0.625"),
        per=1_000_000,
        unit="write request units",
        source=_DYNAMODB,
        read=dt.date(2024, 11, 1),
        confidence="M",
    ),
    "DynamoDB: storage after a year": Price(
        # 0.25 for the table and 0.20 for its restoration to any second.
        usd=Decimal("0.45"),
        unit="GB",
        source=_STORAGE,
        read=_READ,
        confidence="L",
    ),
    "CloudWatch: metrics": Price(
        usd=Decimal("0.30"),
        unit="metric-months",
        source=f"{_CLOUDWATCH}; prorated by the hour: its user guide, 'CloudWatch billing'",
        read=_READ,
        confidence="M",
    ),
    "CloudWatch: alarms": Price(
        usd=Decimal("0.10"),
        unit="metrics in alarms",
        source=_CLOUDWATCH,
        read=_READ,
        confidence="M",
    ),
    "CloudWatch: dashboards over three": Price(
        usd=Decimal("3.00"),
        unit="dashboards",
        source=_CLOUDWATCH,
        read=_READ,
        confidence="M",
    ),
    "CloudWatch: GetMetricData": Price(
        usd=Decimal("0.01"),
        per=1000,
        unit="metrics requested",
        source="site24x7.com, 'CloudWatch metrics cost calculation'",
        read=_READ,
        confidence="M",
    ),
    "Logs: taken in": Price(
        usd=Decimal("0.50"),
        unit="GB",
        source=_CLOUDWATCH,
        read=_READ,
        confidence="M",
    ),
    "Logs: kept three months": Price(
        usd=Decimal("0.03"),
        unit="GB",
        source=_CLOUDWATCH,
        read=_READ,
        confidence="M",
    ),
}
"""By item, in the order in which a bill shows them."""

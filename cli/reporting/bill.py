"""What does Cost Explorer say about hosting, and how is that shown beside our cards?

AWS charges USD 0.01 for each request, and answers for UTC days, at most a day old.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cli.aws.reaching import Desk
from cli.columns import aligned
from punchclock.bills import TARIFFS, Charge, Comparison
from punchclock.costs import Usage, two_decimals
from punchclock.plants import CURRENCY

REGION = "us-east-1"
"""Where Cost Explorer is asked, whichever region is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The bill of some UTC days, beside our cards."""

    first: dt.date
    end: dt.date
    """The day after the last."""
    requests: int
    """How many requests AWS charges for."""
    comparisons: tuple[Comparison, ...]

    @property
    def flagged(self) -> bool:
        """Whether a person should look."""
        return any(each.flagged for each in self.comparisons)


def charges(desk: Desk, first: dt.date, end: dt.date) -> tuple[list[Charge], int]:
    """Return what is billed from one UTC day to another, and how many requests that took."""
    client = desk.client("ce", REGION)
    question = _question(desk.account, first, end)
    found: list[Charge] = []
    requests = 0
    while True:
        answer = client.get_cost_and_usage(**question)
        requests += 1
        found += [each for day in answer["ResultsByTime"] for each in _charges(day)]
        if not answer.get("NextPageToken"):
            return found, requests
        question["NextPageToken"] = answer["NextPageToken"]


def _question(account: str, first: dt.date, end: dt.date) -> dict[str, Any]:
    kinds = {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund", "Tax"]}
    services = {"Key": "SERVICE", "Values": [each.billed_as for each in TARIFFS]}
    # A management account is shown all accounts of its organization.
    own = {"Key": "LINKED_ACCOUNT", "Values": [account]}
    return {
        "TimePeriod": {"Start": first.isoformat(), "End": end.isoformat()},
        "Granularity": "DAILY",
        "Metrics": ["UsageQuantity", "UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}],
        "Filter": {
            "And": [{"Dimensions": services}, {"Dimensions": own}, {"Not": {"Dimensions": kinds}}]
        },
    }


def _charges(day: dict[str, Any]) -> Iterator[Charge]:
    for group in day.get("Groups", ()):
        metrics = group["Metrics"]
        yield Charge(
            day=dt.date.fromisoformat(day["TimePeriod"]["Start"]),
            usage_type=group["Keys"][0],
            quantity=Decimal(metrics["UsageQuantity"]["Amount"]),
            cost=Decimal(metrics["UnblendedCost"]["Amount"]),
            final=not day.get("Estimated", False),
        )


def document(bill: Bill) -> dict[str, object]:
    """Return the comparison as JSON has it."""
    return {
        "from": bill.first.isoformat(),
        "to": bill.end.isoformat(),
        "requests": bill.requests,
        "flagged": bill.flagged,
        "services": [_service(each) for each in bill.comparisons],
    }


def _service(each: Comparison) -> dict[str, object]:
    return {
        "service": each.service,
        "usage_types": list(each.usage_types),
        "ours": _usage(each.ours),
        "billed": _usage(each.billed),
        "difference": {
            "unit_minutes": two_decimals(each.difference),
            "percent": _percent(each),
        },
        "rate": _rate(each.rate),
        "effective_rate": _rate(each.effective_rate),
        "flagged": each.flagged,
        "reasons": list(each.reasons),
    }


def _usage(usage: Usage) -> dict[str, object]:
    return {"unit_minutes": two_decimals(usage.unit_minutes), **usage.as_json()}


def _percent(each: Comparison) -> str | None:
    return None if each.share is None else two_decimals(100 * each.share)


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else two_decimals(rate)


def lines(bill: Bill) -> Iterator[str]:
    """Yield the lines of the comparison for people."""
    numbers = (
        "our unit-minutes",
        "billed",
        "difference %",
        f"our cost {CURRENCY}",
        f"billed {CURRENCY}",
        "our rate",
        "paid rate",
    )
    title = f"AWS's bill of the UTC days from {bill.first} until {bill.end}, exclusive"
    rows = [_row(each) for each in bill.comparisons]
    yield from aligned(title, ("service", *numbers, ""), rows, numbers)
    yield from _verdicts(bill.comparisons)
    yield f"requests to Cost Explorer: {bill.requests}, at USD 0.01 each"


def _row(each: Comparison) -> Sequence[str]:
    return (
        each.service,
        two_decimals(each.ours.unit_minutes),
        two_decimals(each.billed.unit_minutes),
        _percent(each) or "-",
        two_decimals(each.ours.cost),
        two_decimals(each.billed.cost),
        _rate(each.rate) or "-",
        _rate(each.effective_rate) or "-",
        "look" if each.flagged else "fine",
    )


def _verdicts(comparisons: Iterable[Comparison]) -> Iterator[str]:
    for each in comparisons:
        if each.flagged:
            what = " and ".join(
                word
                for word, differs in (("usage", each.usage_differs), ("rate", each.rate_differs))
                if differs
            )
            yield f"{each.service}: {what} more than 1 % apart; it may be that"
            yield from (f"- {reason}" for reason in each.reasons)

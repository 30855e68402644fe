"""Who is told of incidents, and have they confirmed it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.names import NOTIFY_TOPIC
from punchclock.plants import Plant

if TYPE_CHECKING:
    from cli.aws.reaching import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody who is to be told."""

    endpoint: str
    state: str
    """``confirmed``, ``pending`` until the link in AWS's e-mail is followed, or ``missing``."""


def subscriptions(plant: Plant, outputs: Mapping[str, str], desk: "Desk") -> list[Subscription]:
    """Return who is subscribed to the topic that a stack's outputs name, and who is missing."""
    topic = outputs.get(NOTIFY_TOPIC)
    if topic is None:
        return _missing(plant, set())
    pages = desk.client("sns").get_paginator("list_subscriptions_by_topic")
    found = [
        Subscription(
            endpoint=str(each["Endpoint"]),
            state="confirmed" if str(each["SubscriptionArn"]).startswith("arn:") else "pending",
        )
        for page in pages.paginate(TopicArn=topic)
        for each in page["Subscriptions"]
    ]
    return [*found, *_missing(plant, {each.endpoint for each in found})]


def _missing(plant: Plant, found: set[str]) -> list[Subscription]:
    return [
        Subscription(endpoint=address, state="missing")
        for address in plant.notify
        if address not in found
    ]

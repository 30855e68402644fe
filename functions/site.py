"""What a function works with: the plant, its timetables, and an adapter for every port."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from punchclock.plants import Plant
from punchclock.ports import (
    Colleagues,
    Journal,
    Ledger,
    Meter,
    Neighbours,
    Notices,
    Service,
    Stack,
)
from punchclock.timetables import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything that is composed before a function runs."""

    plant: Plant
    timetables: Mapping[str, Timetable]
    """By model name."""
    services: Mapping[str, Service]
    """By name of the catalog."""
    ledger: Ledger
    meter: Meter
    journal: Journal
    colleagues: Colleagues
    notices: Notices
    neighbours: Neighbours
    """Other plants' stacks, for the sweep."""
    stack: Stack
    """CloudFormation, for the function that closes the plant."""
    now: Callable[[], dt.datetime]
    """The only clock: aware UTC."""
    pause: Callable[[float], None]
    """Let so many seconds pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Why a function was called: where to look and how late it is, never what to do."""

    scheduled_at: dt.datetime | None = None
    targets: Sequence[str] | None = None
    """Ids of the hosted models to look at; None for all that are due."""

    @classmethod
    def of(cls, event: object) -> "Order":
        """Read an event. What is not understood is ignored, because what is true now decides."""
        fields = event if isinstance(event, Mapping) else {}
        targets = fields.get("targets")
        return cls(
            scheduled_at=instant(fields.get("scheduled_at")),
            targets=[each for each in targets if isinstance(each, str)]
            if isinstance(targets, list)
            else None,
        )

    @property
    def caller(self) -> str | None:
        """Who called: a schedule, the sweep, or None for somebody else."""
        if self.targets is not None:
            return "sweep"
        return None if self.scheduled_at is None else "schedule"

    def lag_seconds(self, now: dt.datetime) -> int | None:
        """How late the call is; None where it was not scheduled."""
        return None if self.scheduled_at is None else int((now - self.scheduled_at).total_seconds())


def instant(text: object) -> dt.datetime | None:
    """Read an instant; None for what is none, or has no offset."""
    if not isinstance(text, str):
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None

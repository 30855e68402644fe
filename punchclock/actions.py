"""What can be decided about a model, and what must a person know?"""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What is done."""

    START = "start"
    STOP = "stop"
    ADOPT = "adopt"
    """Open a card for what runs: as ours where it is wanted, as a person's where it is not."""
    CONFIRM = "confirm"
    """Note on the card that the model is out of service for good."""
    WAIT = "wait"
    NOTHING = "nothing"


class Trouble(StrEnum):
    """What a person must know."""

    LATE = "late"
    """Not ready although its window has begun."""
    STUCK = "stuck"
    """Starting or updating for too long."""
    FAILED = "failed"
    SHORT = "short"
    """Running on fewer units than the plan says."""
    OVERDUE = "overdue"
    """Still hosted long after its stop was asked for."""
    UNSCHEDULED = "unscheduled"
    """Hosted, and no shift wants it."""
    UNTOUCHABLE = "untouchable"
    """Missing, deleted, in training, or in a state that we do not know."""
    REFUSED = "refused"
    """The service refused to answer, start or stop it."""
    SILENT = "silent"
    """The service does not answer, so nothing is known of it."""
    UNREADABLE = "unreadable"
    """Somebody has written an override that nobody can read; it has no effect."""
    UNPLANNED = "unplanned"
    """Nobody knows when it is wanted: the holidays of its calendar have ended, for example."""
    CLAIMED = "claimed"
    """Another plant's stack has claimed it first: it is not touched, and its line waits."""
    UNHEARD = "unheard"
    """The schedules' events do not arrive: starts, or stops, are the sweep's alone, and late."""
    EXPIRING = "expiring"
    """The holidays of a calendar, and with them all that can be planned, end within weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An action with its reason, and the trouble that a person must know of."""

    action: Action
    reason: str
    trouble: Trouble | None = None

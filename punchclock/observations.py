"""What a model service says now, in words that all services share."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a hosted model is doing."""

    STOPPED = "stopped"
    """Not hosted and can be started: stopped, or trained and never started."""
    STARTING = "starting"
    RUNNING = "running"
    UPDATING = "updating"
    """The service is changing it by itself; it may or may not answer."""
    STOPPING = "stopping"
    FAILED = "failed"
    """Hosting failed."""
    TRAINING = "training"
    """Not yet, or never, a model that can be started."""
    DELETING = "deleting"
    MISSING = "missing"
    """The service knows no such model."""
    UNKNOWN = "unknown"
    """A word that we do not know; touch nothing."""


HOSTED = frozenset({State.STARTING, State.RUNNING, State.UPDATING})
"""States of a model that is, or is about to be, in service."""

UNTOUCHABLE = frozenset({State.MISSING, State.DELETING, State.TRAINING, State.UNKNOWN})
"""States in which nothing but a person helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One answer of a service about one model."""

    state: State
    word: str
    """The service's own word for the state."""
    units: int | None = None
    """The least units it was started with, where the service says so."""
    message: str = ""
    """What the service says about it in words."""

"""What is an invariant asked of, and what does it answer?"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rehearsal.faults.history import History
from rehearsal.faults.truth import Moment, moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One rehearsal: what was done in it, and what was true."""

    history: History
    told: Mapping[str, Sequence[Moment]]
    """The moments of each hosted model, by target id."""

    @classmethod
    def through(cls, history: History) -> "Lived":
        """Return what a history comes to."""
        told = {target: moments(history, target) for target in history.hosted}
        return cls(history=history, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """When an invariant did not hold, of which model, and how."""

    at: dt.datetime
    reason: str
    model: str | None = None
    """Its name, or its target id where no file names it; None where it is no model's."""


Check = Callable[[Lived], Iterator[Breach]]
"""Finds where one invariant did not hold."""

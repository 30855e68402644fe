"""Which hosted models are a plant's own? Those that no other plant's stack has claimed before it.

Each stack's template claims the models of its plant file. Which claim was first, no template tells,
so a plant remembers in its roster what it holds: that is kept, whatever another one claims later. A
model that is new to the roster, and claimed by another stack, is not touched.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from punchclock.plants import Target

CLAIMS = "punchclock:claims"
"""What a template's metadata say of the hosted models that are its plant's: see ``claim``."""

STACK = "punchclock-"
"""What the name of every plant's stack begins with."""


def claim(target: Target) -> str:
    """Return what stands for a hosted model among the claims: as short for 2,000 as for two."""
    return hashlib.sha256(target.id.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What other plants' stacks claim."""

    stacks: Mapping[str, Collection[str]]
    """Claims by the stack's name."""
    final: bool = True
    """Whether those stacks see what ours claims. While a stack is being changed, nobody says which
    of its two templates is told of: two plants that are deployed at once might miss each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Which hosted models a plant has been sweeping, since when, and which it may touch."""

    digest: str
    """Of the ids of all of them: another one where a deployment brought or took a model."""
    since: dt.datetime
    held: frozenset[str] | None = None
    """Claims of the models that are its own; None where nobody has asked yet."""
    claimed_by: Mapping[str, str] = field(default_factory=dict)
    """Stacks that have claimed a model before it, by the claim. Nothing is known of the models that
    are neither here nor held: they are worked, and asked about."""
    version: int = 0
    """How often it was written."""

    @classmethod
    def of(cls, targets: Iterable[Target], since: dt.datetime) -> Self:
        """Make the roster of hosted models that nobody has swept before."""
        ids = "\n".join(sorted(target.id for target in targets))
        digest = hashlib.sha256(ids.encode()).hexdigest()
        return cls(digest=digest, since=since, held=frozenset())

    def becoming(self, targets: Collection[Target], now: dt.datetime) -> "Roster":
        """Return the roster of what a plant file has now; the same where that is no other.

        A model that has left is given up: where it comes back, it is new.
        """
        made = Roster.of(targets, now)
        if made.digest == self.digest and self.held is not None:
            return self
        claims = frozenset(map(claim, targets))
        return replace(
            self,
            digest=made.digest,
            since=self.since if made.digest == self.digest else now,
            # A version that knew of no claims has swept it without asking.
            held=claims if self.held is None else self.held & claims,
            claimed_by={each: by for each, by in self.claimed_by.items() if each in claims},
        )

    def claimant(self, target: Target) -> str | None:
        """Return the stack of the plant that has claimed a model first; None where it is ours."""
        return self.claimed_by.get(claim(target)) if self.claimed_by else None

    def is_settled(self, targets: Collection[Target]) -> bool:
        """Whether it is known of each of its models whose it is."""
        return len(self.held or ()) + len(self.claimed_by) == len(targets)

    def settled(self, targets: Collection[Target], claimed: Claimed, now: dt.datetime) -> "Roster":
        """Return the roster once it is known what other plants' stacks claim.

        What was another plant's and is none's any more is swept from now on.
        """
        held = self.held or frozenset()
        asked = frozenset(map(claim, targets)) - held
        # The first by name of several that claim one, so that all sweeps tell of the same.
        names = sorted(claimed.stacks, reverse=True)
        theirs = {each: name for name in names for each in asked & {*claimed.stacks[name]}}
        if not claimed.final:
            # Of a stack that was not read this time, it is known what it claimed before.
            unread = {each: by for each, by in self.claimed_by.items() if by not in claimed.stacks}
            theirs = {**unread, **theirs}
        freed = self.claimed_by.keys() - theirs.keys()
        return replace(
            self,
            since=now if freed else self.since,
            held=held | (asked - theirs.keys()) if claimed.final else held,
            claimed_by=theirs,
        )

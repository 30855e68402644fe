"""What do people say at the desk? Overtime, skips and holds, each with who, why and until.

An override is appended and never rewritten, and it ends by itself; ending one early is a record of
its own. What overrides make of a model's shifts is in ``amendments``.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from punchclock import codec
from punchclock.errors import InvalidOverride

LONGEST = dt.timedelta(days=7)
"""How far ahead somebody may speak for the plant; what lasts longer belongs in its file."""

MEMORY = LONGEST
"""How long what is over is still looked at: it may have shaped a run that goes on, or one that an
override shaped that is not over. Nothing that is not over was said longer ago than ``LONGEST``."""

LONGEST_REASON = 300
"""Characters of a reason: it is to be read on one line."""


class Kind(StrEnum):
    """What somebody wants."""

    OVERTIME = "overtime"
    """On until an instant: the run that is on goes on, or else one begins."""
    SKIP = "skip"
    """Shifts of a day do not start."""
    HOLD_ON = "hold on"
    """Like overtime, but for no shift's sake: while somebody looks at the model, say."""
    HOLD_OFF = "hold off"
    """Off from now on until an instant, whatever the shifts say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """The end of an override before its time."""

    override: str
    """Id of the override."""
    until: dt.datetime
    """When the override would have ended, which says where it is filed."""
    made: dt.datetime
    who: str
    why: str = ""

    def __post_init__(self) -> None:
        require_plain("caller", self.who)
        require_reason(self.why, optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One thing that a person said of a model."""

    model: str
    """Its name in the plant file."""
    kind: Kind
    made: dt.datetime
    """When it was said, to the second."""
    until: dt.datetime
    """When it ends by itself; of a skip, when the last of the skipped hours end."""
    who: str
    """The caller's identity as AWS tells it: an ARN."""
    why: str
    day: dt.date | None = None
    """The local date whose shifts are skipped."""
    shift: str | None = None
    """The one shift that is skipped; None for all of that day."""
    cancelled: Cancellation | None = None
    """How it ended early; no part of its record."""

    def __post_init__(self) -> None:
        for what, text in (("model", self.model), ("caller", self.who), ("shift", self.shift)):
            require_plain(what, text or "")
        require_reason(self.why)
        if not self.made < self.until <= self.made + LONGEST:
            message = (
                f"until {self.until:%Y-%m-%dT%H:%MZ} is not within {LONGEST.days} days after"
                f" {self.made:%Y-%m-%dT%H:%MZ}; what lasts longer belongs in the plant file"
            )
            raise InvalidOverride(message)
        is_skip = self.kind is Kind.SKIP
        if is_skip != (self.day is not None) or (self.shift is not None and not is_skip):
            message = f"{self.kind} of {self.model}: a skip names a day, and nothing else does"
            raise InvalidOverride(message)

    @property
    def id(self) -> str:
        """What it says, in ten digits: equal words of one second are one override."""
        said = json.dumps(codec.dump(replace(self, cancelled=None)), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:10]

    @property
    def ends(self) -> dt.datetime:
        """When it ends, or ended, early or by itself."""
        return self.until if self.cancelled is None else min(self.until, self.cancelled.made)

    @property
    def who_shortly(self) -> str:
        """Who said it, without the account: the name of a role's session or of a user."""
        return self.who.rpartition("/")[2]

    def in_force(self, now: dt.datetime) -> bool:
        """Whether it is neither over nor cancelled at an instant."""
        return self.made <= now < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What was said at a plant's desk lately: the answer to one query."""

    overrides: Mapping[str, Sequence[Override]] = field(default_factory=dict)
    """By model name, in the order in which they count."""
    unreadable: Sequence[str] = ()
    """Keys of records that nobody at this desk has written so."""

    @classmethod
    def of(
        cls,
        overrides: Iterable[Override],
        cancellations: Iterable[Cancellation] = (),
        unreadable: Sequence[str] = (),
    ) -> "Orders":
        """Put together what was said and what was taken back."""
        ended = {each.override: each for each in cancellations}
        found: dict[str, list[Override]] = {}
        for each in sorted(overrides, key=order):
            told = replace(each, cancelled=ended.get(each.id))
            found.setdefault(each.model, []).append(told)
        return cls(overrides=found, unreadable=unreadable)

    def last_word(self, model: str, now: dt.datetime) -> Override | None:
        """Return what counts of a model at an instant, skips aside; None where nothing does."""
        said = [
            each
            for each in self.overrides.get(model, ())
            if each.in_force(now) and each.kind is not Kind.SKIP
        ]
        return said[-1] if said else None


def order(override: Override) -> tuple[dt.datetime, int, str]:
    """Sort overrides in the order in which they count: the later word over the earlier one.

    In the same second a skip counts first, then overtime, then holds, off last: who wants a model
    off has a reason that is not money.
    """
    return override.made, _RANKS[override.kind], override.id


_RANKS = {Kind.SKIP: 0, Kind.OVERTIME: 1, Kind.HOLD_ON: 2, Kind.HOLD_OFF: 3}


def require_reason(why: str, *, optional: bool = False) -> None:
    """A reason is one line of text that others can read."""
    if not why.strip() and not optional:
        raise InvalidOverride("the reason is empty; a few words like 'late batch' would do")
    if len(why) > LONGEST_REASON:
        message = f"the reason has {len(why)} characters; {LONGEST_REASON} at most would do"
        raise InvalidOverride(message)
    require_plain("reason", why)


def require_plain(what: str, text: str) -> None:
    """Whatever is said is shown to others, on their terminals too: it is one line of text."""
    if not text.isprintable():
        raise InvalidOverride(f"the {what} {text!r} is not one line of plain text")

"""What the outside must offer. Each port has an adapter in ``functions``, and a stand-in."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from punchclock.decisions import Action, Trouble
from punchclock.hearing import Heard
from punchclock.observations import Observation
from punchclock.overrides import Cancellation, Orders, Override
from punchclock.plants import OnDestroy, Target
from punchclock.rosters import Claimed, Roster
from punchclock.timecards import Timecard
from punchclock.totals import Correction, Entry

CLAIM = dt.timedelta(minutes=2)
"""How long a claimed action keeps others from acting on the same model."""


class Service(Protocol):
    """A model service: start and stop what it hosts, by whatever calls it takes.

    It suits services that start and stop, that create and delete (the target's address names the
    configuration to create from), and that scale to N and to 0.
    """

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Return what the service says about targets of one batch, by target id.

        A target that the service does not know is observed as MISSING. Raises ``ServiceSilent``,
        ``Throttled`` or ``Refused``.
        """
        ...

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Ask for a start; return when the service has accepted it.

        Raises ``InvalidPlant`` for fewer than two units, before any call; ``NotYet``,
        ``QuotaReached``, ``Refused``, ``Throttled`` or ``ServiceSilent``.
        """
        ...

    def stop(self, target: Target, token: str) -> None:
        """Ask for a stop; return when the service has accepted it.

        Raises ``NotYet``, ``Refused``, ``Throttled`` or ``ServiceSilent``.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something a person must know, opened once and closed once."""

    target_id: str
    model: str
    trouble: Trouble
    reason: str
    opened: dt.datetime
    cost_per_hour: Decimal = Decimal(0)
    """USD that it costs while it lasts; 0 where it costs nothing."""
    closed: dt.datetime | None = None

    @property
    def id(self) -> str:
        """One incident of a kind is open per hosted model."""
        return f"{self.target_id}#{self.trouble}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A plant is closed: nothing is started any more."""

    at: dt.datetime
    on_destroy: OnDestroy
    """Whether what was started is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that the ledger says is going on now: the answer to one query."""

    closure: Closure | None = None
    """None while the plant is open."""
    roster: Roster | None = None
    """None before the first sweep."""
    heard: Mapping[Action, Heard] = field(default_factory=dict)
    """What is known of the schedules' events, by what they ask for."""

    since: dt.datetime | None = None
    """When this plant was first swept; None before that."""
    told: dt.date | None = None
    """The last local day whose cost was told of."""
    cards: Mapping[str, Timecard] = field(default_factory=dict)
    """Cards that are not closed, by id."""
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    """Incidents that are not filed away, by id."""


class Ledger(Protocol):
    """The table of timecards, overrides and incidents.

    Every write is conditional: the first one wins.
    """

    def book(self) -> Book:
        """Read all that is going on, consistently."""
        ...

    def orders(self, now: dt.datetime) -> Orders:
        """Read what was said at the desk and was not over a week ago."""
        ...

    def order(self, said: Override | Cancellation) -> bool:
        """Append what somebody says; False when that is said already. Nothing is ever rewritten."""
        ...

    def begin(self, now: dt.datetime) -> None:
        """Note when the plant was first swept."""
        ...

    def enrol(self, roster: Roster) -> None:
        """Note which models are swept from now on, over the version that this was made from.

        Where somebody else was first, nothing changes.
        """
        ...

    def shut(self, closure: Closure) -> None:
        """Note that the plant is closed; one that is closed already stays as it is."""
        ...

    def reopen(self) -> None:
        """Forget that the plant was closed, and which models it held until then."""
        ...

    def hear(self, action: Action, due: dt.datetime) -> None:
        """Note that an event has arrived; one that was due earlier than another changes nothing."""
        ...

    def miss(self, action: Action, heard: Heard, due: dt.datetime) -> None:
        """Note that an event has not arrived, unless more was ``heard`` since."""
        ...

    def claim(self, target_id: str, action: Action, now: dt.datetime) -> bool:
        """Take the right to act on a model for two minutes; False when somebody else has it."""
        ...

    def release(self, target_id: str, action: Action, claimed: dt.datetime) -> None:
        """Give back a right taken at ``claimed``, unless it has expired since."""
        ...

    def write(self, card: Timecard) -> Timecard:
        """Write a card over the version it was made from and return it as written.

        Raises ``LedgerConflict`` when the card was changed since.
        """
        ...

    def adopt(self, card: Timecard, now: dt.datetime, over: Timecard | None = None) -> Timecard:
        """Open a card for what runs without one and claim its model, and return it as written.

        ``over`` is the card that ends with that, which is written too: all of it, or nothing.
        Raises ``LedgerConflict`` when somebody has a claim, or has changed the card that is over.
        """
        ...

    def close(self, card: Timecard) -> None:
        """File a card away for good, exactly once. Raises ``LedgerConflict`` like ``write``."""
        ...

    def entries(self, month: str) -> list[Entry]:
        """Return what closed cards have of a month of the plant's (``YYYY-MM``), by card id."""
        ...

    def reviews(self, now: dt.datetime) -> list[Timecard]:
        """Return the closed cards whose metric is to be read once more by now."""
        ...

    def reviewed(self, card: Timecard, correction: Correction | None) -> None:
        """Note that a closed card was read once more, and what its metric says now if else."""
        ...

    def tell(self, day: dt.date, before: dt.date | None) -> bool:
        """Note that all days up to this one are told of; False when somebody else has done it."""
        ...

    def report(self, incident: Incident) -> bool:
        """Write an incident, open or closed; False when somebody else was first."""
        ...

    def file(self, incident: Incident) -> None:
        """File a closed incident away."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to ask the meter: a hosted model, from the beginning of a minute to the end of one."""

    target: Target
    begin: dt.datetime
    end: dt.datetime


class Meter(Protocol):
    """The service's own metric of units in service."""

    def read(self, readings: Collection[Reading]) -> Mapping[str, Mapping[dt.datetime, Decimal]]:
        """Return units in service by UTC minute, by target id."""
        ...


class Journal(Protocol):
    """The log and the metrics."""

    def note(self, event: str, **data: object) -> None:
        """Write one line."""
        ...

    def warn(self, event: str, **data: object) -> None:
        """Write one line that asks for attention."""
        ...

    def measure(self, name: str, value: float, unit: str) -> None:
        """Send one value of a metric of the plant."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the people whom the plant file names."""

    subject: str
    """One line of printable ASCII, at most 100 characters."""
    body: str
    """Plain text, at most 256 KB of UTF-8."""


class Notices(Protocol):
    """The way to the people whom the plant file names."""

    def send(self, notice: Notice) -> None:
        """Pass a message on. Raises ``ServiceSilent``, ``Throttled`` or ``Refused``."""
        ...


class Colleagues(Protocol):
    """The functions that the sweep may call: the only ones that can start or stop."""

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Ask for START or STOP of these hosted models; return when the request is queued."""
        ...


class Stack(Protocol):
    """CloudFormation, and the function's own next invocation while it works for it."""

    def answer(self, url: str, document: Mapping[str, str]) -> None:
        """Answer a request where its ``url`` says. Raises ``ServiceSilent`` or ``Refused``."""
        ...

    def go_on(self, function: str, event: Mapping[str, object]) -> None:
        """Call a function with an event; return when the call is queued.

        Raises ``ServiceSilent``, ``Throttled`` or ``Refused``.
        """
        ...


class Neighbours(Protocol):
    """The stacks of other plants in the same account and region."""

    def claimed(self) -> Claimed:
        """Return what they claim. Raises ``ServiceSilent``, ``Throttled`` or ``Refused``."""
        ...

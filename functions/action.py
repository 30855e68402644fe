"""How an action is carried out, the same way for start and stop: look again, claim, write, call."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice

from functions import journal as events
from functions.bulletin import Bulletin
from functions.failures import Failures, foreseen
from functions.rollcall import BESIDE_A_SWEEP, Pace, Subject, observe, subjects
from functions.site import Order, Site
from punchclock.decisions import Action, Decision, Trouble
from punchclock.errors import (
    ComeAgain,
    FixTheFile,
    LedgerConflict,
    NotYet,
    ServiceSilent,
    TellAPerson,
    Throttled,
    Unforeseen,
)
from punchclock.observations import Observation
from punchclock.ports import Incident, Service
from punchclock.timecards import Timecard

PORTION = 60
"""Models that are looked at and acted on together: what was read of them within a minute is younger
than a claim lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What start and stop do differently."""

    action: Action
    due: Callable[[Subject], bool]
    """Which subjects to look at when no event names any: few, because every look is a call."""
    ask: Callable[[Subject, dt.datetime], Timecard]
    """The card with the action noted, before the service is called."""
    call: Callable[[Service, Timecard, str], None]
    accepted: Callable[[Timecard, dt.datetime], Timecard]
    """The card once the service has accepted; the same where that says nothing new."""
    declined: Callable[[Timecard], Timecard]
    """The card when the service does not take the call just now; the same as above."""


def carry_out(site: Site, event: object, verb: Verb) -> dict[str, list[str]]:
    """Look at the models that are due or named, and act where the law of action says so.

    A plant that is only watched has nobody to act, but an event may come late, from before.
    Returns names of models by outcome: acted, waiting (comes again by itself), refused (an
    incident). Raises ``ComeAgain`` with a list when something else failed for some of them.
    """
    outcome: dict[str, list[str]] = {"acted": [], "waiting": [], "refused": []}
    if site.plant.mode == "watch":
        return outcome
    deed = _Deed(
        site=site,
        verb=verb,
        order=Order.of(event),
        looks=Pace(site, BESIDE_A_SWEEP),
        acts=Pace(site),
        bulletin=Bulletin(site, site.now()),
    )
    looked_at: set[str] = set()
    while some := deed.portion(looked_at):
        looked_at |= {subject.target.id for subject in some}
        answers = observe(site, some, deed.looks, deed.silent)
        for subject in some:
            with deed.failures.of(subject.name):
                result = deed.consider(subject, answers.seen.get(subject.target.id))
                if result is not None:
                    outcome[result].append(subject.name)
        if len(some) < PORTION:
            break
    deed.note_arrival()
    with deed.failures.of("notices"):
        deed.bulletin.send()
    deed.failures.tell()
    return outcome


@dataclass(slots=True, kw_only=True)
class _Deed:
    """One verb, carried out for one order."""

    site: Site
    verb: Verb
    order: Order
    looks: Pace
    acts: Pace
    bulletin: Bulletin
    """What people are to be told of."""
    silent: dict[str, ServiceSilent] = field(default_factory=dict)
    """Services that did not answer: asked nothing more."""
    refused: set[str] = field(default_factory=set)
    """Ids of the incidents that are open."""
    failures: Failures = field(default_factory=Failures)

    def portion(self, looked_at: Collection[str]) -> list[Subject]:
        """Return the next models to look at, with their cards as they are now."""
        now = self.site.now()
        book, orders = self.site.ledger.book(), self.site.ledger.orders(now)
        self.refused = {each.id for each in book.incidents.values() if each.closed is None}
        named = self.order.targets
        called = (
            subject
            for subject in subjects(self.site, book, orders, now)
            if (self.verb.due(subject) if named is None else subject.target.id in named)
            and subject.target.id not in looked_at
        )
        return list(islice(called, PORTION))

    def consider(self, subject: Subject, observation: Observation | None) -> str | None:
        """Act on one model if the law of action says so; return the outcome."""
        if observation is None or subject.target.service in self.silent:
            return "waiting"
        decision = subject.decide(observation, self.site.now())
        if decision.action is not self.verb.action:
            return None
        return self._act(subject, observation, decision)

    def note_arrival(self) -> None:
        """Note that the schedules' events arrive: last, because nobody waits for it."""
        due = self.order.scheduled_at
        if self.order.caller == "schedule" and due is not None:
            with self.failures.of("schedules"):
                # Whatever an event says, it was not due later than it came.
                self.site.ledger.hear(self.verb.action, min(due, self.site.now()))

    def _act(self, subject: Subject, observation: Observation, decision: Decision) -> str:
        """Act on one model; return the outcome. The card comes first, so that no start is lost."""
        now = self.site.now()
        note = partial(self.site.journal.note, model=subject.name, action=self.verb.action)
        try:
            if not self.site.ledger.claim(subject.target.id, self.verb.action, now):
                return "waiting"
            with self._claimed(subject, now):
                card = self.site.ledger.write(self.verb.ask(subject, now))
                self._call(card)
        except LedgerConflict as error:
            note(events.CONFLICT, reason=str(error))
            return "waiting"
        except ComeAgain as error:
            note(events.NOT_YET, seen=observation.word, reason=str(error))
            return "waiting"
        except (TellAPerson, FixTheFile) as error:
            self._refused(subject, str(error), now)
            if isinstance(error, Unforeseen):
                raise
            return "refused"
        note(
            events.DECISION,
            shifts=card.shifts,
            wanted="on" if subject.run else "off",
            seen=observation.word,
            reason=decision.reason,
            units=card.units,
            card=card.id,
            called_by=self.order.caller,
            scheduled_at=self.order.scheduled_at,
            lag_seconds=self.order.lag_seconds(now),
            **_on_whose_word(subject),
        )
        self._write(card, self.verb.accepted(card, now))
        return "acted"

    @contextmanager
    def _claimed(self, subject: Subject, claimed: dt.datetime) -> Iterator[None]:
        """Give the claim back where nothing came of it, so that the very next sweep acts again.

        It is kept where the service may have acted, though it did not say so, and where repeating
        helps nobody.
        """
        try:
            yield
        except (LedgerConflict, NotYet, Throttled):
            self.site.ledger.release(subject.target.id, self.verb.action, claimed)
            raise

    def _call(self, card: Timecard) -> None:
        service = self.site.services[card.target.service]
        self.acts.wait()
        try:
            with foreseen():
                self.verb.call(service, card, token(card, self.verb.action))
        except (NotYet, Throttled):
            self._write(card, self.verb.declined(card))
            raise
        except ServiceSilent as error:
            self.silent[card.target.service] = error
            raise

    def _write(self, before: Timecard, card: Timecard) -> None:
        if card is before:
            return
        # A sweep that has seen the model meanwhile knows more than we do.
        with suppress(LedgerConflict):
            self.site.ledger.write(card)

    def _refused(self, subject: Subject, reason: str, now: dt.datetime) -> None:
        action = self.verb.action
        incident = Incident(
            target_id=subject.target.id,
            model=subject.name,
            trouble=Trouble.REFUSED,
            reason=f"{action} was refused: {reason}",
            opened=now,
            cost_per_hour=subject.cost_per_hour if action is Action.STOP else Decimal(0),
        )
        if incident.id not in self.refused:
            self.bulletin.report(incident)
            self.site.journal.warn(events.REFUSED, model=subject.name, action=action, reason=reason)


def _on_whose_word(subject: Subject) -> dict[str, object]:
    said = subject.override
    if said is None:
        return {}
    return {"override": said.id, "override_kind": said.kind, "who": said.who, "why": said.why}


def token(card: Timecard, action: Action) -> str:
    """Return a client token that no other run, action or attempt has.

    Lookout for Vision answers a token that it has seen within 8 hours from the first call and does
    nothing, so a token per shift would swallow the second start of a day.
    """
    attempt = card.attempts if action is Action.START else card.stop_attempts
    text = f"{card.id}|{action}|{attempt}"
    return hashlib.sha256(text.encode()).hexdigest()

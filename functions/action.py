"""How an action is carried out, the same way for start and stop: look again, claim, write, call."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from functions import journal as events
from functions.rollcall import Subject, observe, subjects
from functions.site import Order, Site
from punchclock.decisions import Action, Decision, Trouble
from punchclock.errors import ComeAgain, LedgerConflict, TellAPerson
from punchclock.observations import Observation
from punchclock.ports import Incident, Service
from punchclock.timecards import Timecard


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


def carry_out(site: Site, event: object, verb: Verb) -> dict[str, list[str]]:
    """Look at the models that are due or named, and act where the law of action says so.

    Returns names of models by outcome: acted, waiting (comes again by itself), refused (an
    incident).
    """
    order = Order.of(event)
    now = site.now()
    called = [
        subject
        for subject in subjects(site, site.ledger.book(), now)
        if (verb.due(subject) if order.targets is None else subject.target.id in order.targets)
    ]
    answers = observe(site, called)
    deed = _Deed(site=site, verb=verb, order=order)
    outcome: dict[str, list[str]] = {"acted": [], "waiting": [], "refused": []}
    for subject in called:
        observation = answers.seen.get(subject.target.id)
        if observation is None:
            outcome["waiting"].append(subject.name)
            continue
        decision = subject.decide(observation, now)
        if decision.action is verb.action:
            outcome[deed.act(subject, observation, decision)].append(subject.name)
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deed:
    """One verb, carried out for one order."""

    site: Site
    verb: Verb
    order: Order

    def act(self, subject: Subject, observation: Observation, decision: Decision) -> str:
        """Act on one model; return the outcome. The card comes first, so that no start is lost."""
        now = self.site.now()
        note = partial(self.site.journal.note, model=subject.name, action=self.verb.action)
        try:
            if not self.site.ledger.claim(subject.target.id, self.verb.action, now):
                return "waiting"
            card = self._call(subject, now)
        except LedgerConflict as error:
            note(events.CONFLICT, reason=str(error))
            return "waiting"
        except ComeAgain as error:
            note(events.NOT_YET, seen=observation.word, reason=str(error))
            return "waiting"
        except TellAPerson as error:
            self._refused(subject, str(error), now)
            return "refused"
        note(
            events.DECISION,
            shifts=card.shifts,
            wanted="on" if subject.run else "off",
            seen=observation.word,
            reason=decision.reason,
            units=card.units,
            card=card.id,
            scheduled_at=self.order.scheduled_at,
            lag_seconds=self.order.lag_seconds(now),
        )
        return "acted"

    def _call(self, subject: Subject, now: dt.datetime) -> Timecard:
        card = self.site.ledger.write(self.verb.ask(subject, now))
        service = self.site.services[subject.target.service]
        self.verb.call(service, card, token(card, self.verb.action))
        accepted = self.verb.accepted(card, now)
        return card if accepted is card else self.site.ledger.write(accepted)

    def _refused(self, subject: Subject, reason: str, now: dt.datetime) -> None:
        action = self.verb.action
        self.site.journal.warn(events.REFUSED, model=subject.name, action=action, reason=reason)
        self.site.ledger.report(
            Incident(
                target_id=subject.target.id,
                model=subject.name,
                trouble=Trouble.REFUSED,
                reason=f"{action} was refused: {reason}",
                opened=now,
            )
        )


def token(card: Timecard, action: Action) -> str:
    """Return a client token that no other run, action or attempt has.

    Lookout for Vision answers a token that it has seen within 8 hours from the first call and does
    nothing, so a token per shift would swallow the second start of a day.
    """
    attempt = card.attempts if action is Action.START else card.stop_attempts
    text = f"{card.id}|{action}|{attempt}"
    return hashlib.sha256(text.encode()).hexdigest()

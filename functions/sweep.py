"""Once a minute, compare what should be with what is. It may start and stop nothing itself.

The edges make starts and stops punctual; the sweep makes them true. Whatever an event lost,
repeated or delayed, a sweep finds the difference and calls the function that may act on it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from functions import compose
from functions import journal as events
from functions.incidents import Incidents
from functions.rollcall import Answers, Subject, batch_of, observe, subjects
from functions.site import Site
from punchclock.decisions import Action, Decision
from punchclock.errors import LedgerConflict
from punchclock.observations import Observation
from punchclock.ports import Book
from punchclock.timecards import Origin, Timecard

MOST_DESCRIBES = 120
"""More calls than these do not fit a minute at three a second; the rest is looked at in turn."""


@compose.function
def handler(site: Site, event: object) -> object:
    """Observe, note what has changed, open and close incidents, and call for starts and stops."""
    del event
    now = site.now()
    book = site.ledger.book()
    if book.since is None:
        site.ledger.begin(now)
    looked_at = list(in_turn(subjects(site, book, now), now))
    answers = observe(site, looked_at)
    sweep = _Sweep(site=site, book=book, incidents=Incidents(site, book, now), now=now)
    asked: dict[Action, list[str]] = {Action.START: [], Action.STOP: []}
    for subject in looked_at:
        action = sweep.compare(subject, answers)
        if action in asked:
            asked[action].append(subject.target.id)
    for action, target_ids in asked.items():
        # A plant that only watches has no role that could start or stop.
        if target_ids and site.plant.mode == "act":
            site.colleagues.call(action, target_ids)
    site.journal.measure(events.HEARTBEAT, 1, "Count")
    return {action.value: len(target_ids) for action, target_ids in asked.items()}


def in_turn(found: Sequence[Subject], now: dt.datetime) -> Iterator[Subject]:
    """Yield the subjects that this minute's calls suffice for.

    Models that are wanted or have an open card come first, in every sweep; the others follow in
    turn, so that the manual start of any of N models is seen within N / 120 minutes.
    """
    batches: dict[tuple[str, str], list[Subject]] = {}
    for subject in found:
        batches.setdefault(batch_of(subject.target), []).append(subject)
    urgent = [key for key, each in batches.items() if any(s.run or s.card for s in each)]
    idle = [key for key in batches if key not in set(urgent)]
    room = max(0, MOST_DESCRIBES - len(urgent))
    turns = max(1, -(-len(idle) // room)) if room else 1
    begin = (int(now.timestamp()) // 60 % turns) * room
    for key in [*islice(urgent, MOST_DESCRIBES), *idle[begin : begin + room]]:
        yield from batches[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """One minute's comparison."""

    site: Site
    book: Book
    incidents: Incidents
    now: dt.datetime

    def compare(self, subject: Subject, answers: Answers) -> Action:
        """Bring card and incidents of one model up to date; return what is to be done about it."""
        observation = answers.seen.get(subject.target.id)
        if observation is None:
            self.incidents.silent(subject, answers.failed[subject.target.id])
            return Action.NOTHING
        try:
            subject = self._note(subject, observation)
            decision = subject.decide(observation, self.now)
            if decision.action in {Action.ADOPT, Action.CONFIRM}:
                subject = self._settle(subject, observation, decision)
        except LedgerConflict as error:
            # Start or stop has just written the card; the next sweep reads it.
            self.site.journal.note(events.CONFLICT, model=subject.name, reason=str(error))
            return Action.NOTHING
        self.incidents.reconcile(subject, observation, decision)
        return decision.action

    def _note(self, subject: Subject, observation: Observation) -> Subject:
        """Write on the open card what the service says, where that is news."""
        before = subject.card
        if before is None:
            return subject
        seen = before.see(observation, self.now)
        if seen is before:
            return subject
        card = self.site.ledger.write(seen)
        note = partial(
            self.site.journal.note, model=subject.name, card=card.id, seen=observation.word
        )
        if card.stopped is not None:
            note(events.STOPPED, stop_asked=card.stop_asked)
        elif card.ready is not None and before.ready is None:
            note(events.READY, late_seconds=card.late_seconds, units=card.units)
        else:
            note(events.SEEN)
        # A card that is confirmed stopped is no longer the model's open card.
        return subject.with_card(card if card.stopped is None else None)

    def _settle(self, subject: Subject, observation: Observation, decision: Decision) -> Subject:
        """Open a card for what runs without one, or note the end of what is over."""
        over = subject.card
        if over is not None:
            # A person's run that a planned run takes over ends here too, on its own card.
            self.site.ledger.write(over.confirm(self.now))
        card = None
        if decision.action is Action.ADOPT:
            card = self.site.ledger.write(self._opened(subject, observation))
        noted = card or over
        self.site.journal.note(
            events.DECISION,
            model=subject.name,
            wanted="on" if subject.run else "off",
            seen=observation.word,
            action=decision.action,
            reason=decision.reason,
            card=noted.id if noted else None,
        )
        return subject.with_card(card)

    def _opened(self, subject: Subject, observation: Observation) -> Timecard:
        if subject.model is None:
            message = f"{subject.name} is not the plant's and has no card"
            raise LookupError(message)
        if subject.run is not None:
            card = Timecard.planned(subject.model, subject.run, self.now, Origin.ADOPTED)
        else:
            found = self.book.since is None
            card = Timecard.manual(subject.model, observation.units, self.now, found=found)
        return card.see(observation, self.now)

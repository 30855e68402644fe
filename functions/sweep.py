"""Once a minute, compare what should be with what is. It may start and stop nothing itself.

The edges make starts and stops punctual; the sweep makes them true. Whatever an event lost,
repeated or delayed, a sweep finds the difference and calls the function that may act on it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from functions import checkup, compose
from functions import journal as events
from functions.enrolment import enrol
from functions.failures import Failures
from functions.incidents import Incidents
from functions.listening import listen
from functions.rollcall import Answers, Pace, Subject, observe, subjects
from functions.site import Site
from functions.turns import first_round, in_asking_order, in_turn
from punchclock import localtime
from punchclock.decisions import Action, Decision, Trouble
from punchclock.errors import ComeAgain, LedgerConflict, Unforeseen
from punchclock.observations import Observation, State
from punchclock.overrides import Orders
from punchclock.ports import Book
from punchclock.shifts import Calendar
from punchclock.timecards import Origin, Timecard

NOTICE = dt.timedelta(days=60)
"""How long before the holidays of a calendar end a person is told (law of time, 6)."""

ALARMING = {
    Trouble.LATE: events.MODELS_LATE,
    Trouble.STUCK: events.MODELS_LATE,
    Trouble.FAILED: events.MODELS_LATE,
    Trouble.UNPLANNED: events.MODELS_LATE,
    Trouble.CLAIMED: events.MODELS_LATE,
    Trouble.SHORT: events.CAPACITY_LOW,
    Trouble.UNSCHEDULED: events.MODELS_OUTSIDE,
    Trouble.OVERDUE: events.MODELS_OUTSIDE,
}
"""Troubles that raise an alarm, and the metric that counts them; the others do while they make a
model late: one that is missing, say, or whose service is silent."""


@compose.function
def handler(site: Site, event: object) -> object:
    """Observe, note what has changed, open and close incidents, and call for starts and stops.

    Where the event asks for a checkup, look only.
    """
    wanted = checkup.Checkup.of(event)
    if wanted is not None:
        return checkup.look(site, wanted)
    now = site.now()
    book = site.ledger.book()
    if book.since is None:
        site.ledger.begin(now)
    failures = Failures()
    book = enrol(site, book, now, failures)
    sweep = Sweep(site, book, site.ledger.orders(now), now, failures)
    asked = sweep.compare_all()
    sweep.call(asked)
    sweep.measure()
    sweep.tell()
    failures.tell()
    site.journal.measure(events.HEARTBEAT, 1, "Count")
    return {action.value: len(target_ids) for action, target_ids in asked.items()}


def _require_all(left: Sequence[Subject]) -> None:
    """Let a sweep that has not looked at all that goes on be no complete one."""
    urgent = [each.name for each in left if each.urgent]
    if urgent:
        names = ", ".join(urgent)
        raise ComeAgain(f"a service answers too slowly: no time was left to look at {names}")


class Sweep:
    """One minute's comparison."""

    def __init__(
        self, site: Site, book: Book, orders: Orders, now: dt.datetime, failures: Failures
    ) -> None:
        """Begin with what the ledger says is going on, and what was said at the desk."""
        self.site = site
        self.book = book
        self.now = now
        self.unreadable = orders.unreadable
        self.subjects = subjects(site, book, orders, now)
        self.incidents = Incidents(site, book, now)
        self.failures = failures
        since = now if book.roster is None else book.roster.since
        # Another sweep may have begun a little earlier, and be at work still.
        self.first = now < since + first_round(self.subjects) + localtime.MINUTE
        """Whether what runs may have been running when its model was first deployed."""
        self.cost_per_hour = Decimal(0)
        """USD per hour of what was seen running."""
        self.alarming: Counter[str] = Counter()
        """How many models are to raise an alarm, by metric."""

    def compare_all(self) -> dict[Action, list[str]]:
        """Compare the models whose turn it is; return ids of targets to start and to stop."""
        asked: dict[Action, list[str]] = {Action.START: [], Action.STOP: []}
        looked_at = list(in_turn(self.subjects, self.now))
        order = in_asking_order(looked_at, self.now)
        answers = observe(self.site, order, Pace(self.site), hurried=True)
        for subject in looked_at:
            if subject.target.id in answers.left:
                continue
            with self.failures.of(subject.name):
                action = self._compare(subject, answers)
                if action in asked:
                    asked[action].append(subject.target.id)
        with self.failures.of("looks"):
            _require_all([each for each in looked_at if each.target.id in answers.left])
        with self.failures.of("incidents"):
            known = {subject.target.id for subject in self.subjects}
            known |= {self.incidents.expiring(each) for each in self._expiring()}
            known |= {self.incidents.unreadable(each) for each in self.unreadable}
            known |= set(listen(self.site, self.book, self.incidents, self.now))
            self.incidents.forget(known)
        return asked

    def _expiring(self) -> list[Calendar]:
        soon = localtime.day_of(self.now, self.site.plant.zone) + NOTICE
        found = {
            model.calendar.name: model.calendar
            for model in self.site.plant.models
            if model.calendar
        }
        return [calendar for calendar in found.values() if calendar.last < soon]

    def call(self, asked: Mapping[Action, Sequence[str]]) -> None:
        """Call for what is asked; a plant that is only watched has nobody to call."""
        if self.site.plant.mode == "watch" or not any(asked.values()):
            return
        for action, target_ids in asked.items():
            with self.failures.of(action):
                if target_ids:
                    self.site.colleagues.call(action, target_ids)
        counts = {action.value: len(target_ids) for action, target_ids in asked.items()}
        self.site.journal.note(events.CALLED, **counts)

    def tell(self) -> None:
        """Tell people of incidents: last, because nothing waits for a message."""
        with self.failures.of("notices"):
            self.incidents.tell()

    def measure(self) -> None:
        """Send what runs costs now, and what is wrong where something is.

        What went wrong with one model must not hide what is wrong with another.
        """
        measure = self.site.journal.measure
        measure(events.COST_PER_HOUR, float(self.cost_per_hour), "None")
        for name, count in self.alarming.items():
            measure(name, count, "Count")

    def _compare(self, subject: Subject, answers: Answers) -> Action:
        """Bring card and incidents of one model up to date; return what is to be done about it."""
        observation = answers.seen.get(subject.target.id)
        standing = self.incidents.standing(subject)
        if observation is None:
            error = answers.failed[subject.target.id]
            self.incidents.silent(subject, error)
            self._count(subject, standing or Trouble.SILENT)
            if isinstance(error, Unforeseen):
                raise error
            return Action.NOTHING
        try:
            subject, decision = self._decide(self._note(subject, observation), observation)
        except LedgerConflict as error:
            # Start or stop has just written the card; the next sweep reads it.
            self.site.journal.note(events.CONFLICT, model=subject.name, reason=str(error))
            return Action.NOTHING
        self.incidents.reconcile(subject, observation, decision)
        self._count(subject, decision.trouble or standing)
        if observation.state is State.RUNNING:
            self.cost_per_hour += subject.cost_per_hour
        return decision.action

    def _count(self, subject: Subject, trouble: Trouble | None) -> None:
        if trouble in ALARMING:
            self.alarming[ALARMING[trouble]] += 1
        elif trouble is not None and self._is_late(subject):
            self.alarming[events.MODELS_LATE] += 1

    def _is_late(self, subject: Subject) -> bool:
        """Whether a window has begun in which the model has not been ready yet."""
        run, card = subject.run, subject.card
        return run is not None and self.now >= run.ready and (card is None or card.ready is None)

    def _decide(self, subject: Subject, observation: Observation) -> tuple[Subject, Decision]:
        decision = subject.decide(observation, self.now)
        if decision.action not in {Action.ADOPT, Action.CONFIRM}:
            return subject, decision
        subject = self._settle(subject, observation, decision)
        if decision.action is Action.CONFIRM and subject.run is not None:
            # What is over was in the way of what is wanted.
            decision = subject.decide(observation, self.now)
        return subject, decision

    def _note(self, subject: Subject, observation: Observation) -> Subject:
        """Write on the open card what the service says, where that is news."""
        before = subject.card
        if before is None:
            return subject
        card = before.see(observation, self.now)
        if subject.run is not None and card.ours:
            card = card.replan(subject.run)
        if subject.held_off or (subject.run is None and card.ours):
            # Where an edit, a skip or a hold has ended a run, its stop is due from now on.
            card = card.limit(self.now)
        if card is before:
            return subject
        card = self.site.ledger.write(card)
        note = partial(
            self.site.journal.note, model=subject.name, card=card.id, seen=observation.word
        )
        if card.stopped is not None:
            note(events.STOPPED, stop_asked=card.stop_asked)
        elif card.ready is not None and before.ready is None:
            note(events.READY, late_seconds=card.late_seconds, units=card.units)
            if card.last_asked is not None:
                seconds = (card.ready - card.last_asked).total_seconds()
                self.site.journal.measure(events.START_DURATION, seconds, "Seconds")
        else:
            note(events.SEEN)
        # A card that is confirmed stopped is no longer the model's open card.
        return subject.with_card(card if card.stopped is None else None)

    def _settle(self, subject: Subject, observation: Observation, decision: Decision) -> Subject:
        """Open a card for what runs without one, or note the end of what is over."""
        ledger, card = self.site.ledger, None
        # A person's run that a planned run takes over ends here too, on its own card.
        over = subject.card.confirm(self.now) if subject.card else None
        if decision.action is Action.ADOPT:
            card = ledger.adopt(self._opened(subject, observation), self.now, over)
        elif over is not None:
            ledger.write(over)
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
            units = observation.units
            # Where nobody knows when it is wanted, a shift may be what somebody has started it for.
            found = self.first or subject.unplanned is not None
            card = Timecard.manual(subject.model, units, self.now, found=found)
        return card.see(observation, self.now)

"""Who is there, who is wanted, and what do the services say of them?"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from functions.failures import foreseen
from functions.patience import Patience
from functions.site import Site
from punchclock.decisions import Decision, decide
from punchclock.errors import PunchclockError, ServiceSilent
from punchclock.observations import Observation
from punchclock.overrides import Kind, Orders, Override
from punchclock.plants import Model, OnDestroy, Target
from punchclock.ports import Book
from punchclock.timecards import Timecard
from punchclock.timetables import Run, Timetable, overridden
from punchclock.wanted import run_on

CALLS_PER_SECOND = 3
"""An account has five control-plane calls per second and operation for everybody in it."""

BESIDE_A_SWEEP = 2
"""Looks per second of whoever may look while a sweep does: together they make those five."""

NEAR = dt.timedelta(minutes=5)
"""An edge this close is looked at in every sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One hosted model: of the plant file, or one that only an open card still knows."""

    target: Target
    model: Model | None
    run: Run | None
    """The run that is on now; None when the model is not wanted."""
    card: Timecard | None
    anew: Run | None = None
    """The run that would be on now if it had not been asked for yet: a day that was closed since
    then takes it away."""
    near: bool = False
    """Whether its next run begins within minutes."""
    override: Override | None = None
    """The last word about it that is in force, if any."""
    unplanned: PunchclockError | None = None
    """Why nobody knows when it is wanted; None where that is known."""
    closed: OnDestroy | None = None
    """What becomes of it because the plant is closed; None while that is open."""
    claimed_by: str | None = None
    """The stack of the plant that has claimed it first; None where it is this one's."""

    @property
    def urgent(self) -> bool:
        """Whether something is, or is about to be, going on."""
        return self.run is not None or self.card is not None or self.near

    @property
    def held_off(self) -> bool:
        """Whether somebody wants it off now, whoever has started it."""
        return (
            self.run is None and self.override is not None and self.override.kind is Kind.HOLD_OFF
        )

    @property
    def cost_per_hour(self) -> Decimal:
        """USD per hour in service, with the units that it is known to hold."""
        if self.card is not None:
            return self.card.held_units * self.card.rate
        if self.model is None or self.claimed_by is not None:
            return Decimal(0)
        return self.model.units * self.model.rate

    @property
    def name(self) -> str:
        """Its name in the plant file, or the one it had."""
        return self.model.name if self.model else self.card.model if self.card else self.target.id

    def decide(self, observation: Observation, now: dt.datetime) -> Decision:
        """Ask the law of action."""
        return decide(
            self.run, observation, self.card, now, closed=self.closed, claimed_by=self.claimed_by
        )

    def with_card(self, card: Timecard | None) -> "Subject":
        """Return the same subject with another open card, or with none."""
        return replace(self, card=card, run=self.anew if card is None else self.run)


@dataclass(slots=True)
class Answers:
    """What the services said, and what they did not."""

    seen: dict[str, Observation] = field(default_factory=dict)
    """By target id."""
    failed: dict[str, PunchclockError] = field(default_factory=dict)
    """Targets that could not be observed, by target id."""
    left: set[str] = field(default_factory=set)
    """Ids of targets that there was no time to ask about."""


class Pace:
    """Keeps calls apart: whoever waits here before each call makes so many a second at most.

    What a call itself takes is part of the wait, and nobody waits after the last one, because a
    function is paid for by the time it takes.
    """

    def __init__(self, site: Site, per_second: int = CALLS_PER_SECOND) -> None:
        """Let the first call go at once."""
        self._site = site
        self._apart = dt.timedelta(microseconds=-(-1_000_000 // per_second))
        self._last: dt.datetime | None = None

    def wait(self) -> None:
        """Pause until the next call may go."""
        if self._last is not None:
            passed = max(self._site.now() - self._last, dt.timedelta())
            if passed < self._apart:
                self._site.pause((self._apart - passed).total_seconds())
        self._last = self._site.now()


def subjects(site: Site, book: Book, orders: Orders, now: dt.datetime) -> list[Subject]:
    """Return every hosted model of the plant and of the open cards, in the order of the file.

    Of a plant that is closed, only the open cards are left.
    """
    cards = _live(book)
    closed = None if book.closure is None else book.closure.on_destroy
    tables = overridden(site.plant, site.timetables, orders.overrides)
    models = site.plant.models if closed is None else ()
    found: dict[str, Subject] = {}
    for each in models:
        target, card = each.target, cards.get(each.target.id)
        by = None if book.roster is None else book.roster.claimant(target)
        found[target.id] = (
            _subject(each, tables[each.name], card, orders, now)
            if by is None
            # Nobody here wants it, whatever was planned or said.
            else Subject(target=target, model=each, run=None, card=card, claimed_by=by)
        )
    for target_id, card in cards.items():
        if target_id not in found:
            found[target_id] = Subject(
                target=card.target, model=None, run=None, card=card, closed=closed
            )
    return list(found.values())


def _subject(
    model: Model, table: Timetable, card: Timecard | None, orders: Orders, now: dt.datetime
) -> Subject:
    # The later instant first: a timetable works out the day from where it is asked.
    soon, _ = _run_on(table, None, now + NEAR)
    anew, _ = _run_on(table, None, now)
    run, unplanned = _run_on(table, card, now)
    return Subject(
        target=model.target,
        model=model,
        run=run,
        card=card,
        anew=anew,
        near=soon is not None,
        override=orders.last_word(model.name, now) if model.enabled else None,
        unplanned=unplanned,
    )


def _run_on(
    table: Timetable, card: Timecard | None, now: dt.datetime
) -> tuple[Run | None, PunchclockError | None]:
    """Return the run that is on; none, and why, where nobody knows: the others' are known."""
    try:
        with foreseen():
            return run_on(table, card, now), None
    except PunchclockError as error:
        return None, error


def observe(
    site: Site,
    wanted: Iterable[Subject],
    pace: Pace,
    silent: dict[str, ServiceSilent] | None = None,
    *,
    hurried: bool = False,
) -> Answers:
    """Ask each service about its models, one call a batch, at the pace of the caller.

    A service that does not answer is noted in ``silent`` and asked nothing more, so that it delays
    no other. Where it is ``hurried``, one that answers slowly is not asked about all of its models.
    """
    answers = Answers()
    silent = {} if silent is None else silent
    batches = list(_batches(wanted))
    patience = Patience(service for service, _ in batches) if hurried else None
    for service, targets in batches:
        error: PunchclockError | None = silent.get(service)
        if error is None and patience is not None and not patience.is_left(service):
            answers.left.update(target.id for target in targets)
            continue
        if error is None:
            pace.wait()
            begun = site.now()
            error = _ask(site, service, targets, answers)
            if patience is not None:
                patience.spend(service, site.now() - begun)
        if isinstance(error, ServiceSilent):
            silent[service] = error
        if error is not None:
            answers.failed.update(dict.fromkeys((target.id for target in targets), error))
    return answers


def batch_of(target: Target) -> tuple[str, str]:
    """Targets that are equal here are described in one call."""
    return target.service, target.batch


def _live(book: Book) -> dict[str, Timecard]:
    """Return each hosted model's card that is not confirmed stopped, the newest if several.

    All of them at once, because asking for each model anew takes a large plant's sweep seconds.
    """
    ascending = sorted(book.cards.values(), key=lambda card: card.opened)
    return {card.target.id: card for card in ascending if card.stopped is None}


def _ask(
    site: Site, service: str, targets: list[Target], answers: Answers
) -> PunchclockError | None:
    try:
        with foreseen():
            seen: Mapping[str, Observation] = site.services[service].observe(targets)
            answers.seen.update({target.id: seen[target.id] for target in targets})
    except PunchclockError as error:
        return error
    return None


def _batches(wanted: Iterable[Subject]) -> Iterator[tuple[str, list[Target]]]:
    batches: dict[tuple[str, str], list[Target]] = {}
    for subject in wanted:
        batches.setdefault(batch_of(subject.target), []).append(subject.target)
    for (service, _), targets in batches.items():
        yield service, targets

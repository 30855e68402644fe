"""A ledger in memory that means what the one in DynamoDB means; one test suite holds both."""

import datetime as dt
from dataclasses import replace

from punchclock.decisions import Action
from punchclock.errors import LedgerConflict
from punchclock.hearing import Heard
from punchclock.overrides import LONGEST, MEMORY, Cancellation, Orders, Override
from punchclock.ports import CLAIM, Book, Closure, Incident
from punchclock.rosters import Roster
from punchclock.timecards import Timecard, review_due
from punchclock.totals import Correction, Entry, corrected, entries


class MemoryLedger:
    """The ledger in memory."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self._since: dt.datetime | None = None
        self._closure: Closure | None = None
        self._roster: Roster | None = None
        self._heard: dict[Action, Heard] = {}
        self._cards: dict[str, Timecard] = {}
        self._closed: dict[str, Timecard] = {}
        self._claims: dict[str, dt.datetime] = {}
        self._incidents: dict[str, Incident] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self._reviews: dict[str, Timecard] = {}
        self._corrections: dict[str, Correction] = {}
        self._told: dt.date | None = None
        self._overrides: dict[str, Override] = {}
        self._cancellations: dict[str, Cancellation] = {}
        self._asked: tuple[object, ...] = ()
        self._orders = Orders()

    def book(self) -> Book:
        """Read all that is going on."""
        return Book(
            closure=self._closure,
            roster=self._roster,
            heard=dict(self._heard),
            since=self._since,
            told=self._told,
            cards=dict(self._cards),
            incidents=dict(self._incidents),
        )

    def orders(self, now: dt.datetime) -> Orders:
        """Read what was said at the desk and was not over a week ago."""
        return self.orders_ending(now - MEMORY, now + LONGEST)

    def orders_ending(self, begin: dt.datetime, end: dt.datetime) -> Orders:
        """Read what was said at the desk and ends, or would have ended, in an interval."""
        found = {key: each for key, each in self._overrides.items() if begin <= each.until <= end}
        asked = (len(self._cancellations), *found)
        if asked != self._asked:
            # Asked in every minute, and seldom otherwise than the minute before.
            self._asked = asked
            self._orders = Orders.of(found.values(), self._cancellations.values())
        return self._orders

    def order(self, said: Override | Cancellation) -> bool:
        """Append what somebody says; False when that is said already."""
        if isinstance(said, Cancellation):
            return self._cancellations.setdefault(said.override, said) is said
        return self._overrides.setdefault(said.id, said) is said

    def closed_cards(self, month: str) -> list[Timecard]:
        """Return the closed cards that were opened in a month (``YYYY-MM``, UTC), by id."""
        found = []
        for card_id, card in sorted(self._closed.items()):
            if f"{card.opened.astimezone(dt.UTC):%Y-%m}" == month:
                later = self._corrections.get(card_id)
                found.append(replace(card, days=later.days if later else card.days))
        return found

    def entries(self, month: str) -> list[Entry]:
        """Return what closed cards have of a month of the plant's (``YYYY-MM``), by card id."""
        return [entry for key, entry in sorted(self._entries.items()) if key[0] == month]

    def begin(self, now: dt.datetime) -> None:
        """Note when the plant was first swept; later calls change nothing."""
        self._since = self._since or now

    def enrol(self, roster: Roster) -> None:
        """Note which models are swept from now on, over the version that this was made from."""
        if self._roster is None or self._roster.version < roster.version:
            self._roster = roster

    def shut(self, closure: Closure) -> None:
        """Note that the plant is closed; one that is closed already stays as it is."""
        self._closure = self._closure or closure

    def reopen(self) -> None:
        """Forget that the plant was closed, and which models it held until then."""
        self._closure = self._roster = None

    def hear(self, action: Action, due: dt.datetime) -> None:
        """Note that an event has arrived; one that was due earlier than another changes nothing."""
        known = self._heard.get(action, Heard()).arrived
        if known is None or known < due:
            self._heard[action] = Heard(arrived=due)

    def miss(self, action: Action, heard: Heard, due: dt.datetime) -> None:
        """Note that an event has not arrived, unless more was ``heard`` since."""
        known = self._heard.get(action, Heard())
        if known.missed is None and known.arrived == heard.arrived:
            self._heard[action] = replace(heard, missed=due)

    def claim(self, target_id: str, action: Action, now: dt.datetime) -> bool:
        """Take the right to act on a model for two minutes; False when somebody else has it."""
        del action
        if self._claims.get(target_id, now) > now:
            return False
        self._claims[target_id] = now + CLAIM
        return True

    def release(self, target_id: str, action: Action, claimed: dt.datetime) -> None:
        """Give back a right taken at ``claimed``, unless it has expired since."""
        del action
        if self._claims.get(target_id) == claimed + CLAIM:
            self._claims[target_id] = claimed

    def write(self, card: Timecard) -> Timecard:
        """Write a card over the version it was made from; raises ``LedgerConflict``."""
        self._require_version(card)
        written = self._cards[card.id] = replace(card, version=card.version + 1)
        return written

    def adopt(self, card: Timecard, now: dt.datetime, over: Timecard | None = None) -> Timecard:
        """Open a card, claim its model, and write the card that is over: all of it, or nothing."""
        cards = [each for each in (over, card) if each is not None]
        for each in cards:
            self._require_version(each)
        if not self.claim(card.target.id, Action.ADOPT, now):
            message = f"somebody has just acted on {card.model}"
            raise LedgerConflict(message)
        return [self.write(each) for each in cards][-1]

    def close(self, card: Timecard) -> None:
        """File a card away for good, exactly once; raises ``LedgerConflict``."""
        if self._closed.get(card.id) == card:
            return
        if card.id not in self._cards:
            message = f"{card.id} is not open"
            raise LedgerConflict(message)
        self._require_version(card)
        self._closed[card.id] = self._reviews[card.id] = card
        self._enter(entries(card))
        del self._cards[card.id]

    def reviews(self, now: dt.datetime) -> list[Timecard]:
        """Return the closed cards whose metric is to be read once more by now."""
        due = [card for card in self._reviews.values() if review_due(card) <= now]
        return sorted(due, key=lambda card: (review_due(card), card.id))

    def reviewed(self, card: Timecard, correction: Correction | None) -> None:
        """Note that a closed card was read once more, and what its metric says now if else."""
        self._reviews.pop(card.id, None)
        if correction is not None:
            self._corrections[card.id] = correction
            self._enter(corrected(card, correction.days))

    def tell(self, day: dt.date, before: dt.date | None) -> bool:
        """Note that all days up to this one are told of; False when somebody else has done it."""
        if self._told != before:
            return False
        self._told = day
        return True

    def report(self, incident: Incident) -> bool:
        """Write an incident, open or closed; False when somebody else was first."""
        known = self._incidents.get(incident.id)
        current = known is not None and known.closed is None and known.opened == incident.opened
        over = known is None or (known.closed is not None and known.opened < incident.opened)
        news = current or (over and incident.closed is None)
        if news:
            self._incidents[incident.id] = incident
        return news

    def file(self, incident: Incident) -> None:
        """File a closed incident away; again, or after it was opened anew, changes nothing."""
        known = self._incidents.get(incident.id)
        if known is not None and known.closed is not None and known.opened == incident.opened:
            del self._incidents[incident.id]

    def _enter(self, made: list[Entry]) -> None:
        self._entries |= {(each.month, each.card): each for each in made}

    def _require_version(self, card: Timecard) -> None:
        known = self._cards.get(card.id)
        if card.version != (known.version if known else 0):
            message = f"{card.id} is no longer at version {card.version}"
            raise LedgerConflict(message)

"""Meter and close timecards, and log what every run, day and month costs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from functions import accounts, compose
from functions import journal as events
from functions.accounts import QUARTER
from functions.failures import Failures
from functions.readings import Points, kept_since, portions, read
from functions.site import Site
from punchclock import localtime
from punchclock.costs import Usage, money, two_decimals
from punchclock.errors import LedgerConflict
from punchclock.localtime import DAY, MINUTE
from punchclock.minutes import floor
from punchclock.observations import State
from punchclock.plants import CURRENCY
from punchclock.ports import Reading
from punchclock.timecards import SETTLE, Basis, Purpose, Timecard
from punchclock.totals import used

MOST_READ = 100
"""Running cards that are read each quarter of an hour; of more, each is read more rarely, because
each reading of a metric costs money."""


@compose.function
def handler(site: Site, event: object) -> object:
    """Read the meter of every card that is not closed, and close those that are settled."""
    del event
    now = site.now()
    book = site.ledger.book()
    cards = sorted(book.cards.values(), key=lambda card: card.opened)
    every = QUARTER * -(-len(cards) // MOST_READ)
    due = {
        card.id: _reading(card, cards, site.plant.zone, now)
        for card in cards
        if _due(card, every, now)
    }
    # A minute that two cards share is the later one's: that must still be here when the earlier one
    # is closed, so they are closed in the order in which they were opened.
    waiting: dict[str, list[str]] = {}
    for card in cards:
        waiting.setdefault(card.target.id, []).append(card.id)
    failures = Failures()
    closed = low = 0
    for some in portions(due):
        metered = read(site, some, failures)
        for card_id, reading in some.items():
            points = metered.get(card_id)
            line = waiting[reading.target.id]
            with failures.of(card_id):
                if _settle(
                    site, book.cards[card_id], reading, points, now, closes=line[0] == card_id
                ):
                    line.pop(0)
                    closed += 1
            low += points is not None and _lost_units(book.cards[card_id], points)
    if low:
        site.journal.measure(events.CAPACITY_LOW, low, "Count")
    for incident in book.incidents.values():
        if incident.closed is not None:
            with failures.of(incident.id):
                site.ledger.file(incident)
    with failures.of("reviews"):
        accounts.review(site, now, failures)
    book = site.ledger.book()
    with failures.of("days"):
        accounts.tell_days(site, book, now)
    with failures.of("month"):
        accounts.gauge(site, book, now)
    failures.tell()
    return {"cards": len(cards), "closed": closed}


def _lost_units(card: Timecard, points: Points) -> bool:
    """Whether a running model has lost units: a failed unit, or an Availability Zone."""
    own = points.get(card.target.id)
    if card.state is not State.RUNNING or not own:
        return False
    return own[max(own)] < card.units


def _due(card: Timecard, every: dt.timedelta, now: dt.datetime) -> bool:
    """A stopped card is read until it is closed, a running one every so often."""
    if card.stopped is not None:
        return True
    # A minute less, because the scheduler is precise to the minute only.
    return bool(card.spans) and now - (card.read or card.opened) >= every - MINUTE


def _reading(
    card: Timecard, cards: Sequence[Timecard], zone: ZoneInfo, now: dt.datetime
) -> Reading:
    """The minutes that are the card's own and may still change: the last two days it knows.

    Of one that nobody has read for weeks, they begin where the meter still knows every minute.
    A card ends with the minute of its confirmed stop, unless the next card of the same model has
    begun in that minute: then the minute is on that one. While it goes on, its minutes are whole.
    """
    begin = floor(card.opened)
    if card.read is not None:
        # Data may come late: a running card reads its day again, a stopped one two days.
        day = localtime.day_of(card.read - QUARTER, zone) - (DAY if card.stopped else 0 * DAY)
        begin = max(begin, localtime.starting(day, localtime.MIDNIGHT, zone))
    begin = max(begin, kept_since(now, zone))
    ends = [floor(now) if card.stopped is None else floor(card.stopped) + MINUTE]
    ends += [
        floor(each.opened)
        for each in cards
        if each.target.id == card.target.id and each.opened > card.opened
    ]
    return Reading(target=card.target, begin=begin, end=min(ends))


def _settle(
    site: Site,
    before: Timecard,
    reading: Reading,
    points: Points | None,
    now: dt.datetime,
    *,
    closes: bool,
) -> bool:
    """Write what was read of a card, or close it where it may; return whether it is closed.

    Where the meter could not be read, the card waits until patience ends, and is closed with what
    was read before, and with what was observed since.
    """
    card = before
    if points is not None or not before.read_since_stop:
        card = replace(_counted(before, reading, points, site.plant.zone), read=now)
    if points is None and not before.outwaited(now):
        return False
    try:
        if closes and card.settled(before, now):
            site.ledger.close(replace(card, closed=now, minutes_end=reading.end))
            _log(site, card)
            return True
        if _is_news(before, card, site.plant.zone):
            site.ledger.write(card)
    except LedgerConflict as error:
        # A function has just written the card; the next reading starts from that.
        site.journal.note(events.CONFLICT, model=card.model, reason=str(error))
    return False


def _counted(before: Timecard, reading: Reading, points: Points | None, zone: ZoneInfo) -> Timecard:
    """Return a card with what was read of it, and what was seen of it where nothing can be read."""
    seen = before.fill(zone, reading.end)
    if points is None:
        return seen
    own = points.get(before.target.id, {})
    return seen.tally(own, zone, reading.begin, reading.end)


def _by_purpose(card: Timecard) -> dict[str, str]:
    used = {
        purpose: sum((day.unit_minutes.get(purpose, Decimal(0)) for day in card.days), Decimal(0))
        for purpose in Purpose
    }
    return {purpose.value: str(minutes) for purpose, minutes in used.items() if minutes}


def _is_news(before: Timecard, card: Timecard, zone: ZoneInfo) -> bool:
    """Whether a reading is worth a write: other minutes, the first after a stop or of a day."""
    if card.days != before.days or card.read_since_stop != before.read_since_stop:
        return True
    last, this = (each.read or each.opened for each in (before, card))
    return localtime.day_of(last - SETTLE, zone) != localtime.day_of(this - SETTLE, zone)


def _log(site: Site, card: Timecard) -> None:
    site.journal.note(
        events.TIMECARD,
        card=card.id,
        model=card.model,
        shifts=card.shifts,
        origin=card.origin,
        asked=card.asked,
        ready=card.ready,
        stopped=card.stopped,
        units=card.units,
        late_seconds=card.late_seconds,
        minutes={basis.value: card.minutes(basis) for basis in Basis},
        unit_minutes=_by_purpose(card),
        unit_hours=two_decimals(card.usage.unit_hours),
        rate=str(card.rate),
        cost=money(card.usage.cost)["amount"],
        currency=CURRENCY,
    )
    site.journal.measure(events.UNIT_HOURS, float(card.usage.unit_hours), "None")
    site.journal.measure(events.RUN_COST, float(card.usage.cost), "None")
    unscheduled = sum((used(day, card.rate, [Purpose.UNSCHEDULED]) for day in card.days), Usage())
    if unscheduled.unit_minutes:
        site.journal.measure(events.UNSCHEDULED_COST, float(unscheduled.cost), "None")

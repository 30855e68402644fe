"""Meter and close timecards, and log what every run cost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from functions import compose
from functions import journal as events
from functions.site import Site
from punchclock import localtime
from punchclock.costs import money, two_decimals
from punchclock.errors import LedgerConflict
from punchclock.localtime import DAY, MINUTE
from punchclock.plants import CURRENCY
from punchclock.ports import Reading
from punchclock.timecards import Basis, Timecard


@compose.function
def handler(site: Site, event: object) -> object:
    """Read the meter of every card that is not closed, and close those that are settled."""
    del event
    now = site.now()
    book = site.ledger.book()
    cards = list(book.cards.values())
    readings = {card.id: _reading(card, cards, site.plant.zone, now) for card in cards}
    due = [card for card in cards if _due(card, now)]
    metered = [readings[card.id] for card in due if card.spans]
    points = site.meter.read(metered) if metered else {}
    closed = 0
    for card in due:
        reading = readings[card.id]
        own = {
            minute: units
            for minute, units in points.get(card.target.id, {}).items()
            if reading.begin <= minute < reading.end
        }
        since = _midnight(reading.begin, site.plant.zone)
        closed += _settle(site, card, card.tally(own, site.plant.zone, since, now), now)
    for incident in book.incidents.values():
        if incident.closed is not None:
            site.ledger.file(incident)
    return {"cards": len(cards), "closed": closed}


def _due(card: Timecard, now: dt.datetime) -> bool:
    """A stopped card is read until it is closed, a running one each time that it has run a day."""
    return card.stopped is not None or now - (card.read or card.opened) >= DAY


def _reading(
    card: Timecard, cards: Sequence[Timecard], zone: ZoneInfo, now: dt.datetime
) -> Reading:
    """The minutes that are the card's own and may still change: the last two days it knows.

    A card ends with the minute of its confirmed stop, unless the next card of the same model has
    begun in that minute: then the minute is on that one.
    """
    begin = _minute(card.opened)
    if card.days:
        yesterday = localtime.starting(card.days[-1].day - DAY, localtime.MIDNIGHT, zone)
        begin = max(begin, yesterday)
    ends = [now if card.stopped is None else min(now, _minute(card.stopped) + MINUTE)]
    ends += [
        _minute(each.opened)
        for each in cards
        if each.target.id == card.target.id and each.opened > card.opened
    ]
    return Reading(target=card.target, begin=begin, end=min(ends))


def _minute(instant: dt.datetime) -> dt.datetime:
    return instant.replace(second=0, microsecond=0)


def _midnight(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return localtime.starting(localtime.day_of(instant, zone), localtime.MIDNIGHT, zone)


def _settle(site: Site, before: Timecard, card: Timecard, now: dt.datetime) -> bool:
    try:
        if card.settled(before, now):
            site.ledger.close(replace(card, closed=now))
            _log(site, card)
            return True
        if card.days != before.days:
            site.ledger.write(card)
    except LedgerConflict as error:
        # A function has just written the card; the next reading starts from that.
        site.journal.note(events.CONFLICT, model=card.model, reason=str(error))
    return False


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
        unit_hours=two_decimals(card.usage.unit_hours),
        rate=str(card.rate),
        cost=money(card.usage.cost)["amount"],
        currency=CURRENCY,
    )
    site.journal.measure(events.UNIT_HOURS, float(card.usage.unit_hours), "None")
    site.journal.measure(events.RUN_COST, float(card.usage.cost), "None")

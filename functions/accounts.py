"""What has the plant cost so far, what will its month come to, and what came to light later?"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from functions import journal as events
from functions.failures import Failures
from functions.readings import PORTION, Points, kept_since, read
from functions.site import Site
from functions.turns import turn
from punchclock import localtime, plans
from punchclock.costs import Usage, money, two_decimals
from punchclock.errors import OutOfRange
from punchclock.localtime import DAY
from punchclock.minutes import floor
from punchclock.plants import CURRENCY
from punchclock.ports import Book, Reading
from punchclock.timecards import SETTLE, Timecard
from punchclock.totals import Correction, Entry, entries, on, total, until

QUARTER = dt.timedelta(minutes=15)
"""How often the timekeeper runs."""

SO_FAR_EVERY, FORECAST_EVERY = 3, 12
"""Hours of UTC from one gauge to the next. A metric is charged for each hour in which it is sent;
the second is a multiple of the first."""


def gauge(site: Site, book: Book, now: dt.datetime) -> None:
    """Send the month's cost so far, and now and then what is planned and what it will come to."""
    if now.hour % SO_FAR_EVERY or now.minute >= QUARTER // localtime.MINUTE:
        return
    today = localtime.day_of(now, site.plant.zone)
    so_far = total(_entries(site, book, today)).cost
    site.journal.measure(events.MONTH_TO_DATE, float(so_far), "None")
    if now.hour % FORECAST_EVERY:
        return
    first = today.replace(day=1)
    end = (first + 31 * DAY).replace(day=1)
    site.journal.measure(events.PLANNED_MONTH, float(_planned(site, first, end).cost), "None")
    _, finish = plans.span(site.plant, today, end)
    rest = _planned_between(site, now, finish)
    site.journal.measure(events.FORECAST, float(so_far + rest.cost), "None")


def tell_days(site: Site, book: Book, now: dt.datetime) -> None:
    """Log what each model cost on every local day that is over and settled: once a day."""
    if book.since is None:
        return
    zone = site.plant.zone
    told = book.told
    day = localtime.day_of(book.since, zone) if told is None else told + DAY
    while day < localtime.day_of(now, zone) and _settled(site, book, day):
        if not site.ledger.tell(day, told):
            return
        _tell(site, list(_entries(site, book, day)), day)
        told, day = day, day + DAY


def review(site: Site, now: dt.datetime, failures: Failures) -> None:
    """Read the metric of cards that were closed a day ago once more, and keep what it says else.

    Days that the meter does not know any more stay as they were read while it did. What goes wrong
    with one of the cards is set aside in ``failures``, and tried again until the meter knows
    nothing of the card any more: then its review is given up, and all of it stays as it was read.
    """
    known = kept_since(now, site.plant.zone)
    # Each portion has its turn, so that what fails again and again stands before nothing else.
    due = turn(site.ledger.reviews(now), PORTION, int(now.timestamp()) // QUARTER.seconds)
    readings = {card.id: reading for card in due if (reading := _whole(card, known)) is not None}
    metered = read(site, readings, failures)
    for card in due:
        with failures.of(card.id):
            if card.id not in readings:
                site.ledger.reviewed(card, None)
            elif card.id in metered:
                _review(site, card, readings[card.id], metered[card.id], now)


def _review(site: Site, card: Timecard, reading: Reading, points: Points, now: dt.datetime) -> None:
    own = points.get(card.target.id, {})
    days = card.tally(own, site.plant.zone, reading.begin, reading.end).days
    if days == card.days:
        site.ledger.reviewed(card, None)
        return
    later = Correction(card=card.id, opened=card.opened, corrected=now, days=days)
    site.ledger.reviewed(card, later)
    _log_correction(site, card, later)


def _entries(site: Site, book: Book, day: dt.date) -> Iterator[Entry]:
    """Yield what all cards, closed or not, have of a day's month as far as it was read."""
    month = f"{day:%Y-%m}"
    yield from site.ledger.entries(month)
    for card in book.cards.values():
        yield from (entry for entry in entries(card) if entry.month == month)


def _settled(site: Site, book: Book, day: dt.date) -> bool:
    """Whether no card can change any more what a day cost."""
    zone = site.plant.zone
    over = localtime.starting(day + DAY, localtime.MIDNIGHT, zone)
    return not any(
        card.opened < over and (card.read is None or card.read < over + SETTLE or card.stopped)
        for card in book.cards.values()
    )


def _tell(site: Site, found: list[Entry], day: dt.date) -> None:
    so_far = until(found, day)
    for model, usage in sorted(on(found, day).items()):
        site.journal.note(
            events.DAY,
            model=model,
            day=day.isoformat(),
            unit_hours=two_decimals(usage.unit_hours),
            cost=money(usage.cost)["amount"],
            month_to_date=money(so_far[model].cost)["amount"],
            currency=CURRENCY,
        )


def _log_correction(site: Site, card: Timecard, later: Correction) -> None:
    now = replace(card, days=later.days).usage
    site.journal.warn(
        events.CORRECTION,
        card=card.id,
        model=card.model,
        unit_hours=two_decimals(now.unit_hours),
        cost=money(now.cost)["amount"],
        cost_before=money(card.usage.cost)["amount"],
        currency=CURRENCY,
    )


def _whole(card: Timecard, known: dt.datetime) -> Reading | None:
    """All minutes that are a closed card's own and that the meter still knows.

    None for a card that was never in service, and where the meter knows nothing of it any more.
    """
    if not card.spans or card.minutes_end is None:
        return None
    begin = max(floor(card.opened), known)
    if begin >= card.minutes_end:
        return None
    return Reading(target=card.target, begin=begin, end=card.minutes_end)


def _planned(site: Site, first: dt.date, end: dt.date) -> Usage:
    return _planned_between(site, *plans.span(site.plant, first, end))


def _planned_between(site: Site, begin: dt.datetime, end: dt.datetime) -> Usage:
    """What the models whose plan is known are planned for; an incident tells of the others."""
    usage = Usage()
    for model in site.plant.models:
        with suppress(OutOfRange):
            runs = site.timetables[model.name].runs(begin, end)
            usage += Usage.of(plans.paid_unit_minutes(runs, begin, end), model.rate)
    return usage

"""When can no sweep find anything to do? It may be left out then.

Every model is as it is wanted, nothing is on its way, and no fault is afoot that it would meet.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

from functions.accounts import QUARTER
from punchclock import localtime
from punchclock.localtime import DAY, MINUTE
from punchclock.observations import State
from punchclock.ports import Book
from punchclock.timecards import Timecard
from punchclock.timetables import Run
from rehearsal.emulator.hosting import HostedModel, Phase
from rehearsal.faults.history import NEVER, Edition, History
from rehearsal.faults.truth import IDLE

UNMET_BY_SWEEPS = frozenset(
    {
        "events-lost",
        "events-late",
        "events-repeated",
        "events-reordered",
        "calls-between-lost",
        "answers-slow",
        "starts-slow",
        "starts-fail",
        "starts-hang",
        "running-fails",
        "stops-refused",
        "self-updates",
        "person-starts",
        "person-stops",
        "person-overrides",
        "quota-used-up",
        "actions-denied",
        "metrics-late",
        "metrics-missing",
        "metrics-silent",
        "claims-silent",
        "notices-silent",
        "clocks-apart",
        "redeployed",
    }
)
"""Faults that neither a sweep nor the timekeeper meets while every model is as it is wanted."""

READ_AGAIN = 6
"""Hours after which the timekeeper reads again what still runs."""


def only_reads_again(book: Book, now: dt.datetime) -> bool:
    """Whether the timekeeper would only read again what still runs; now and then it may."""
    over = any(card.stopped is not None for card in book.cards.values())
    return not over and (now.hour % READ_AGAIN > 0 or now.minute >= QUARTER // MINUTE)


def rests_until(history: History, book: Book, now: dt.datetime) -> dt.datetime | None:
    """Return until when no sweep can find anything to do; None where it may at once."""
    edition, hosted = history.edition(now), history.hosted
    if any(each.closed is None and each.target_id in hosted for each in book.incidents.values()):
        return None
    cards = {card.target.id: card for card in book.cards.values() if card.stopped is None}
    if cards.keys() - edition.runs.keys() or not _is_enrolled(book, edition):
        return None
    zone = edition.plant.zone
    tomorrow = localtime.day_of(now, zone) + DAY
    rests = localtime.starting(tomorrow, localtime.MIDNIGHT, zone)
    for target in edition.runs:
        runs = history.runs(target, now)
        until = _model_rests_until(hosted[target], cards.get(target), runs, now)
        if until is None:
            return None
        rests = min(rests, until)
    return rests


def _model_rests_until(
    model: HostedModel, card: Timecard | None, runs: Sequence[Run], now: dt.datetime
) -> dt.datetime | None:
    """Return the minute before a model's next edge; None where it is not as it is wanted."""
    if model.stages[-1].begin > now:
        return None
    place = bisect_right(runs, now, key=lambda run: run.start)
    if place and now < runs[place - 1].stop:
        run = runs[place - 1]
        return run.stop - MINUTE if card is not None and _settled(card, model, run) else None
    if card is not None or model.phase not in IDLE:
        return None
    return runs[place].start - MINUTE if place < len(runs) else NEVER


def _is_enrolled(book: Book, edition: Edition) -> bool:
    """Whether it is known whose each model is; until then, each sweep asks."""
    targets = [model.target for model in edition.plant.models]
    return book.roster is not None and book.roster.is_settled(targets)


def _settled(card: Timecard, model: HostedModel, run: Run) -> bool:
    """Whether a wanted model runs as planned, and its card says so."""
    return (
        card.ours
        and card.ready is not None
        and card.state is State.RUNNING
        and card.planned_stop == run.stop
        and model.phase is Phase.RUNNING
        and (model.min_units or 0) >= run.units
    )

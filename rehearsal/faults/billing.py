"""Is every billed minute on exactly one card?"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from punchclock import localtime
from punchclock.localtime import MINUTE
from punchclock.minutes import Basis, floor
from punchclock.timecards import Timecard
from rehearsal.faults.breaches import Breach, Lived
from rehearsal.faults.history import NEVER, History

UNSURE = dt.timedelta(minutes=2)
"""How much of the end is not looked at: what was billed last may be on no card yet."""


def billed_once(lived: Lived) -> Iterator[Breach]:
    """Yield minutes that are on two cards or on none, and days that the bill has otherwise."""
    history = lived.history
    zone = history.editions[0][1].plant.zone
    for target in lived.told:
        cards = sorted(
            (each for each in (*history.cards, *history.left) if each.target.id == target),
            key=lambda card: card.opened,
        )
        billed = history.hosted[target].unit_minutes(None, history.ended)
        yield from _twice(cards)
        yield from _unbilled(history, target, cards, billed)
        # As it was told when it was closed, and as it was corrected when it was read once more.
        told = [each for each in history.told if each.target.id == target]
        for card in [*told, *(each for each in history.cards if each.target.id == target)]:
            yield from _misbilled(history, card, billed, zone)


def _twice(cards: Sequence[Timecard]) -> Iterator[Breach]:
    """Yield cards that begin before the one before them has ended."""
    for card, following in pairwise(cards):
        if _end(card) > floor(following.opened) and card.spans and following.spans:
            yield Breach(
                reason=f"{card.id} ends at {_end(card):%H:%MZ}, after {following.id} begins",
                at=following.opened,
                model=card.model,
            )


def _unbilled(
    history: History, target: str, cards: Sequence[Timecard], billed: Mapping[dt.datetime, int]
) -> Iterator[Breach]:
    """Yield what was billed on no card, although a sweep had seen it."""
    observed, rests = history.observed.get(target, []), history.rests(target)
    begins = [floor(card.opened) for card in cards]
    lost: list[dt.datetime] = []
    for period in history.hosted[target].periods():
        place = bisect_left(observed, period.begin)
        seen = observed[place] if place < len(observed) else history.ended
        seen = min([seen, *(since for since, until in rests if until > period.begin)])
        minute = max(floor(period.begin), floor(max(seen, period.begin)) + MINUTE)
        while minute < min(period.end or history.ended, history.ended - UNSURE):
            card = bisect_right(begins, minute) - 1
            if minute in billed and (card < 0 or minute >= _end(cards[card])):
                lost.append(minute)
            minute += MINUTE
    if lost:
        yield Breach(
            reason=f"{len(lost)} billed minutes from {lost[0]:%m-%dT%H:%MZ} are on no card",
            at=lost[0],
            model=target,
        )


def _misbilled(
    history: History, card: Timecard, billed: Mapping[dt.datetime, int], zone: ZoneInfo
) -> Iterator[Breach]:
    """Yield days on which a closed card has other unit-minutes than the bill."""
    begin, end = floor(card.opened), _end(card)
    by_day: dict[dt.date, int] = {}
    minute = begin
    while minute < end:
        if minute in billed:
            day = localtime.day_of(minute, zone)
            by_day[day] = by_day.get(day, 0) + billed[minute]
        minute += MINUTE
    counted = {day.day: sum(day.unit_minutes.values(), Decimal(0)) for day in card.days}
    observed = {day.day for day in card.days if day.minutes.get(Basis.OBSERVED)}
    # A minute that has no datapoint, and that no sweep saw, nobody can know of.
    gaps = any(
        fault.kind == "metrics-missing" and fault.begin < end and begin < fault.end
        for fault in history.script
    )
    for day in sorted(by_day.keys() | counted.keys()):
        ours, theirs = counted.get(day, Decimal(0)), by_day.get(day, 0)
        allowed = 0
        if day in observed or gaps or not counted.get(day):
            unseen = _unseen(history, card.target.id, begin, end)
            allowed = max(card.held_units, card.units) * (unseen + 2 * len(card.spans))
        if abs(ours - theirs) > allowed:
            yield Breach(
                reason=f"{card.id} has {ours} unit-minutes on {day}, the bill {theirs};"
                f" {allowed} may differ",
                at=card.opened,
                model=card.model,
            )


def _unseen(history: History, target: str, begin: dt.datetime, end: dt.datetime) -> int:
    """Count the minutes in which no sweep saw a model, nor was left out because all was well."""
    known = {floor(at) for at in history.observed.get(target, ()) if begin <= at < end}
    for since, until in history.rests(target):
        minute = max(floor(since), begin)
        while minute < min(until, end):
            known.add(minute)
            minute += MINUTE
    return int((end - begin) / MINUTE) - len(known)


def _end(card: Timecard) -> dt.datetime:
    """Return where a card's minutes end; never while it is open."""
    if card.minutes_end is not None:
        return card.minutes_end
    return NEVER if card.stopped is None else floor(card.stopped) + MINUTE

"""Whom does this minute's sweep look at?"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TypeVar

from functions.rollcall import Subject, batch_of
from punchclock.localtime import MINUTE

MOST_DESCRIBES = 120
"""More calls than these do not fit a minute at three a second; the rest is looked at in turn."""

OTHERS = 30
"""Of these calls, as many are always left for models of which nothing is going on."""

GOLDEN = 0.618034
"""Multiples of the golden section fall far from one another: however few models there is time for,
it is soon each one's turn."""

Batch = tuple[str, str]
Key = TypeVar("Key")


def in_turn(found: Sequence[Subject], now: dt.datetime) -> Iterator[Subject]:
    """Yield the subjects that this minute's calls suffice for.

    Models that are wanted, soon will be or have an open card come first, in every sweep while they
    are few enough; the others follow in turn, so that the manual start of any of N idle models is
    seen within N / 120 minutes.
    """
    batches = _batches(found)
    going_on = {batch_of(subject.target) for subject in found if subject.urgent}
    urgent = [key for key in batches if key in going_on]
    idle = [key for key in batches if key not in going_on]
    room = min(len(idle), max(OTHERS, MOST_DESCRIBES - len(urgent)))
    minute = _number(now)
    for key in [*turn(urgent, MOST_DESCRIBES - room, minute), *turn(idle, room, minute)]:
        yield from batches[key]


def in_asking_order(found: Sequence[Subject], now: dt.datetime) -> list[Subject]:
    """Return subjects, urgent ones first, each minute beginning elsewhere.

    Where a service answers too slowly for all of its models, others are left out in each minute.
    """
    minute = _number(now)
    urgent = [subject for subject in found if subject.urgent]
    idle = [subject for subject in found if not subject.urgent]
    return [*_from_elsewhere(urgent, minute), *_from_elsewhere(idle, minute)]


def first_round(found: Sequence[Subject]) -> dt.timedelta:
    """How long after the first sweep a model may be looked at for the first time."""
    batches = len(_batches(found))
    return batches // OTHERS * MINUTE if batches > MOST_DESCRIBES else 0 * MINUTE


def turn(keys: Sequence[Key], room: int, number: int) -> Sequence[Key]:
    """Return whose turn it is: as many as there is room for, and the next ones in the next turn."""
    turns = -(-len(keys) // room) if room else 1
    begin = number % max(turns, 1) * room
    return keys[begin : begin + room]


def _number(minute: dt.datetime) -> int:
    return int(minute.timestamp()) // 60


def _from_elsewhere(some: Sequence[Subject], minute: int) -> Sequence[Subject]:
    place = int(minute * GOLDEN % 1 * len(some))
    return [*some[place:], *some[:place]]


def _batches(found: Sequence[Subject]) -> dict[Batch, list[Subject]]:
    batches: dict[Batch, list[Subject]] = {}
    for subject in found:
        batches.setdefault(batch_of(subject.target), []).append(subject)
    return batches

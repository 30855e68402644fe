"""Which models may this sweep touch? It asks where a deployment has brought one.

Models that the roster holds already are kept without asking, so a day on which nothing is deployed
has no call. While another plant has one of them, the sweep asks again now and then.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from functions.failures import Failures
from functions.site import Site
from punchclock.localtime import MINUTE
from punchclock.plants import Target
from punchclock.ports import Book
from punchclock.rosters import Roster

AGAIN = 5 * MINUTE
"""How often it is asked whether another plant has given up a model."""


def enrol(site: Site, book: Book, now: dt.datetime, failures: Failures) -> Book:
    """Return the book with the roster of the plant file, and write that where it is news.

    Where nobody answers, what is new is worked as if nobody else had claimed it, the failure is set
    aside, and the next sweep asks again.
    """
    targets = _targets(site)
    roster = _current(book, targets, now)
    if not roster.is_settled(targets) or (roster.claimed_by and _is_time(now)):
        roster = _asked(site, roster, now, failures)
    if roster != book.roster:
        roster = replace(roster, version=roster.version + 1)
        site.ledger.enrol(roster)
    return replace(book, roster=roster)


def asked(site: Site, book: Book, now: dt.datetime, failures: Failures) -> Book:
    """Return the book with the roster of the plant file, and write nothing.

    It asks about all that this plant does not hold; a failure is set aside.
    """
    targets = _targets(site)
    roster = _current(book, targets, now)
    if len(roster.held or ()) < len(targets):
        roster = _asked(site, roster, now, failures)
    return replace(book, roster=roster)


def _current(book: Book, targets: Sequence[Target], now: dt.datetime) -> Roster:
    return Roster.of(targets, now) if book.roster is None else book.roster.becoming(targets, now)


def _asked(site: Site, roster: Roster, now: dt.datetime, failures: Failures) -> Roster:
    with failures.of("claims"):
        return roster.settled(_targets(site), site.neighbours.claimed(), now)
    return roster


def _targets(site: Site) -> list[Target]:
    return [model.target for model in site.plant.models]


def _is_time(now: dt.datetime) -> bool:
    """Whether this is the first minute of a while: so nobody need write when it was asked last."""
    return int(now.timestamp()) // 60 % (AGAIN // MINUTE) == 0

"""Do the schedules' events still arrive? Where they do not, the sweep says so: see ``hearing``."""

import datetime as dt
from collections.abc import Iterator

from functions import journal as events
from functions.incidents import Incidents, schedules_of
from functions.site import Site
from punchclock.actions import Action
from punchclock.hearing import GRACE, Heard, Hearing, judged, latest_due
from punchclock.localtime import MINUTE
from punchclock.ports import Book


def listen(site: Site, book: Book, incidents: Incidents, now: dt.datetime) -> Iterator[str]:
    """Note which events have not arrived; yield what stands for those that are still missing.

    A plant that is only watched has no schedules for starts and stops, and one that is closed has
    none any more.
    """
    if site.plant.mode == "watch" or book.closure or not (book.since and book.roster):
        return
    # Models that work alike share one.
    tables = {id(each): each for each in site.timetables.values()}.values()
    due = latest_due(tables, max(book.since, book.roster.since), now)
    for action in (Action.START, Action.STOP):
        heard = book.heard.get(action, Heard())
        hearing = judged(heard, due.get(action))
        if hearing is Hearing.MISSED:
            site.ledger.miss(action, heard, due[action])
            site.journal.warn(
                events.MISSED,
                action=action,
                scheduled_at=due[action],
                reason=f"has not arrived within {GRACE // MINUTE} minutes",
            )
        if hearing is Hearing.GONE:
            incidents.unheard(action, heard)
        if hearing in {Hearing.GONE, Hearing.WAITING}:
            yield schedules_of(action)

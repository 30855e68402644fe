"""What are people told of one invocation? All that has begun and is over in it, in one message.

Of each incident they are told twice, when it begins and when it is over: by whoever has written so
to the ledger, where the first one wins. What dies between that write and the message loses the
message and nothing else: the alarms stand behind it, and ``punchclock status`` shows what is open.
"""

import datetime as dt

from functions import journal as events
from functions.failures import foreseen
from functions.site import Site
from punchclock.errors import PunchclockError
from punchclock.notices import notice_of
from punchclock.ports import Incident


class Bulletin:
    """The news of one invocation."""

    def __init__(self, site: Site, now: dt.datetime) -> None:
        """Begin with none."""
        self._site = site
        self._now = now
        self._news: list[Incident] = []

    def report(self, incident: Incident) -> bool:
        """Write an incident to the ledger; whether that was news, of which people are told."""
        is_news = self._site.ledger.report(incident)
        if is_news:
            self._news.append(incident)
        return is_news

    def send(self) -> None:
        """Tell people all news in one message, where there are any.

        Raises one of the errors of ``punchclock.errors`` when they cannot be told, which is logged.
        """
        if not self._news:
            return
        try:
            with foreseen():
                self._site.notices.send(notice_of(self._site.plant, self._news, self._now))
        except PunchclockError as error:
            untold = [f"{each.model}: {each.trouble}" for each in self._news]
            self._site.journal.warn(events.UNTOLD, incidents=untold, reason=str(error))
            raise

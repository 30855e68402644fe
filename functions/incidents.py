"""Something a person must know: opened once, closed once, and nothing written in between."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from functions import journal as events
from functions.bulletin import Bulletin
from functions.rollcall import Subject
from functions.site import Site
from punchclock.decisions import Action, Decision, Trouble
from punchclock.errors import PunchclockError, TellAPerson
from punchclock.hearing import Heard
from punchclock.observations import HOSTED, Observation
from punchclock.ports import Book, Incident
from punchclock.shifts import Calendar

COSTLY = frozenset({Trouble.UNSCHEDULED, Trouble.OVERDUE, Trouble.STUCK})
"""Troubles in which a model is paid for that nobody wants."""


class Incidents:
    """The incidents of one sweep."""

    def __init__(self, site: Site, book: Book, now: dt.datetime) -> None:
        """Begin with those that the ledger has."""
        self._site = site
        self._now = now
        self._bulletin = Bulletin(site, now)
        self._open = {key: each for key, each in book.incidents.items() if each.closed is None}

    def standing(self, subject: Subject) -> Trouble | None:
        """Open the trouble that a model has whatever its service says of it, and return that."""
        found = _standing(subject)
        if found is None:
            return None
        trouble, reason = found
        self._open_one(subject, trouble, reason)
        return trouble

    def reconcile(self, subject: Subject, observation: Observation, decision: Decision) -> None:
        """Open the trouble that a decision tells of, and close what is over."""
        standing = _standing(subject)
        troubles = {decision.trouble, standing and standing[0]} - {None}
        if not _as_wanted(subject, observation):
            troubles.add(Trouble.REFUSED)
        self._close(subject, keep=troubles)
        if decision.trouble is not None:
            self._open_one(subject, decision.trouble, decision.reason)

    def silent(self, subject: Subject, error: PunchclockError) -> None:
        """Open the trouble of a model that could not be observed; its other troubles stay open."""
        refused = isinstance(error, TellAPerson)
        trouble = Trouble.REFUSED if refused else Trouble.SILENT
        self._open_one(subject, trouble, f"could not be observed: {error}")

    def expiring(self, calendar: Calendar) -> str:
        """Open the trouble of a calendar that ends soon; return what stands for it as a target."""
        incident = Incident(
            target_id=f"calendar:{calendar.name}",
            model=calendar.name,
            trouble=Trouble.EXPIRING,
            reason=f"holidays of calendar {calendar.name} are known until {calendar.last}:"
            " deploy with a newer release before",
            opened=self._now,
        )
        self._open_new(incident)
        return incident.target_id

    def unreadable(self, key: str) -> str:
        """Open the trouble of an override that cannot be read; return what stands for it."""
        incident = Incident(
            target_id=f"override:{key}",
            model="override",
            trouble=Trouble.UNREADABLE,
            reason=f"the override {key} was not written by punchclock and has no effect:"
            " say it again with overtime, skip or hold",
            opened=self._now,
        )
        self._open_new(incident)
        return incident.target_id

    def unheard(self, action: Action, heard: Heard) -> None:
        """Open the trouble that the events of schedules do not arrive."""
        last = f"the one of {heard.arrived:%Y-%m-%d %H:%MZ}" if heard.arrived else "the beginning"
        incident = Incident(
            target_id=schedules_of(action),
            model=f"{action} schedules",
            trouble=Trouble.UNHEARD,
            reason=f"no {action} event of a schedule has arrived since {last}:"
            " only the sweep acts, up to a minute late; look at the queue of failures, at the"
            " schedules and at the role that they call with",
            opened=self._now,
        )
        self._open_new(incident)

    def _open_one(self, subject: Subject, trouble: Trouble, reason: str) -> None:
        incident = Incident(
            target_id=subject.target.id,
            model=subject.name,
            trouble=trouble,
            reason=reason,
            opened=self._now,
            cost_per_hour=subject.cost_per_hour if trouble in COSTLY else Decimal(0),
        )
        self._open_new(incident)

    def _open_new(self, incident: Incident) -> None:
        if incident.id in self._open:
            return
        self._open[incident.id] = incident
        if not self._bulletin.report(incident):
            # Somebody else has just opened it, and said so.
            return
        self._site.journal.warn(
            events.INCIDENT,
            model=incident.model,
            trouble=incident.trouble,
            reason=incident.reason,
            cost_per_hour=incident.cost_per_hour,
        )

    def forget(self, known: Collection[str]) -> None:
        """Close what is open of targets that nobody knows any more: no observation will."""
        for incident in list(self._open.values()):
            if incident.target_id not in known:
                self._end(incident)

    def tell(self) -> None:
        """Tell people of what has begun and of what is over, in one message."""
        self._bulletin.send()

    def _close(self, subject: Subject, keep: Collection[Trouble | None]) -> None:
        mine = [each for each in self._open.values() if each.target_id == subject.target.id]
        for incident in mine:
            if incident.trouble not in keep:
                self._end(incident)

    def _end(self, incident: Incident) -> None:
        news = self._bulletin.report(replace(incident, closed=self._now))
        del self._open[incident.id]
        if not news:
            return
        self._site.journal.note(
            events.INCIDENT_OVER,
            model=incident.model,
            trouble=incident.trouble,
            opened=incident.opened,
        )


def _standing(subject: Subject) -> tuple[Trouble, str] | None:
    if subject.claimed_by is not None:
        claimed = f"stack {subject.claimed_by} has claimed it first"
        return Trouble.CLAIMED, f"{claimed}: take it out of one of the two plant files, deploy that"
    if subject.unplanned is not None:
        unknown = f"nobody knows when it is wanted: {subject.unplanned}"
        until = "it is off until the plant is deployed with a newer release"
        return Trouble.UNPLANNED, f"{unknown}; {until}"
    return None


def _as_wanted(subject: Subject, observation: Observation) -> bool:
    ours = subject.card is not None and subject.card.ours
    if subject.claimed_by is not None and not ours:
        return True
    return (subject.run is not None) == (observation.state in HOSTED)


def schedules_of(action: Action) -> str:
    """Return what stands for the schedules of an action as a target."""
    return f"schedules:{action}"

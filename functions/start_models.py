"""Start what is wanted and stopped. Its role is the only one that may start a model."""

import datetime as dt

from functions import compose
from functions.action import Verb, carry_out
from functions.rollcall import Subject
from functions.site import Site
from punchclock.decisions import Action
from punchclock.errors import Refused
from punchclock.ports import Service
from punchclock.timecards import Origin, Timecard


@compose.function
def handler(site: Site, event: object) -> object:
    """Start the models that are due, or those that the event names.

    Due is what is wanted now and has no open card. Whatever the event names, only models of the
    plant file are started.
    """
    return carry_out(site, event, START)


def _due(subject: Subject) -> bool:
    return subject.run is not None and (subject.card is None or not subject.card.ours)


def _ask(subject: Subject, now: dt.datetime) -> Timecard:
    if subject.model is None or subject.run is None:
        message = f"{subject.name} is not wanted by the plant file"
        raise Refused(message)
    card = subject.card
    if card is None or not card.ours:
        card = Timecard.planned(subject.model, subject.run, now, Origin.PLANNED)
    # The file may have been edited since the card was opened.
    return card.resize(subject.run.units, subject.model.max_units).ask(now)


def _call(service: Service, card: Timecard, token: str) -> None:
    service.start(card.target, card.units, card.max_units, token)


def _accepted(card: Timecard, now: dt.datetime) -> Timecard:
    # The next sweep sees for itself when the model starts, and when it is ready.
    del now
    return card


START = Verb(
    action=Action.START,
    due=_due,
    ask=_ask,
    call=_call,
    accepted=_accepted,
    declined=Timecard.decline,
)

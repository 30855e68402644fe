"""Stop what is ours and no longer wanted. Its role is the only one that may stop a model."""

import datetime as dt

from functions import compose
from functions.action import Verb, carry_out
from functions.rollcall import Subject
from functions.site import Site
from punchclock.decisions import Action
from punchclock.errors import Refused
from punchclock.ports import Service
from punchclock.timecards import Timecard


@compose.function
def handler(site: Site, event: object) -> object:
    """Stop the models that are due, or those that the event names.

    Due is what has an open card of ours and is not wanted now: models that the plant file has
    forgotten too.
    """
    return carry_out(site, event, STOP)


def _due(subject: Subject) -> bool:
    return subject.run is None and subject.card is not None and subject.card.ours


def _ask(subject: Subject, now: dt.datetime) -> Timecard:
    if subject.card is None:
        message = f"{subject.name} has no open card"
        raise Refused(message)
    return subject.card.ask_stop(now)


def _call(service: Service, card: Timecard, token: str) -> None:
    service.stop(card.target, token)


def _declined(card: Timecard) -> Timecard:
    # It was asked for all the same, and is overdue ten minutes after the first time.
    return card


STOP = Verb(
    action=Action.STOP,
    due=_due,
    ask=_ask,
    call=_call,
    accepted=Timecard.stopping,
    declined=_declined,
)

"""When are more models wanted at once than the quotas of the account allow?

A model counts from the moment its start is asked for until it has had time to stop. Units per model
need no look ahead: a file that asks for too many is invalid.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from punchclock.advice.outlook import YEAR, Advice, Outlook
from punchclock.spellings import both, listed
from punchclock.timetables import RESTART


class _Crowd(NamedTuple):
    """The first time that there are too many."""

    at: dt.datetime
    models: tuple[str, ...]


def crowds(outlook: Outlook) -> Iterator[Advice]:
    """Yield a warning for each service of which more models run at once than may."""
    for service, quota in sorted(outlook.plant.quotas.items()):
        if quota.running_models is None:
            continue
        most = quota.running_models
        crowd = _first(outlook, service, most)
        if crowd is not None:
            message = (
                f"{len(crowd.models)} models run at once, first at {both(crowd.at, outlook.zone)},"
                f" but the quota is {most}: {listed(crowd.models)};"
                f" {service} refuses to start what is over it"
            )
            path = ("quotas", service, "running_models")
            yield Advice(severity="warning", path=path, message=message)


def _first(outlook: Outlook, service: str, most: int) -> _Crowd | None:
    on: set[str] = set()
    # What ends at an instant makes room for what begins then.
    for at, begins, names in sorted(_turns(outlook, service), key=lambda turn: turn[:2]):
        on = on | names if begins else on - names
        if len(on) > most:
            return _Crowd(at, tuple(sorted(on)))
    return None


def _turns(outlook: Outlook, service: str) -> Iterator[tuple[dt.datetime, bool, frozenset[str]]]:
    hosted = {model.name for model in outlook.models if model.target.service == service}
    for model, alike in outlook.alike():
        names = frozenset(hosted.intersection(alike))
        begin, _ = outlook.span(model.calendar, YEAR)
        for run in outlook.runs(model, YEAR) if names else ():
            yield max(run.start, begin), True, names
            yield run.stop + RESTART, False, names

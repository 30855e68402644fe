"""What do people say at the desk while everything goes wrong? Only what the desk would take."""

import datetime as dt

from punchclock import localtime
from punchclock.effects import skippable
from punchclock.localtime import DAY
from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Model
from rehearsal.faults.history import Edition, History
from rehearsal.faults.script import Fault

WHO = "arn:aws:sts::123456789012:assumed-role/Line/anna"

TAKEN_BACK = 0.4
"""How many of the words are taken back before their time."""


def spoken(history: History, fault: Fault) -> Override | None:
    """Return what a person says when a fault begins; None where the desk would not take it."""
    edition = history.edition(fault.begin)
    model = edition.model(fault.victim or "")
    if model is None or not model.enabled or edition.plant.mode == "watch":
        return None
    kind = tuple(Kind)[int(fault.chance * len(Kind))]
    day = _day_to_skip(history, edition, model, fault.begin) if kind is Kind.SKIP else None
    if (kind is Kind.SKIP) != (day is not None):
        return None
    return Override(
        model=model.name,
        kind=kind,
        made=fault.begin,
        until=_until(fault) if day is None else day[1],
        who=WHO,
        why=_why(fault),
        day=None if day is None else day[0],
    )


def taken_back(history: History, fault: Fault) -> Cancellation | None:
    """Return how a person takes back, when a fault ends, what was said when it began."""
    said = next((each for each in history.said if _is_of(each, fault)), None)
    if not isinstance(said, Override) or not _is_taken_back(fault) or said.until <= fault.end:
        return None
    return Cancellation(override=said.id, until=said.until, made=fault.end, who=WHO)


def _day_to_skip(
    history: History, edition: Edition, model: Model, now: dt.datetime
) -> tuple[dt.date, dt.datetime] | None:
    """Return the first local day, of two, that has hours to skip, and when the last of them end."""
    today = localtime.day_of(now, edition.plant.zone)
    said = history.orders(now).overrides.get(model.name, ())
    for day in (today, today + DAY):
        found = skippable(edition.plant, model, said, day=day, shift=None, now=now)
        if found.skipped:
            return day, found.until
    return None


def _until(fault: Fault) -> dt.datetime:
    """Return when a word ends by itself: that is later where it is taken back before."""
    lasts = fault.end - fault.begin
    return fault.end + lasts if _is_taken_back(fault) else fault.end


def _is_taken_back(fault: Fault) -> bool:
    return fault.chance * len(Kind) % 1 < TAKEN_BACK


def _is_of(said: Override | Cancellation, fault: Fault) -> bool:
    return isinstance(said, Override) and said.made == fault.begin and said.why == _why(fault)


def _why(fault: Fault) -> str:
    return f"rehearsed for {fault.victim}"

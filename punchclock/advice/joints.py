"""Which shifts of a model become one run, or one window, and on whose units?

These services cannot resize while running (law of time, 4): a run holds the largest units of all
its windows, and pauses that are bridged are paid.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from punchclock import localtime
from punchclock.advice.outlook import YEAR, Advice, Outlook
from punchclock.localtime import DAY
from punchclock.plants import Model
from punchclock.shifts import Occurrence
from punchclock.spellings import both, listed, spelled
from punchclock.timetables import RESTART, Run
from punchclock.windows import Window


@dataclass(slots=True)
class _Joint:
    """A pause between two shifts that is run through, again and again."""

    first: dt.datetime
    units: set[int] = field(default_factory=set)
    pauses: set[dt.timedelta] = field(default_factory=set)


def joints(outlook: Outlook) -> Iterator[Advice]:
    """Yield once for each pair of shifts what joins them, at the first of the models it joins."""
    told: dict[str, list[str]] = defaultdict(list)
    for model, names in outlook.alike():
        for message in [*_bridged(outlook, model), *_mixed(outlook, model)]:
            told[message] += names
    order = [model.name for model in outlook.models]
    for message, alike in told.items():
        names = sorted(alike, key=order.index)
        also = f"; likewise {listed(names[1:])}" if names[1:] else ""
        yield Advice(severity="note", path=("models", names[0], "shifts"), message=message + also)


def _bridged(outlook: Outlook, model: Model) -> Iterator[str]:
    found: dict[tuple[str, str], _Joint] = {}
    for run in outlook.runs(model, YEAR):
        for before, after in pairwise(run.windows):
            if _lies_ahead(outlook, model, before.end):
                key = _sides(outlook, model, before, after)
                joint = found.setdefault(key, _Joint(before.end))
                joint.pauses.add(after.start - before.end)
                joint.units.add(run.units)
    for (first, then), joint in sorted(found.items()):
        yield _told(outlook, model, f"{first} and then {then}", joint)


def _told(outlook: Outlook, model: Model, pair: str, joint: _Joint) -> str:
    shortest, longest = min(joint.pauses), max(joint.pauses)
    pause = spelled(shortest) + (f" to {spelled(longest)}" if longest > shortest else "")
    units = " or ".join(map(str, sorted(joint.units)))
    return (
        f"{pair} are one run: the pause of {pause} between them, first from"
        f" {both(joint.first, outlook.zone)}, is {why_joined(model, longest)},"
        f" so the model stays on and is paid for, on {units} units"
    )


def why_joined(model: Model, pause: dt.timedelta) -> str:
    """Return which rule joins what a pause separates."""
    if pause <= model.bridge:
        return f"not longer than bridge {spelled(model.bridge)}"
    return (
        f"not longer than lead {spelled(model.lead)} and {spelled(RESTART)} to stop,"
        " too short for a restart"
    )


def _sides(outlook: Outlook, model: Model, before: Window, after: Window) -> tuple[str, str]:
    ends = {each.shift for each in outlook.workdays.ending(model, before.end)}
    begins = {each.shift for each in outlook.workdays.starting(model, after.start)}
    return " and ".join(sorted(ends)), " and ".join(sorted(begins))


def _lies_ahead(outlook: Outlook, model: Model, instant: dt.datetime) -> bool:
    begin, end = outlook.span(model.calendar, YEAR)
    return begin <= instant < end


def _mixed(outlook: Outlook, model: Model) -> Iterator[str]:
    """Yield the pairs of shifts with different units that overlap or touch."""
    units = {each.shift.name: each.units for each in model.assignments}
    if len(set(units.values())) == 1:
        return
    told = set()
    for occurrences in _samples(outlook, model):
        for one, other in _meeting(occurrences):
            pair = tuple(sorted({one.shift, other.shift}, key=units.__getitem__))
            if units[one.shift] != units[other.shift] and pair not in told:
                told.add(pair)
                less, more = pair
                meet = "overlap" if other.start < one.end else "touch"
                yield (
                    f"{less} on {units[less]} units and {more} on {units[more]} {meet}, first on"
                    f" {both(other.start, outlook.zone)}: they are one window, and the model runs"
                    f" on {units[more]} units from its beginning to its end"
                )


def _samples(outlook: Outlook, model: Model) -> Iterator[list[Occurrence]]:
    """Yield the occurrences of the first window of each set of shifts."""
    seen = set()
    for run in outlook.runs(model, YEAR):
        for window in _windows_of_several(run):
            if window.shifts not in seen:
                seen.add(window.shifts)
                yield _within(outlook, model, window)


def _windows_of_several(run: Run) -> Iterator[Window]:
    return (window for window in run.windows if len(window.shifts) > 1)


def _within(outlook: Outlook, model: Model, window: Window) -> list[Occurrence]:
    begin, end = outlook.span(model.calendar, YEAR)
    first = localtime.day_of(max(window.start, begin), outlook.zone) - 2 * DAY
    last = localtime.day_of(min(window.end, end), outlook.zone)
    found = outlook.workdays.between(model, first, last)
    return [each for each in found if each.start < window.end and each.end > window.start]


def _meeting(occurrences: list[Occurrence]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Yield pairs that overlap or touch; what ascends by start meets only what is still on."""
    on: list[Occurrence] = []
    for other in occurrences:
        on = [one for one in on if one.end >= other.start]
        for one in on:
            yield one, other
        on.append(other)

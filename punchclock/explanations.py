"""Why is a model on or off at an instant?

The answer is the timetable's own; the shifts, day rules and pauses behind it are looked up again,
one by one, and told in sentences.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from punchclock import localtime
from punchclock.advice.joints import why_joined
from punchclock.localtime import DAY
from punchclock.overrides import Kind, Orders, Override, order
from punchclock.plans import shown_end
from punchclock.plants import Assignment, Model, Plant
from punchclock.shiftdays import ShiftDay, shift_day
from punchclock.shifts import Occurrence
from punchclock.spellings import both, listed, spelled
from punchclock.timetables import Run, overridden, timetables
from punchclock.windows import Window
from punchclock.workdays import known_days

Phase = Literal["lead", "window", "pause", "off"]
"""Started but not yet needed; needed; between two windows of one run; off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a model is on or off at an instant."""

    model: Model
    instant: dt.datetime
    phase: Phase
    window: Window | None
    """The window that it is in."""
    run: Run | None
    """The run that is on, lead and pauses included."""
    shifts: tuple[ShiftDay, ...]
    """Its shifts on the days that can reach the instant, ascending by day."""
    reasons: tuple[str, ...]
    next_run: Run | None
    """The first that starts after the instant, within a year and as far as is known."""
    said: tuple[Override, ...] = ()
    """What people said of it, in the order in which it counts: the later word does."""

    @property
    def wanted(self) -> bool:
        """Whether the model is to be on."""
        return self.run is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A model at an instant, with what its timetable says of it."""

    plant: Plant
    model: Model
    instant: dt.datetime
    run: Run | None
    window: Window | None
    said: tuple[Override, ...]

    def told(self, instant: dt.datetime) -> str:
        """Write an instant in local time and UTC."""
        return both(instant, self.plant.zone)


def explain(
    plant: Plant, model: Model, instant: dt.datetime, said: Sequence[Override] = ()
) -> Explanation:
    """Explain one model of a plant at an instant, in UTC, with what people said of it.

    Raises ``OutOfRange`` for an instant outside the days that are known.
    """
    table = overridden(plant, timetables(plant), {model.name: said})[model.name]
    run, window = table.run_at(instant), table.window_at(instant)
    asked = _Question(
        plant=plant,
        model=model,
        instant=instant,
        run=run,
        window=window,
        said=tuple(sorted(said, key=order)),
    )
    phase = _phase(asked)
    return Explanation(
        model=model,
        instant=instant,
        phase=phase,
        window=window,
        run=run,
        shifts=tuple(_shift_days(asked)),
        reasons=(*_REASONS[phase](asked), *_spoken(asked)),
        said=asked.said,
        next_run=table.next_run(instant),
    )


def _phase(asked: _Question) -> Phase:
    if asked.run is None:
        return "off"
    if asked.window is not None:
        return "window"
    return "lead" if asked.instant < asked.run.ready else "pause"


# Reasons


def _why_lead(asked: _Question) -> Iterator[str]:
    if asked.run is not None:
        shifts = listed(asked.run.windows[0].shifts)
        yield (
            f"asked for at {asked.told(asked.run.start)}, its lead of {spelled(asked.model.lead)}"
            f" before it must be ready at {asked.told(asked.run.ready)} for {shifts}"
        )
        yield from _about_run(asked, asked.run)


def _why_window(asked: _Question) -> Iterator[str]:
    if asked.run is not None and asked.window is not None:
        window = asked.window
        yield f"{listed(window.shifts)} from {asked.told(window.start)} {_until(asked, window)}"
        yield from _about_run(asked, asked.run)


def _why_pause(asked: _Question) -> Iterator[str]:
    yield "no shift works now, but the model stays on between two windows of one run"
    if asked.run is not None:
        yield from _about_run(asked, asked.run)


def _why_off(asked: _Question) -> Iterator[str]:
    if not asked.model.enabled:
        yield "the model is disabled (enabled: false), so it is always off"
        return
    if not asked.model.assignments:
        yield "the model works no shift, so it is always off"
        return
    held = Orders(overrides={asked.model.name: asked.said}).last_word(
        asked.model.name, asked.instant
    )
    if held is not None and held.kind is Kind.HOLD_OFF:
        yield f"{held.who_shortly} holds it off until {asked.told(held.ends)}: {held.why}"
        return
    yield (
        "none of its shifts works now, and none begins within its lead of"
        f" {spelled(asked.model.lead)}"
    )
    for each, day in _candidates(asked):
        calendar = asked.model.calendar
        closure = calendar.closure(day) if calendar is not None else None
        would = each.shift.occurrence(day, asked.plant.zone)
        kept = closure is not None and each.shift.day_rule(day) is None
        if kept and would is not None and _reaches(asked, would):
            yield f"{each.shift.name} would, but does not start on {day:%a} {day}: {closure}"


_REASONS: dict[Phase, Callable[[_Question], Iterator[str]]] = {
    "lead": _why_lead,
    "window": _why_window,
    "pause": _why_pause,
    "off": _why_off,
}


def _about_run(asked: _Question, run: Run) -> Iterator[str]:
    stop = shown_end(run.start, run.stop)
    until = "does not stop within a year" if stop is None else f"stops at {asked.told(stop)}"
    yield (
        f"its run is asked for at {asked.told(run.start)}, is ready by {asked.told(run.ready)} and"
        f" {until}, on {run.units} units{_why_units(asked, run)}"
    )
    for before, after in pairwise(run.windows):
        if _is_beside(asked, before, after):
            pause = after.start - before.end
            yield (
                f"the run joins {listed(before.shifts)} and {listed(after.shifts)}: the pause of"
                f" {spelled(pause)} from {asked.told(before.end)} to {asked.told(after.start)} is"
                f" {why_joined(asked.model, pause)}"
            )


def _why_units(asked: _Question, run: Run) -> str:
    names = {name for window in run.windows for name in window.shifts}
    worked = [each for each in asked.model.assignments if each.shift.name in names]
    if len({each.units for each in worked}) <= 1:
        return ""
    most = [each.shift.name for each in worked if each.units == run.units]
    return f" throughout, because {listed(most)} needs them and a running model cannot be resized"


def _is_beside(asked: _Question, before: Window, after: Window) -> bool:
    """Whether the instant is in a pause, or in one of the windows that it separates."""
    return before.start <= asked.instant < after.end


def _until(asked: _Question, window: Window) -> str:
    end = shown_end(window.start, window.end)
    return "on, without an end within a year" if end is None else f"to {asked.told(end)}"


# What people said


def _spoken(asked: _Question) -> Iterator[str]:
    """Yield what was said by then and not over long before, in the order in which it counts."""
    told = [
        each for each in asked.said if each.made <= asked.instant < each.until + asked.model.lead
    ]
    if len(told) > 1:
        yield "of what was said about the same time, the later word counts"
    for each in told:
        back = each.cancelled
        ended = "" if back is None else f", taken back at {asked.told(back.made)}"
        yield (
            f"{each.who_shortly} said at {asked.told(each.made)}: {_what(each)}, until"
            f" {asked.told(each.until)}{ended} ({each.why})"
        )


def _what(said: Override) -> str:
    if said.day is None:
        return said.kind.value
    return f"{said.kind.value} {said.shift or 'all shifts'} of {said.day}"


# Shifts


def _candidates(asked: _Question) -> Iterator[tuple[Assignment, dt.date]]:
    """Yield shifts with the days on which they could begin what reaches the instant."""
    zone, model = asked.plant.zone, asked.model
    today = localtime.day_of(asked.instant, zone)
    ahead = localtime.day_of(asked.instant + model.lead, zone)
    earliest, latest = known_days(model.calendar)
    for ordinal in range((today - DAY).toordinal(), ahead.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        for each in model.assignments:
            if earliest <= day <= latest and (day >= today or each.shift.overnight):
                yield each, day


def _shift_days(asked: _Question) -> Iterator[ShiftDay]:
    for each, day in _candidates(asked):
        yield shift_day(each.shift, day, asked.model.calendar, asked.instant, asked.plant.zone)


def _reaches(asked: _Question, hours: Occurrence) -> bool:
    """Whether a model that works these hours is on at the instant, lead included."""
    return hours.start - asked.model.lead <= asked.instant < hours.end

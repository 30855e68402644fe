"""What is a service asked to do? A run joins windows that are close (law of time, 4)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from punchclock.minutes import Span
from punchclock.windows import Window

RESTART = dt.timedelta(minutes=10)
"""Pauses up to ``lead`` plus this are bridged: a stop takes minutes too, and there is no restart
between them (law of time, 4)."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the service is asked to do."""

    start: dt.datetime
    """When the start is asked for."""
    ready: dt.datetime
    """When the model must be ready: its first window's start, which also names the run."""
    stop: dt.datetime
    units: int
    windows: tuple[Window, ...]
    overtime: tuple[Span, ...] = ()
    """What of its windows no shift asks for, but somebody's word."""


def join(
    windows: Iterable[Window],
    lead: dt.timedelta,
    reach: dt.timedelta,
    apart: Collection[dt.datetime] = (),
) -> Iterator[Run]:
    """Yield the runs of ascending windows: pauses up to ``reach`` are bridged.

    Not those with an instant of ``apart`` in them: there the model is off whatever comes next.
    """
    joined: list[Window] = []
    for window in windows:
        if joined and _is_end(joined[-1].end, window.start, reach, apart):
            yield _run(joined, lead)
            joined = []
        joined.append(window)
    if joined:
        yield _run(joined, lead)


def _is_end(
    end: dt.datetime, start: dt.datetime, reach: dt.timedelta, apart: Collection[dt.datetime]
) -> bool:
    return start - end > reach or any(end <= each <= start for each in apart)


def _run(windows: list[Window], lead: dt.timedelta) -> Run:
    ready = windows[0].start
    units = max([window.units for window in windows])
    return Run(ready - lead, ready, windows[-1].end, units, tuple(windows))

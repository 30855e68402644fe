"""Which stretches of time does a page draw of a run, as planned and as it happened?"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from cli.page.sheet import Kind, Line, Span
from punchclock.plans import shown_end
from punchclock.shifts import Occurrence
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import Run
from punchclock.windows import Window

Stretch = tuple[dt.datetime, dt.datetime]


def planned(
    line: Line, occurrences: Sequence[Occurrence], within: Stretch, zone: ZoneInfo
) -> Iterator[Span]:
    """Yield what was planned of a run within a stretch: lead, shifts, overtime, joined pauses.

    ``occurrences`` are those of the model's shifts.
    """
    run = line.run
    if run is None:
        return
    draw = partial(Span, key=line.key, counts=line.counts, units=run.units)
    yield draw(kind=Kind.LEAD, begin=run.start, end=run.ready)
    windows = [each for each in run.windows if each.start < within[1] and each.end > within[0]]
    for window in windows:
        for begin, end in _pieces(window, run, occurrences, within):
            extra = any(o.begin <= begin and end <= (o.end or run.stop) for o in run.overtime)
            names = {o.shift for o in occurrences if o.start <= begin and end <= o.end}
            label = "overtime" if extra else "+".join(sorted(names & set(window.shifts)))
            flag = _flag(line) if begin == run.ready else ""
            yield draw(
                kind=Kind.OVERTIME if extra else Kind.SHIFT,
                begin=begin,
                end=end,
                label=label,
                told=_told(f"{label} {flag}".strip(), begin, end, run.units, zone),
                flag=flag,
            )
    for one, other in pairwise(windows):
        yield draw(kind=Kind.PAUSE, begin=one.end, end=other.start)


def happened(line: Line, ended: dt.datetime, zone: ZoneInfo) -> Iterator[Span]:
    """Yield what the service was seen to do; what is still open is cut off at ``ended``."""
    card = line.card
    if card is None:
        return
    units = card.held_units
    draw = partial(Span, key=line.key, counts=line.counts, units=units)
    for kind, begin, end in _stages(card, ended):
        if begin < end:
            label = _SAID.get(kind, "")
            told = _told(label, begin, end, units, zone) if label else ""
            yield draw(kind=kind, begin=begin, end=end, label=label, told=told)


_SAID = {Kind.OVERTIME: "overtime", Kind.UNSCHEDULED: "unscheduled"}
"""What is not planned has a label of its own."""


def _pieces(
    window: Window, run: Run, occurrences: Sequence[Occurrence], within: Stretch
) -> Iterator[Stretch]:
    """Cut a window wherever one of its shifts, or overtime, begins or ends."""
    edges = {edge for each in occurrences for edge in (each.start, each.end)}
    edges |= {edge for each in run.overtime for edge in (each.begin, each.end or run.stop)}
    # An endless window is cut off far outside of what is shown.
    begin, end = max(window.start, within[0] - _FAR), min(window.end, within[1] + _FAR)
    return pairwise(sorted({begin, end, *(edge for edge in edges if begin < edge < end)}))


_FAR = dt.timedelta(days=2)


def _stages(card: Timecard, ended: dt.datetime) -> Iterator[tuple[Kind, dt.datetime, dt.datetime]]:
    over = card.stopped or ended
    running = [(each.begin, each.end or over) for each in card.spans]
    asked = card.asked or card.opened
    wanted = card.planned_ready
    first = min([begin for begin, _ in running], default=over)
    for each in card.overtime:
        yield Kind.OVERTIME, each.begin, each.end or over
    yield Kind.STARTING, asked, first if wanted is None else min(first, wanted)
    if wanted is not None:
        for begin, end in _missing((wanted, min(card.planned_stop or over, over)), running):
            yield Kind.LATE, begin, end
    kind = Kind.UNSCHEDULED if card.origin is Origin.MANUAL else Kind.RUNNING
    for begin, end in running:
        yield kind, begin, end
    if running:
        yield Kind.STOPPING, running[-1][1], over


def _missing(wanted: Stretch, running: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield when it was wanted and did not run."""
    at, end = wanted
    for begin, until in running:
        yield at, min(begin, end)
        at = max(at, until)
    yield at, end


def _told(label: str, begin: dt.datetime, end: dt.datetime, units: int, zone: ZoneInfo) -> str:
    """Say what is read out: first what is written, so that it can be asked for by voice."""
    until = shown_end(begin, end)
    clocks = _clocks(begin, end, zone) if until else f"from {begin.astimezone(zone):%a %H:%M}"
    return f"{label} {units} units, {clocks}"


def _flag(line: Line) -> str:
    """Say shortly that a run was late, unless it belongs to other days than those of the page."""
    if line.card is None or line.in_time or not line.counts:
        return ""
    if line.card.ready is None:
        return "never ready"
    return f"{math.ceil(line.card.late_seconds / 60)} min late"


def lateness(card: Timecard) -> str:
    """Say whether a run was ready in time."""
    if card.ready is None:
        return "never ready"
    minutes, seconds = divmod(card.late_seconds, 60)
    if not card.late_seconds:
        return "in time"
    return f"{minutes} min {seconds} s late" if minutes else f"{seconds} s late"


def _clocks(begin: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> str:
    local = [edge.astimezone(zone) for edge in (begin, end)]
    same = local[0].date() == local[1].date()
    return f"{local[0]:%a %H:%M} to {local[1]:{'%H:%M' if same else '%a %H:%M'}}"

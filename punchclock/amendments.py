"""What do overrides make of a model's shifts?

Each override is laid over what those before it left (see ``overrides.order``), as of the instant it
was made, so nothing that was said changes what had been asked for before:

- *overtime* and *hold on* extend the run that is on, or else begin one at once: it is asked for
  now and ready a lead later;
- *skip* takes hours away, but not of a run that has been asked for; where it is cancelled too late
  for them, what is left of them begins like overtime;
- *hold off* cuts everything. When it ends, what is left of the hours is asked for, and ready a lead
  later: nothing runs, and nothing starts, while it is in force.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from punchclock.localtime import MINUTE
from punchclock.minutes import Span
from punchclock.overrides import Kind, Override, order
from punchclock.runs import Run, join
from punchclock.shifts import Occurrence
from punchclock.windows import Worked, unite

NOTICE = MINUTE
"""A run counts as asked for from this long before its start: whoever is about to ask for it may
have read the ledger already."""


def amended(
    worked: Sequence[Worked],
    overrides: Sequence[Override],
    lead: dt.timedelta,
    reach: dt.timedelta,
    units: int,
) -> list[Run]:
    """Return the runs of hours worked, ascending, with overrides laid over them.

    ``units`` are those of a run that no shift asks for; one that is extended keeps its own.
    """
    draft = _Draft(lead=lead, reach=reach, units=units, shifts=list(worked))
    for each in sorted(overrides, key=order):
        if each.ends > each.made:
            _LAID[each.kind](draft, each)
    return [replace(run, overtime=tuple(draft.overtime(run))) for run in draft.runs()]


def asked_for(run: Run, now: dt.datetime) -> bool:
    """Whether a run's start has been asked for at an instant, or is about to be."""
    return run.start - NOTICE <= now


@dataclass(slots=True, kw_only=True)
class _Draft:
    """Hours as the overrides so far leave them."""

    lead: dt.timedelta
    reach: dt.timedelta
    units: int
    shifts: list[Worked]
    added: list[Worked] = field(default_factory=list)
    """Hours that no shift asks for."""
    apart: list[dt.datetime] = field(default_factory=list)
    """Instants that no run bridges."""

    def runs(self) -> list[Run]:
        windows = unite([*self.shifts, *self.added])
        return list(join(windows, self.lead, self.reach, self.apart))

    def run_at(self, now: dt.datetime) -> Run | None:
        return next((run for run in self.runs() if run.start <= now < run.stop), None)

    def overtime(self, run: Run) -> Iterator[Span]:
        for hours, _ in sorted(self.added):
            if run.ready <= hours.start < run.stop:
                yield Span(begin=hours.start, end=hours.end)

    def resume(self, hours: Worked, now: dt.datetime) -> Iterator[Worked]:
        """Yield what is left of hours that are worked again from an instant on."""
        if self.run_at(now) is None:
            self.apart.append(now)
            now += self.lead
        yield from _from(hours, now)


def _extend(draft: _Draft, said: Override) -> None:
    run = draft.run_at(said.made)
    if run is None:
        draft.apart.append(said.made)
        begin, units = said.made + draft.lead, draft.units
    else:
        begin, units = run.stop, run.units
    for start, end in _gaps(draft, begin, said.ends):
        hours = Occurrence(start, end, said.kind.value, said.made.date())
        draft.added.append((hours, units))


def _gaps(
    draft: _Draft, begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield what of an interval no window has."""
    for window in unite([*draft.shifts, *draft.added]):
        if window.end > begin:
            if begin < min(window.start, end):
                yield begin, min(window.start, end)
            begin = max(begin, window.end)
    if begin < end:
        yield begin, end


def _skip(draft: _Draft, said: Override) -> None:
    runs = draft.runs()
    skipped = [each for each in draft.shifts if _is_skipped(each[0], said, runs)]
    draft.shifts = [each for each in draft.shifts if each not in skipped]
    if said.cancelled is not None:
        now = said.ends
        back = [each for hours in skipped for each in draft.resume(hours, now)]
        draft.shifts += back


def _is_skipped(hours: Occurrence, said: Override, runs: Sequence[Run]) -> bool:
    if hours.day != said.day or said.shift not in {None, hours.shift}:
        return False
    run = next(run for run in runs if run.ready <= hours.start < run.stop)
    return not asked_for(run, said.made)


def _hold_off(draft: _Draft, said: Override) -> None:
    again = said.ends + draft.lead
    for pieces in (draft.shifts, draft.added):
        pieces[:] = [
            piece for each in pieces for piece in (*_until(each, said.made), *_from(each, again))
        ]
    # No run goes on over its end, whatever was said meanwhile.
    draft.apart.append(said.ends)


def _until(hours: Worked, end: dt.datetime) -> Iterator[Worked]:
    worked, units = hours
    if worked.start < end:
        yield worked._replace(end=min(worked.end, end)), units


def _from(hours: Worked, begin: dt.datetime) -> Iterator[Worked]:
    worked, units = hours
    if worked.end > begin:
        yield worked._replace(start=max(worked.start, begin)), units


_LAID: dict[Kind, Callable[[_Draft, Override], None]] = {
    Kind.OVERTIME: _extend,
    Kind.SKIP: _skip,
    Kind.HOLD_ON: _extend,
    Kind.HOLD_OFF: _hold_off,
}

"""What must not happen in a rehearsal without faults, and what did.

Readiness and running are asked of the emulator, not of our own cards: the service's side of the
story.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from punchclock.localtime import MINUTE
from punchclock.plants import MIN_UNITS, Model
from punchclock.timetables import Run
from rehearsal.bills import account_of
from rehearsal.emulator.hosting import HostedModel, Phase, Stage
from rehearsal.rehearsing import Rehearsed

GRACE = dt.timedelta(minutes=2)
"""The bounds of the law of action: an edge or the sweep acts within two minutes."""

LONGEST_OVERRUN = dt.timedelta(minutes=10)
"""A model that runs this long after its run's end was left running."""

_MOST = LONGEST_OVERRUN // MINUTE

TOLERANCE = Decimal("0.01")
"""How far our unit-hours may be from the bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something that must not happen, and did."""

    name: str
    reason: str
    at: dt.datetime
    model: str | None = None


def violations(rehearsed: Rehearsed) -> list[Violation]:
    """Return every violation, ascending by time."""
    found = [violation for check in _CHECKS for violation in check(rehearsed)]
    return sorted(found, key=lambda violation: (violation.at, violation.name))


def _not_ready(rehearsed: Rehearsed) -> Iterator[Violation]:
    for model, hosted, run in _runs(rehearsed):
        for window in run.windows:
            stage = _stage(hosted, window.start)
            ready = stage.phase is Phase.RUNNING and stage.units >= run.units
            if not ready and _fitted(hosted, run, model):
                yield Violation(
                    name="not-ready",
                    reason=f"{stage.phase} on {stage.units} of {run.units} units at window start",
                    at=window.start,
                    model=model.name,
                )


def _left_running(rehearsed: Rehearsed) -> Iterator[Violation]:
    for model, hosted, run in _runs(rehearsed):
        late = run.stop + LONGEST_OVERRUN
        if late > rehearsed.ended:
            continue
        stage = _stage(hosted, late)
        if stage.phase in {Phase.STARTING, Phase.RUNNING, Phase.UPDATING}:
            yield Violation(
                name="left-running",
                reason=f"still {stage.phase} {_MOST} minutes after its run's end",
                at=late,
                model=model.name,
            )


def _too_few_units(rehearsed: Rehearsed) -> Iterator[Violation]:
    for call in rehearsed.emulator.calls:
        units = call.params.get("MinInferenceUnits")
        if isinstance(units, int) and units < MIN_UNITS:
            yield Violation(
                name="too-few-units",
                reason=f"{call.operation} with {units} units; at least {MIN_UNITS} are needed",
                at=call.at or rehearsed.began,
            )


def _denied(rehearsed: Rehearsed) -> Iterator[Violation]:
    for denial in rehearsed.world.cloud.denials.values():
        yield Violation(
            name="denied",
            reason=f"role {denial.role} may not {denial.action} on {denial.resource}",
            at=denial.at,
        )


def _failed(rehearsed: Rehearsed) -> Iterator[Violation]:
    for failure in rehearsed.world.failures:
        yield Violation(
            name="function-failed", reason=f"{failure.function}: {failure.reason}", at=failure.at
        )


def _misbilled(rehearsed: Rehearsed) -> Iterator[Violation]:
    for model in rehearsed.plant.models:
        account = account_of(rehearsed, model)
        ours, billed = account.usage.unit_minutes, account.billed.unit_minutes
        if abs(ours - billed) > TOLERANCE * billed:
            yield Violation(
                name="misbilled",
                reason=f"timecards have {ours} unit-minutes, the bill {billed}",
                at=rehearsed.ended,
                model=model.name,
            )


def _runs(rehearsed: Rehearsed) -> Iterator[tuple[Model, HostedModel, Run]]:
    for model in rehearsed.plant.models:
        hosted = rehearsed.hosted[model.name]
        for run in rehearsed.runs(model):
            yield model, hosted, run


def _fitted(hosted: HostedModel, run: Run, model: Model) -> bool:
    """Whether the start-up of a run fitted in its lead; one that never was asked for would have."""
    begun = next(
        (s for s in hosted.stages if s.phase is Phase.STARTING and s.begin >= run.start), None
    )
    ready = next(
        (s for s in hosted.stages if s.phase is Phase.RUNNING and begun and s.begin > begun.begin),
        None,
    )
    if begun is None or ready is None:
        return True
    return ready.begin - begun.begin + GRACE <= model.lead


def _stage(hosted: HostedModel, at: dt.datetime) -> Stage:
    return next(stage for stage in reversed(hosted.stages) if stage.begin <= at)


_CHECKS: tuple[Callable[[Rehearsed], Iterator[Violation]], ...] = (
    _not_ready,
    _left_running,
    _too_few_units,
    _denied,
    _failed,
    _misbilled,
)

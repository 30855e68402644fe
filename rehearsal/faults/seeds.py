"""Live through many seeds on all cores, and make what a seed has found as small as it goes."""

import datetime as dt
import gc
import os
import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.overrides import Override
from rehearsal.faults.defects import DEFECTS
from rehearsal.faults.history import History
from rehearsal.faults.invariants import violations
from rehearsal.faults.kinds import ALL, KINDS
from rehearsal.faults.running import Stage, live, narrowed
from rehearsal.faults.script import drawn
from rehearsal.faults.world import FaultyWorld
from rehearsal.verdicts import Violation

SPANS = (0, 1, 3)
"""How many days before a violation are tried first."""

TOLD = dt.timedelta(hours=12)
"""How long before a violation its history begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one seed is to live through."""

    stage: Stage
    kinds: tuple[str, ...]
    wire: bool = False
    defects: tuple[str, ...] = ()

    def live(self, seed: int) -> History:
        """Live through a seed."""
        return live(self.stage, seed, self.kinds, wire=self.wire, prepare=self._prepare)

    def _prepare(self, world: FaultyWorld) -> None:
        for defect in self.defects:
            DEFECTS[defect].put_in(world)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one seed."""

    seed: int
    violations: tuple[Violation, ...]
    strikes: Counter[str]
    calls: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The shortest history that was found to show a violation."""

    violation: Violation
    seed: int
    trial: Trial
    history: tuple[str, ...]

    def replay(self, plant: str) -> str:
        """Return the command that shows it again."""
        defect = [f"--defect={name}" for name in self.trial.defects]
        wire = ("--wire",) if self.trial.wire else ()
        first, end = self.trial.stage.first, self.trial.stage.end
        days = (f"--from={first}", f"--to={end}")
        kinds = ALL if self.trial.kinds == tuple(KINDS) else ",".join(self.trial.kinds)
        seed = f"--seed={self.seed}"
        return shlex.join(
            ["punchclock", "rehearse", plant, *days, f"--faults={kinds}", *wire, *defect, seed]
        )


def outcomes(trial: Trial, seeds: Sequence[int]) -> Iterator[Outcome]:
    """Yield what came of each seed, ascending, from all cores."""
    if len(seeds) == 1:
        yield _outcome(trial, seeds[0])
        return
    # Forked, so that nothing that all seeds share is synthesized or sent twice.
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("fork"), initializer=_keep_in_bounds
    ) as pool:
        yield from pool.map(partial(_outcome, trial), seeds)


def _keep_in_bounds() -> None:
    """Look for garbage in what the seeds leave, but not in what they share."""
    gc.freeze()
    gc.enable()


def smallest(trial: Trial, found: Violation, seed: int) -> Finding:
    """Leave out days and kinds of faults for as long as the violation stays."""
    trial, found = _fewer_days(trial, found, seed)
    trial, found = _fewer_kinds(trial, found, seed)
    return Finding(
        violation=found, seed=seed, trial=trial, history=tuple(_told(trial.live(seed), found))
    )


def _outcome(trial: Trial, seed: int) -> Outcome:
    history = trial.live(seed)
    return Outcome(
        seed=seed,
        violations=tuple(violations(history)),
        strikes=history.strikes,
        calls=history.calls,
    )


def _again(trial: Trial, found: Violation, seed: int) -> Violation | None:
    """Return the same violation if a trial still has it."""
    same = (each for each in _outcome(trial, seed).violations if _like(each, found))
    return next(same, None)


def _like(one: Violation, other: Violation) -> bool:
    return (one.name, one.model) == (other.name, other.model)


def _fewer_days(trial: Trial, found: Violation, seed: int) -> tuple[Trial, Violation]:
    stage = trial.stage
    day = localtime.day_of(found.at, stage.plant.zone)
    for back in SPANS:
        first, end = max(stage.first, day - back * DAY), min(stage.end, day + DAY)
        if stage.first <= first < end and (first, end) != (stage.first, stage.end):
            shorter = replace(trial, stage=narrowed(stage, first, end))
            again = _again(shorter, found, seed)
            if again is not None:
                return shorter, again
    return trial, found


def _fewer_kinds(trial: Trial, found: Violation, seed: int) -> tuple[Trial, Violation]:
    stage = trial.stage
    script = drawn(stage.plant, stage.edges, stage.days, seed, trial.kinds)
    afoot = {fault.kind for fault in script}
    trial = replace(trial, kinds=tuple(kind for kind in trial.kinds if kind in afoot))
    for kind in trial.kinds:
        fewer = replace(trial, kinds=tuple(each for each in trial.kinds if each != kind))
        again = _again(fewer, found, seed) if fewer.kinds else None
        if again is not None:
            trial, found = fewer, again
    return trial, found


def _told(history: History, found: Violation) -> Iterator[str]:
    """Tell what happened to a model before something that must not: one line an event."""
    begin = found.at - TOLD
    target = _target(history, found.model)
    service = (target or "").partition(":")[0]
    lines: list[tuple[dt.datetime, str]] = [
        (fault.begin, f"fault begins: {fault.kind}, until {fault.end:%m-%dT%H:%MZ}")
        for fault in history.script
        if fault.victim in {None, target, service} and fault.begin < found.at and fault.end > begin
    ]
    lines += [(since, f"deployed: {edition.name}") for since, edition in history.editions]
    lines += [
        (each.made, f"at the desk: {each.kind} of {each.model}, until {each.until:%m-%dT%H:%MZ}")
        if isinstance(each, Override)
        else (
            each.made,
            f"at the desk: taken back what would have ended at {each.until:%m-%dT%H:%MZ}",
        )
        for each in history.said
    ]
    lines += [
        (ask.at, f"{ask.function} asks for a {ask.action}: {ask.outcome}")
        for ask in history.asks
        if ask.target == target
    ]
    names = {found.model, *_names(history, target)}
    lines += [
        (line.at, f"{line.function}: {line.event}: {line.data.get('reason', '')}".rstrip(": "))
        for line in history.lines
        if line.data.get("model") in names
    ]
    if target is not None:
        lines += [(s.begin, f"the service: {s.phase}") for s in history.hosted[target].stages]
    return (
        f"{at:%Y-%m-%dT%H:%M:%SZ} {text}"
        for at, text in sorted(lines)
        if begin <= at <= found.at or text.startswith("fault")
    )


def _target(history: History, name: str | None) -> str | None:
    known: Collection[str] = history.hosted
    if name in known:
        return name
    found = (target for target in known if name in _names(history, target))
    return next(found, None)


def _names(history: History, target: str | None) -> set[str]:
    models = (edition.model(target or "") for _, edition in history.editions)
    return {model.name for model in models if model is not None}

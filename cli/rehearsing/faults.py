"""``punchclock rehearse --faults``: the same days, with everything going wrong that can."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from cli.output import print_json
from cli.progress import progressing
from cli.reading import NO, answering
from plantfile.reader import read

MOST_SHORTENED = 3
"""Seeds whose first violation is made as small as it goes; it takes seconds for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, as it was typed."""

    faults: str
    wire: bool
    defect: str | None


def under_faults(
    plant: Path, first: dt.date, end: dt.date, seeds: range, asked: Asked, *, as_json: bool
) -> int:
    """Live through the seeds, print what came of them and return the exit code."""
    from cli.rehearsing import faults_as_json, faults_tables
    from rehearsal.faults.defects import DEFECTS
    from rehearsal.faults.kinds import KINDS
    from rehearsal.faults.running import stage_of
    from rehearsal.faults.seeds import Trial, outcomes, smallest

    kinds = _named(asked.faults, KINDS, "--faults")
    defects = () if asked.defect is None else _named(asked.defect, DEFECTS, "--defect")
    with answering(as_json=as_json), progressing() as show:
        stage = stage_of(read(plant), first, end, kinds)
        trial = Trial(stage=stage, kinds=kinds, wire=asked.wire, defects=defects)
        came, bad = [], []
        for outcome in outcomes(trial, seeds):
            came.append(outcome)
            if outcome.violations:
                bad.append(outcome)
            show(_where(outcome.seed, seeds, [each.seed for each in bad]))
        findings = [
            smallest(trial, outcome.violations[0], outcome.seed) for outcome in bad[:MOST_SHORTENED]
        ]
    told = faults_as_json.told(trial, came, findings, str(plant))
    if as_json:
        print_json(told)
    else:
        faults_tables.show(told, seeds)
    return NO if bad else 0


def _where(seed: int, seeds: range, bad: Sequence[int]) -> str:
    """Say how far it is, and which seeds had violations: a soak takes an hour to its end."""
    found = f", violations in {', '.join(map(str, bad))}" if bad else ""
    return f"seed {seed} of {seeds[-1]}{found}"


def _named(text: str, known: Collection[str], option: str) -> tuple[str, ...]:
    """Read names of a table, separated by commas, or ``all``; return them in its order."""
    from rehearsal.faults.kinds import ALL

    names = {name.strip() for name in text.split(",")}
    if names == {ALL}:
        return tuple(known)
    unknown = sorted(names - set(known))
    if unknown:
        message = f"{unknown[0]!r} is none of: {', '.join(known)}"
        raise typer.BadParameter(message, param_hint=option)
    return tuple(name for name in known if name in names)

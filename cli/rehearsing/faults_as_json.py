"""What a rehearsal with faults has shown, as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from cli.output import rfc3339
from punchclock.plants import Plant
from rehearsal.faults.seeds import Finding, Outcome, Trial
from rehearsal.verdicts import Violation


def told(
    trial: Trial, outcomes: Sequence[Outcome], findings: Sequence[Finding], plant: str
) -> dict[str, Any]:
    """Return what came of the seeds, summed; the findings are the violations told in short."""
    stage = trial.stage
    short = {finding.seed: finding for finding in findings}
    strikes: Counter[str] = sum((each.strikes for each in outcomes), Counter())
    calls: Counter[str] = sum((each.calls for each in outcomes), Counter())
    return {
        "plant": stage.plant.name,
        "from": stage.first.isoformat(),
        "to": stage.end.isoformat(),
        "seed": outcomes[0].seed,
        "violations": [
            _violation(
                found,
                short.get(outcome.seed) if place == 0 else None,
                Finding(violation=found, seed=outcome.seed, trial=trial, history=()),
                stage.plant,
                plant,
            )
            for outcome in outcomes
            for place, found in enumerate(outcome.violations)
        ],
        "calls": dict(sorted(calls.items())),
        "faults": {kind: strikes[kind] for kind in trial.kinds},
    }


def _violation(
    found: Violation, short: Finding | None, whole: Finding, read: Plant, plant: str
) -> dict[str, Any]:
    shown = short or whole
    names = {model.target.id: model.name for model in read.models}
    return {
        "name": found.name,
        "reason": shown.violation.reason,
        "seed": shown.seed,
        "at": rfc3339(shown.violation.at),
        "model": names.get(found.model or "", found.model),
        "history": list(shown.history),
        "replay": shown.replay(plant),
    }

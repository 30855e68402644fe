"""What a rehearsal has shown, as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cli.output import rfc3339
from punchclock.costs import two_decimals
from punchclock.timecards import Basis, Timecard
from rehearsal.bills import Account, account_of
from rehearsal.rehearsing import Rehearsed
from rehearsal.verdicts import Violation, violations
from rehearsal.world import Line


def told(rehearsed: Rehearsed, replay: str) -> dict[str, Any]:
    """Return a rehearsal as JSON has it; ``replay`` is the command that shows it again."""
    accounts = {model.name: account_of(rehearsed, model) for model in rehearsed.plant.models}
    return {
        "plant": rehearsed.plant.name,
        "from": rehearsed.first.isoformat(),
        "to": rehearsed.end.isoformat(),
        "seed": rehearsed.seed,
        "violations": [_violation(rehearsed, each, replay) for each in violations(rehearsed)],
        "models": {name: _model(account) for name, account in sorted(accounts.items())},
        "calls": dict(sorted(rehearsed.world.cloud.calls.items())),
        "faults": {},
    }


def together(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rehearsals of several seeds as one: sums over all of them, without their models."""
    first = several[0]
    return {
        **{key: first[key] for key in ("plant", "from", "to", "seed")},
        "violations": [violation for each in several for violation in each["violations"]],
        "calls": dict(sorted(sum((Counter(each["calls"]) for each in several), Counter()).items())),
        "faults": {},
    }


def _violation(rehearsed: Rehearsed, found: Violation, replay: str) -> dict[str, object]:
    return {
        "name": found.name,
        "reason": found.reason,
        "seed": rehearsed.seed,
        "at": rfc3339(found.at),
        "model": found.model,
        "history": [
            _spelled(line)
            for line in rehearsed.world.lines
            if line.event and line.fields.get("model") == found.model and line.at <= found.at
        ],
        "replay": replay,
    }


def _spelled(line: Line) -> str:
    words = (rfc3339(line.at), line.function, line.event, line.fields.get("reason"))
    return " ".join(str(word) for word in words if word)


def _model(account: Account) -> dict[str, object]:
    hours = account.usage.as_json()
    return {
        "timecards": [_card(card) for card in account.cards],
        "unit_hours": hours["unit_hours"],
        "billed_unit_hours": two_decimals(account.billed.unit_hours),
        "cost": hours["cost"],
    }


def _card(card: Timecard) -> dict[str, object]:
    return {
        "asked": rfc3339(card.asked),
        "ready": rfc3339(card.ready),
        "stopped": rfc3339(card.stopped),
        "units": card.units,
        **card.usage.as_json(),
        "late_seconds": card.late_seconds,
        "basis": {basis.value: card.minutes(basis) for basis in Basis},
    }

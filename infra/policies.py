"""What may each function do? The permissions of its role, as values that can be measured.

Beside describing, ``start_models`` may only start and ``stop_models`` may only stop; the sweep may
only call the two; the timekeeper reads the meter. No role can both start and stop (law of action).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from functions.services.catalog import SPECS
from functions.services.spec import Account, Grants, Scope, Spec
from punchclock.plants import Plant, Target

ROOM = 8_500
"""Characters that starting may take of a role's policies. They may have 10,240 in all; what every
role is allowed beside takes less than the rest. Source: IAM quotas."""

_WIDTHS: dict[tuple[str, Scope], str] = {
    ("Observe", "account"): "A model that has left the plant file while it runs is still observed.",
    ("Start", "model"): "",
    (
        "Start",
        "project",
    ): "The plant's exact ARNs do not fit one policy; the function refuses others.",
    (
        "Start",
        "account",
    ): "The plant's projects do not fit one policy; the function refuses others.",
    ("Stop", "model"): "",
    (
        "Stop",
        "project",
    ): "The plant's exact ARNs do not fit one policy; the function refuses others.",
    (
        "Stop",
        "account",
    ): "A model that has left the plant file while it runs must still be stopped.",
}
"""Why a verb is allowed on so much."""

_SOME_ACCOUNT = "000000000000"
"""As long as any account's number, which may be known only at deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Actions that are allowed on resources, by ARN."""

    sid: str
    actions: Sequence[str]
    resources: Sequence[str]
    width: str = ""
    """Why it is wider than it looks necessary; needed where a resource has a wildcard."""


def observing(at: Account) -> list[Permission]:
    """Describe all that the account hosts: a model that the file has forgotten is looked after."""
    return _permit("Observe", _observe, SPECS.values(), "account", (), at)


def starting(plant: Plant, at: Account) -> list[Permission]:
    """Start the plant's models: by exact ARN while these fit, then by project, then by account.

    The function itself refuses what is not the plant's in every case.
    """
    return _narrowly("Start", _start, SPECS.values(), plant, at)


def stopping(plant: Plant, at: Account) -> list[Permission]:
    """Stop all that the account hosts: a model that left the file while it runs must be stopped.

    Where a stop deletes, only the plant's own models, as narrowly as starts.
    """
    if plant.mode == "watch":
        return []
    reversible = [spec for spec in SPECS.values() if spec.reversible_stop]
    final = [spec for spec in SPECS.values() if not spec.reversible_stop]
    return [
        *_permit("Stop", _stop, reversible, "account", (), at),
        *_narrowly("Stop", _stop, final, plant, at),
    ]


def size(permissions: Iterable[Permission]) -> int:
    """Return how long a policy of these permissions is, as IAM counts: without white space."""
    statements = [
        {
            "Sid": each.sid,
            "Effect": "Allow",
            "Action": list(each.actions),
            "Resource": list(each.resources),
        }
        for each in permissions
    ]
    return len(json.dumps(statements, separators=(",", ":")))


def _narrowly(
    verb: str, grants: Callable[[Spec], Grants], specs: Iterable[Spec], plant: Plant, at: Account
) -> list[Permission]:
    if plant.mode == "watch":
        return []
    hosted = [model.target for model in plant.models if model.enabled]
    used = [spec for spec in specs if any(target.service == spec.name for target in hosted)]
    somewhere = replace(at, account=_SOME_ACCOUNT)
    width: Scope = "account"
    for scope in get_args(Scope):
        if size(_permit(verb, grants, used, scope, hosted, somewhere)) <= ROOM:
            width = scope
            break
    return _permit(verb, grants, used, width, hosted, at)


def _permit(  # noqa: PLR0917 - who may do what, where, how widely
    verb: str,
    grants: Callable[[Spec], Grants],
    specs: Iterable[Spec],
    scope: Scope,
    hosted: Sequence[Target],
    at: Account,
) -> list[Permission]:
    found = []
    for spec in specs:
        grant = grants(spec)
        own = [target for target in hosted if target.service == spec.name]
        targets = [None] if scope == "account" else own
        resources = sorted({grant.arn(target, scope, at) for target in targets})
        sid = f"{verb}{spec.name.capitalize()}"
        found.append(
            Permission(
                sid=sid, actions=grant.actions, resources=resources, width=_WIDTHS[verb, scope]
            )
        )
    return found


def _observe(spec: Spec) -> Grants:
    return spec.observe


def _start(spec: Spec) -> Grants:
    return spec.start


def _stop(spec: Spec) -> Grants:
    return spec.stop

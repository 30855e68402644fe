"""Can what is deployed see its models? The sweep is asked, which looks and does nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from punchclock.observations import UNTOUCHABLE

if TYPE_CHECKING:
    from cli.desk import Desk

PATIENCE_SECONDS = 70
"""How long one answer may take: a sweep is ended after 55."""

FUNCTIONS = "(functions)"
"""What stands for a model where the function that was asked failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What a sweep has answered."""

    models: Mapping[str, Mapping[str, Any]]
    """By name: ``state``, ``seen`` and ``units``, or ``error``."""

    @property
    def troubles(self) -> Mapping[str, str]:
        """What Punchclock can do nothing about, by model name."""
        found = ((name, _trouble(said)) for name, said in self.models.items())
        return {name: trouble for name, trouble in found if trouble}


def checkup(desk: "Desk", function: str) -> Checkup:
    """Ask the sweep of that name, as often as it takes to have looked at all."""
    client = desk.client("lambda", patience_seconds=PATIENCE_SECONDS)
    models: dict[str, Mapping[str, Any]] = {}
    skip: int | None = 0
    while skip is not None:
        answer = _ask(client, function, skip)
        models |= answer["models"]
        skip = answer["next"]
    return Checkup(models=models)


def _ask(client: Any, function: str, skip: int) -> Mapping[str, Any]:  # noqa: ANN401 - boto3 makes clients at run time
    event = json.dumps({"check": True, "skip": skip}).encode()
    reply = client.invoke(FunctionName=function, InvocationType="RequestResponse", Payload=event)
    answer: Mapping[str, Any] = json.loads(reply["Payload"].read())
    if "FunctionError" in reply or "models" not in answer:
        error = answer.get("errorMessage", "it does not know checkups")
        return {"models": {FUNCTIONS: {"error": error}}, "next": None}
    return answer


def _trouble(said: Mapping[str, Any]) -> str:
    if "error" in said:
        return str(said["error"])
    return f"is {said['seen']}" if said["state"] in UNTOUCHABLE else ""

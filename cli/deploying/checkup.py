"""``punchclock checkup``: can what is deployed see its models?

The sweep is asked, which looks and does nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer

from cli.aws.obstacles import Unreachable
from cli.aws.reaching import Desk, Endpoint, desk_of
from cli.aws.stacks import Stacks
from cli.columns import aligned
from cli.output import print_json
from cli.reading import NO, AsJson, PlantFile, answering
from infra.names import SWEEP_FUNCTION, stack_name
from plantfile.reader import read
from punchclock.observations import UNTOUCHABLE

PATIENCE_SECONDS = 70
"""How long one answer may take: a sweep is ended after 55."""

FUNCTIONS = "(functions)"
"""What stands for a model where the function that was asked failed."""


def checkup(plant: PlantFile, *, endpoint: Endpoint = None, as_json: AsJson = False) -> None:
    """Let PLANT's sweep look at every model; nothing is started, stopped or written.

    Exit code 1: a model cannot be seen, or cannot be started and stopped.
    """
    with answering(as_json=as_json):
        found = read(plant)
    with desk_of(found, endpoint, None) as desk:
        stack = Stacks(desk.client("cloudformation")).find(stack_name(found))
        function = stack.outputs.get(SWEEP_FUNCTION) if stack else None
        if function is None:
            raise Unreachable(
                f"the stack {stack_name(found)} is not there, or too old: make deploy PLANT={plant}"
            )
        seen = asked(desk, function)
    if as_json:
        print_json({"plant": found.name, "models": seen.models, "troubles": seen.troubles})
    else:
        typer.echo("\n".join(_lines(found.name, seen)))
    raise typer.Exit(NO if seen.troubles else 0)


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


def asked(desk: Desk, function: str) -> Checkup:
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


def _lines(plant: str, seen: Checkup) -> Iterator[str]:
    rows = [
        (name, str(said.get("seen", "-")), str(said.get("units") or "-"), trouble)
        for name, said in seen.models.items()
        for trouble in [seen.troubles.get(name, "")]
    ]
    yield from aligned(f"Models of {plant}", ("model", "is", "units", "trouble"), rows)

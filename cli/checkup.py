"""``punchclock checkup``: can what is deployed see its models?"""

from collections.abc import Iterator

import typer

from cli.checkups import Checkup
from cli.checkups import checkup as looked_at
from cli.columns import aligned
from cli.desk import Endpoint, desk_of
from cli.obstacles import Unreachable
from cli.output import print_json
from cli.reading import NO, AsJson, PlantFile, answering
from cli.stacks import Stacks
from infra.names import SWEEP_FUNCTION, stack_name
from plantfile.reader import read


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
        seen = looked_at(desk, function)
    if as_json:
        print_json({"plant": found.name, "models": seen.models, "troubles": seen.troubles})
    else:
        typer.echo("\n".join(_lines(found.name, seen)))
    raise typer.Exit(NO if seen.troubles else 0)


def _lines(plant: str, seen: Checkup) -> Iterator[str]:
    rows = [
        (name, str(said.get("seen", "-")), str(said.get("units") or "-"), trouble)
        for name, said in seen.models.items()
        for trouble in [seen.troubles.get(name, "")]
    ]
    yield from aligned(f"Models of {plant}", ("model", "is", "units", "trouble"), rows)

"""``punchclock orphans``: which stacks are deployed that no plant file names any more?

They go on starting models by the last plant file they had, and cost what they cost.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cli.aws.obstacles import Unreachable, obstacles
from cli.aws.reaching import Desk
from cli.aws.stacks import Stacks
from cli.output import print_json
from cli.reading import NO, USAGE, AsJson, answering
from infra.names import PLANT_TAG, stack_name
from plantfile.reader import read_all
from punchclock.plants import Plant

Plants = Annotated[list[Path], typer.Argument(metavar="PLANT...", help="All plant files.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", metavar="REGION", help="Look here too; may be given several times."),
]


class Orphan(NamedTuple):
    """A stack without a plant file."""

    stack: str
    plant: str
    region: str

    @property
    def remove(self) -> str:
        """The command that removes it."""
        return f"aws cloudformation delete-stack --stack-name {self.stack} --region {self.region}"


def orphans(plants: Plants, *, regions: Regions = None, as_json: AsJson = False) -> None:
    """Find stacks of Punchclock, by their tag, whose plant none of the PLANTs is.

    Looks in the account of whoever asks, in the regions of the files. Exit code 1: there are some.
    """
    with answering(as_json=as_json):
        known = read_all(plants)
    try:
        found = [
            orphan for region in _regions(known, regions or ()) for orphan in _in(region, known)
        ]
    except Unreachable as error:
        typer.echo(f"punchclock: {error}", err=True)
        raise typer.Exit(USAGE) from error
    if as_json:
        print_json({"orphans": [{**each._asdict(), "remove": each.remove} for each in found]})
    for each in () if as_json else found:
        typer.echo(
            f"{each.stack} in {each.region}: no plant file names {each.plant}; to remove it:"
        )
        typer.echo(f"  {each.remove}")
    raise typer.Exit(NO if found else 0)


def _regions(known: Sequence[Plant], more: Sequence[str]) -> list[str]:
    return sorted({*more, *(plant.region for plant in known)})


def _in(region: str, known: Sequence[Plant]) -> Iterator[Orphan]:
    desk = Desk(plant=known[0])
    with obstacles(known[0]):
        account = desk.account
        deployed = Stacks(desk.client("cloudformation", region)).ours()
    named = {
        stack_name(plant)
        for plant in known
        if plant.region == region and plant.account in {None, account}
    }
    for stack in deployed:
        if stack.name not in named:
            plant = stack.tags.get(PLANT_TAG, stack.name)
            yield Orphan(stack=stack.name, plant=plant, region=region)

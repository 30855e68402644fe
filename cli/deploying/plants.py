"""``punchclock plants``: which plants are there to deploy, and where?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.columns import aligned
from cli.output import print_json
from cli.reading import AsJson, answering
from infra.names import stack_name
from plantfile.reader import read_apart

Plants = Annotated[list[Path], typer.Argument(metavar="PLANT...", help="Plant files.")]

_COLUMNS = ("name", "file", "plant", "stack", "account", "region")


def plants(plants: Plants, *, as_json: AsJson = False) -> None:
    """List PLANTs with their stacks, for a pipeline that deploys each by itself.

    A file that does not hold is listed too, without what only its contents say: so its own
    deployment fails, and no other. ``name`` is that of the file.
    """
    with answering(as_json=as_json):
        readings, _ = read_apart(plants)
    known = {reading.file: reading.plant for reading in readings}
    found: list[dict[str, Any]] = []
    for file in plants:
        plant = known.get(str(file))
        told = (
            {
                "plant": plant.name,
                "stack": stack_name(plant),
                "account": plant.account,
                "region": plant.region,
            }
            if plant
            else dict.fromkeys(_COLUMNS[2:])
        )
        found.append({"name": file.stem, "file": str(file), **told})
    if as_json:
        print_json({"plants": found})
        return
    rows = [[str(each[column] or "-") for column in _COLUMNS] for each in found]
    typer.echo("\n".join(aligned("Plants", _COLUMNS, rows)))

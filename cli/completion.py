"""Which word comes next? Names of models and shifts, from the plant file that was typed before."""

from collections.abc import Iterator
from pathlib import Path

import typer

from plantfile.problems import InvalidFile
from plantfile.reader import read
from punchclock.plants import Plant


def models(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the plant's models that begin so."""
    return [
        model.name
        for plant in _plant(ctx)
        for model in plant.models
        if model.name.startswith(incomplete)
    ]


def shifts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the shifts that begin so, of the model that was typed, or else of the plant."""
    found = []
    for plant in _plant(ctx):
        model = plant.model(str(ctx.params.get("model")))
        worked = [each.shift for each in model.assignments] if model else list(plant.shifts)
        found += [shift.name for shift in worked if shift.name.startswith(incomplete)]
    return found


def _plant(ctx: typer.Context) -> Iterator[Plant]:
    """Yield the plant, where its file holds: nobody wants an error in the middle of a word."""
    try:
        yield read(Path(str(ctx.params.get("plant"))))
    except (InvalidFile, OSError):
        return

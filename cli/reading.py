"""Plant files and dates as they are typed, with clear answers where they do not hold."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli import completion
from cli.output import print_json
from plantfile.problems import InvalidFile
from plantfile.suggestions import did_you_mean
from punchclock.errors import OutOfRange
from punchclock.localtime import DAY
from punchclock.plants import Model, Plant
from punchclock.shifts import FIRST_DAY, LAST_DAY

NO = 1
"""Exit code: the answer is no."""
USAGE = 2
"""Exit code: wrong usage, or no such file."""

PlantFile = Annotated[Path, typer.Argument(metavar="PLANT", help="A plant file.")]
ModelName = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="A model of the file.", autocompletion=completion.models),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def a_date(text: str) -> dt.date:
    """Read a date as it is typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a date; 2026-03-02 would do"
        raise typer.BadParameter(message) from error


def an_instant(text: str) -> dt.datetime:
    """Read an instant as it is typed."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"{text!r} is not an instant; 2026-03-02T05:30:00Z would do"
        raise typer.BadParameter(message)
    return instant.astimezone(dt.UTC)


From = Annotated[
    dt.date,
    typer.Option("--from", parser=a_date, metavar="DATE", help="The first day, at the plant."),
]
To = Annotated[
    dt.date,
    typer.Option("--to", parser=a_date, metavar="DATE", help="The day after the last."),
]


@contextmanager
def answering(*, as_json: bool) -> Iterator[None]:
    """Print what is wrong with a plant file or a question about it, and end with the exit code."""
    try:
        yield
    except InvalidFile as error:
        if as_json:
            print_json({"errors": [problem.as_json() for problem in error.problems]})
        else:
            for problem in error.problems:
                typer.echo(problem, err=True)
        raise typer.Exit(NO) from error
    except OutOfRange as error:
        typer.echo(f"punchclock: {error}", err=True)
        raise typer.Exit(USAGE) from error
    except OSError as error:
        told = [str(each) for each in (error.filename, error.strerror) if each is not None]
        typer.echo(f"punchclock: {': '.join(told)}", err=True)
        raise typer.Exit(USAGE) from error


def model_of(plant: Plant, name: str) -> Model:
    """Return a model of a plant by the name that was typed."""
    model = plant.model(name)
    if model is None:
        hint = did_you_mean(name, [each.name for each in plant.models])
        raise typer.BadParameter(f"{name!r} is not a model of {plant.name}{hint}")
    return model


def days(first: dt.date, end: dt.date) -> None:
    """Refuse days that are none, and those that no calendar and no zone is asked about."""
    if end <= first:
        message = f"--to {end} is not after --from {first}; it is the day after the last"
        raise typer.BadParameter(message)
    if first < FIRST_DAY or end > LAST_DAY + DAY:
        message = f"{first} to {end} is outside {FIRST_DAY} to {LAST_DAY}, the days that are known"
        raise typer.BadParameter(message)

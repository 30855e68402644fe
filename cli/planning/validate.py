"""``punchclock validate``: does a plant file hold, and what should be known before it is merged?"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.output import print_json
from cli.reading import NO, AsJson, answering
from cli.today import Today, today_at
from plantfile.problems import InvalidFile, Problem
from plantfile.reader import Reading, read_all, read_words
from plantfile.warnings import advice

Plants = Annotated[list[Path], typer.Argument(metavar="PLANT...", help="Plant files.")]

_GROUPS = {"errors": "error", "warnings": "warning", "notes": "note"}


def validate(plants: Plants, *, today: Today = None, as_json: AsJson = False) -> None:
    """Check plant files: all errors at once, or else warnings and notes. Only errors exit 1."""
    with answering(as_json=as_json):
        try:
            readings = _read(plants)
        except InvalidFile as error:
            if not as_json:
                _print(error.problems)
                raise typer.Exit(NO) from error
            raise
        found = [problem for each in readings for problem in _advice(each, today)]
    if as_json:
        print_json({name: _told(found, severity) for name, severity in _GROUPS.items()})
        return
    _print(found)
    for path in plants:
        typer.echo(f"{path}: valid")


def _read(plants: Sequence[Path]) -> list[Reading]:
    if len(plants) > 1:
        # What is wrong between files is seen only where they are read together.
        read_all(plants)
    return [read_words(path) for path in plants]


def _advice(reading: Reading, today: dt.date | None) -> list[Problem]:
    return advice(reading, today or today_at(reading.plant.zone))


def _told(found: Sequence[Problem], severity: str) -> list[dict[str, object]]:
    return [each.as_json() for each in found if each.severity == severity]


def _print(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(problem)

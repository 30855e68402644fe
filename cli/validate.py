"""``punchclock validate``: does a plant file hold?"""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import print_json
from cli.reading import NO, AsJson, answering
from plantfile.problems import InvalidFile
from plantfile.reader import read_all, read_words
from plantfile.warnings import warnings

Plants = Annotated[list[Path], typer.Argument(metavar="PLANT...", help="Plant files.")]


def validate(plants: Plants, *, as_json: AsJson = False) -> None:
    """Check plant files: all errors at once, then warnings and notes. Only errors exit 1."""
    with answering(as_json=as_json):
        try:
            read_all(plants)
            problems = [each for path in plants for each in warnings(read_words(path))]
        except InvalidFile as error:
            problems = list(error.problems)
    failed = any(problem.severity == "error" for problem in problems)
    if as_json:
        kind = {True: "errors", False: "warnings"}
        found: dict[str, list[object]] = {"errors": [], "warnings": []}
        for problem in problems:
            found[kind[problem.severity == "error"]].append(problem.as_json())
        print_json(found)
    else:
        for problem in problems:
            typer.echo(problem)
        for path in plants if not failed else ():
            typer.echo(f"{path}: valid")
    raise typer.Exit(NO if failed else 0)

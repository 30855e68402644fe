"""``punchclock diff``: what will an edit of a plant file cost in the coming 12 months?"""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cli.diffing import as_json, as_markdown, as_text
from cli.diffing.words import Answer, answer
from cli.output import print_json
from cli.progress import working
from cli.reading import NO, AsJson, a_date, answering
from cli.today import today_at
from plantfile.problems import InvalidFile, Problem
from plantfile.reader import Reading, read_words
from plantfile.warnings import advice
from punchclock import diffs
from punchclock.diffs import Limit

_NO_FILE = frozenset({"", "/dev/null", os.devnull})
"""How git and shells name the side that a new or a deleted file has not got."""

_LIMIT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?(%?)")


class Format(StrEnum):
    """How a diff is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def a_limit(text: str) -> Limit:
    """Read the most that an edit may add: ``500`` or ``10%``."""
    match = _LIMIT.fullmatch(text)
    if match is None:
        message = (
            f"{text!r} is no increase: write an amount of USD or a percentage, 0 or more and"
            " without thousands separators; 500 or 10% would do"
        )
        raise typer.BadParameter(message)
    return Limit(value=Decimal(match[1]), is_percent=bool(match[2]))


Old = Annotated[
    str,
    typer.Argument(metavar="OLD", help="The plant file as it was; /dev/null if there was none."),
]
New = Annotated[
    str,
    typer.Argument(metavar="NEW", help="The plant file as it is; /dev/null if it is deleted."),
]
Since = Annotated[
    dt.date | None,
    typer.Option(
        "--from",
        parser=a_date,
        metavar="DATE",
        help="The first day of the 12 months, at the plant. Default: today.",
    ),
]
Most = Annotated[
    Limit | None,
    typer.Option(
        "--max-increase",
        parser=a_limit,
        metavar="500|10%",
        help="Exit with 1 where the 12 months cost more by more than this: USD, or % of OLD.",
    ),
]
As = Annotated[Format | None, typer.Option("--format", help="Default: text.")]


def diff(
    old: Old,
    new: New,
    *,
    first: Since = None,
    style: As = None,
    limit: Most = None,
    as_json: AsJson = False,
) -> None:
    """Show what an edit changes in hours and money over the coming 12 months.

    OLD and NEW are two states of one plant file. Exit code 1: a file does not hold, the increase is
    over --max-increase, or a calendar month goes over NEW's budget, or further over it than
    before. What autoscaling may add is not counted, and said.

    The keys of the JSON document are described in docs/diff.md.
    """
    chosen = _chosen(style, as_json=as_json)
    with answering(as_json=chosen is Format.JSON):
        sides = _read(old, new)
        one, other = (side.plant if side else None for side in sides)
        start = first or today_at(next(each.zone for each in (other, one) if each))
        with working("working out 12 months"):
            found = diffs.diff(one, other, start)
            said = answer(found, limit, *_advice(*sides, start))
    _PRINT[chosen](said)
    raise typer.Exit(NO if said.refusals else 0)


def _chosen(style: Format | None, *, as_json: bool) -> Format:
    if as_json and style not in {None, Format.JSON}:
        raise typer.BadParameter(f"--json and --format {style} are two answers: take one")
    return Format.JSON if as_json else style or Format.TEXT


def _read(old: str, new: str) -> tuple[Reading | None, Reading | None]:
    """Return both sides, with None for no file; raise ``InvalidFile`` with what both have wrong."""
    problems: list[Problem] = []
    found: list[Reading | None] = []
    if old in _NO_FILE and new in _NO_FILE:
        raise typer.BadParameter("OLD and NEW are both no file: name a plant file")
    for name in (old, new):
        try:
            found.append(None if name in _NO_FILE else read_words(Path(name)))
        except InvalidFile as error:
            problems += error.problems
    if problems:
        raise InvalidFile(problems)
    return found[0], found[1]


def _advice(
    old: Reading | None, new: Reading | None, today: dt.date
) -> tuple[list[str], list[str]]:
    """Return what ``validate`` would say of NEW and of OLD, without places, which edits move."""
    if old is not None and new is not None and old.plant == new.plant:
        return [], []
    now, then = _said(new, today), _said(old, today)
    return (
        [str(each) for each in now if not _is_listed_anyway(each, then)],
        [str(each) for each in then if not _is_listed_anyway(each, now)],
    )


class _Advice(NamedTuple):
    """A warning or note without its place."""

    severity: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.key}: {self.message}"


def _said(side: Reading | None, today: dt.date) -> list[_Advice]:
    found = advice(side, today) if side else []
    return [_Advice(each.severity, each.key, each.message) for each in found]


def _is_listed_anyway(told: _Advice, other: Iterable[_Advice]) -> bool:
    """Whether it is a calendar's note of all its days off: the edits tell the changed ones."""
    is_calendar = told.severity == "note" and told.key.startswith("calendars.")
    return is_calendar and any(each[:2] == told[:2] for each in other)


def _printer(lines: Callable[[Answer], Iterable[str]]) -> Callable[[Answer], None]:
    return lambda said: typer.echo("\n".join(lines(said)))


_PRINT: dict[Format, Callable[[Answer], None]] = {
    Format.TEXT: _printer(as_text.lines),
    Format.MARKDOWN: _printer(as_markdown.lines),
    Format.JSON: lambda said: print_json(as_json.document(said)),
}

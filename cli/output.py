"""How answers look: JSON for programs, tables for people, lines that are never wrapped for both."""

import datetime as dt
import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

_PIPED = 160
"""Columns of a table that goes to no terminal."""


def print_json(document: object) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


STDOUT = Path("-")
"""A file that is named so is standard output."""


def deliver(written: bytes, file: Path) -> None:
    """Write what a command has made to a file, or to stdout."""
    if file == STDOUT:
        typer.echo(written, nl=False)
    else:
        file.write_bytes(written)


def console() -> Console:
    """Return where tables go; wide enough that nothing is wrapped where nobody watches."""
    return Console() if sys.stdout.isatty() else Console(width=_PIPED, no_color=True)


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns in ``right`` hold numbers."""
    found = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        justify = "right" if column in right else "left"
        found.add_column(column, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    return found


def rfc3339(instant: dt.datetime | None) -> str | None:
    """Return an instant in UTC as JSON has it, to the second."""
    return None if instant is None else f"{instant.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(instant: dt.datetime | None, zone: ZoneInfo) -> str:
    """Return an instant as the plant's walls show it: ``Mon 03-02 05:40``."""
    return "-" if instant is None else f"{instant.astimezone(zone):%a %m-%d %H:%M}"


def local_second(instant: dt.datetime, zone: ZoneInfo) -> str:
    """Return an instant as the plant's walls show it, to the second."""
    return f"{instant.astimezone(zone):%a %H:%M:%S}"

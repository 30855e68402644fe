"""What time is it? Read here only, for commands that speak of what is, and of what is ahead."""

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.reading import a_date

Today = Annotated[
    dt.date | None,
    typer.Option("--today", parser=a_date, metavar="DATE", hidden=True),
]


def today_at(zone: ZoneInfo) -> dt.date:
    """Return the date that the plant's calendar shows now."""
    return dt.datetime.now(zone).date()


def now() -> dt.datetime:
    """Return what this machine's clock shows, in UTC."""
    return dt.datetime.now(dt.UTC)

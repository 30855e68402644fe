"""``punchclock report``: what did a month cost, by model, shift or day?"""

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.aws.reaching import Desk, Endpoint, Table, desk_of
from cli.output import print_json
from cli.progress import working
from cli.reading import NO, AsJson, PlantFile, answering
from cli.reporting import bill as bills
from cli.reporting import tables
from cli.reporting.bill import Bill
from cli.today import Today, today_at
from plantfile.reader import read
from punchclock.bills import compare
from punchclock.reports import By, Report, month_after, months
from punchclock.reports import report as reported
from punchclock.timecards import Timecard

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


class Format(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def a_month(text: str) -> dt.date:
    """Read a month as it is typed; it stands for its first day."""
    try:
        if _MONTH.fullmatch(text):
            return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a month: {error}") from error
    raise typer.BadParameter(f"{text!r} is not a month; 2026-03 would do")


Month = Annotated[
    dt.date,
    typer.Option(
        "--month", parser=a_month, metavar="YYYY-MM", help="A calendar month at the plant."
    ),
]
Grouping = Annotated[By, typer.Option("--by", help="What a row stands for.")]
Printed = Annotated[Format | None, typer.Option("--format", help="How it is printed.  [text]")]
WithBill = Annotated[
    bool,
    typer.Option(
        "--bill",
        help="Compare with AWS's bill; each request to Cost Explorer costs USD 0.01."
        " Exits 1 where usage or rate differ by more than 1 %.",
    ),
]


def report(
    plant: PlantFile,
    month: Month,
    *,
    by: Grouping = By.MODEL,
    printed: Printed = None,
    as_json: AsJson = False,
    with_bill: WithBill = False,
    endpoint: Endpoint = None,
    table: Table = None,
    today: Today = None,
) -> None:
    """Say what PLANT cost in a month, from its ledger, beside its plan and 24/7.

    Needs credentials of the plant's account that may read the stack
    (cloudformation:DescribeStacks), the ledger (dynamodb:Query) and, with --bill, the bill
    (ce:GetCostAndUsage). A run counts on the day its first window starts, its minutes on the days
    they were used. The plan is that of the file as it is now.
    """
    form = _form(printed, as_json=as_json, with_bill=with_bill)
    with answering(as_json=form is Format.JSON):
        read_plant = read(plant)
        with desk_of(read_plant, endpoint, table) as desk:
            with working("reading the ledger"):
                cards = _cards(desk, month)
            now = today or today_at(read_plant.zone)
            found = reported(read_plant, cards, month, by, now)
            compared = None
            if with_bill:
                with working("reading the bill"):
                    compared = _bill(desk, cards, month, today or today_at(ZoneInfo("UTC")))
    _print(found, compared, form)
    if compared is not None and compared.flagged:
        raise typer.Exit(NO)


def _form(printed: Format | None, *, as_json: bool, with_bill: bool) -> Format:
    form = Format.JSON if as_json else printed or Format.TEXT
    if as_json and printed not in {None, Format.JSON}:
        raise typer.BadParameter(f"--json and --format {printed} are two answers: choose one")
    if with_bill and form is Format.CSV:
        raise typer.BadParameter("--bill has no place in CSV; --format text or json would do")
    return form


def _cards(desk: Desk, month: dt.date) -> list[Timecard]:
    """Return all cards that may have a part in a month.

    What is open is read first: a card that is closed meanwhile is found among the closed ones.
    """
    ledger = desk.ledger()
    found = dict(ledger.book().cards)
    ids = [entry.card for entry in ledger.entries(f"{month:%Y-%m}")]
    for opened in months(desk.plant, month, ids):
        found |= {card.id: card for card in ledger.closed_cards(opened)}
    return list(found.values())


def _bill(desk: Desk, cards: Sequence[Timecard], month: dt.date, today: dt.date) -> Bill:
    """Compare the UTC days of a month that are over."""
    end = min(month_after(month), today)
    if end <= month:
        raise typer.BadParameter(f"--bill: no day of {month:%Y-%m} is over; nothing is billed yet")
    charges, requests = bills.charges(desk, month, end)
    compared = compare(desk.plant, cards, charges, month, end)
    return Bill(first=month, end=end, requests=requests, comparisons=compared)


def _print(found: Report, compared: Bill | None, form: Format) -> None:
    if form is Format.JSON:
        bill = None if compared is None else bills.document(compared)
        print_json({**tables.document(found), "bill": bill})
    elif form is Format.CSV:
        # As bytes, so that no machine turns its line ends into others.
        typer.echo(tables.spreadsheet(found).encode(), nl=False)
    else:
        typer.echo("\n".join(tables.lines(found)))
        if compared is not None:
            typer.echo("\n".join(["", *bills.lines(compared)]))

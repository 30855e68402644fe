"""What a rehearsal has shown, for people."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import typer
from rich.table import Table

from cli.output import console, local, local_second, rfc3339, table
from functions import journal as events
from punchclock.costs import Usage, two_decimals
from punchclock.timecards import Basis
from rehearsal.bills import account_of
from rehearsal.rehearsing import Rehearsed
from rehearsal.verdicts import violations


def show(rehearsed: Rehearsed, replay: str) -> None:
    """Print what happened, what ran and what it cost; ``replay`` shows it again."""
    found = violations(rehearsed)
    out = console()
    out.print(_timeline(rehearsed))
    out.print()
    out.print(_runs(rehearsed))
    out.print()
    for each in found:
        typer.echo(
            f"violation: {each.name}: {each.model or '-'}: {rfc3339(each.at)}: {each.reason}"
        )
    if found:
        typer.echo(f"{len(found)} violations; again with: {replay}")
    else:
        typer.echo(
            f"no violations: {rehearsed.plant.name} from {rehearsed.first} to {rehearsed.end},"
            f" seed {rehearsed.seed}"
        )


def _timeline(rehearsed: Rehearsed) -> Table:
    zone = rehearsed.plant.zone
    found = table("What happened", "local time", "model", "by", "what", "why")
    for line in rehearsed.world.lines:
        if line.event in _TOLD:
            fields = line.fields
            what = _TOLD[line.event](fields)
            found.add_row(
                local_second(line.at, zone), fields["model"], line.function, what, _why(fields)
            )
    return found


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    events.DECISION: lambda fields: f"{fields['action']}",
    events.READY: lambda fields: f"ready on {fields['units']} units",
    events.STOPPED: lambda _: "stopped",
    events.TIMECARD: lambda fields: f"{fields['unit_hours']} unit-hours, {fields['cost']} USD",
    events.REFUSED: lambda fields: f"{fields['action']} refused",
    events.INCIDENT: lambda fields: f"incident: {fields['trouble']}",
    events.INCIDENT_OVER: lambda fields: f"over: {fields['trouble']}",
}
"""What the timeline tells of each event; what is not here is told in the log only."""


def _why(fields: Mapping[str, Any]) -> str:
    if "reason" in fields:
        return str(fields["reason"])
    if "late_seconds" in fields and "minutes" not in fields:
        return f"{fields['late_seconds']} s late" if fields["late_seconds"] else "in time"
    return ""


def _runs(rehearsed: Rehearsed) -> Table:
    zone = rehearsed.plant.zone
    columns = ("units", "hours", "unit-hours", "cost USD", "billed USD", "24/7 USD")
    found = table("What ran", "model", "asked", "ready", "stopped", *columns, right=columns)
    total, billed, always = Usage(), Usage(), Usage()
    for model in sorted(rehearsed.plant.models, key=lambda model: model.name):
        account = account_of(rehearsed, model)
        for card in account.cards:
            hours = Decimal(sum(card.minutes(basis) for basis in Basis)) / 60
            found.add_row(
                model.name,
                *(local(each, zone) for each in (card.asked, card.ready, card.stopped)),
                str(card.units),
                *_figures(hours, card.usage.unit_hours, card.usage.cost),
            )
        found.add_row(
            f"{model.name}, in all",
            *[""] * 5,
            *_figures(
                account.usage.unit_hours,
                account.usage.cost,
                account.billed.cost,
                account.always.cost,
            ),
            style="dim",
            end_section=True,
        )
        total, billed, always = (
            total + account.usage,
            billed + account.billed,
            always + account.always,
        )
    found.add_row(
        "all models", *[""] * 5, *_figures(total.unit_hours, total.cost, billed.cost, always.cost)
    )
    return found


def _figures(*values: Decimal) -> list[str]:
    return [two_decimals(value) for value in values]

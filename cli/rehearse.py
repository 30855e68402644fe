"""``punchclock rehearse``: live through days of a plant in seconds, as they would be deployed."""

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from cli.output import console, local, local_second, print_json, rfc3339, table
from cli.reading import NO, AsJson, From, PlantFile, To, answering, days
from functions import journal as events
from infra.synth import synthesize
from plantfile.reader import read
from punchclock.costs import Usage, two_decimals
from punchclock.timecards import Basis, Timecard
from rehearsal.bills import Account, account_of
from rehearsal.rehearsing import Rehearsed
from rehearsal.rehearsing import rehearse as live
from rehearsal.verdicts import Violation, violations
from rehearsal.world import Line

Seed = Annotated[int, typer.Option("--seed", metavar="N", help="What is left to chance.")]


def rehearse(
    plant: PlantFile, first: From, end: To, *, seed: Seed = 1, as_json: AsJson = False
) -> None:
    """Synthesize PLANT, stand it up in the process, and fire its schedules in virtual time."""
    days(first, end)
    with answering(as_json=as_json):
        read_plant = read(plant)
        synthesis = synthesize(read_plant)
        with _progress() as progress:
            rehearsed = live(read_plant, synthesis, first, end, seed=seed, progress=progress)
    found = violations(rehearsed)
    replay = shlex.join(
        ["punchclock", "rehearse", str(plant), f"--from={first}", f"--to={end}", f"--seed={seed}"]
    )
    if as_json:
        print_json(document(rehearsed, found, replay))
    else:
        show(rehearsed, found, replay)
    raise typer.Exit(NO if found else 0)


@contextmanager
def _progress() -> Iterator[Any]:
    """Show on stderr how far time has come, where somebody watches."""
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("rehearsing", total=None)
        yield lambda now: progress.update(task, description=f"rehearsing {now:%Y-%m-%d %H:%MZ}")


def document(rehearsed: Rehearsed, found: list[Violation], replay: str) -> dict[str, object]:
    """Return a rehearsal as JSON has it."""
    accounts = {model.name: account_of(rehearsed, model) for model in rehearsed.plant.models}
    return {
        "plant": rehearsed.plant.name,
        "from": rehearsed.first.isoformat(),
        "to": rehearsed.end.isoformat(),
        "seed": rehearsed.seed,
        "violations": [_violation(rehearsed, each, replay) for each in found],
        "models": {name: _model(account) for name, account in sorted(accounts.items())},
        "calls": dict(sorted(rehearsed.world.cloud.calls.items())),
        "faults": {},
    }


def _violation(rehearsed: Rehearsed, found: Violation, replay: str) -> dict[str, object]:
    return {
        "name": found.name,
        "reason": found.reason,
        "seed": rehearsed.seed,
        "at": rfc3339(found.at),
        "model": found.model,
        "history": [
            _spelled(line)
            for line in rehearsed.world.lines
            if line.event and line.fields.get("model") == found.model and line.at <= found.at
        ],
        "replay": replay,
    }


def _spelled(line: Line) -> str:
    words = (rfc3339(line.at), line.function, line.event, line.fields.get("reason"))
    return " ".join(str(word) for word in words if word)


def _model(account: Account) -> dict[str, object]:
    hours = account.usage.as_json()
    return {
        "timecards": [_card(card) for card in account.cards],
        "unit_hours": hours["unit_hours"],
        "billed_unit_hours": two_decimals(account.billed.unit_hours),
        "cost": hours["cost"],
    }


def _card(card: Timecard) -> dict[str, object]:
    return {
        "asked": rfc3339(card.asked),
        "ready": rfc3339(card.ready),
        "stopped": rfc3339(card.stopped),
        "units": card.units,
        **card.usage.as_json(),
        "late_seconds": card.late_seconds,
        "basis": {basis.value: card.minutes(basis) for basis in Basis},
    }


def show(rehearsed: Rehearsed, found: list[Violation], replay: str) -> None:
    """Print a rehearsal for people: what happened, what ran, what it cost."""
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

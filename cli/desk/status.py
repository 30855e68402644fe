"""``punchclock status``: what is on, what is not, why, and what comes next, on one screen."""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from cli.aws.obstacles import denied
from cli.aws.reaching import Desk, Endpoint, Table, desk_of
from cli.aws.subscriptions import Subscription, subscriptions
from cli.columns import aligned
from cli.documents import override_json
from cli.output import console, local, print_json, rfc3339
from cli.reading import AsJson, PlantFile, answering
from plantfile.reader import read
from punchclock.costs import money, two_decimals
from punchclock.overrides import Orders, Override
from punchclock.plans import ENDLESS, shown_end
from punchclock.plants import CURRENCY, Plant
from punchclock.ports import Book, Incident
from punchclock.spellings import both, listed, spelled
from punchclock.statuses import Status, other_incidents, statuses
from punchclock.timetables import Run

Watch = Annotated[
    bool, typer.Option("--watch", help="Look again and again, until interrupted with Ctrl-C.")
]
Every = Annotated[
    int,
    typer.Option("--every", metavar="SECONDS", min=1, help="How often --watch looks."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that is shown."""

    plant: Plant
    at: dt.datetime
    book: Book
    orders: Orders
    models: Sequence[Status]
    subscriptions: Sequence[Subscription] | None
    """None where nobody can tell."""
    remark: str = ""
    """Why nobody can."""

    @property
    def cost_per_hour(self) -> Decimal:
        """USD an hour, all models together."""
        return sum((each.cost_per_hour for each in self.models), Decimal(0))

    @property
    def others(self) -> list[Incident]:
        """Open incidents that are of no model."""
        return other_incidents(self.book, self.models)


def status(
    plant: PlantFile,
    *,
    watch: Watch = False,
    every: Every = 10,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """Show what the models of PLANT do now: wanted, seen, cost, what comes next, what is wrong.

    What is seen is what the last sweep saw. Also who is told of incidents, and whether they have
    confirmed it. Needs the policy that the stack's output DeskPolicy names.
    """
    if watch and as_json:
        raise typer.BadParameter("--watch is for people; --json prints one document")
    if watch:
        look_again(lambda: "\n".join(_lines(_look(plant, endpoint, table))), every)
        return
    with answering(as_json=as_json):
        screen = _look(plant, endpoint, table)
    if as_json:
        print_json(document(screen))
    else:
        typer.echo("\n".join(_lines(screen)))


def look_again(
    draw: Callable[[], str], every: int, pause: Callable[[float], None] = time.sleep
) -> None:
    """Show what is drawn, so many seconds apart, until somebody presses Ctrl-C."""
    try:
        while True:
            shown = draw()
            if sys.stdout.isatty():
                console().clear()
            typer.echo(f"{shown}\n")
            pause(every)
    except KeyboardInterrupt:
        return


def _look(plant: Path, endpoint: str | None, table: str | None) -> Screen:
    with answering(as_json=False):
        read_plant = read(plant)
        with desk_of(read_plant, endpoint, table) as desk:
            now = desk.caller.at
            ledger = desk.ledger()
            book, orders = ledger.book(), ledger.orders(now)
            subscriptions, remark = _subscriptions(desk)
    return Screen(
        plant=read_plant,
        at=now,
        book=book,
        orders=orders,
        models=statuses(read_plant, book, orders, now),
        subscriptions=subscriptions,
        remark=remark,
    )


def _subscriptions(desk: Desk) -> tuple[list[Subscription] | None, str]:
    """Return who is told, or why nobody can say: that must hide nothing else."""
    from botocore.exceptions import ClientError

    if desk.named_table:
        return None, "the topic is found by the stack, and --table names the ledger alone"
    try:
        return subscriptions(desk.plant, desk.outputs or {}, desk), ""
    except ClientError as error:
        if not denied(error):
            raise
        return None, "these credentials may not sns:ListSubscriptionsByTopic"


def document(screen: Screen) -> dict[str, object]:
    """Return a screen as JSON has it."""
    closure = screen.book.closure
    subscriptions = screen.subscriptions
    return {
        "plant": screen.plant.name,
        "timezone": screen.plant.timezone,
        "at": rfc3339(screen.at),
        "mode": screen.plant.mode,
        "swept_since": rfc3339(screen.book.since),
        "closed_since": None if closure is None else rfc3339(closure.at),
        "models": {each.name: _model_json(each, screen) for each in screen.models},
        "cost_per_hour": money(screen.cost_per_hour),
        "incidents": [_incident_json(each) for each in screen.others],
        "unreadable": list(screen.orders.unreadable),
        "subscriptions": None
        if subscriptions is None
        else [{"endpoint": each.endpoint, "state": each.state} for each in subscriptions],
    }


def _model_json(found: Status, screen: Screen) -> dict[str, object]:
    edge = found.edge if found.edge and found.edge.at - screen.at < ENDLESS else None
    return {
        "in_file": found.known,
        "wanted": found.wanted is not None,
        "run": _run_json(found.wanted),
        "seen": found.seen.value,
        "since": rfc3339(found.since),
        "units": found.units,
        "cost_per_hour": money(found.cost_per_hour),
        "next": None
        if edge is None
        else {
            "what": edge.what,
            "at": rfc3339(edge.at),
            "seconds": int((edge.at - screen.at).total_seconds()),
        },
        "override": None if found.override is None else override_json(found.override),
        "incidents": [_incident_json(each) for each in found.incidents],
    }


def _run_json(run: Run | None) -> dict[str, object] | None:
    if run is None:
        return None
    return {
        "ready": rfc3339(run.ready),
        "stop": rfc3339(shown_end(run.start, run.stop)),
        "units": run.units,
        "shifts": sorted({name for window in run.windows for name in window.shifts}),
    }


def _incident_json(found: Incident) -> dict[str, object]:
    return {
        "trouble": found.trouble.value,
        "reason": found.reason,
        "opened": rfc3339(found.opened),
        "cost_per_hour": money(found.cost_per_hour),
    }


COLUMNS = (
    "model",
    "wanted",
    "seen",
    "since",
    "units",
    f"{CURRENCY}/h",
    "next",
    "at",
    "in",
    "on whose word",
    "incidents",
)


def _lines(screen: Screen) -> Iterator[str]:
    plant = screen.plant
    title = f"{plant.name} at {both(screen.at, plant.zone)}, on the clocks of {plant.timezone}"
    rows = [_row(each, screen) for each in screen.models]
    yield from aligned(title, COLUMNS, rows, ("units", f"{CURRENCY}/h", "in"))
    yield ""
    on = sum(each.units is not None for each in screen.models)
    wanted = sum(each.wanted is not None for each in screen.models)
    cost = two_decimals(screen.cost_per_hour)
    yield f"{wanted} wanted, {on} in service, {CURRENCY} {cost} an hour"
    yield from _remarks(screen)
    yield from _told(screen)


def _row(found: Status, screen: Screen) -> tuple[str, ...]:
    zone, edge = screen.plant.zone, found.edge
    if edge is not None and edge.at - screen.at >= ENDLESS:
        edge = None
    return (
        found.name,
        _wanted(found, screen.at),
        found.seen.value,
        local(found.since, zone),
        "-" if found.units is None else str(found.units),
        two_decimals(found.cost_per_hour),
        "-" if edge is None else edge.what,
        local(edge.at if edge is not None else None, zone),
        "-" if edge is None else _ahead(edge.at - screen.at),
        "-" if found.override is None else _word(found.override, screen),
        ", ".join(each.trouble.value for each in found.incidents) or "-",
    )


def _wanted(found: Status, now: dt.datetime) -> str:
    run = found.wanted
    if run is None:
        return "off" if found.known else "off, not in the file"
    window = next((each for each in run.windows if each.start <= now < each.end), None)
    if window is not None:
        return f"on: {listed(window.shifts)}"
    return "on: lead" if now < run.ready else "on: pause"


def _word(said: Override, screen: Screen) -> str:
    until = f"{said.ends.astimezone(screen.plant.zone):%a %H:%M}"
    return f"{said.kind.value} until {until} by {said.who_shortly}"


def _ahead(length: dt.timedelta) -> str:
    """Write how long something is ahead: ``1h05m``, ``3d 4h``."""
    minutes = max(length, dt.timedelta()) // dt.timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    return f"{days}d {rest // 60}h" if days else f"{rest // 60}h{rest % 60:02}m"


def _remarks(screen: Screen) -> Iterator[str]:
    plant, zone = screen.plant, screen.plant.zone
    if screen.book.closure is not None:
        yield f"the plant was closed at {both(screen.book.closure.at, zone)}: nothing is started"
    if screen.book.since is None:
        yield "no sweep has been completed yet, so nothing was seen"
    if plant.mode == "watch":
        yield "the plant is only watched (mode: watch): nothing is started or stopped"
    for each in (*(i for found in screen.models for i in found.incidents), *screen.others):
        cost = f", {CURRENCY} {two_decimals(each.cost_per_hour)} an hour"
        yield (
            f"{each.trouble.value}: {each.model}, for {spelled(_whole(screen.at - each.opened))}:"
            f" {each.reason}{cost if each.cost_per_hour else ''}"
        )
    for key in screen.orders.unreadable:
        yield f"override {key} is not as punchclock writes it: no effect"


def _whole(length: dt.timedelta) -> dt.timedelta:
    """Return whole minutes: seconds are no news."""
    minute = dt.timedelta(minutes=1)
    return max(length, dt.timedelta()) // minute * minute


_STATES = {
    "pending": "not confirmed: follow the link in AWS's e-mail; until then nothing is sent",
    "missing": "not subscribed: it is in the plant file, but not deployed",
}


def _told(screen: Screen) -> Iterator[str]:
    if screen.subscriptions is None:
        yield f"who is told of incidents cannot be said: {screen.remark}"
        return
    if not screen.subscriptions:
        yield "nobody is told of incidents: notify in the plant file is empty"
    for each in screen.subscriptions:
        yield f"told: {each.endpoint}, {_STATES.get(each.state, each.state)}"

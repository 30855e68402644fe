"""``punchclock explain``: why is a model on or off at an instant?"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.aws.reaching import Endpoint, Table, desk_of
from cli.columns import aligned
from cli.documents import override_json, run_json, window_json
from cli.output import local, print_json, rfc3339
from cli.reading import AsJson, ModelName, PlantFile, answering, model_of
from plantfile.reader import read
from punchclock import localtime
from punchclock.errors import OutOfRange
from punchclock.explanations import Explanation
from punchclock.explanations import explain as explained
from punchclock.overrides import LONGEST, MEMORY, Override
from punchclock.plans import shown_end
from punchclock.plants import Plant
from punchclock.shifts import FIRST_DAY, LAST_DAY
from punchclock.spellings import both
from punchclock.timetables import Run
from punchclock.transitions import fired, twice

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")


def a_moment(text: str) -> dt.datetime:
    """Read an instant as it is typed; without an offset it is what the plant's walls show."""
    try:
        if _MOMENT.fullmatch(text):
            return dt.datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an instant: {error}") from error
    message = (
        f"{text!r} is not an instant; 2026-03-02T05:45 at the plant, or with Z or +01:00, would do"
    )
    raise typer.BadParameter(message)


Moment = Annotated[
    dt.datetime,
    typer.Argument(
        parser=a_moment,
        metavar="INSTANT",
        help="2026-03-02T05:45 at the plant, or with Z or an offset.",
    ),
]


WithLedger = Annotated[
    bool,
    typer.Option(
        "--ledger",
        help="Read what people said lately from the plant's ledger too, as --endpoint and --table"
        " do; needs credentials.",
    ),
]


def explain(
    plant: PlantFile,
    model: ModelName,
    instant: Moment,
    *,
    ledger: WithLedger = False,
    endpoint: Endpoint = None,
    table: Table = None,
    as_json: AsJson = False,
) -> None:
    """Say why MODEL is on or off at INSTANT: its shifts, holidays, run, and what joined it.

    By the file alone, unless it is asked to read the ledger too: then also overtime, skips and
    holds of the last weeks. Of what was said about the same time, the later word counts.
    """
    with answering(as_json=as_json):
        read_plant = read(plant)
        asked = model_of(read_plant, model)
        at, remarks = _resolved(instant, read_plant.zone)
        said: Sequence[Override] = ()
        if ledger or endpoint or table:
            with desk_of(read_plant, endpoint, table) as desk:
                orders = desk.ledger().orders_ending(at - MEMORY, at + LONGEST + MEMORY)
                said = orders.overrides.get(asked.name, ())
        found = explained(read_plant, asked, at, said)
    if as_json:
        print_json(document(read_plant, found, remarks))
    else:
        _show(read_plant, found, remarks)


def document(plant: Plant, found: Explanation, remarks: list[str]) -> dict[str, object]:
    """Return an explanation as JSON has it."""
    return {
        "plant": plant.name,
        "model": found.model.name,
        "instant": rfc3339(found.instant),
        "local": found.instant.astimezone(plant.zone).isoformat(timespec="seconds"),
        "wanted": found.wanted,
        "phase": found.phase,
        "window": None if found.window is None else window_json(found.window),
        "run": None if found.run is None else run_json(found.run),
        "shifts": [
            {
                "shift": each.shift,
                "day": each.day.isoformat(),
                "works": each.works,
                "because": each.because,
            }
            for each in found.shifts
        ],
        "overrides": [override_json(each) for each in found.said],
        "reasons": [*remarks, *found.reasons],
        "next_run": None if found.next_run is None else run_json(found.next_run),
    }


def _resolved(moment: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, list[str]]:
    """Return the instant in UTC, and what had to be decided where the clocks change."""
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        message = f"{moment.date()} is outside {FIRST_DAY} to {LAST_DAY}, the days that are known"
        raise OutOfRange(message)
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC), []
    instant = localtime.starting(moment.date(), moment.time(), zone)
    return instant, list(_decided(moment, instant, zone))


def _decided(moment: dt.datetime, instant: dt.datetime, zone: ZoneInfo) -> Iterator[str]:
    if fired(moment, zone) is None:
        shown = instant.astimezone(zone)
        yield f"the clocks skip {moment:%Y-%m-%d %H:%M}: moved forward to {shown:%Y-%m-%d %H:%M}"
    elif twice(moment, zone):
        second = localtime.ending(moment.date(), moment.time(), zone)
        yield (
            f"the clocks show {moment:%Y-%m-%d %H:%M} twice: this is the first pass,"
            f" {rfc3339(instant)}; the second is {rfc3339(second)}"
        )


_PHASES = {
    "lead": ", in the lead of a shift",
    "window": ", in a shift",
    "pause": ", in a pause between two shifts",
    "off": "",
}


def _show(plant: Plant, found: Explanation, remarks: list[str]) -> None:
    state = "on" if found.wanted else "off"
    when = both(found.instant, plant.zone)
    typer.echo(f"{found.model.name} is {state} at {when}{_PHASES[found.phase]}")
    for reason in [*remarks, *found.reasons]:
        typer.echo(f"- {reason}")
    if found.shifts:
        typer.echo()
        rows = [
            (f"{each.day:%a} {each.day}", each.shift, "yes" if each.works else "no", each.because)
            for each in found.shifts
        ]
        columns = ("day", "shift", "works", "because")
        typer.echo("\n".join(aligned("Its shifts around then", columns, rows)))
    typer.echo()
    typer.echo(f"next run: {_spelled(plant, found.next_run)}")


def _spelled(plant: Plant, run: Run | None) -> str:
    if run is None:
        return "none within a year, as far as is known"
    stop = local(shown_end(run.start, run.stop), plant.zone)
    ready = local(run.ready, plant.zone)
    return (
        f"asked for at {both(run.start, plant.zone)}, ready {ready}, stop {stop}, {run.units} units"
    )

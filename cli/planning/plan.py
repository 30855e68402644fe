"""``punchclock plan``: when will models run between two dates, and what will it cost?"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from cli.documents import run_json, window_json
from cli.output import STDOUT, deliver, print_json
from cli.reading import AsJson, From, PlantFile, To, answering, days
from plantfile.reader import read
from punchclock import plans
from punchclock.plans import ModelPlan, Plan

Ics = Annotated[
    Path | None,
    typer.Option("--ics", metavar="FILE", help="Write the windows as a calendar; - for stdout."),
]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page with pictures; - for stdout."),
]


def plan(
    plant: PlantFile,
    first: From,
    end: To,
    *,
    ics: Ics = None,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show windows, runs, unit-hours and cost of the days from DATE to DATE, exclusive."""
    days(first, end)
    printed = [name for name, file in (("--ics -", ics), ("--html -", html)) if file == STDOUT]
    if len(printed) + as_json > 1:
        both = " and ".join(["--json"] * as_json + printed)
        raise typer.BadParameter(f"{both} would both print to stdout: write to a file")
    with answering(as_json=as_json):
        planned = plans.plan(read(plant), first, end)
        if ics is not None:
            from cli.planning.ics import calendar

            deliver(calendar(planned, dt.datetime.now(dt.UTC)), ics)
        if html is not None:
            from cli.page.drawing import sheet
            from cli.page.writing import page

            deliver(page(sheet(planned)), html)
    if as_json:
        print_json(document(planned))
    elif not printed:
        from cli.planning.tables import lines

        typer.echo("\n".join(lines(planned)))


def document(planned: Plan) -> dict[str, object]:
    """Return a plan as JSON has it."""
    return {
        "plant": planned.plant.name,
        "timezone": planned.plant.timezone,
        "from": planned.first.isoformat(),
        "to": planned.end.isoformat(),
        "models": {each.model.name: _model(each) for each in planned.models},
        **planned.usage.as_json(),
    }


def _model(planned: ModelPlan) -> dict[str, object]:
    return {
        "windows": [window_json(each) for each in planned.windows],
        "runs": [run_json(each) for each in planned.runs],
        **planned.usage.as_json(),
    }

"""``punchclock rehearse``: live through days of a plant in seconds, as they would be deployed."""

import gc
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from cli.output import deliver, print_json
from cli.reading import NO, AsJson, From, PlantFile, To, answering, days
from plantfile.reader import read
from punchclock import plans

if TYPE_CHECKING:
    from rehearsal.rehearsing import Rehearsed

Seed = Annotated[int, typer.Option("--seed", metavar="N", help="What is left to chance.")]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="N", min=1, help="How many seeds, from --seed on.")
]

Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page with pictures, of one seed."),
]


def rehearse(
    plant: PlantFile,
    first: From,
    end: To,
    *,
    seed: Seed = 1,
    seeds: Seeds = 1,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Synthesize PLANT, stand it up in the process, and fire its schedules in virtual time.

    Exits with 1 when something happens that must not: a model is not ready or left running, a call
    that its role may not make, timecards that differ from the bill.
    """
    from cli import rehearsal_json, rehearsal_tables
    from infra.synth import synthesize
    from rehearsal.rehearsing import rehearse as live

    days(first, end)
    if html is not None and seeds > 1:
        raise typer.BadParameter("--html draws one seed: leave --seeds out")
    # All that is kept of a day is needed to its end: looking through it for what is not is a
    # seventh of the time.
    gc.disable()
    with answering(as_json=as_json):
        read_plant = read(plant)
        synthesis = synthesize(read_plant)
        command = ["punchclock", "rehearse", str(plant), f"--from={first}", f"--to={end}"]
        told = []
        for number in range(seed, seed + seeds):
            with _progress(number) as progress:
                rehearsed = live(read_plant, synthesis, first, end, seed=number, progress=progress)
            replay = shlex.join([*command, f"--seed={number}"])
            told.append(rehearsal_json.told(rehearsed, replay))
            if not as_json:
                rehearsal_tables.show(rehearsed, replay)
            if html is not None:
                _draw(rehearsed, replay, html, as_json=as_json)
    if as_json:
        print_json(told[0] if seeds == 1 else rehearsal_json.together(told))
    raise typer.Exit(NO if any(each["violations"] for each in told) else 0)


def _draw(rehearsed: "Rehearsed", replay: str, file: Path, *, as_json: bool) -> None:
    """Write a rehearsal as a page, and say where."""
    from cli.page.drawing import sheet
    from cli.page.rehearsals import happened
    from cli.page.writing import page

    planned = plans.plan(rehearsed.plant, rehearsed.first, rehearsed.end)
    deliver(page(sheet(planned, happened(rehearsed, replay))), file)
    if not as_json:
        typer.echo(f"drawn in {file}")


@contextmanager
def _progress(seed: int) -> Iterator[Any]:
    """Show on stderr how far time has come, where somebody watches."""
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("rehearsing", total=None)
        yield lambda now: progress.update(
            task, description=f"rehearsing {now:%Y-%m-%d %H:%MZ}, seed {seed}"
        )

"""``punchclock rehearse``: live through days of a plant in seconds, as they would be deployed."""

import datetime as dt
import gc
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import deliver, print_json
from cli.progress import progressing, working
from cli.reading import NO, AsJson, From, PlantFile, To, answering, days
from cli.rehearsing.faults import Asked, under_faults
from plantfile.reader import read
from punchclock import plans

if TYPE_CHECKING:
    from rehearsal.rehearsing import Rehearsed

Seed = Annotated[int, typer.Option("--seed", metavar="N", help="What is left to chance.")]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="N", min=1, help="How many seeds, from --seed on.")
]

Faults = Annotated[
    str | None,
    typer.Option(
        "--faults", metavar="LIST|all", help="What goes wrong meanwhile: docs/faults.md lists it."
    ),
]
Wire = Annotated[
    bool, typer.Option("--wire", help="With --faults: by real clients instead of in memory.")
]
Mistake = Annotated[
    str | None,
    typer.Option(
        "--defect", metavar="NAME", help="With --faults: a mistake on purpose, which must be found."
    ),
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
    faults: Faults = None,
    wire: Wire = False,
    defect: Mistake = None,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Synthesize PLANT, stand it up in the process, and fire its schedules in virtual time.

    Exits with 1 when something happens that must not: a model is not ready or left running, a call
    that its role may not make, timecards that differ from the bill; with faults, whatever breaks an
    invariant.
    """
    days(first, end)
    if html is not None and seeds > 1:
        raise typer.BadParameter("--html draws one seed: leave --seeds out")
    if html is not None and faults is not None:
        raise typer.BadParameter("--html draws a rehearsal without faults")
    if faults is None and (wire or defect is not None):
        raise typer.BadParameter("--wire and --defect need --faults, for example --faults all")
    # All that is kept of a day is needed to its end: looking through it for what is not is a
    # seventh of the time.
    gc.disable()
    numbers = range(seed, seed + seeds)
    if faults is None:
        code = _without_faults(plant, first, end, numbers, html, as_json=as_json)
    else:
        asked = Asked(faults=faults, wire=wire, defect=defect)
        code = under_faults(plant, first, end, numbers, asked, as_json=as_json)
    raise typer.Exit(code)


def _without_faults(
    plant: Path, first: dt.date, end: dt.date, seeds: range, html: Path | None, *, as_json: bool
) -> int:
    """Live through the seeds, print what came of them and return the exit code."""
    from cli.rehearsing import as_json as documents
    from cli.rehearsing import tables
    from infra.synth import synthesize
    from rehearsal.rehearsing import rehearse as live

    with answering(as_json=as_json):
        read_plant = read(plant)
        with working("synthesizing the stack"):
            synthesis = synthesize(read_plant)
        command = ["punchclock", "rehearse", str(plant), f"--from={first}", f"--to={end}"]
        told = []
        for seed in seeds:
            with progressing() as show:
                told_at = partial(_at, show, seed)
                rehearsed = live(read_plant, synthesis, first, end, seed=seed, progress=told_at)
            replay = shlex.join([*command, f"--seed={seed}"])
            told.append(documents.told(rehearsed, replay))
            if not as_json:
                tables.show(rehearsed, replay)
            if html is not None:
                _draw(rehearsed, replay, html, as_json=as_json)
    if as_json:
        print_json(told[0] if len(told) == 1 else documents.together(told))
    return NO if any(each["violations"] for each in told) else 0


def _draw(rehearsed: "Rehearsed", replay: str, file: Path, *, as_json: bool) -> None:
    """Write a rehearsal as a page, and say where."""
    from cli.page.drawing import sheet
    from cli.page.rehearsals import happened
    from cli.page.writing import page

    planned = plans.plan(rehearsed.plant, rehearsed.first, rehearsed.end)
    deliver(page(sheet(planned, happened(rehearsed, replay))), file)
    if not as_json:
        typer.echo(f"drawn in {file}")


def _at(show: Callable[[str], None], seed: int, now: dt.datetime) -> None:
    show(f"{now:%Y-%m-%d %H:%MZ}, seed {seed}")

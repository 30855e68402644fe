"""``punchclock emulate``: the model services of a plant, over HTTP, for any AWS client."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.progress import working
from cli.reading import PlantFile, an_instant, answering
from plantfile.reader import read

Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="0: any free one.")
]
Speed = Annotated[
    float, typer.Option("--speed", metavar="X", min=0.001, help="How much faster time passes.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="What is left to chance.")]
Run = Annotated[
    bool, typer.Option("--run", help="Fire the plant's schedules too, and serve its ledger.")
]
At = Annotated[
    dt.datetime | None,
    typer.Option("--at", parser=an_instant, metavar="INSTANT", help="When it begins. [now]"),
]


def emulate(
    plant: PlantFile,
    *,
    port: Port = 0,
    speed: Speed = 1.0,
    seed: Seed = 1,
    run: Run = False,
    at: At = None,
) -> None:
    """Serve the models of PLANT and their CloudWatch metric until interrupted.

    Prints the address first: give it to a client as its endpoint URL. With --run the plant is
    deployed there as well, and its ledger can be read.
    """
    from infra.synth import synthesize
    from rehearsal.clocks import ScaledClock
    from rehearsal.live import RunningClock, living
    from rehearsal.server import serve
    from rehearsal.standing import emulator_of

    with answering(as_json=False):
        emulated = read(plant)
    synthesis = None
    if run:
        with working("synthesizing the stack"):
            synthesis = synthesize(emulated)
    clock = ScaledClock(speed=speed, at=at or dt.datetime.now(dt.UTC))
    emulator = emulator_of(emulated, clock, seed)
    for model in emulated.models:
        emulator.add(model.target)
    with answering(as_json=False):
        if synthesis is None:
            with _listening(port):
                serve(emulator.respond, port=port, announce=typer.echo)
            return
        with living(emulated, synthesis, emulator, RunningClock(clock, speed)) as life:

            def announce(address: str) -> None:
                typer.echo(address)
                life.begin()

            with _listening(port):
                serve(life.respond, port=port, announce=announce)


@contextmanager
def _listening(port: int) -> Iterator[None]:
    """Say what would do where nobody may listen at a port."""
    try:
        yield
    except OSError as error:
        message = f"{port}: {error.strerror}; 0 would take any free port"
        raise typer.BadParameter(message, param_hint="--port") from error

"""``punchclock emulate``: the model services of a plant, over HTTP, for any AWS client."""

import datetime as dt
from typing import Annotated

import typer

from cli.reading import PlantFile, answering
from plantfile.reader import read

Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="0: any free one.")
]
Speed = Annotated[
    float, typer.Option("--speed", metavar="X", min=0.001, help="How much faster time passes.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="What is left to chance.")]


def emulate(plant: PlantFile, *, port: Port = 0, speed: Speed = 1.0, seed: Seed = 1) -> None:
    """Serve the models of PLANT and their CloudWatch metric until interrupted.

    Prints the address first: give it to a client as its endpoint URL.
    """
    from rehearsal.clocks import ScaledClock
    from rehearsal.emulator.emulator import Emulator
    from rehearsal.server import serve
    from rehearsal.template import ACCOUNT

    with answering(as_json=False):
        emulated = read(plant)
    clock = ScaledClock(speed=speed, at=dt.datetime.now(dt.UTC))
    emulator = Emulator(
        now=clock,
        seed=seed,
        quotas=emulated.quotas,
        region=emulated.region,
        account=emulated.account or ACCOUNT,
    )
    for model in emulated.models:
        emulator.add(model.target)
    with answering(as_json=False):
        serve(emulator.respond, port=port, announce=typer.echo)

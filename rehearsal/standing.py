"""What stands where a plant is rehearsed? The model services, and what its template deploys.

In the account that its file names, or in one that is made up.
"""

from random import Random

from infra.synth import Synthesis
from punchclock.plants import Plant
from rehearsal.clocks import Clock, WorldClock
from rehearsal.cloud import Cloud
from rehearsal.emulator.emulator import Emulator
from rehearsal.template import ACCOUNT, Deployment, deploy
from rehearsal.world import Mail, World


def emulator_of(plant: Plant, now: Clock, seed: int) -> Emulator:
    """Stand up the model services of a plant's account, with its quotas and no models."""
    return Emulator(
        now=now,
        seed=seed,
        quotas=plant.quotas,
        region=plant.region,
        account=plant.account or ACCOUNT,
    )


def deployed(plant: Plant, synthesis: Synthesis) -> Deployment:
    """Return what a plant's template deploys."""
    return deploy(
        synthesis.template,
        stack=synthesis.stack,
        region=plant.region,
        account=plant.account or ACCOUNT,
    )


def world_of(
    plant: Plant, synthesis: Synthesis, emulator: Emulator, clock: WorldClock, seed: int
) -> World:
    """Stand up what a plant's template deploys; moto, which must be on, answers for the rest."""
    deployment = deployed(plant, synthesis)
    mail = Mail(clock.now)
    cloud = Cloud(deployment=deployment, emulator=emulator, now=clock.now, called=mail.post)
    cloud.create_resources()
    return World(
        deployment=deployment,
        asset=synthesis.asset,
        cloud=cloud,
        clock=clock,
        mail=mail,
        random=Random(seed),
    )

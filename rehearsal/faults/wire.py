"""What a function works with when its calls go the whole way, by real clients."""

import json
from dataclasses import replace
from functools import partial

from functions.compose import compose
from functions.ledger import DynamoLedger
from functions.site import Site
from rehearsal.clocks import VirtualClock
from rehearsal.cloud import Cloud
from rehearsal.emulator.emulator import Emulator
from rehearsal.faults.history import Edition, History
from rehearsal.faults.memory import MemoryJournal
from rehearsal.faults.world import FaultyWorld
from rehearsal.template import Function
from rehearsal.world import name_of


class Wire:
    """Composes functions as Lambda would; only their log stays in memory."""

    def __init__(self, emulator: Emulator, history: History, clock: VirtualClock) -> None:
        """Stand up the tables of the first edition; all later ones are the same stack's."""
        self._history = history
        self._clock = clock
        self._cloud = Cloud(
            deployment=history.editions[0][1].deployment,
            emulator=emulator,
            now=clock.now,
            called=self._called,
        )
        self._cloud.create_resources()
        self.ledger = DynamoLedger(self._cloud.client("dynamodb"), self._cloud.deployment.table)
        self._world: FaultyWorld | None = None

    def site(self, world: FaultyWorld, edition: Edition, function: Function) -> Site:
        """Compose what a function works with."""
        self._world = world
        session = self._cloud.session(function.role)
        name = name_of(function)
        environ = {**function.environment, "LAMBDA_TASK_ROOT": str(edition.asset)}
        site = compose(environ, session, partial(world.now_of, name), self._clock.pause)
        return replace(site, journal=MemoryJournal(write=partial(world.write, name)))

    def _called(self, name: str, payload: bytes) -> None:
        """Take a call of a function, as Lambda would."""
        if self._world is not None:
            self._world.post_to(name, json.loads(payload))

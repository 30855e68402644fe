"""A deployment that lives on in scaled time: ``punchclock emulate --run``.

The same world as a rehearsal's, but its clock runs, and its tables are served over HTTP beside the
model services.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto import mock_aws
from moto.core.models import botocore_stubber

from functions.ledger import DynamoLedger
from infra.synth import Synthesis
from punchclock.plants import Plant
from rehearsal.clocks import Clock
from rehearsal.describing import describe
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.wire import Reply, Request
from rehearsal.measured import measured
from rehearsal.standing import world_of
from rehearsal.world import World

_SERVICES = {"DynamoDB_20120810": "dynamodb"}
"""Services that are known by the prefix of their target header; others by who signed the call."""

_FOREVER = dt.timedelta(days=366)


class RunningClock:
    """A scaled clock with the face of a virtual one: it cannot be set, and a pause takes time."""

    def __init__(self, clock: Clock, speed: float) -> None:
        """Run with a scaled clock."""
        self._clock = clock
        self._speed = speed

    def now(self) -> dt.datetime:
        """Return the instant that it has come to."""
        return self._clock()

    def set(self, instant: dt.datetime) -> None:
        """Let time be what it is."""

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds / self._speed)

    def wait_until(self, instant: dt.datetime, ended: threading.Event) -> None:
        """Return at an instant, or when all is to end."""
        ended.wait(max(0.0, (instant - self.now()).total_seconds() / self._speed))


class Life:
    """A deployment whose schedules fire in a thread of their own, once it is begun."""

    def __init__(self, world: World, clock: RunningClock, region: str) -> None:
        """Make a life of a world; nothing happens yet."""
        self._ended = threading.Event()
        self._clock = clock
        self._region = region
        self._world = world
        self._thread = threading.Thread(target=self._live, daemon=True)

    @property
    def emulator(self) -> Emulator:
        """The model services."""
        return self._world.cloud.emulator

    @property
    def table(self) -> str:
        """The name of the ledger's table."""
        return self._world.deployment.table

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """Return a client of our own in there, who may do everything."""
        return self._world.cloud.client(service)

    def ledger(self) -> DynamoLedger:
        """Return the plant's ledger."""
        return DynamoLedger(self.client("dynamodb"), self.table)

    def begin(self) -> None:
        """Fire the schedules from now on. Standard output is the functions' from here."""
        self._thread.start()

    def end(self) -> None:
        """Fire nothing more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def respond(self, request: Request) -> Reply | None:
        """Answer an HTTP request: of a model service, about the ledger, or about the stack.

        Each answer tells the time, as AWS does: whoever asks lives in this time.
        """
        cloud = self._world.cloud
        reply = (
            cloud.emulator.respond(request)
            or describe(
                request, self._world.deployment, len(self._world.failures), cloud.neighbours
            )
            or by_moto(request, self._region, cloud.by_moto)
        )
        if reply is None:
            return None
        now = format_datetime(self._clock.now(), usegmt=True)
        return replace(reply, headers={**reply.headers, "Date": now})

    def _live(self) -> None:
        begin = self._clock.now()
        self._world.run(
            begin,
            begin + _FOREVER,
            done=lambda _: self._ended.is_set(),
            progress=lambda at: self._clock.wait_until(at, self._ended),
        )


@contextmanager
def living(
    plant: Plant, synthesis: Synthesis, emulator: Emulator, clock: RunningClock
) -> Iterator[Life]:
    """Stand a plant up as its template deploys it, for as long as the block lasts."""
    with mock_aws():
        world = world_of(plant, synthesis, emulator, clock, seed=1)
        emulator.gate = measured(world.lines)
        life = Life(world, clock, plant.region)
        try:
            yield life
        finally:
            life.end()


def _ask(service: str, operation: str, request: AWSPreparedRequest) -> AWSResponse | None:
    found: AWSResponse | None = botocore_stubber(f"before-send.{service}.{operation}", request)
    return found


Ask = Callable[[str, str, AWSPreparedRequest], AWSResponse | None]
"""Answers an operation of a service, or not."""


def by_moto(request: Request, region: str, ask: Ask = _ask) -> Reply | None:
    """Let moto answer what is not the emulator's: the ledger, and who the caller is."""
    service = _service(request)
    if service is None:
        return None
    prepared = AWSPreparedRequest(
        method=request.method,
        url=f"https://{service}.{region}.amazonaws.com{request.path}",
        headers=dict(request.headers),
        body=request.body,
        stream_output=False,
    )
    found = ask(service, request.headers.get("x-amz-target", "").rpartition(".")[2], prepared)
    if found is None:
        return None
    return Reply(
        status=found.status_code,
        content_type=found.headers.get("Content-Type", "application/x-amz-json-1.0"),
        headers={},
        body=found.content,
    )


def _service(request: Request) -> str | None:
    target = request.headers.get("x-amz-target", "").partition(".")[0]
    scope = request.headers.get("authorization", "").partition("Credential=")[2].split("/")
    signed = scope[3] if len(scope) > 3 else None  # noqa: PLR2004 - key/day/region/service
    return _SERVICES.get(target) or (signed if signed in {"sts", "dynamodb"} else None)

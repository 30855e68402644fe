"""The world of one model service: the emulator behind real clients, and verbs to steer it."""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from functions.services import catalog
from punchclock.observations import Observation
from punchclock.plants import Target
from punchclock.ports import Service
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.refusals import Refusal
from rehearsal.emulator.wire import Call, Result

REGION = "eu-central-1"
DAWN = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)

_PAINT = f"arn:aws:rekognition:{REGION}:123456789012:project/paint"

KEYS: dict[str, Callable[[int], dict[str, str]]] = {
    "lookoutvision": lambda n: {"project": "circuit-boards", "version": str(n)},
    "rekognition": lambda n: {
        "project_version_arn": f"{_PAINT}/version/paint.{n}/17680356{n:05}",
        "project_arn": f"{_PAINT}/1768035000000",
    },
}
"""What the plant file says of the n-th model of a service, all of one project."""


def target(service: str, number: int = 1) -> Target:
    return catalog.SPECS[service].target(KEYS[service](number))


def session() -> botocore.session.Session:
    made = botocore.session.Session()
    made.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return made


class Wire:
    """Real clients of a service, made once because that is slow, and who answers them now."""

    def __init__(self, service: str) -> None:
        self.emulator: Emulator | None = None
        made = session()
        made.register("before-send", self._answer)
        self.service = catalog.service(service, made, REGION)

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        assert self.emulator is not None
        return self.emulator.answer(request)


@functools.cache
def _wire(service: str) -> Wire:
    return Wire(service)


@dataclass(slots=True)
class World:
    """One service with one model that was never started."""

    name: str
    now: dt.datetime = DAWN
    obstacle: Exception | None = None
    word: str | None = None
    emulator: Emulator = field(init=False)
    service: Service = field(init=False)

    def __post_init__(self) -> None:
        self.emulator = Emulator(now=lambda: self.now, gate=self._gate)
        self.add(1)
        wire = _wire(self.name)
        wire.emulator = self.emulator
        self.service = wire.service

    @property
    def model(self) -> Target:
        return target(self.name)

    @property
    def calls(self) -> list[Call]:
        """Every call so far that reached the service, carried out or not."""
        return self.emulator.calls

    def add(self, number: int) -> Target:
        added = target(self.name, number)
        self.emulator.add(added)
        return added

    def look(self, seen: Target | None = None) -> Observation:
        seen = seen or self.model
        return self.service.observe([seen])[seen.id]

    def finish(self) -> None:
        """Let so much time pass that what has begun has ended."""
        self.now += dt.timedelta(minutes=15)

    def say(self, word: str | None) -> None:
        """Let the service use this word for the status of every model; None for no word."""
        self.word = word or ""

    def fail(self, code: str, status: int) -> None:
        """Let every call fail so."""
        self.obstacle = Refusal(code, "so it is", status)

    def hinder(self, error: Exception) -> None:
        """Let every call meet an error of the client's own HTTP layer."""
        self.obstacle = error

    def _gate(self, call: Call, act: Callable[[], Result]) -> Result:
        del call
        if self.obstacle is not None:
            raise self.obstacle
        result = act()
        return result if self.word is None else _with_status(result, self.word)


def _with_status(result: Result, word: str) -> Result:
    """Return a description with another status, wherever the service keeps it."""
    found: dict[str, object] = {}
    for key, value in result.items():
        if isinstance(value, dict):
            found[key] = _with_status(value, word)
        elif isinstance(value, list):
            found[key] = [_with_status(each, word) for each in value]
        elif key != "Status":
            found[key] = value
        elif word:
            found[key] = word
    return found

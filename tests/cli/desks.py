"""A plant that is deployed in the process and served over HTTP, with a clock that hardly moves."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from typer.testing import Result

from functions.ledger import DynamoLedger
from infra.synth import Synthesis, synthesize
from plantfile.reader import read
from punchclock.overrides import Override
from punchclock.plants import Plant
from rehearsal.live import Life, RunningClock, living
from rehearsal.server import Respond, serving
from rehearsal.standing import emulator_of
from tests.cli.typed import typed


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A plant, ready to be deployed."""

    file: Path
    plant: Plant
    synthesis: Synthesis


def prepared(file: Path) -> Prepared:
    """Synthesize the plant of a file."""
    plant = read(file)
    return Prepared(file=file, plant=plant, synthesis=synthesize(plant))


@dataclass
class Standing:
    """A clock that stands until somebody moves it."""

    at: dt.datetime

    def __call__(self) -> dt.datetime:
        """Return the instant."""
        return self.at


@dataclass(kw_only=True)
class Counter:
    """A plant's desk, as somebody types at it."""

    file: Path
    address: str
    life: Life
    clock: Standing

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.at += dt.timedelta(seconds=seconds)

    def type(self, command: str, *words: object) -> Result:
        """Return what a command of the desk answers."""
        return typed(command, self.file, *words, "--endpoint", self.address)

    def said(self, command: str, *words: object) -> str:
        """Return what a command says that must end well."""
        result = self.type(command, *words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def document(self, command: str, *words: object) -> Any:
        """Return the JSON document of a command that must end well."""
        return json.loads(self.said(command, *words, "--json"))

    def refused(self, code: int, command: str, *words: object) -> str:
        """Return what a command says that must end with a code, and must have written nothing."""
        before = self.overrides()
        result = self.type(command, *words)
        assert isinstance(result.exception, SystemExit), result.exception
        assert (result.exit_code, self.overrides()) == (code, before), result.output
        return " ".join(result.stderr.replace("│", " ").split())

    @cached_property
    def ledger(self) -> DynamoLedger:
        """The plant's ledger."""
        return self.life.ledger()

    def overrides(self) -> list[Override]:
        """Return what was said, by model."""
        found = self.ledger.orders(self.clock.at).overrides
        return [each for name in sorted(found) for each in found[name]]


def _itself(life: Life) -> Respond:
    return life.respond


@contextmanager
def counter(
    of: Prepared,
    at: dt.datetime,
    through: Callable[[Life], Respond] = _itself,
) -> Iterator[Counter]:
    """Deploy a plant and serve it for as long as the block lasts; its schedules do not fire yet.

    ``through`` may put something between the deployment and those who ask.
    """
    clock = Standing(at)
    emulator = emulator_of(of.plant, clock, seed=1)
    for model in of.plant.models:
        emulator.add(model.target)
    with (
        living(of.plant, of.synthesis, emulator, RunningClock(clock, 1)) as life,
        serving(through(life)) as address,
    ):
        yield Counter(file=of.file, address=address, life=life, clock=clock)

"""What does a check have to say, and what does it look at?"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from cli.aws.obstacles import Unreachable
from cli.aws.reaching import Desk
from cli.aws.stacks import Stacks
from functions.services.spec import Account
from infra.names import stack_name
from punchclock.plants import Plant
from punchclock.ports import Book


class Level(StrEnum):
    """How something was found to be, the best first."""

    OK = "ok"
    NOTE = "note"
    """Nothing is wrong, but somebody should know."""
    UNSEEN = "unseen"
    """It could not be looked at."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found."""

    level: Level
    said: str
    remedy: str = ""
    """What would do; empty where nothing is to be done."""


def ok(said: str) -> Finding:
    """Find that something is as it should be."""
    return Finding(level=Level.OK, said=said)


def note(said: str, remedy: str = "") -> Finding:
    """Find something that somebody should know."""
    return Finding(level=Level.NOTE, said=said, remedy=remedy)


def wrong(said: str, remedy: str) -> Finding:
    """Find that something is not as it should be."""
    return Finding(level=Level.WRONG, said=said, remedy=remedy)


def unseen(said: str, remedy: str = "") -> Finding:
    """Find that something could not be looked at."""
    return Finding(level=Level.UNSEEN, said=f"could not be looked at: {said}", remedy=remedy)


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A plant as it is deployed, as far as the credentials of whoever asks reach."""

    plant: Plant
    desk: Desk
    file: Path

    @property
    def now(self) -> dt.datetime:
        """What AWS's clock shows."""
        return self.desk.caller.at

    @property
    def deploy(self) -> str:
        """What to type where something deployed is missing or old."""
        return f"make deploy PLANT={self.file}"

    @property
    def stack(self) -> str:
        """The name of the plant's stack."""
        return stack_name(self.plant)

    @cached_property
    def stacks(self) -> Stacks:
        """CloudFormation."""
        return Stacks(self.desk.client("cloudformation"))

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """What the stack tells of itself. Raises ``Unreachable`` where it is not there."""
        if self.desk.outputs is None:
            raise Unreachable(f"the stack {self.stack} is not there")
        return self.desk.outputs

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """Physical ids by logical id."""
        return self.stacks.resources(self.stack)

    @cached_property
    def book(self) -> Book:
        """What the ledger says is going on."""
        return self.desk.ledger().book()

    @property
    def at(self) -> Account:
        """Where the plant's ARNs lie."""
        caller = self.desk.caller
        partition = caller.who.split(":")[1]
        return Account(partition=partition, region=self.plant.region, account=caller.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question to a plant that is deployed."""

    name: str
    question: str
    look: Callable[[Patient], Iterable[Finding]]
    """Yields at least one finding. Raises ``Unreachable`` and what botocore and the adapters raise
    where it cannot look; what was found before counts."""
    needs: tuple[str, ...] = ()
    """IAM actions that it takes; docs/doctor.md has the policy of all of them."""
    anywhere: bool = False
    """Whether it may be asked in another account than the plant's."""

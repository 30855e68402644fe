"""How does a check say what is wrong, and where below the value it looked at?"""

from typing import NamedTuple, cast

from pydantic_core import PydanticCustomError

from plantfile.problems import Path

FAULT = "fault"
"""The type of the errors that are raised here, as pydantic lists it."""

UP = ".."
"""As the first part of a place: beside the value, not below it."""


class Fault(NamedTuple):
    """One thing that is wrong with a value or within it."""

    message: str
    at: Path = ()


def fault(message: str, *at: str | int) -> PydanticCustomError:
    """Return the error of one fault, to be raised by a validator."""
    return faults([Fault(message, at)])


def faults(found: list[Fault]) -> PydanticCustomError:
    """Return one error that carries several faults."""
    return PydanticCustomError(FAULT, "does not hold", {"faults": found})


def carried(context: dict[str, object]) -> list[Fault]:
    """Return the faults of an error's context."""
    return cast("list[Fault]", context["faults"])

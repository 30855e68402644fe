"""Which names are known: zones, holidays' countries, and those that a file gives itself?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated

import holidays
from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from functions.services.spec import Spec
from plantfile.faults import fault
from plantfile.problems import shown
from plantfile.suggestions import did_you_mean

_NAME = re.compile(r"\w[\w.-]{0,63}", re.ASCII)
_PLANT = re.compile(r"[a-z][a-z0-9-]{0,39}")
_REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]+){1,2}-[1-9][0-9]?")
_ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rest of the file says, as far as it can be read: every word is judged against it."""

    shifts: frozenset[str]
    calendars: frozenset[str]
    region: str | None
    account: str | None
    specs: Mapping[str, Spec]
    most_units: Mapping[str, int]
    """Units per model by service, where a limit is known."""


def around(info: ValidationInfo) -> Surroundings:
    """Return the surroundings that a validation was begun with."""
    if not isinstance(info.context, Surroundings):
        message = "a plant file is validated within its surroundings"
        raise TypeError(message)
    return info.context


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones, from the pinned data and not from this machine's."""
    listed = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return frozenset(listed) - {"Factory"}


@cache
def countries() -> Mapping[str, list[str]]:
    """Return the subdivisions of every country whose holidays are known, by its code."""
    return holidays.list_supported_countries(include_aliases=True)


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        message = (
            f"{shown(value)} is not a name: up to 64 letters, digits, '-', '_' and '.' would do"
        )
        raise fault(message)
    return value


def _plant(value: object) -> str:
    if not isinstance(value, str) or not _PLANT.fullmatch(value):
        hint = "1 to 40 of a-z, 0-9 and '-', beginning with a letter, as it names the stack"
        message = f"{shown(value)} is not a plant's name: {hint}"
        raise fault(message)
    return value


def _region(value: object) -> str:
    if not isinstance(value, str) or not _REGION.fullmatch(value):
        message = f"{shown(value)} is not a region of AWS: write it as eu-central-1"
        raise fault(message)
    return value


def account_of(value: object) -> str | None:
    """Return an account number as text, or None where it is not one without doubt."""
    text = str(value) if isinstance(value, int) else value
    # Exactly `str`: unquoted digits with a leading zero are another number to other readers.
    return text if type(text) is str and _ACCOUNT.fullmatch(text) else None


def _account(value: object) -> str:
    account = account_of(value)
    if account is None:
        hint = "in quotes, as a number loses its leading zeros"
        message = f"{shown(value)} is not an account: write its 12 digits {hint}"
        raise fault(message)
    return account


def _zone(value: object) -> str:
    if not isinstance(value, str) or value not in zones():
        hint = did_you_mean(str(value), zones()) or "; Europe/Berlin would do"
        message = f"{shown(value)} is not a time zone of the IANA list{hint}"
        raise fault(message)
    return value


def _holidays(value: object) -> str:
    country, _, subdivision = str(value).partition("-")
    if not isinstance(value, str) or country not in countries():
        hint = did_you_mean(country, countries()) or "; DE or DE-BY would do"
        message = f"{shown(value)}: no holidays are known of country {shown(country)}{hint}"
        raise fault(message)
    if subdivision not in countries()[country] and value != country:
        hint = did_you_mean(subdivision, countries()[country]) or f"; '{country}' alone would do"
        message = f"{shown(value)}: country {country} has no subdivision {shown(subdivision)}{hint}"
        raise fault(message)
    return value


def _shift(value: object, info: ValidationInfo) -> str:
    return _known(value, "shift", around(info).shifts)


def _calendar(value: object, info: ValidationInfo) -> str:
    return _known(value, "calendar", around(info).calendars)


def _service(value: object, info: ValidationInfo) -> str:
    return _known(value, "service", around(info).specs)


def _known(value: object, what: str, known: "frozenset[str] | Mapping[str, Spec]") -> str:
    name = str(value) if type(value) is int else value
    if not isinstance(name, str) or name not in known:
        hint = did_you_mean(str(value), known) or f"; write it under {what}s"
        message = f"{shown(value)} is not a known {what}{hint}"
        raise fault(message)
    return name


def _text(pattern: re.Pattern[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern.pattern})$"})


_REFERENCE = WithJsonSchema({"type": "string"})

Name = Annotated[str, BeforeValidator(_name), _text(re.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}"))]
PlantName = Annotated[str, BeforeValidator(_plant), _text(_PLANT)]
Region = Annotated[str, BeforeValidator(_region), _text(_REGION)]
AccountId = Annotated[
    str,
    BeforeValidator(_account),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]{12}$"},
                {"type": "integer", "minimum": 10**11, "maximum": 10**12 - 1},
            ],
            "examples": ["123456789012"],
        }
    ),
]
Zone = Annotated[
    str,
    BeforeValidator(_zone),
    WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "America/New_York"]}),
]
Holidays = Annotated[
    str,
    BeforeValidator(_holidays),
    WithJsonSchema({"type": "string", "examples": ["DE", "DE-BY", "US-CA"]}),
]
ShiftName = Annotated[str, BeforeValidator(_shift), _REFERENCE]
CalendarName = Annotated[str, BeforeValidator(_calendar), _REFERENCE]
ServiceName = Annotated[str, BeforeValidator(_service), _REFERENCE]

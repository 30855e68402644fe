"""What is said about what the definition does not allow, and where?"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from functions.services.spec import Spec
from plantfile import entries, times
from plantfile.faults import FAULT, UP, carried
from plantfile.nodes import Node
from plantfile.places import OF_KEY, empty, find
from plantfile.problems import Path, Problem, shown
from plantfile.schema import PlantFile
from plantfile.suggestions import did_you_mean
from punchclock.shifts import WEEKDAYS

_SECTIONS: dict[tuple[str, ...], type[BaseModel]] = {
    (): PlantFile,
    ("defaults",): entries.Defaults,
    ("defaults", "manual_runs"): entries.StopAfter,
    ("manual_runs",): entries.StopAfter,
    ("budget",): entries.Budget,
    ("quotas", "*"): entries.QuotaEntry,
    ("calendars", "*"): times.CalendarEntry,
    ("shifts", "*"): times.ShiftEntry,
    ("models", "*"): entries.ModelEntry,
    ("models", "*", "units"): entries.Bounds,
    ("models", "*", "manual_runs"): entries.StopAfter,
    ("models", "*", "shifts", "*", "*"): entries.ShiftUnits,
}
"""Which keys may be written where; ``*`` is a name that the file gives, or a place in a list."""

_NAMED = {"quotas", "calendars", "shifts", "models"}

_SAYINGS = {
    "model_type": "must be a mapping: keys with their values",
    "dict_type": "must be a mapping: keys with their values",
    "list_type": "must be a list: write it as [a, b]",
    "string_type": "must be a text: put it in quotes",
    "bool_type": "must be true or false",
}


def problems(
    error: ValidationError | None, root: Node, file: str, specs: Mapping[str, Spec]
) -> Iterator[Problem]:
    """Yield what a validation has found, and every key without a value."""
    blank = set(empty(root))
    for detail in error.errors(include_url=False, include_input=False) if error is not None else []:
        place = find(root, detail["loc"])
        if place.path in blank:
            if detail["type"] != "extra_forbidden":
                continue
            blank.remove(place.path)
        yield from _said(detail, root, file, specs)
    for path in blank:
        message = "is empty: write a value, or remove the key"
        yield find(root, path).problem(file, message, of_key=True)


def _said(
    detail: ErrorDetails, root: Node, file: str, specs: Mapping[str, Spec]
) -> Iterator[Problem]:
    loc = detail["loc"]
    place = find(root, loc)
    if detail["type"] == FAULT:
        for message, at in carried(detail["ctx"]):
            below = (*loc[:-1], *at[1:]) if at[:1] == (UP,) else (*loc, *at)
            yield find(root, below).problem(file, message, of_key=loc[-1:] == (OF_KEY,))
    elif detail["type"] == "extra_forbidden":
        message = _unknown(place.path, root, specs)
        yield place.problem(file, message, of_key=True)
    elif detail["type"] == "missing":
        message = f"is missing: {_meaning(place.path, root, specs)}"
        yield place.problem(file, message, of_key=True)
    else:
        yield place.problem(file, _spoken(detail, place.value))


def _spoken(detail: ErrorDetails, written: str | None) -> str:
    if detail["type"] == "literal_error":
        expected = detail["ctx"]["expected"]
        return f"{shown(written or 'this')} does not do: {expected} would do"
    said = _SAYINGS.get(detail["type"], detail["msg"][:1].lower() + detail["msg"][1:])
    return said if written is None else f"{shown(written)} {said}"


def _unknown(path: Path, root: Node, specs: Mapping[str, Spec]) -> str:
    key = str(path[-1])
    if key in WEEKDAYS:
        return (
            f"'{key}' is a weekday, not a key: within {{}} a comma ends a value,"
            ' so write days: "Mon,Wed" in quotes, or days: [Mon, Wed]'
        )
    if key.isdecimal():
        return f"'{key}' is not a key: write numbers without thousands separators"
    known = _keys(path[:-1], root, specs)
    return f"{shown(key)} is not a key here{did_you_mean(key, known)}"


def _meaning(path: Path, root: Node, specs: Mapping[str, Spec]) -> str:
    return _keys(path[:-1], root, specs).get(str(path[-1])) or "write it"


def _keys(path: Path, root: Node, specs: Mapping[str, Spec]) -> dict[str, str]:
    """Return the keys that may be written in a section, with their descriptions."""
    if path in {("rates",), ("quotas",)}:
        return dict.fromkeys(specs, "")
    kind = _SECTIONS.get(_shape(path))
    fields = kind.model_fields if kind is not None else {}
    keys = {each.alias or name: each.description or "" for name, each in fields.items()}
    if kind is entries.ModelEntry:
        service = find(root, (*path, "service")).value or ""
        named = [specs[service]] if service in specs else list(specs.values())
        keys |= {key.name: key.hint for spec in named for key in spec.keys}
    return keys


def _shape(path: Path) -> tuple[str, ...]:
    named = path[:1] != () and path[0] in _NAMED
    anonymous = {1, 3, 4} if named else set()
    return tuple("*" if at in anonymous else str(part) for at, part in enumerate(path))

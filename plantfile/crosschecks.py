"""What holds only for a file as a whole, or for several of its values together?

These look at what is written, not at what has been validated, so that one mistake hides no other.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from functions.services.spec import Spec
from plantfile.names import Surroundings, account_of
from plantfile.problems import Path, shown
from punchclock.errors import InvalidPlant
from punchclock.plants import MIN_UNITS, Target

MOST_RULES = 200
"""Recurrence rules that a file may have: the days of each, for fifty years, are kept in memory."""


class Finding(NamedTuple):
    """Something wrong at a place."""

    path: Path
    message: str


Section = Mapping[str, object]


def surroundings(data: Section, specs: Mapping[str, Spec]) -> Surroundings:
    """Return what single words are judged against, as far as the file can be read."""
    region = data.get("region")
    return Surroundings(
        shifts=frozenset(_section(data, "shifts")),
        calendars=frozenset(_section(data, "calendars")),
        region=region if isinstance(region, str) else None,
        account=account_of(data.get("account")),
        specs=specs,
        most_units=dict(_most_units(data, specs)),
    )


def findings(data: Section, around: Surroundings) -> Iterator[Finding]:
    """Yield all that is wrong, but for the hosted models themselves."""
    for place in _repeated(data.get("notify")):
        yield Finding(("notify", place), "stands twice: keep one")
    for name, entry in _section(data, "models").items():
        if isinstance(entry, Mapping):
            for path, message in _work(entry, around):
                yield Finding(("models", name, *path), message)
    yield from _default_units(data, around)
    yield from _prices(data, around)
    yield from _too_many_rules(data)


def targets(data: Section, specs: Mapping[str, Spec]) -> tuple[dict[str, Target], list[Finding]]:
    """Return by model name what it hosts, and where that cannot be or is another model's too.

    Half-written models are passed over.
    """
    hosted: dict[str, Target] = {}
    found: list[Finding] = []
    first: dict[str, str] = {}
    for name, entry in _section(data, "models").items():
        target = _target(name, entry, specs)
        if isinstance(target, Finding):
            found.append(target)
        elif target is not None:
            hosted[name] = target
            other = first.setdefault(target.id, name)
            if other != name:
                message = f"is the same hosted model as {shown(other)}: keep one of them"
                found.append(Finding(("models", name), message))
    return hosted, found


def _work(entry: Section, around: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with the units and shifts of one model."""
    service = _service(entry)
    quota = around.most_units.get(service)
    bounds: dict[Path, object] = {
        ("units", key): each for key, each in _section(entry, "units").items()
    }
    for path, units in [(("units",), entry.get("units")), *bounds.items()]:
        yield from _over_quota(path, units, service, quota)
    for place in _repeated(entry.get("shifts")):
        yield Finding(("shifts", place), "this shift stands twice: keep one")
    most = bounds.get(("units", "max"))
    for path, units in _shift_units(entry.get("shifts")):
        over = list(_over_quota(path, units, service, quota))
        yield from over
        if not over and type(units) is int and type(most) is int and units > most:
            message = f"{units} units are over the model's max {most}: raise units.max"
            yield Finding(path, message)


def _over_quota(path: Path, units: object, service: str, most: int | None) -> Iterator[Finding]:
    if type(units) is int and most is not None and units > most:
        message = f"{units} is too many: {MIN_UNITS} to {most} units would do"
        yield Finding(path, f"{message}, or another quotas.{service}.units_per_model")


def _shift_units(shifts: object) -> Iterator[tuple[Path, object]]:
    for place, item in enumerate(shifts if isinstance(shifts, list) else []):
        for name in item if isinstance(item, Mapping) else {}:
            yield ("shifts", place, name, "units"), _section(item, name).get("units")


def _repeated(items: object) -> Iterator[int]:
    """Yield the places where a list names what it has named before."""
    seen = set()
    for place, item in enumerate(items if isinstance(items, list) else []):
        name = next(iter(item), None) if isinstance(item, Mapping) else item
        if isinstance(name, str):
            if name in seen:
                yield place
            seen.add(name)


def _default_units(data: Section, around: Surroundings) -> Iterator[Finding]:
    """Yield default units that are too many for a service whose models rely on them."""
    units = _section(data, "defaults").get("units")
    models = _section(data, "models").values()
    relying = {
        _service(each) for each in models if isinstance(each, Mapping) and "units" not in each
    }
    for service in sorted(relying):
        yield from _over_quota(
            ("defaults", "units"), units, service, around.most_units.get(service)
        )


def _prices(data: Section, around: Surroundings) -> Iterator[Finding]:
    """Yield the models whose price nobody knows."""
    for name, entry in _section(data, "models").items():
        service = _service(entry)
        spec = around.specs.get(service)
        if spec is not None and spec.rate is None and service not in _section(data, "rates"):
            message = f"the price of {service} is not known: write it under rates.{service}"
            yield Finding(("models", name, "service"), message)


def _too_many_rules(data: Section) -> Iterator[Finding]:
    """Yield the first shift whose recurrence rule is one too many."""
    shifts = _section(data, "shifts").items()
    ruled = (name for name, entry in shifts if isinstance(entry, Mapping) and "rrule" in entry)
    for name in islice(ruled, MOST_RULES, MOST_RULES + 1):
        message = f"is one rule too many, after {MOST_RULES}: 'days' would do for most shifts"
        yield Finding(("shifts", name, "rrule"), message)


def _target(name: str, entry: object, specs: Mapping[str, Spec]) -> Target | Finding | None:
    spec = specs.get(_service(entry))
    if spec is None or not isinstance(entry, Mapping):
        return None
    keys = {key.name: _text(entry.get(key.name)) for key in spec.keys}
    if not all(key.pattern.fullmatch(keys[key.name]) for key in spec.keys):
        return None
    try:
        return spec.target(keys)
    except InvalidPlant as error:
        key, colon, message = str(error).partition(": ")
        if colon and key in keys:
            return Finding(("models", name, key), message)
        return Finding(("models", name), str(error))


def _section(data: object, key: str) -> Section:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _service(entry: object) -> str:
    service = entry.get("service") if isinstance(entry, Mapping) else None
    return service if isinstance(service, str) else ""


def _text(value: object) -> str:
    return str(value) if isinstance(value, str) or type(value) is int else ""


def _most_units(data: Section, specs: Mapping[str, Spec]) -> Iterator[tuple[str, int]]:
    for name, spec in specs.items():
        written = _section(_section(data, "quotas"), name).get("units_per_model")
        most = written if type(written) is int else spec.quota.units_per_model
        if most is not None:
            yield name, max(most, MIN_UNITS)

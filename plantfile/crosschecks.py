"""What holds only for a file as a whole: one model twice, defaults that a service does not allow?

These look at what is written, not at what has been validated, so that one mistake hides no other.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from functions.services.spec import Spec
from plantfile.names import Surroundings, account_of
from plantfile.problems import Path, shown
from punchclock.errors import InvalidPlant
from punchclock.plants import MIN_UNITS, Target


class Finding(NamedTuple):
    """Something wrong at a place."""

    path: Path
    message: str


Section = Mapping[str, object]


def surroundings(data: Section, specs: Mapping[str, Spec]) -> Surroundings:
    """Return what single words are judged against, as far as the file can be read."""
    region = data.get("region")
    return Surroundings(
        shifts=frozenset(section(data, "shifts")),
        calendars=frozenset(section(data, "calendars")),
        region=region if isinstance(region, str) else None,
        account=account_of(data.get("account")),
        specs=specs,
        most_units=dict(_most_units(data, specs)),
    )


def section(data: object, key: str) -> Section:
    """Return a mapping below a key; an empty one where there is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def targets(data: Section, specs: Mapping[str, Spec]) -> Iterator[tuple[str, Target | Finding]]:
    """Yield by model name what it hosts, or why that cannot be; nothing for half-written models."""
    for name, entry in section(data, "models").items():
        service = entry.get("service") if isinstance(entry, Mapping) else None
        spec = specs.get(service) if isinstance(service, str) else None
        if spec is None or not isinstance(entry, Mapping):
            continue
        keys = {key.name: _text(entry.get(key.name)) for key in spec.keys}
        if all(key.pattern.fullmatch(keys[key.name]) for key in spec.keys):
            yield name, _target(name, spec, keys)


def twice(hosted: Mapping[str, Target]) -> Iterator[Finding]:
    """Yield the models that are another model's under a second name."""
    first: dict[str, str] = {}
    for name, target in hosted.items():
        if target.id in first:
            message = f"is the same hosted model as {shown(first[target.id])}: keep one of them"
            yield Finding(("models", name), message)
        first.setdefault(target.id, name)


def defaults(data: Section, around: Surroundings) -> Iterator[Finding]:
    """Yield defaults that a service does not allow, and rates that nobody knows."""
    units = section(data, "defaults").get("units")
    reported = set()
    for name, entry in section(data, "models").items():
        service = entry.get("service") if isinstance(entry, Mapping) else None
        if not isinstance(service, str) or service not in around.specs:
            continue
        most = around.most_units.get(service)
        if (
            type(units) is int
            and most is not None
            and units > most
            and "units" not in section(data["models"], name)
        ):
            reported.add((service, most))
        if around.specs[service].rate is None and service not in section(data, "rates"):
            message = f"the price of {service} is not known: write it under rates.{service}"
            yield Finding(("models", name, "service"), message)
    for service, most in sorted(reported):
        message = f"{units} is too many for {service}: {MIN_UNITS} to {most} units would do"
        yield Finding(("defaults", "units"), message)


def _target(name: str, spec: Spec, keys: Mapping[str, str]) -> Target | Finding:
    try:
        return spec.target(keys)
    except InvalidPlant as error:
        key, colon, message = str(error).partition(": ")
        if colon and key in keys:
            return Finding(("models", name, key), message)
        return Finding(("models", name), str(error))


def _text(value: object) -> str:
    return str(value) if isinstance(value, str) or type(value) is int else ""


def _most_units(data: Section, specs: Mapping[str, Spec]) -> Iterator[tuple[str, int]]:
    for name, spec in specs.items():
        written = section(section(data, "quotas"), name).get("units_per_model")
        most = written if type(written) is int else spec.quota.units_per_model
        if most is not None:
            yield name, max(most, MIN_UNITS)

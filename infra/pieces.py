"""What is in an asset, for every plant? Libraries as they are pinned, and our own code.

It comes from the installed distributions, which must be the ones of ``requirements-asset.txt`` in
every byte, and from the checkout.
"""

import base64
import csv
import functools
import gzip
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from functions.services.catalog import SPECS

ROOT = Path(__file__).resolve().parents[1]

PINS = ROOT / "requirements-asset.txt"

SERVICES = frozenset({"cloudformation", "cloudwatch", "dynamodb", "lambda", "sns", *SPECS})
"""Services whose descriptions are taken along: those that the functions call. What botocore does
not describe, as Lookout for Vision, lies beside its adapter."""

Pieces = Mapping[str, bytes]
"""Files by place, with ``/``, ascending."""

PACKAGES = ("punchclock", "functions")
"""Our own code that runs in Lambda."""

_CODE = frozenset({".py", ".json"})

_NOT_RUN = frozenset(
    {
        # A web framework with pages of its own, a fifth of the asset.
        ("aws_lambda_powertools", "event_handler"),
    }
)
"""Parts of libraries that the functions never load: a package and one within it."""


class WrongVersion(Exception):
    """An installed distribution is not the pinned one."""


@functools.cache
def common(pins: Path = PINS) -> Pieces:
    """Return what is the same for all plants.

    Raises ``WrongVersion`` when a library is missing, is not the pinned one or was changed.
    """
    return MappingProxyType(dict(sorted([*_libraries(pins), *_code()])))


def distributions(pins: Path = PINS) -> Iterator[Distribution]:
    """Yield the libraries that are pinned. Raises ``WrongVersion`` like ``common``."""
    for line in pins.read_text(encoding="utf-8").splitlines():
        requirement = line.removesuffix("\\").split(";")[0].strip()
        name, pinned, version = requirement.partition("==")
        if pinned and not line.startswith((" ", "#")):
            yield _installed(name, version, pins.name)


def _libraries(pins: Path) -> Iterator[tuple[str, bytes]]:
    for found in distributions(pins):
        yield from _files(found)


def _installed(name: str, version: str, pins: str) -> Distribution:
    try:
        found = distribution(name)
    except ModuleNotFoundError as error:
        message = f"{name} {version} of {pins} is not installed; make setup installs it"
        raise WrongVersion(message) from error
    if found.version != version:
        message = (
            f"{name} {found.version} is installed, but {pins} pins {version};"
            f" make setup installs it"
        )
        raise WrongVersion(message)
    if "Root-Is-Purelib: true" not in (found.read_text("WHEEL") or ""):
        message = f"{name} {version} has compiled parts, which would not run in Lambda"
        raise WrongVersion(message)
    return found


def _files(found: Distribution) -> Iterator[tuple[str, bytes]]:
    for place, recorded, _ in csv.reader((found.read_text("RECORD") or "").splitlines()):
        if not _wanted(PurePosixPath(place)):
            continue
        content = Path(str(found.locate_file(place))).read_bytes()
        if recorded != _digest(content):
            message = (
                f"{place} of {found.name} {found.version} is not as it was installed;"
                f" make clean setup installs it anew"
            )
            raise WrongVersion(message)
        yield _cut(place, content)


def _digest(content: bytes) -> str:
    """Return a digest as a RECORD spells it. Source: PyPA, "Recording installed projects"."""
    return f"sha256={base64.urlsafe_b64encode(sha256(content).digest()).decode().rstrip('=')}"


def _wanted(place: PurePosixPath) -> bool:
    """Whether a library's file is needed to run: no bytecode, scripts, examples, other services.

    No bytecode, because only that of Lambda's own Python would be of use there, and the asset would
    not be the same on a machine that has another.
    """
    parts = place.parts
    if place.suffix == ".pyc" or parts[0] == ".." or parts[0].endswith(".dist-info"):
        return False
    if parts[:2] in _NOT_RUN or place.name == "examples-1.json":
        return False
    if parts[:2] == ("botocore", "data"):
        return len(parts) == 3 or parts[2] in SERVICES  # noqa: PLR2004 - botocore/data/<file>
    return True


def _cut(place: str, content: bytes) -> tuple[str, bytes]:
    """Leave out of botocore's data what no client asks for, but each cold start would read.

    Compressed files come out plain, because not every machine compresses to the same bytes.
    """
    if place == "botocore/data/endpoints.json":
        return place, _dense(_endpoints(json.loads(content)))
    if place.startswith("botocore/data/") and place.endswith("service-2.json.gz"):
        said = json.loads(gzip.decompress(content), object_hook=_undocumented)
        return place.removesuffix(".gz"), _dense(said)
    return place, content


def _endpoints(said: dict[str, Any]) -> dict[str, Any]:
    """Leave the services in use; partitions keep their regions, defaults and suffixes."""
    for partition in said["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in SERVICES}
    return said


def _undocumented(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out the prose, which is most of a description. A member called so is no text."""
    return {
        key: value
        for key, value in said.items()
        if key != "documentation" or not isinstance(value, str)
    }


def _dense(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def _code() -> Iterator[tuple[str, bytes]]:
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*"):
            if source.suffix in _CODE and not source.name.startswith("."):
                yield source.relative_to(ROOT).as_posix(), source.read_bytes()

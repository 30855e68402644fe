"""What do the functions of a plant run? One folder: libraries, our code and the compiled plant.

It is put together from the installed distributions, whose versions must be those of
``requirements-asset.txt``; no Docker, no network. What is the same for all plants is copied once
and linked into the folder of each. A folder is named after what it is made of, so that it never
changes and two processes may build the same one at once.
"""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath

from plantfile.compile import compiled
from punchclock.plants import Plant

ROOT = Path(__file__).resolve().parents[1]

PINS = ROOT / "requirements-asset.txt"

PLANT = "plant.json"
"""The compiled plant, at the top of the asset."""

SERVICES = frozenset({"cloudwatch", "dynamodb", "lambda", "rekognition", "sns", "sts"})
"""Services whose descriptions are taken along: those that the functions call. That of Lookout for
Vision is our own and lies beside its adapter."""

_OURS = ("punchclock", "functions")


class WrongVersion(Exception):
    """An installed distribution is not the pinned one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A folder for Lambda."""

    path: Path
    digest: str
    """Changes when anything in it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One file of the asset."""

    source: Path
    place: str
    digest: str


def build(plant: Plant, room: Path | None = None, pins: Path = PINS) -> Asset:
    """Return the asset of a plant, made in a folder ``room`` unless it is there already.

    Raises ``WrongVersion`` when a library is missing or is not the pinned one.
    """
    room = room or _room()
    pieces = sorted([*_libraries(pins), *_code()], key=lambda piece: piece.place)
    stamp = _digest(f"{piece.place} {piece.digest}" for piece in pieces)
    text = compiled(plant)
    digest = _digest([stamp, text])
    path = room / f"{plant.name}-{digest[:16]}"
    if not path.exists():
        common = _common(room, stamp, pieces)
        with _draft(path) as draft:
            shutil.copytree(common, draft, copy_function=os.link, dirs_exist_ok=True)
            (draft / PLANT).write_text(text, encoding="utf-8")
    return Asset(path=path, digest=digest)


def _room() -> Path:
    """Where assets are built: in the checkout, or in a temporary folder where it is read-only."""
    if os.access(ROOT, os.W_OK):
        return ROOT / "build" / "lambda"
    return Path(tempfile.gettempdir()) / "punchclock-lambda"


def _libraries(pins: Path) -> Iterator[_Piece]:
    for line in pins.read_text(encoding="utf-8").splitlines():
        requirement = line.removesuffix("\\").split(";")[0].strip()
        name, pinned, version = requirement.partition("==")
        if pinned and not line.startswith((" ", "#")):
            yield from _files(_installed(name, version, pins.name))


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


def _files(found: Distribution) -> Iterator[_Piece]:
    home = Path(str(found.locate_file("")))
    for place, digest, _ in csv.reader((found.read_text("RECORD") or "").splitlines()):
        if _wanted(PurePosixPath(place)):
            yield _Piece(source=home / place, place=place, digest=digest)


def _wanted(place: PurePosixPath) -> bool:
    """Whether a library's file is needed to run: no bytecode, scripts, examples, other services."""
    parts = place.parts
    if place.suffix == ".pyc" or parts[0] == ".." or parts[0].endswith(".dist-info"):
        return False
    if parts[:2] == ("boto3", "examples") or place.name == "examples-1.json":
        return False
    if parts[:2] in {("botocore", "data"), ("boto3", "data")}:
        return len(parts) == 3 or parts[2] in SERVICES  # noqa: PLR2004 - <library>/data/<file>
    return True


def _code() -> Iterator[_Piece]:
    for package in _OURS:
        for source in (ROOT / package).rglob("*"):
            if source.is_file() and source.suffix != ".pyc":
                place = source.relative_to(ROOT).as_posix()
                yield _Piece(
                    source=source, place=place, digest=sha256(source.read_bytes()).hexdigest()
                )


def _common(room: Path, stamp: str, pieces: list[_Piece]) -> Path:
    path = room / f"common-{stamp[:16]}"
    if not path.exists():
        with _draft(path) as draft:
            for piece in pieces:
                target = draft / piece.place
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(piece.source, target)
    return path


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Yield a folder that gets its name once it is finished, unless another process was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix="draft-"))
    try:
        yield draft
        draft.chmod(0o755)
        draft.rename(path)
    except OSError:
        if not path.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _digest(texts: Iterable[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()

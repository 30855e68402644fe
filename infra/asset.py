"""What do the functions of a plant run? One folder: libraries, our code and the compiled plant.

No Docker, no network. Names, contents, modes and times of its files are functions of the commit, so
that it has one hash on every machine.

What is the same for all plants is written once and linked into the folder of each. A folder is
named after what it is made of, so that two processes may build the same one at once; one in which
something has run, or which somebody has edited, is made anew.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from infra.pieces import PINS, ROOT, Pieces, common
from plantfile.compile import compiled
from punchclock.plants import Plant

PLANT = "plant.json"
"""The compiled plant, at the top of the asset."""

BORN = 946_684_800
"""When every file was changed last, in seconds of Unix: at the turn of the century."""

READABLE = 0o644
"""The mode of every file. Lambda is another user than the one who builds, whose umask may keep what
he writes to himself."""

_OPEN = 0o755
"""The mode of every folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A folder for Lambda."""

    path: Path
    digest: str
    """Changes when a file in it changes, and with nothing else."""


def build(plant: Plant, room: Path | None = None, pins: Path = PINS) -> Asset:
    """Return the asset of a plant, made in a folder ``room`` unless it is there already.

    Raises ``WrongVersion`` when a library is missing, is not the pinned one or was changed.
    """
    room = room or _room()
    shared = common(pins)
    whole = {**shared, PLANT: compiled(plant).encode()}
    digest = _digest(whole)
    pool = room / f"common-{_digest(shared)[:16]}"
    path = room / f"{plant.name}-{digest[:16]}"
    _provide(pool, shared, _write)
    _provide(path, whole, partial(_link, pool))
    return Asset(path=path, digest=digest)


def _room() -> Path:
    """Where assets are built: in the checkout, or in a temporary folder where it is read-only."""
    if os.access(ROOT, os.W_OK):
        return ROOT / "build" / "lambda"
    return Path(tempfile.gettempdir()) / "punchclock-lambda"


def _digest(pieces: Pieces) -> str:
    lines = (f"{place} {sha256(pieces[place]).hexdigest()}" for place in sorted(pieces))
    return sha256("\n".join(lines).encode()).hexdigest()


def _provide(path: Path, pieces: Pieces, make: Callable[[Path, Pieces], None]) -> None:
    """Make a folder of pieces, unless it is there just as it would be made."""
    if path.exists():
        if _intact(path, pieces):
            return
        with _draft(path) as aside, suppress(FileNotFoundError):
            path.rename(aside / "spoiled")
    with _draft(path) as draft:
        make(draft, pieces)
        draft.rename(path)


def _intact(path: Path, pieces: Pieces) -> bool:
    """Whether a folder has these files alone, unchanged since they were made."""
    found = {}
    for folder, _, names in os.walk(path):
        for name in names:
            status = Path(folder, name).stat()
            place = Path(folder, name).relative_to(path).as_posix()
            found[place] = (status.st_size, int(status.st_mtime), status.st_mode & 0o777)
    return found == {place: (len(pieces[place]), BORN, READABLE) for place in pieces}


def _write(draft: Path, pieces: Pieces) -> None:
    for place, content in pieces.items():
        target = _place(draft, place)
        target.write_bytes(content)
        target.chmod(READABLE)
        os.utime(target, (BORN, BORN))


def _link(pool: Path, draft: Path, pieces: Pieces) -> None:
    """Link what lies in a pool, and write the rest."""
    for place in pieces.keys() - {PLANT}:
        os.link(pool / place, _place(draft, place))
    _write(draft, {PLANT: pieces[PLANT]})


def _place(draft: Path, place: str) -> Path:
    """Return where a file goes, and make the folders on the way."""
    target = draft / place
    for parent in reversed(target.relative_to(draft).parents[:-1]):
        if not (draft / parent).exists():
            (draft / parent).mkdir()
            (draft / parent).chmod(_OPEN)
    return target


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Yield a folder beside a path, which is left to another process where that was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix="draft-"))
    draft.chmod(_OPEN)
    try:
        yield draft
    except OSError:
        if not path.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)

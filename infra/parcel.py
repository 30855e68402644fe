"""What does an asset weigh when it is deployed? Zipped, the same bytes wherever it is done.

``python -m infra.parcel PLANT...`` builds the asset of each plant file and prints hash and size; so
does ``make asset``.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from infra import asset
from infra.pieces import WrongVersion
from plantfile.problems import InvalidFile
from plantfile.reader import read_all
from punchclock.plants import Plant

BOUND_BYTES = 5_000_000
"""What an asset may weigh at most."""

_DATE = (2000, 1, 1, 0, 0, 0)


def zipped(folder: Path) -> bytes:
    """Return a folder as a zip: files by name, without anything of the machine or the day."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # As on Unix, whatever builds it: a regular file with its permissions.
            entry.create_system = 3
            entry.external_attr = (0o100000 | asset.READABLE) << 16
            archive.writestr(entry, path.read_bytes())
    return made.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and print; return 1, after saying why, where an asset cannot be built or is too big."""
    asked = argparse.ArgumentParser(description="build what Lambda runs, one folder per plant")
    asked.add_argument("files", metavar="PLANT", type=Path, nargs="+")
    try:
        weights = [_told(plant) for plant in read_all(asked.parse_args(arguments).files)]
    except (InvalidFile, WrongVersion) as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a program
        return 1
    return int(max(weights) > BOUND_BYTES)


def _told(plant: Plant) -> int:
    built = asset.build(plant)
    weight = len(zipped(built.path))
    size = f"{weight / 1e6:.2f} of {BOUND_BYTES / 1e6:.0f} MB zipped"
    print(f"{plant.name}: {built.digest}, {size}, {built.path}")  # noqa: T201 - likewise
    return weight


if __name__ == "__main__":
    sys.exit(main())

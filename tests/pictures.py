"""Take the pictures of the documentation anew: ``python -m tests.pictures``, or ``make pictures``.

They show the sample plant as its pages do: a week in which the clocks change, a rehearsed day, and
the same on a phone at night. Text looks as the fonts of the machine have it.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import browser
from tests.browser import PHONE, Scheme, asked, browsing, show

PLANT = "plants/springfield.yaml"
FOLDER = Path("docs/pictures")
_MARGIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One file of the documentation."""

    name: str
    command: tuple[str, ...]
    """What is typed; ``--html FILE`` is added."""
    width: int = 1280
    scheme: Scheme = "light"
    whole: bool = True
    """Whether with all that is above the week."""


WEEK = ("plan", PLANT, "--from", "2026-03-23", "--to", "2026-03-30")
DAY = ("rehearse", PLANT, "--from", "2026-03-02", "--to", "2026-03-03")

PICTURES = (
    Picture(name="week", command=WEEK),
    Picture(name="rehearsed-day", command=DAY),
    Picture(name="phone", command=DAY, width=PHONE, scheme="dark", whole=False),
)


def main() -> None:
    """Write all pictures, and print what was written."""
    missing = browser.missing()
    if missing:
        sys.exit(missing)
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, browsing() as chrome:
        pages: dict[tuple[str, ...], Path] = {}
        for each in PICTURES:
            if each.command not in pages:
                pages[each.command] = Path(folder) / f"{each.name}.html"
                _write(each.command, pages[each.command])
            show(chrome, pages[each.command], width=each.width, scheme=each.scheme)
            week = asked(chrome, "return document.querySelector('.week').getBoundingClientRect()")
            top = 0 if each.whole else week["top"] - _MARGIN
            height = week["bottom"] + _MARGIN - top
            file = FOLDER / f"{each.name}.png"
            file.write_bytes(browser.picture(chrome, top=top, height=height))
            sys.stdout.write(f"{file}: {file.stat().st_size:,} bytes\n")


def _write(command: tuple[str, ...], page: Path) -> None:
    words = [sys.executable, "-c", "from cli.main import main; main()", *command]
    subprocess.run([*words, "--html", str(page)], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()

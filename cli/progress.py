"""How far long work has come, told on stderr where somebody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import Progress


@contextmanager
def progressing(what: str = "rehearsing") -> Iterator[Callable[[str], None]]:
    """Yield what takes where the work is now."""
    watched = sys.stderr.isatty()
    with Progress(transient=True, disable=not watched, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda where: progress.update(task, description=f"{what} {where}")


@contextmanager
def working(what: str, to: TextIO | None = None) -> Iterator[None]:
    """Show what goes on for as long as the block lasts."""
    shown = to or sys.stderr
    if not shown.isatty():
        yield
        return
    with Console(file=shown).status(what):
        yield

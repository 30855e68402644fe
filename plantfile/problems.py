"""What is wrong with a plant file, where, and what would do?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from punchclock.errors import InvalidPlant

Severity = Literal["error", "warning", "note"]

Path = tuple[str | int, ...]
"""Where a value lies in its file: keys and places in lists, from the outside in."""

WHOLE_FILE = "(file)"
"""The key of a problem that is not about one key."""

_LONGEST = 60
"""Characters of a value that are shown; a value can be as long as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, or worth knowing, at one place."""

    file: str
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    key: str
    """Dotted path, for example ``models.paint.shifts[1].night.units``."""
    value: str | None
    """As it is written in the file; None where nothing is written or it is not one word."""
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return it on one line, the way compilers do."""
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.column}: {self.key}: {mark}{self.message}"

    def as_json(self) -> dict[str, object]:
        """Return it as every command prints it with ``--json``."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "value": self.value,
            "message": self.message,
            "severity": self.severity,
        }


class InvalidFile(InvalidPlant):
    """Plant files do not hold: all that is wrong with them, in the order of reading."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort the problems by place within their files, and drop what is said twice."""
        self.problems = tuple(dict.fromkeys(sorted(problems, key=_place)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(path: Path) -> str:
    """Write a path with dots and brackets: ``models.paint.shifts[1].night``."""
    parts = [f"[{each}]" if isinstance(each, int) else f".{printable(each)}" for each in path]
    return "".join(parts).removeprefix(".") or WHOLE_FILE


def shown(value: object) -> str:
    """Write a value in quotes, on one line, shortened where it is long."""
    return f"'{printable(str(value))}'"


def printable(text: str) -> str:
    """Write a text on one line, shortened where it is long."""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def _place(problem: Problem) -> tuple[str, int, int]:
    return problem.file, problem.line, problem.column

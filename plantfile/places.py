"""Where in the file is the value that a check speaks of?"""

from collections.abc import Iterator
from dataclasses import dataclass

from plantfile import scalars
from plantfile.nodes import Mapping, Node, Sequence, Word
from plantfile.problems import Path, Problem, dotted, printable

OF_KEY = "[key]"
"""What pydantic adds to the place of a mapping's value when it speaks of the key."""

_TAG = "="
"""How the tags begin that tell a value's forms apart: they are no part of the file."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the file, or the place where it is missing."""

    line: int
    column: int
    path: Path
    node: Node | None
    """None where nothing is written."""
    key: Word | None
    """The key that it has, where it has one."""

    @property
    def value(self) -> str | None:
        """The word as it is written."""
        return printable(self.node.text) if isinstance(self.node, Word) else None

    def problem(self, file: str, message: str, *, of_key: bool = False) -> Problem:
        """Return a problem of the value, or of its key."""
        word = self.key if of_key and self.key is not None else None
        return Problem(
            file=file,
            line=word.line if word else self.line,
            column=word.column if word else self.column,
            key=dotted(self.path),
            value=printable(word.text) if word else self.value,
            message=message,
        )


def find(root: Node, path: Path) -> Place:
    """Return the place of a path, whose last parts may be missing in the file.

    A word is where it stands; a list or mapping is where its key stands; what is missing is where
    the mapping is that should hold it.
    """
    place = Place(1, 1, (), root, None)
    for part in path:
        inner = _within(place.node, part)
        if inner is not None:
            key, node = inner
            stands = node if isinstance(node, Word) or key is None else key
            place = Place(stands.line, stands.column, (*place.path, part), node, key)
        elif part != OF_KEY and not str(part).startswith(_TAG):
            place = Place(place.line, place.column, (*place.path, part), None, place.key)
    return place


def empty(root: Node) -> Iterator[Path]:
    """Yield the paths where a value is missing after its key or in a list."""
    todo: list[tuple[Path, Node]] = [((), root)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, Mapping):
            todo += [((*path, key), value) for key, (_, value) in node.entries.items()]
        elif isinstance(node, Sequence):
            todo += [((*path, place), item) for place, item in enumerate(node.items)]
        elif isinstance(node, Word) and node.plain and scalars.meaning(node.text) is None:
            yield path


def _within(node: Node | None, part: str | int) -> tuple[Word | None, Node] | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.entries.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return None, node.items[part]
    return None

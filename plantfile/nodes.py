"""Which words does a YAML text hold, and where does each of them stand?

A tree is built from the parser's events, so that depth, aliases and duplicate keys are judged while
the text is read, before anything is unfolded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml  # type: ignore[import-untyped]

from plantfile import scalars
from plantfile.problems import WHOLE_FILE, InvalidFile, Path, Problem, dotted, shown

DEEPEST = 20
"""Levels; a plant file has seven."""

MOST_NODES = 150_000
"""Words of a file, counting each time an alias repeats them; 2,000 models have about 50,000."""

# libyaml reads a big plant in a tenth of a second, its sibling in Python in two.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(slots=True, eq=False)
class Node:
    """A word, list or mapping of the file."""

    line: int
    column: int
    size: int = 1
    """Nodes in it, itself included, aliases unfolded."""
    height: int = 1
    """Levels in it, itself included, aliases unfolded."""


@dataclass(slots=True, eq=False)
class Word(Node):
    """A scalar."""

    text: str = ""
    plain: bool = True
    """Whether it stands without quotes, so that it may mean a number."""


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """A list."""

    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """Keys with their values."""

    entries: dict[str, tuple[Word, Node]] = field(default_factory=dict)


def value_of(node: Node) -> object:
    """Return a tree as dictionaries, lists and what its words mean."""
    if isinstance(node, Word):
        return scalars.meaning(node.text) if node.plain else node.text
    if isinstance(node, Mapping):
        return {key: value_of(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    return None


def compose(text: str, name: str) -> tuple[Node, list[Problem]]:
    """Return the tree of a text, and what is wrong with its keys.

    Raises ``InvalidFile`` where there is no tree: a syntax error, nothing at all, several
    documents, endless or too many or too deep nodes.
    """
    composer = _Composer(name)
    try:
        composer.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise composer.stop(line, column, _friendly(error, text, line)) from error
    if composer.root is None:
        raise composer.stop(1, 1, "is empty: a plant file begins with 'plant: <name>'")
    return composer.root, composer.problems


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read."""

    node: Sequence | Mapping
    anchor: str | None
    path: Path
    key: Word | None = None
    odd_key: bool = False


@dataclass(slots=True)
class _Composer:
    """Builds the tree event by event."""

    name: str
    root: Node | None = None
    documents: int = 0
    problems: list[Problem] = field(default_factory=list)
    _frames: list[_Frame] = field(default_factory=list)
    _anchors: dict[str, Node] = field(default_factory=dict)

    def read(self, events: Iterator[yaml.Event]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._begin_document(event)
            elif isinstance(event, yaml.NodeEvent):
                self._check_tag(event)
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()

    def stop(self, line: int, column: int, message: str) -> InvalidFile:
        path = self._path() if self._frames else ()
        return InvalidFile([*self.problems, self._problem(line, column, path, None, message)])

    def _begin_document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            place = event.start_mark
            message = "holds several documents: one plant per file, so '---' may stand once"
            raise self.stop(place.line + 1, place.column + 1, message)

    def _check_tag(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag not in _TAGS:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            message = f"tag {shown(tag)} means nothing here: remove it"
            self.problems.append(self._problem(line, column, self._path(), None, message))

    def _begin(self, event: yaml.NodeEvent) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            self._keep(Word(line, column, text=event.value, plain=plain), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._repeat(event.anchor, line, column)
        else:
            if len(self._frames) >= DEEPEST:
                raise self.stop(line, column, f"nested deeper than {DEEPEST} levels")
            kind = Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
            self._frames.append(_Frame(kind(line, column), event.anchor, self._path()))

    def _repeat(self, anchor: str, line: int, column: int) -> None:
        if any(frame.anchor == anchor for frame in self._frames):
            raise self.stop(line, column, f"alias '*{anchor}' lies within what it repeats")
        if anchor not in self._anchors:
            raise self.stop(
                line, column, f"alias '*{anchor}' repeats nothing: no '&{anchor}' above"
            )
        node = self._anchors[anchor]
        if len(self._frames) + node.height > DEEPEST:
            raise self.stop(line, column, f"alias '*{anchor}' nests deeper than {DEEPEST} levels")
        self._keep(node, None, (line, column))

    def _end(self) -> None:
        frame = self._frames.pop()
        self._keep(frame.node, frame.anchor)

    def _keep(self, node: Node, anchor: str | None, place: tuple[int, int] | None = None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._frames:
            self.root = node
            return
        frame = self._frames[-1]
        outer = frame.node
        outer.size += node.size
        outer.height = max(outer.height, node.height + 1)
        if outer.size > MOST_NODES:
            message = f"holds more than {MOST_NODES} values, aliases unfolded: split the plant"
            raise self.stop(*(place or (node.line, node.column)), message)
        if isinstance(outer, Sequence):
            outer.items.append(node)
        else:
            self._keep_entry(frame, outer, node)

    def _keep_entry(self, frame: _Frame, outer: Mapping, node: Node) -> None:
        if frame.odd_key:
            frame.odd_key = False
        elif frame.key is not None:
            key, frame.key = frame.key, None
            first = outer.entries.setdefault(key.text, (key, node))
            if first[0] is not key:
                message = f"written twice, first in line {first[0].line}: keep one"
                path = (*frame.path, key.text)
                self.problems.append(self._problem(key.line, key.column, path, None, message))
        elif isinstance(node, Word):
            frame.key = node
        else:
            frame.odd_key = True
            message = "a key must be one word, not a list or mapping"
            self.problems.append(self._problem(node.line, node.column, frame.path, None, message))

    def _path(self) -> Path:
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if isinstance(frame.node, Sequence):
            return (*frame.path, len(frame.node.items))
        return (*frame.path, frame.key.text) if frame.key is not None else frame.path

    def _problem(
        self, line: int, column: int, path: Path, value: str | None, message: str
    ) -> Problem:
        key = dotted(path) if path else WHOLE_FILE
        return Problem(
            file=self.name, line=line, column=column, key=key, value=value, message=message
        )


_ADVICE = {
    "cannot start any token": "quote texts that begin with a special sign",
    "tab character": "indent with spaces, not with tabs",
    "mapping values are not allowed": "quote texts that contain ': ', and check the indentation",
    "did not find expected ',' or ']'": "a list needs its closing ']' and commas between its items",
    "did not find expected ',' or '}'": "a mapping needs its closing '}' and commas between keys",
    "unexpected end of stream": "a quote or bracket is not closed",
    "did not find expected key": "check the indentation of this line and the lines above",
    "could not find expected ':'": "a key needs ': ' and a value after it",
}


def _friendly(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    problem = " ".join(str(error.problem or error.context or "unreadable").split())
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return f"YAML: {problem}; {_ADVICE['tab character']}"
    begun = error.context_mark
    if begun is not None and begun.line + 1 != line:
        problem = f"{problem} (of what begins in line {begun.line + 1})"
    advice = next((hint for sign, hint in _ADVICE.items() if sign in problem), "check this line")
    return f"YAML: {problem}; {advice}"

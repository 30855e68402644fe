"""What do the functions write and send? Read from the calls in their source."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import functions
from functions import journal


def metrics() -> set[str]:
    """Return the names of the metrics that some function sends.

    The journal's constants are read wherever they are used; those that look like AWS's own names
    are metrics, the names of events are words in small letters.
    """
    return {
        name
        for module in _modules()
        for node in ast.walk(module)
        for name in _constant(node)
        if re.fullmatch(r"([A-Z][a-z]+)+", name)
    }


def lines() -> dict[str, set[str]]:
    """Return the fields of the journal's lines by event, as the functions write them.

    Read from the calls in their source: the constant of the event comes first, the fields by name;
    what is bound beforehand with ``partial`` goes with every event of the same function.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for module in _modules():
        for each in ast.walk(module):
            if isinstance(each, ast.FunctionDef):
                calls = [node for node in ast.walk(each) if isinstance(node, ast.Call)]
                bound = {
                    word.arg
                    for call in calls
                    if _name(call.func) == "partial"
                    for word in call.keywords
                    if word.arg
                }
                for call in calls:
                    for event in _events(call):
                        found[event] |= bound | {word.arg for word in call.keywords if word.arg}
    return found


def _modules() -> Iterator[ast.Module]:
    for source in Path(functions.__path__[0]).glob("*.py"):
        yield ast.parse(source.read_text(encoding="utf-8"))


def _events(call: ast.Call) -> Iterator[str]:
    if _name(call.func) in {"note", "warn"} and call.args:
        for node in ast.walk(call.args[0]):
            yield from _constant(node)


def _constant(node: ast.AST) -> Iterator[str]:
    """Yield the text of a constant of the journal, where a node is one."""
    if isinstance(node, ast.Attribute) and _name(node.value) == "events":
        yield str(getattr(journal, node.attr))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

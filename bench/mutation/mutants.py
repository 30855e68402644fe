"""Which small mistakes could somebody make in a module? Each is a mutant: it, with one change.

The operators are the classical ones (relations, logic, arithmetic, constants, dropped statements,
branches forced to one side) and a few that this code asks for: elements of tables left out, keyword
arguments left out, the pairs of functions that are easily mistaken for each other.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from itertools import chain
from typing import Any

_SHOWN = 90
"""Characters of a change that are shown."""

_RELATIONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

_ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

_MISTAKEN: Mapping[str, str] = {
    "all": "any",
    "any": "all",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "max": "min",
    "min": "max",
    "sorted": "list",
}
"""Functions that are easily taken for each other."""

_UNTOUCHED = frozenset({"annotation", "decorator_list", "format_spec", "returns", "type_params"})
"""Fields that hold no behaviour of their own, or that type checks and formats speak for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change."""

    id: str
    """Where and what: ``Shift.day_rule: `day < self.first` → `day <= self.first```. It stays the
    same while other lines move."""
    line: int
    function: str | None
    """Qualified name of the function that the change is in; None where it happens on import."""
    source: str
    """All of the module, changed."""


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's source, in the order of its lines."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    for site in _sites(tree, (), None):
        before = _shown(site.node)
        for changed in _changes(site.node):
            site.put(changed)
            text = f"{site.place}: `{before}` → `{_shown(changed)}`"
            seen[text] += 1
            number = f" ({seen[text]})" if seen[text] > 1 else ""
            yield Mutant(
                id=text + number,
                line=site.node.lineno,
                function=site.function,
                source=ast.unparse(tree),
            )
        site.put(site.node)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """A node that can be changed."""

    holder: Any
    """The node or list that it is in."""
    key: Any
    """Under which name, or at which index."""
    node: Any
    place: str
    function: str | None

    def put(self, node: ast.AST) -> None:
        """Let another node be there."""
        if isinstance(self.holder, list):
            self.holder[self.key] = node
        else:
            setattr(self.holder, self.key, node)


def _sites(parent: ast.AST, path: tuple[str, ...], function: str | None) -> Iterator[_Site]:
    if isinstance(parent, ast.FunctionDef | ast.ClassDef):
        path = (*path, parent.name)
    place = ".".join(path)
    for name, value in ast.iter_fields(parent):
        if name in _UNTOUCHED:
            continue
        runs_later = isinstance(parent, ast.FunctionDef) and name == "body"
        within = function or (place if runs_later else None)
        is_list = isinstance(value, list)
        for index, child in enumerate(value if is_list else [value]):
            if not isinstance(child, ast.AST) or _is_words(parent, child):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield _Site(
                    holder=value if is_list else parent,
                    key=index if is_list else name,
                    node=child,
                    place=place or "module",
                    function=within,
                )
            yield from _sites(child, path, within)


def _is_words(parent: ast.AST, child: ast.AST) -> bool:
    """Whether it is a docstring, a piece of a text with values, a name or a type."""
    match child:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Constant():
            return isinstance(parent, ast.JoinedStr)
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.Call(
            func=ast.Attribute(attr="cast" | "TypeVar") | ast.Name(id="cast" | "TypeVar")
        ):
            return True
    return False


def _changes(node: ast.AST) -> Iterable[ast.AST]:
    find = _CHANGES.get(type(node))
    return () if find is None else find(node)


def _with(node: Any, **fields: object) -> Any:  # noqa: ANN401 - the same type of node
    changed = copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _without(values: list[Any], index: int) -> list[Any]:
    return values[:index] + values[index + 1 :]


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for index, relation in enumerate(node.ops):
        for other in _RELATIONS[type(relation)]:
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _logic(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        left = _without(node.values, index)
        yield left[0] if len(left) == 1 else _with(node, values=left)


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _ARITHMETIC:
        yield _with(node, op=_ARITHMETIC[type(node.op)]())


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int() | float():
            yield ast.Constant(node.value + 1)
        case str():
            yield ast.Constant("" if node.value else "mutant")


def _text(node: ast.JoinedStr) -> Iterator[ast.AST]:
    del node
    yield ast.Constant("")


def _statement(node: ast.stmt) -> Iterator[ast.AST]:
    del node
    yield ast.Pass()


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    match node.value:
        case None | ast.Constant(value=None):
            return
    yield ast.Return(ast.Constant(None))


def _branch(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    for forced in (True, False):
        yield _with(node, test=ast.Constant(forced))


def _loop(node: ast.While) -> Iterator[ast.AST]:
    if not isinstance(node.test, ast.Constant):
        yield _with(node, test=ast.Constant(value=False))


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
) -> Iterator[ast.AST]:
    for index, each in enumerate(node.generators):
        for place in range(len(each.ifs)):
            loose = _with(each, ifs=_without(each.ifs, place))
            generators = [*node.generators[:index], loose, *node.generators[index + 1 :]]
            yield _with(node, generators=generators)


def _call(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and not (node.func.id == "sorted" and node.keywords):
        other = _MISTAKEN.get(node.func.id)
        if other is not None:
            yield _with(node, func=ast.Name(other))
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield _with(node, keywords=_without(node.keywords, index))


def _set(node: ast.Set) -> Iterator[ast.AST]:
    if len(node.elts) > 1:
        for index in range(len(node.elts)):
            yield _with(node, elts=_without(node.elts, index))


def _dict(node: ast.Dict) -> Iterator[ast.AST]:
    for index in range(len(node.keys)):
        yield _with(node, keys=_without(node.keys, index), values=_without(node.values, index))


def _caught(node: ast.Try) -> Iterator[ast.AST]:
    for index, handler in enumerate(node.handlers):
        if isinstance(handler.type, ast.Tuple):
            for place in range(len(handler.type.elts)):
                narrow = _with(handler.type, elts=_without(handler.type.elts, place))
                handlers = [*node.handlers]
                handlers[index] = _with(handler, type=narrow)
                yield _with(node, handlers=handlers)


_CHANGES: Mapping[type[ast.AST], Callable[[Any], Iterable[ast.AST]]] = {
    ast.AugAssign: _statement,
    ast.BinOp: _arithmetic,
    ast.BoolOp: _logic,
    ast.Break: lambda _: [ast.Continue()],
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Continue: lambda _: [ast.Break()],
    ast.Dict: _dict,
    ast.DictComp: _comprehension,
    ast.Expr: _statement,
    ast.GeneratorExp: _comprehension,
    ast.If: _branch,
    ast.IfExp: _branch,
    ast.JoinedStr: _text,
    ast.ListComp: _comprehension,
    ast.Raise: _statement,
    ast.Return: _returned,
    ast.Set: _set,
    ast.SetComp: _comprehension,
    ast.Try: _caught,
    ast.UnaryOp: _sign,
    ast.While: _loop,
}


def _shown(node: ast.AST) -> str:
    """Return the code of a change on one line; of what contains statements, what leads them."""
    match node:
        case ast.Try(handlers=handlers):
            caught = chain(ast.unparse(each.type) for each in handlers if each.type)
            text = "except " + " except ".join(caught)
        case _:
            text = ast.unparse(ast.fix_missing_locations(copy(node))).splitlines()[0]
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

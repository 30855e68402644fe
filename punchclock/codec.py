"""Values of the domain to JSON and back, by their own type hints.

The compiled plant in the asset (see ``compiled``) and the records of the ledger are written with
it. A field that has its default is left out, so that a record of an older version still reads; a
field that is not known is passed over, so that a deployment can go back behind a newer version.

What is read has the types that it says, or else ``load`` raises ``TypeError``, ``ValueError`` or
``ArithmeticError``: others may have written it, and nobody behind looks again.
"""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache

T = typing.TypeVar("T")

_WRITTEN: dict[type, Callable[[typing.Any], object]] = {
    # datetime before date: it is one.
    dt.datetime: lambda v: v.isoformat().replace("+00:00", "Z"),
    dt.date: lambda v: v.isoformat(),
    dt.time: lambda v: v.isoformat("minutes"),
    dt.timedelta: lambda v: v // dt.timedelta(seconds=1),
    Decimal: str,
}


def dump(value: object) -> object:
    """Return a value as JSON has it: mappings, lists, texts, numbers, booleans, None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: dump(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if getattr(value, each.name) != _default(each)
        }
    if isinstance(value, Enum):
        return value.value
    for kind, encode in _WRITTEN.items():
        if isinstance(value, kind):
            return encode(value)
    if isinstance(value, Mapping):
        return {str(dump(key)): dump(each) for key, each in sorted(value.items())}
    if isinstance(value, frozenset):
        return [dump(each) for each in sorted(value)]
    if isinstance(value, tuple | list):
        return [dump(each) for each in value]
    return value


def load(kind: type[T], data: object) -> T:
    """Return the value of a type that ``dump`` has written."""
    return typing.cast("T", _load(kind, data))


def _load(kind: typing.Any, data: typing.Any) -> object:  # noqa: ANN401 - any type hint, any JSON
    # The most frequent first: a large plant is loaded in every cold start.
    if kind in _READ:
        return _READ[kind](data)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        inner = next(each for each in args if each is not types.NoneType)
        return None if data is None else _load(inner, data)
    if origin is tuple:
        return tuple(_load(args[0], each) for each in _require(list, data))
    if origin is frozenset:
        return frozenset(_load(args[0], each) for each in _require(list, data))
    if origin is Mapping:
        items = _require(dict, data).items()
        return {_load(args[0], key): _load(args[1], each) for key, each in items}
    if origin is typing.Literal:
        return _one_of(args, data)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        known = ((name, each) for name, each in _require(dict, data).items() if name in hints)
        return kind(**{name: _load(hints[name], each) for name, each in known})
    # What is left are enums, which refuse what is none of their words.
    return kind(data)


def _require(kind: type[T], data: object) -> T:
    if not isinstance(data, kind):
        raise TypeError(f"a {type(data).__name__} stands where a {kind.__name__} would do")
    return data


def _one_of(words: tuple[object, ...], data: object) -> object:
    if data not in words:
        raise ValueError(f"{data!r} is none of {words}")
    return data


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no zone; a Z at its end would do")
    return instant


def _whole(number: int | Decimal) -> int:
    # True is an integer too, and 1.
    if isinstance(number, bool) or int(number) != number:
        raise TypeError(f"a {type(number).__name__} stands where a whole number would do")
    return int(number)


_READ: dict[type, Callable[[typing.Any], object]] = {
    # What is no text, these three refuse by themselves.
    dt.datetime: _instant,
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
    dt.timedelta: lambda v: dt.timedelta(seconds=_whole(v)),
    Decimal: lambda v: Decimal(_require(str, v)),
    int: _whole,
    str: lambda v: _require(str, v),
    bool: lambda v: _require(bool, v),
}


@cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _default(each: "dataclasses.Field[object]") -> object:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default

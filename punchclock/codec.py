"""Values of the domain to JSON and back, by their own type hints.

The compiled plant in the asset (see ``compiled``) and the records of the ledger are written with
it. A field that has its default is left out, so that a record of an older version still reads; a
field that is not known is passed over, so that a deployment can go back behind a newer version.
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

_SCALARS: dict[type, tuple[Callable[[typing.Any], object], Callable[[typing.Any], object]]] = {
    # datetime before date: it is one.
    dt.datetime: (lambda v: v.isoformat().replace("+00:00", "Z"), dt.datetime.fromisoformat),
    dt.date: (lambda v: v.isoformat(), dt.date.fromisoformat),
    dt.time: (lambda v: v.isoformat("minutes"), dt.time.fromisoformat),
    dt.timedelta: (lambda v: v // dt.timedelta(seconds=1), lambda v: dt.timedelta(seconds=v)),
    Decimal: (str, Decimal),
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
    for kind, (encode, _) in _SCALARS.items():
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
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        inner = next(each for each in args if each is not types.NoneType)
        return None if data is None else _load(inner, data)
    if origin is tuple:
        return tuple(_load(args[0], each) for each in data)
    if origin is frozenset:
        return frozenset(_load(args[0], each) for each in data)
    if origin is Mapping:
        return {_load(args[0], key): _load(args[1], each) for key, each in data.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        known = ((name, each) for name, each in data.items() if name in hints)
        return kind(**{name: _load(hints[name], each) for name, each in known})
    if kind in _SCALARS:
        return _SCALARS[kind][1](data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is int:
        return int(data)
    return data


@cache
def _hints(kind: type) -> dict[str, object]:
    return typing.get_type_hints(kind)


def _default(each: "dataclasses.Field[object]") -> object:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default

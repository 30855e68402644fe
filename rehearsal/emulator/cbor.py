"""How is a result written as CBOR (RFC 8949)?

botocore can read CBOR and write requests, one method call and several allocations per number; results
are thousands of numbers, so they are written here, about twenty times as fast.
"""

import datetime as dt
from collections.abc import Callable
from struct import Struct
from typing import Any

_DOUBLE = Struct(">Bd").pack
_EPOCH = Struct(">BBI").pack
_LENGTHS = (
    (24, 0, None),
    (1 << 8, 24, Struct(">BB").pack),
    (1 << 16, 25, Struct(">BH").pack),
    (1 << 32, 26, Struct(">BI").pack),
    (1 << 64, 27, Struct(">BQ").pack),
)


def write(value: object) -> bytes:
    """Return texts, numbers, booleans, aware instants, lists and mappings as CBOR.

    Raises ``KeyError`` for any other type.
    """
    out = bytearray()
    _write(out, value)
    return bytes(out)


def _write(out: bytearray, value: object) -> None:
    _WRITERS[type(value)](out, value)


def _head(major: int, number: int) -> bytes:
    for limit, more, pack in _LENGTHS:
        if number < limit:
            return bytes([major << 5 | number]) if pack is None else pack(major << 5 | more, number)
    message = f"{number} does not fit into 64 bits"
    raise OverflowError(message)


def _text(out: bytearray, value: str) -> None:
    encoded = value.encode()
    out += _head(3, len(encoded)) + encoded


def _integer(out: bytearray, value: int) -> None:
    out += _head(0, value) if value >= 0 else _head(1, -1 - value)


def _double(out: bytearray, value: float) -> None:
    out += _DOUBLE(0xFB, value)


def _boolean(out: bytearray, value: bool) -> None:  # noqa: FBT001 - the value to write
    out.append(0xF5 if value else 0xF4)


def _instant(out: bytearray, value: dt.datetime) -> None:
    # Tag 1, seconds since 1970; metrics have whole seconds.
    out += _EPOCH(0xC1, 0x1A, int(value.timestamp()))


def _list(out: bytearray, value: list[object]) -> None:
    out += _head(4, len(value))
    for each in value:
        _write(out, each)


def _mapping(out: bytearray, value: dict[str, object]) -> None:
    out += _head(5, len(value))
    for key, each in value.items():
        _text(out, key)
        _write(out, each)


_WRITERS: dict[type, Callable[[bytearray, Any], None]] = {
    str: _text,
    int: _integer,
    float: _double,
    bool: _boolean,
    dt.datetime: _instant,
    list: _list,
    dict: _mapping,
}

"""What does an unquoted word mean? YAML 1.2's core schema, as far as plant files need it.

``22:00``, ``no`` and ``2026-01-10`` are texts; ``2`` is a whole number, ``4.00`` a decimal.
"""

import re
from decimal import Decimal

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

# Longer ones stay texts, which no number in a plant file is: Python refuses to read endless ones.
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})")
_LEADING_ZERO = re.compile(r"0[0-9]+")

Scalar = str | int | bool | Decimal | None


class Ambiguous(str):
    """Unquoted digits with a leading zero: of which some readers make an octal number."""

    __slots__ = ()


def meaning(word: str) -> Scalar:
    """Return what an unquoted word stands for."""
    if word in _WORDS:
        return _WORDS[word]
    if _WHOLE.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return Decimal(word)
    if _LEADING_ZERO.fullmatch(word):
        return Ambiguous(word)
    return word

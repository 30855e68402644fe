"""Which word was meant?"""

from collections.abc import Collection
from difflib import get_close_matches

_LONGEST_WORD = 80
_MOST_WORDS = 1000
"""Comparing is quadratic; beyond these bounds nobody has mistyped a name."""


def did_you_mean(word: str, words: Collection[str]) -> str:
    """Return a hint that begins with ``; ``: the nearest known word, or all if they are few."""
    nearest = _nearest(word, words)
    if nearest is not None:
        return f"; did you mean '{nearest}'?"
    few = 8
    if 0 < len(words) <= few:
        return f"; known: {', '.join(sorted(words))}"
    return ""


def _nearest(word: str, words: Collection[str]) -> str | None:
    if len(word) > _LONGEST_WORD or len(words) > _MOST_WORDS:
        return None
    folded = {each.casefold(): each for each in sorted(words, reverse=True)}
    found = get_close_matches(word.casefold(), folded, n=1)
    return folded[found[0]] if found else None

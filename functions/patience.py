"""How long may the services take to answer a sweep, so that a slow one delays no other?"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

ALL = dt.timedelta(seconds=30)
"""How long all answers together may take: 120 of a quarter of a second. Three calls a second take
40 seconds, the last answer of a slow service ten more, and the function has 55."""

LEAST = dt.timedelta(seconds=5)
"""What a service of few models may take all the same."""


class Patience:
    """The time that the services have: each its share of the whole, by its calls."""

    def __init__(self, calls: Iterable[str]) -> None:
        """Take the name of the service of each call that is to be made."""
        count = Counter(calls)
        self._left = {name: max(ALL * n / count.total(), LEAST) for name, n in count.items()}

    def is_left(self, service: str) -> bool:
        """Whether a service may be asked once more."""
        return self._left[service] > dt.timedelta()

    def spend(self, service: str, taken: dt.timedelta) -> None:
        """Note how long a service has taken for an answer."""
        self._left[service] -= taken

"""Has this request been made before? The memory behind a client token."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rehearsal.emulator.hosting import Clock
from rehearsal.emulator.wire import Result

LIFE = dt.timedelta(hours=8)
"""Lookout for Vision's API: "an idempotency token is active for 8 hours"."""


class Reused(Exception):
    """The token was used for another request."""


@dataclass(frozen=True, slots=True)
class _Answered:
    params: Mapping[str, object]
    until: dt.datetime
    result: Result


@dataclass(slots=True)
class TokenBook:
    """The requests of the last eight hours that were done, by operation and token."""

    now: Clock
    _answered: dict[tuple[str, object], _Answered] = field(default_factory=dict)

    def once(
        self, operation: str, token: object, params: Mapping[str, object], act: Callable[[], Result]
    ) -> Result:
        """Act, or answer like the first time. Raises ``Reused`` where the parameters have changed.

        A request that was refused leaves nothing behind.
        """
        now = self.now()
        before = self._answered.get((operation, token))
        if before is None or before.until <= now:
            result = act()
            self._answered[operation, token] = _Answered(params, now + LIFE, result)
            return result
        if before.params != params:
            message = f"client token {token} was used for another request"
            raise Reused(message)
        return before.result

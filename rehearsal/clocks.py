"""What time is it in an emulator that people talk to?"""

import datetime as dt
import time
from collections.abc import Callable


class ScaledClock:
    """A clock that runs from a chosen instant at a multiple of real time."""

    def __init__(
        self, at: dt.datetime, speed: float = 1.0, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """Start at an instant, which must be aware; ``seconds`` is what real time is read from."""
        self._at = at.astimezone(dt.UTC)
        self._speed = speed
        self._seconds = seconds
        self._since = seconds()

    def __call__(self) -> dt.datetime:
        """Return the instant that it has come to."""
        passed = (self._seconds() - self._since) * self._speed
        return self._at + dt.timedelta(seconds=passed)

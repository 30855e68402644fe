"""What time is it, in a rehearsal and in an emulator that people talk to?"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Protocol

Clock = Callable[[], dt.datetime]
"""Reads the time: aware, UTC."""


class WorldClock(Protocol):
    """What a world asks of its clock."""

    def now(self) -> dt.datetime:
        """Return the instant."""
        ...

    def set(self, instant: dt.datetime) -> None:
        """Go to the instant at which something happens."""
        ...

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        ...


class VirtualClock:
    """A clock that stands still until it is set; pauses of the function at work add to it."""

    def __init__(self, instant: dt.datetime) -> None:
        """Stand at an instant of UTC."""
        self._instant = instant

    def now(self) -> dt.datetime:
        """Return the instant."""
        return self._instant

    def set(self, instant: dt.datetime) -> None:
        """Stand at another instant, earlier ones too: functions run side by side."""
        self._instant = instant

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._instant += dt.timedelta(seconds=seconds)


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

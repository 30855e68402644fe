"""Virtual time."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]
"""Reads the time: aware, UTC."""


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

"""What went wrong for some while all the others were handled?"""

from collections.abc import Iterator
from contextlib import contextmanager

from punchclock.errors import ComeAgain, PunchclockError


class Failures:
    """The failures of one invocation: each is set aside, and all are told of at its end."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: list[str] = []

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Set aside what goes wrong in here, so that it keeps no other from being handled."""
        try:
            yield
        except PunchclockError as error:
            self._found.append(f"{name}: {error}")

    def tell(self) -> None:
        """Let the invocation fail with the list, if there is one. Raises ``ComeAgain``."""
        if self._found:
            raise ComeAgain("; ".join(self._found))

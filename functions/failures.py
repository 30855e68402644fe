"""What went wrong for some while all the others were handled?

The one place where errors are caught that nobody has thought of: a mistake about one model, or in
one adapter, must not leave another model running. Nothing is lost of them: the invocation fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from punchclock.errors import ComeAgain, PunchclockError, Unforeseen


class Failures:
    """The failures of one invocation: each is set aside, and all are told of at its end."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: list[tuple[str, Exception]] = []

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Set aside what goes wrong in here, so that it keeps no other from being handled."""
        try:
            with foreseen():
                yield
        except PunchclockError as error:
            self._found.append((name, error))

    def tell(self) -> None:
        """Let the invocation fail with the list, if there is one. Raises ``ComeAgain``."""
        if self._found:
            told = "; ".join(f"{name}: {error}" for name, error in self._found)
            raise ComeAgain(told) from ExceptionGroup(
                "set aside", [error for _, error in self._found]
            )


@contextmanager
def foreseen() -> Iterator[None]:
    """Raise whatever goes wrong in here as one of the errors of ``punchclock.errors``."""
    try:
        yield
    except PunchclockError:
        raise
    except Exception as error:
        raise Unforeseen(f"{type(error).__name__}: {error}") from error

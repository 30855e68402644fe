"""Why does a service not do what it is asked?

``Trouble`` says it in words that all services share; each service has its own code and status for
every kind. ``Refusal`` is what then travels; raise one to answer with a code of your choosing.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What is in the way."""

    BUSY = "busy"
    """The model's phase does not take the call."""
    QUOTA = "quota"
    """A quota of the account is used up."""
    UNKNOWN = "unknown"
    """There is no such model or project."""
    INVALID = "invalid"
    """A parameter's value is impossible."""
    PAGE = "page"
    """The token is of no page that was given out."""
    DENIED = "denied"
    """The caller's policy does not allow it."""
    THROTTLED = "throttled"
    BROKEN = "broken"
    """The service itself has failed."""


class Trouble(Exception):
    """A reason not to do it, for the service to put into its own words."""

    def __init__(self, kind: Kind, message: str) -> None:
        """Say what is in the way."""
        super().__init__(message)
        self.kind = kind
        self.message = message


class Refusal(Exception):
    """An error as it travels."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """Name the API's own error code and its HTTP status."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

"""What does an error of AWS mean to us?

Every service has a table of its own error codes. What no table names is judged by its HTTP status:
5xx is silence, 429 is throttling, anything else (expired credentials, a bad signature, a wrong
argument) is a refusal, because repeating it would not help.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own, which has nothing in common with the builtin
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from punchclock.errors import PunchclockError, Refused, ServiceSilent, Throttled

Meanings = Mapping[str, type[PunchclockError]]
"""What the error codes of a service mean."""

SILENCE = (ConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)
"""No connection, no name, no answer in time, half an answer, or one that is not of the service."""


class NotFound(Refused):
    """The service knows no such thing: MISSING to an observer, a refusal of a start or stop."""


@contextmanager
def translated(meanings: Meanings) -> Iterator[None]:
    """Raise what botocore raises in here as one of the errors of ``punchclock.errors``."""
    try:
        yield
    except ClientError as error:
        raise _meaning(error, meanings)(str(error)) from error
    except SILENCE as error:
        raise ServiceSilent(str(error)) from error
    except BotoCoreError as error:
        raise Refused(str(error)) from error


def code(error: ClientError) -> str:
    """Return the service's own word for the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _meaning(error: ClientError, meanings: Meanings) -> type[PunchclockError]:
    return meanings.get(code(error)) or _by_status(error)


def _by_status(error: ClientError) -> type[PunchclockError]:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServiceSilent
    return Throttled if status == HTTPStatus.TOO_MANY_REQUESTS else Refused

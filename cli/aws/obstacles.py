"""What keeps a command from a plant's AWS, in one sentence with the remedy?"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from functions.services.refusals import SILENCE, code
from punchclock.errors import ComeAgain, TellAPerson
from punchclock.plants import Plant


class Unreachable(Exception):
    """What is wanted cannot be had; the message says why, and what would do."""


@contextmanager
def obstacles(plant: Plant, endpoint: str | None = None) -> Iterator[None]:
    """Raise what botocore, or the ledger for it, raises in here as ``Unreachable``."""
    try:
        yield
    except (ClientError, BotoCoreError, ComeAgain, TellAPerson) as error:
        words = {
            "account": f"account {plant.account}" if plant.account else "the plant's account",
            "region": plant.region,
            "where": endpoint or f"AWS in {plant.region}",
        }
        raise Unreachable(_sentence(error).format_map({**words, **_said(error)})) from error


def denied(error: BaseException) -> str | None:
    """Return the operation that somebody has no permission for, if that is what is behind it."""
    return _operation(error, _DENIALS)


def not_served(error: BaseException) -> str | None:
    """Return the operation that a stand-in does not know, if that is what is behind it."""
    return _operation(error, _NOT_SERVED)


def _operation(error: BaseException | None, codes: Collection[str]) -> str | None:
    while error is not None:
        if isinstance(error, ClientError):
            return error.operation_name if code(error) in codes else None
        error = error.__cause__
    return None


_LOG_IN = "log in to {account}, for example with aws sso login and AWS_PROFILE"

_BY_KIND: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    (
        (boto.NoCredentialsError, boto.PartialCredentialsError, boto.NoAuthTokenError),
        "there are no AWS credentials, or not all of them: " + _LOG_IN,
    ),
    (
        (
            boto.SSOError,
            boto.LoginError,
            boto.TokenRetrievalError,
            boto.CredentialRetrievalError,
            boto.UnknownCredentialError,
        ),
        "the AWS credentials cannot be had ({message}): " + _LOG_IN,
    ),
    (
        (boto.ProfileNotFound,),
        "{message}: set AWS_PROFILE to one of those that aws configure list-profiles names",
    ),
    (
        SILENCE,
        "no answer from {where} ({message}): look at network, proxy, the file's region, --endpoint",
    ),
    ((BotoCoreError,), "AWS cannot be asked: {message}"),
)
"""What botocore raises before a service has answered."""

_DENIALS = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "NotAuthorized",
    "UnauthorizedOperation",
)
"""What services say to somebody who has no permission."""

_NOT_SERVED = ("InvalidAction", "UnknownOperationException")
"""What a stand-in says to a question that it does not know."""

_BY_CODE: Mapping[str, str] = {
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
        "the AWS credentials have expired: " + _LOG_IN,
    ),
    **dict.fromkeys(
        (
            "AuthFailure",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        ),
        "{where} does not take the credentials ({code}): "
        + _LOG_IN
        + ", and look at this machine's clock and whether the region is enabled",
    ),
    **dict.fromkeys(
        _DENIALS,
        "{where} denies {operation} ({message}): ask for that permission in {account}",
    ),
    **dict.fromkeys(
        (
            "LimitExceededException",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
        ),
        "{where} is asked too often ({operation}): try again in a minute",
    ),
    "ResourceNotFoundException": (
        "the table is not there in this account in {region} ({operation}: {message}):"
        " look at the plant's region and at --table"
    ),
    **dict.fromkeys(
        _NOT_SERVED,
        "{where} does not serve {operation}: a stand-in that keeps the ledger would do, with its"
        " table named by --table",
    ),
    "DataUnavailableException": "Cost Explorer has no data for these days yet: try again tomorrow",
    "BillExpirationException": "Cost Explorer no longer has these days: leave out --bill",
}
"""What a service answers. Sources: "Common error types" in each service's API reference."""

_SILENT = "{where} cannot answer {operation} just now ({code}): try again in a minute"
_REFUSED = "{where} refuses {operation} ({code}): {message}"


def _sentence(error: Exception) -> str:
    error = _origin(error)
    if isinstance(error, ClientError):
        by_status = _SILENT if _status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR else _REFUSED
        return _BY_CODE.get(code(error), by_status)
    return next((text for kinds, text in _BY_KIND if isinstance(error, kinds)), "{message}")


def _said(error: Exception) -> Mapping[str, str]:
    """Return what the error itself says."""
    error = _origin(error)
    if not isinstance(error, ClientError):
        return {"message": _line(str(error)), "code": "", "operation": ""}
    return {
        "message": _line(error.response.get("Error", {}).get("Message", "")),
        "code": code(error),
        "operation": error.operation_name,
    }


def _origin(error: Exception) -> Exception:
    """Return what the ledger has translated."""
    cause = error.__cause__
    return cause if isinstance(cause, (ClientError, BotoCoreError)) else error


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")

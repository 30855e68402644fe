"""What travels between a client and the emulator, whatever the protocol?"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from rehearsal.emulator.refusals import Kind, Refusal, Trouble

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP response."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation that a client asks of a service."""

    service: str
    """As boto3 names the service."""
    operation: str
    """As the API names it, for example ``StartModel``."""
    params: Mapping[str, object]
    """By the API's names."""
    request: Request = field(repr=False)
    at: dt.datetime | None = None
    """When it arrived, by the emulator's clock."""
    error: str = ""
    """The code that it was answered with; empty where the answer was a result."""


Result = Mapping[str, object]
"""What an operation returns, by the API's names; datetimes are aware."""


class Front(Protocol):
    """One service's side of the wire: all that a new service has to bring."""

    @property
    def codes(self) -> Mapping[Kind, tuple[str, int]]:
        """Its error code and HTTP status for each kind of trouble."""
        ...

    def recognize(self, request: Request) -> Call | None:
        """Return the call that the request makes of this service, or None. Raises ``Refusal``."""
        ...

    def execute(self, call: Call) -> Result:
        """Do it. Raises ``Trouble`` or ``Refusal``."""
        ...

    def reply(self, call: Call, result: Result) -> Reply:
        """Write a result."""
        ...

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Write an error."""
        ...


def read_json(body: bytes) -> dict[str, object]:
    """Read a JSON object; no body is an empty one. Raises ``Refusal``."""
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise Refusal("SerializationException", f"the body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise Refusal("SerializationException", f"the body is {type(found).__name__}, no object")
    return found


def write_json(result: Result) -> bytes:
    """Write a JSON object; instants are seconds since 1970, as all JSON protocols of AWS have."""
    return json.dumps(result, default=_epoch, separators=(",", ":")).encode()


def _epoch(value: object) -> float:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    message = f"no JSON for {value!r}"
    raise TypeError(message)


def page(
    items: Sequence[T], token: object, size: object, most: int = 100
) -> tuple[Sequence[T], str | None]:
    """Return one page and the token of the next one. Raises ``Trouble`` (PAGE)."""
    first, length = str(token or 0), str(size or most)
    if not (first.isdecimal() and length.isdecimal() and int(first) <= len(items)):
        raise Trouble(Kind.PAGE, f"{token} and {size} are no token and size of a page")
    last = int(first) + min(int(length), most)
    return items[int(first) : last], str(last) if last < len(items) else None

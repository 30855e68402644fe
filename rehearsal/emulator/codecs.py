"""How does CloudWatch travel? CBOR with clients of today, form and XML with those before.

Both are read by the service's own description, as botocore has it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.parsers import create_parser
from botocore.utils import parse_timestamp
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import QueryParser
from moto.core.serialize import QuerySerializer

from rehearsal.emulator import cbor
from rehearsal.emulator.refusals import Refusal
from rehearsal.emulator.wire import Reply, Request, Result

SERVICE = "cloudwatch"
_VERSION = "2010-08-01"
_RPC = "/service/GraniteServiceVersion20100801/operation/"


class Codec(Protocol):
    """A protocol that CloudWatch speaks."""

    def operation(self, request: Request) -> str | None:
        """Return the operation that a request names, or None where it is not in this protocol."""
        ...

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Return the parameters of a request."""
        ...

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result."""
        ...

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error."""
        ...


class Cbor:
    """Smithy RPC v2 CBOR: the operation in the path."""

    def __init__(self) -> None:
        """Take botocore's reader: what it reads of responses, it reads of requests."""
        self._reader = create_parser("smithy-rpc-v2-cbor")

    def operation(self, request: Request) -> str | None:
        """Tell it by its path."""
        return request.path.removeprefix(_RPC) if request.path.startswith(_RPC) else None

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Read the body by the shape of the operation's input."""
        message = {"body": request.body, "headers": {}, "status_code": 200}
        return dict(self._reader.parse(message, _model(operation).input_shape))

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result."""
        del operation
        return _cbor(200, dict(result), {})

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error; the header is for clients that expect the query protocol's codes."""
        sender = "Sender" if refusal.status < 500 else "Receiver"  # noqa: PLR2004 - HTTP's own limit
        body = {"__type": refusal.code, "message": refusal.message}
        return _cbor(refusal.status, body, {"x-amzn-query-error": f"{refusal.code};{sender}"})


class Query:
    """The query protocol: a form with the operation and its version, answered in XML."""

    def operation(self, request: Request) -> str | None:
        """Tell it by the version, which is this service's own."""
        if b"Version=" + _VERSION.encode() not in request.body:
            return None
        return dict(parse_qsl(request.body.decode())).get("Action")

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Read the form by the shape of the operation's input."""
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        parser = QueryParser(_model(operation), timestamp_parser=parse_timestamp)  # type: ignore[no-untyped-call]
        return dict(parser.parse({"values": form}))  # type: ignore[no-untyped-call]

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result as XML."""
        body = QuerySerializer(_model(operation)).serialize(result)["body"]
        return Reply(status=200, content_type="text/xml", body=body.encode())

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error as XML."""
        body = (
            f"<ErrorResponse><Error><Code>{escape(refusal.code)}</Code>"
            f"<Message>{escape(refusal.message)}</Message></Error></ErrorResponse>"
        )
        return Reply(status=refusal.status, content_type="text/xml", body=body.encode())


def _cbor(status: int, body: dict[str, Any], headers: Mapping[str, str]) -> Reply:
    return Reply(
        status=status,
        content_type="application/cbor",
        body=cbor.write(body),
        headers={"smithy-protocol": "rpc-v2-cbor", **headers},
    )


@cache
def _service() -> ServiceModel:
    return ServiceModel(Loader().load_service_model(SERVICE, "service-2"), SERVICE)


@cache
def _model(operation: str) -> OperationModel:
    return _service().operation_model(operation)

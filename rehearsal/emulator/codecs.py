"""How does CloudWatch travel? In three protocols, read and written by botocore's description of it.

boto3 of today speaks JSON, other clients of today CBOR; those of the time of Lookout for Vision
send a form and are answered in XML.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.utils import parse_timestamp
from moto.core.model import ServiceModel as ServerModel
from moto.core.parse import QueryParser, RequestDict
from moto.core.serialize import QuerySerializer

from rehearsal.emulator.refusals import Refusal
from rehearsal.emulator.wire import Reply, Request, Result, write_json

SERVICE = "cloudwatch"
_VERSION = b"Version=2010-08-01"
_SERVICE_NAME = "GraniteServiceVersion20100801"
_JSON_PREFIX = f"{_SERVICE_NAME}."
_CBOR_PREFIX = f"/service/{_SERVICE_NAME}/operation/"


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


class Json:
    """JSON 1.0: the operation in a header."""

    _content_type = "application/x-amz-json-1.0"

    def operation(self, request: Request) -> str | None:
        """Tell it by the header."""
        return _after(_JSON_PREFIX, request.headers.get("x-amz-target", ""))

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Read the body by the shape of the operation's input."""
        return _read("json", operation, request)

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result; not by its shape, which for a day of points takes long."""
        del operation
        return Reply(status=200, content_type=self._content_type, body=write_json(result))

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error."""
        return Reply(
            status=refusal.status,
            content_type=self._content_type,
            body=write_json({"__type": refusal.code, "message": refusal.message}),
            headers=_query_error(refusal),
        )


class Cbor:
    """Smithy's RPC v2 with CBOR: the operation in the path."""

    _content_type = "application/cbor"
    _headers: Mapping[str, str] = {"smithy-protocol": "rpc-v2-cbor"}

    def operation(self, request: Request) -> str | None:
        """Tell it by its path."""
        return _after(_CBOR_PREFIX, request.path)

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Read the body by the shape of the operation's input."""
        return _read("smithy-rpc-v2-cbor", operation, request)

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result by its shape."""
        body = _write_cbor(result, _mirrored().operation_model(operation))
        return Reply(status=200, content_type=self._content_type, body=body, headers=self._headers)

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error."""
        body = {"__type": refusal.code, "message": refusal.message}
        return Reply(
            status=refusal.status,
            content_type=self._content_type,
            body=_write_cbor(body, _error_model()),
            headers={**self._headers, **_query_error(refusal)},
        )


class Form:
    """The query protocol: a form with the operation and its version, answered in XML."""

    def operation(self, request: Request) -> str | None:
        """Tell it by the version, which is this service's own."""
        if _VERSION not in request.body or request.body.startswith(b"{"):
            return None
        return _form(request).get("Action")

    def read(self, operation: str, request: Request) -> dict[str, Any]:
        """Read the form by the shape of the operation's input."""
        model = _server().operation_model(operation)
        parser = QueryParser(model, timestamp_parser=parse_timestamp)
        # It asks for nothing of a request but the form.
        return dict(parser.parse(cast("RequestDict", {"values": _form(request)})))

    def write(self, operation: str, result: Result) -> Reply:
        """Write a result as XML."""
        body = QuerySerializer(_server().operation_model(operation)).serialize(result)["body"]
        return Reply(status=200, content_type="text/xml", body=str(body).encode())

    def refuse(self, refusal: Refusal) -> Reply:
        """Write an error as XML."""
        body = (
            f"<ErrorResponse><Error><Type>{_whose(refusal)}</Type>"
            f"<Code>{escape(refusal.code)}</Code>"
            f"<Message>{escape(refusal.message)}</Message></Error></ErrorResponse>"
        )
        return Reply(status=refusal.status, content_type="text/xml", body=body.encode())


def _after(prefix: str, text: str) -> str | None:
    return text.removeprefix(prefix) if text.startswith(prefix) else None


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def _query_error(refusal: Refusal) -> dict[str, str]:
    # For clients that expect the codes of the query protocol.
    return {"x-amzn-query-error": f"{refusal.code};{_whose(refusal)}"}


def _whose(refusal: Refusal) -> str:
    return "Sender" if refusal.status < 500 else "Receiver"  # noqa: PLR2004 - HTTP's own limit


def _read(protocol: str, operation: str, request: Request) -> dict[str, Any]:
    # botocore reads responses; a request is read alike, by the shape of the input.
    message = {"body": request.body, "headers": {}, "status_code": 200}
    shape = _service().operation_model(operation).input_shape
    return dict(create_parser(protocol).parse(message, shape))


def _write_cbor(value: Result, model: OperationModel) -> bytes:
    serializer = create_serializer("smithy-rpc-v2-cbor", include_validation=False)
    return bytes(serializer.serialize_to_request(value, model)["body"])


@cache
def _description() -> dict[str, Any]:
    return dict(Loader().load_service_model(SERVICE, "service-2"))


@cache
def _service() -> ServiceModel:
    return ServiceModel(_description(), SERVICE)


@cache
def _server() -> ServerModel:
    return ServerModel(_description(), SERVICE)


@cache
def _mirrored() -> ServiceModel:
    # botocore writes requests; a result is written alike, where the outputs are called inputs.
    operations = {
        name: {"name": name} | ({"input": each["output"]} if "output" in each else {})
        for name, each in _description()["operations"].items()
    }
    return ServiceModel({**_description(), "operations": operations}, SERVICE)


@cache
def _error_model() -> OperationModel:
    text = {"shape": "Text"}
    shapes = {
        "Text": {"type": "string"},
        "Error": {"type": "structure", "members": {"__type": text, "message": text}},
    }
    operations = {"Fail": {"name": "Fail", "input": {"shape": "Error"}}}
    described = {"metadata": _description()["metadata"], "operations": operations, "shapes": shapes}
    return ServiceModel(described, SERVICE).operation_model("Fail")

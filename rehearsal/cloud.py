"""An AWS in the process: real clients, answered before anything is sent.

moto answers DynamoDB and SNS, the emulator the model services and their metrics, this module calls
between functions and what CloudFormation is asked. Every call is first held against the policy of
the role that makes it.
"""

import datetime as dt
import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.utils import parse_timestamp
from moto.core.models import botocore_stubber
from moto.sns.models import sns_backends

from functions.services import descriptions
from punchclock.ports import Notice
from rehearsal.clocks import Clock
from rehearsal.describing import Neighbour, describe
from rehearsal.emulator.emulator import Emulator, answered
from rehearsal.emulator.wire import Reply, Request
from rehearsal.permissions import Need, Place, allows, needs
from rehearsal.template import Deployment, Role

_OWN_SETTINGS: dict[str, tuple[Any, ...]] = {
    "profile": (None, [], None, None),
    "config_file": (None, [], os.devnull, None),
    "credentials_file": (None, [], os.devnull, None),
    "ignore_configured_endpoint_urls": (None, [], True, None),
}
"""Nothing of the machine's own AWS configuration reaches a rehearsal."""


_UNSIGNED = Config(signature_version=UNSIGNED, user_agent="rehearsal")
"""Nobody checks a signature here, and signing and describing themselves is a third of what the
clients would do."""

_LOADER = "data_loader"
"""What reads botocore's descriptions of services. All sessions share one: each would read the same
files again."""

_TABLE_KEYS = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
"""What CreateTable takes of a table in CloudFormation's words, and a rehearsal needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A call that its role's policy does not allow."""

    role: str
    action: str
    resource: str
    at: dt.datetime


class _Tables:
    """DynamoDB by moto.

    Between two writes the same question has the same answer, and is not asked again: a sweep's one
    query is more than half of what a rehearsed minute would take.
    """

    def __init__(self) -> None:
        self._answers: dict[bytes, tuple[int, Mapping[str, str], bytes]] = {}
        # People may write while a function reads: what it read before is then no answer any more.
        self._lock = threading.Lock()

    def answer(self, event_name: str, operation: str, request: Any) -> AWSResponse | None:  # noqa: ANN401
        with self._lock:
            return self._answer(event_name, operation, request)

    def _answer(self, event_name: str, operation: str, request: Any) -> AWSResponse | None:  # noqa: ANN401
        if operation != "Query":
            self._answers.clear()
            return _moto(event_name, request)
        if request.body not in self._answers:
            found = _moto(event_name, request)
            if found is None:
                return None
            self._answers[request.body] = (found.status_code, found.headers, found.content)
        return _response(request, *self._answers[request.body])


def _timestamp(value: object) -> dt.datetime:
    """Read a timestamp as botocore does, but without asking for the machine's zone each time."""
    if isinstance(value, int | float):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    read: dt.datetime = parse_timestamp(value)
    return read


def _moto(event_name: str, request: Any) -> AWSResponse | None:  # noqa: ANN401
    found: AWSResponse | None = botocore_stubber(event_name, request)
    return found


@dataclass(slots=True, kw_only=True)
class Cloud:
    """The AWS that a deployment lives in."""

    deployment: Deployment
    emulator: Emulator
    now: Clock
    called: Callable[[str, bytes], None]
    """Told of each asynchronous call of a function: its name and payload."""
    calls: Counter[str] = field(default_factory=Counter)
    """How often each ``service:Operation`` was called, allowed or not."""
    needed: dict[tuple[str, Need], bool] = field(default_factory=dict)
    """Every permission that was needed, by role name, and whether the role has it."""
    denials: dict[tuple[str, str], Denial] = field(default_factory=dict)
    """The first denial by role and action."""
    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    """Other plants' stacks in the same account and region, by name."""
    published: list[Notice] = field(default_factory=list)
    """What people were told through SNS."""
    _tables: _Tables = field(default_factory=_Tables)
    _loader: Loader | None = None

    def session(self, role: Role | None) -> botocore.session.Session:
        """Return a session whose clients act in a role; None is us, who may do everything."""
        session = botocore.session.Session(session_vars=_OWN_SETTINGS)
        session.set_credentials("rehearsal", "rehearsal")
        session.set_default_client_config(_UNSIGNED)
        if self._loader is not None:
            session.register_component(_LOADER, self._loader)
        descriptions.add(session)
        self._loader = session.get_component(_LOADER)
        parsers = session.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=_timestamp)
        emitter = session.get_component("event_emitter")
        # botocore calls every handler and takes the first answer: moto, which puts itself into
        # every session, must not even be asked about what the emulator answers.
        emitter.unregister("before-send", botocore_stubber)
        emitter.register("before-send", self._answer)
        if role is not None:
            # Checked where the parameters are still those of the API.
            emitter.register("provide-client-params", self._gate(role))
        return session

    def create_resources(self) -> None:
        """Create the tables and topics of the template."""
        client = self.client("dynamodb")
        for name, properties in self.deployment.tables.items():
            wanted = {key: properties[key] for key in _TABLE_KEYS if key in properties}
            client.create_table(**{**wanted, "TableName": name})
        self._create_topics()

    def client(self, service: str, role: Role | None = None) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """Return a client of our own, or of somebody in a role."""
        session = boto3.Session(
            botocore_session=self.session(role), region_name=self.deployment.region
        )
        return session.client(service)

    def by_moto(self, service: str, operation: str, request: Any) -> AWSResponse | None:  # noqa: ANN401
        """Answer somebody outside about the tables, or about who they are."""
        event_name = f"before-send.{service}.{operation or 'Any'}"
        if service == "dynamodb":
            return self._tables.answer(event_name, operation, request)
        return _moto(event_name, request)

    def follow(self, deployment: Deployment) -> None:
        """Hold calls against the roles of another template from now on."""
        self.deployment = deployment
        self.needed.clear()
        self._create_topics()
        self.connect_queues()

    def connect_queues(self) -> None:
        """Hold against the roles what AWS sends in their name where something fails for good.

        Nothing fails in a rehearsal without faults, but AWS refuses a destination that the role may
        not send to when it is deployed.
        """
        for function in self.deployment.functions.values():
            if function.on_failure:
                self._require(function.role, _sending_to(function.on_failure))
        for schedule in self.deployment.schedules:
            if schedule.dead_letters:
                self._require(schedule.role, _sending_to(schedule.dead_letters))

    def _create_topics(self) -> None:
        """Create topics where moto looks for them: in the account that their ARN names."""
        for topic in self.deployment.topics:
            name = topic.rsplit(":", 1)[-1]
            backend = sns_backends[self.deployment.account][self.deployment.region]
            backend.create_topic(name)

    def permit(self, role: Role, service: str, operation: str, params: Mapping[str, Any]) -> bool:
        """Hold a call against a role's policy, and keep a denial."""
        place = Place(self.deployment.region, self.deployment.account)
        return all(self._require(role, need) for need in needs(service, operation, params, place))

    def _require(self, role: Role, need: Need) -> bool:
        if (role.name, need) not in self.needed:
            self.needed[role.name, need] = allows(role, need)
        if self.needed[role.name, need]:
            return True
        denial = Denial(role=role.name, action=need.action, resource=need.resource, at=self.now())
        self.denials.setdefault((role.name, need.action), denial)
        return False

    def _gate(self, role: Role) -> Callable[..., None]:
        def gate(params: Mapping[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401
            service, operation = model.service_model.service_name, model.name
            self.calls[f"{service}:{operation}"] += 1
            if not self.permit(role, service, operation, params):
                error = {"Code": "AccessDeniedException", "Message": f"{role.name} may not"}
                response = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}
                raise ClientError(response, operation)

        return gate

    def _answer(self, event_name: str, request: Any, **_: object) -> AWSResponse | None:  # noqa: ANN401
        service, operation = event_name.split(".")[1:]
        if service == "dynamodb":
            return self._tables.answer(event_name, operation, request)
        if service == "lambda":
            self.called(request.url.split("/functions/")[1].split("/")[0], request.body)
            return _response(request, 202, {}, b"")
        if service == "sns":
            return self._published(_moto(event_name, request), request)
        if service == "cloudformation":
            return answered(request, self._described)
        return self.emulator.answer(request) or _moto(event_name, request)

    def _described(self, request: Request) -> Reply | None:
        return describe(request, self.deployment, neighbours=self.neighbours)

    def _published(self, found: AWSResponse | None, request: Any) -> AWSResponse | None:  # noqa: ANN401
        """Keep the message that was published, where moto has taken it."""
        if found is not None and found.status_code == HTTPStatus.OK:
            body = request.body
            fields = dict(parse_qsl(body.decode() if isinstance(body, bytes) else body))
            self.published.append(Notice(subject=fields["Subject"], body=fields["Message"]))
        return found


def _response(request: Any, status: int, headers: Mapping[str, str], body: bytes) -> AWSResponse:  # noqa: ANN401
    return AWSResponse(request.url, status, headers, _Body(body))


class _Body(BytesIO):
    """A response's body as botocore streams it."""

    def stream(self, **_: object) -> list[bytes]:
        """Return all of it."""
        return [self.read()]


def _sending_to(queue: str) -> Need:
    return Need(action="sqs:SendMessage", resource=queue)

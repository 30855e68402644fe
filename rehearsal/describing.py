"""What does AWS say of a deployment itself? Its stack, schedules and roles, and who is told.

Other plants' stacks may stand beside it: what they claim, and how they are, is all that is told.

CloudFormation, SNS and IAM take forms and answer in XML, the others answer in JSON. Nobody reads
e-mail here, so no subscription is ever confirmed.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from infra.names import APP, APP_TAG, VERSION_TAG, version
from rehearsal.emulator.wire import Reply, Request, write_json
from rehearsal.permissions import Need, allows
from rehearsal.template import Deployment

Fields = Mapping[str, str]
Answer = Callable[[Fields, Deployment], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another plant's stack in the same account and region."""

    metadata: Mapping[str, Any]
    """What its template says of itself."""
    status: str = "UPDATE_COMPLETE"
    updated: dt.datetime | None = None
    """When it was last updated; None where it never was."""


NOBODY: Mapping[str, Neighbour] = MappingProxyType({})


def describe(
    request: Request,
    deployment: Deployment,
    given_up: int = 0,
    neighbours: Mapping[str, Neighbour] = NOBODY,
) -> Reply | None:
    """Answer a question about the deployment; None for what is no question of this kind.

    ``given_up`` is how many events wait in its queue of failures; ``neighbours`` are the other
    plants' stacks, by name.
    """
    if (request.method, request.path) == ("GET", "/schedules"):
        return _schedules(request.query.get("ScheduleGroup", ""), deployment)
    if request.headers.get("x-amz-target") == "AmazonSQS.GetQueueAttributes":
        return _waiting(given_up)
    if "form" not in request.headers.get("content-type", ""):
        return None
    fields = dict(parse_qsl(request.body.decode()))
    asked = fields.get("Action", "")
    if asked == "ListStacks":
        return _listed_stacks(fields, deployment, neighbours)
    other = neighbours.get(fields.get("StackName", ""))
    if asked == "GetTemplateSummary" and other is not None:
        return _summarized(other.metadata)
    answer = _ANSWERS.get(asked)
    return answer(fields, deployment) if answer is not None else None


def _schedules(group: str, deployment: Deployment) -> Reply:
    found = [
        {"Name": each.name, "GroupName": group, "State": "ENABLED", "Target": {"Arn": each.target}}
        for each in deployment.schedules
        if group == deployment.stack
    ]
    return _json("application/json", {"Schedules": found})


def _waiting(given_up: int) -> Reply:
    waiting = {
        "ApproximateNumberOfMessages": str(given_up),
        "ApproximateNumberOfMessagesNotVisible": "0",
    }
    return _json("application/x-amz-json-1.0", {"Attributes": waiting})


def _json(kind: str, said: Mapping[str, object]) -> Reply:
    return Reply(status=HTTPStatus.OK, content_type=kind, body=write_json(said))


def _known(answer: Answer) -> Answer:
    """Let only the deployment's own stack be asked about."""

    def asked(fields: Fields, deployment: Deployment) -> Reply:
        name = fields.get("StackName", deployment.stack)
        if name != deployment.stack:
            return _error("ValidationError", f"Stack with id {name} does not exist")
        return answer(fields, deployment)

    return asked


def _stacks(fields: Fields, deployment: Deployment) -> Reply:
    del fields
    name = deployment.stack
    outputs = (
        {"OutputKey": key, "OutputValue": value} for key, value in deployment.outputs.items()
    )
    tags = ({"Key": APP_TAG, "Value": APP}, {"Key": VERSION_TAG, "Value": version()})
    stack = (
        f"<member><StackName>{escape(name)}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
        f"<CreationTime>2026-01-01T00:00:00Z</CreationTime>"
        f"<Outputs>{_members(outputs)}</Outputs><Tags>{_members(tags)}</Tags></member>"
    )
    return _result("DescribeStacks", f"<Stacks>{stack}</Stacks>")


def _resources(fields: Fields, deployment: Deployment) -> Reply:
    del fields
    found = (
        {
            "LogicalResourceId": logical,
            "PhysicalResourceId": physical,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for logical, physical in deployment.physical.items()
    )
    summaries = f"<StackResourceSummaries>{_members(found)}</StackResourceSummaries>"
    return _result("ListStackResources", summaries)


def _summary(fields: Fields, deployment: Deployment) -> Reply:
    del fields
    return _summarized(deployment.metadata)


def _summarized(metadata: Mapping[str, Any]) -> Reply:
    text = escape(json.dumps(metadata))
    return _result("GetTemplateSummary", f"<Metadata>{text}</Metadata>")


def _listed_stacks(
    fields: Fields, deployment: Deployment, neighbours: Mapping[str, Neighbour]
) -> Reply:
    own = Neighbour(metadata=deployment.metadata, status="CREATE_COMPLETE")
    asked = _listed(fields, "StackStatusFilter")
    found = (
        _summary_of(name, each, deployment)
        for name, each in sorted({**neighbours, deployment.stack: own}.items())
        if each.status in asked
    )
    return _result("ListStacks", f"<StackSummaries>{_members(found)}</StackSummaries>")


def _summary_of(name: str, stack: Neighbour, deployment: Deployment) -> Fields:
    place = f"{deployment.region}:{deployment.account}"
    updated = {"LastUpdatedTime": stack.updated.isoformat()} if stack.updated else {}
    return {
        "StackId": f"arn:aws:cloudformation:{place}:stack/{name}/0",
        "StackName": name,
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": stack.status,
        **updated,
    }


def _simulated(fields: Fields, deployment: Deployment) -> Reply:
    role = deployment.roles.get(fields.get("PolicySourceArn", ""))
    if role is None:
        return _error("NoSuchEntity", "there is no such role", HTTPStatus.NOT_FOUND)
    results = (
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": "allowed" if allows(role, need) else "implicitDeny",
        }
        for action in _listed(fields, "ActionNames")
        for resource in _listed(fields, "ResourceArns")
        for need in [Need(action=action, resource=resource)]
    )
    members = f"<EvaluationResults>{_members(results)}</EvaluationResults>"
    return _result("SimulatePrincipalPolicy", f"{members}<IsTruncated>false</IsTruncated>")


def _listed(fields: Fields, name: str) -> list[str]:
    prefix = f"{name}.member."
    return [value for key, value in fields.items() if key.startswith(prefix)]


def _subscriptions(fields: Fields, deployment: Deployment) -> Reply:
    topic = fields.get("TopicArn", "")
    topics = {each["TopicArn"] for each in deployment.subscriptions}
    if topic not in topics:
        return _error("NotFound", "Topic does not exist", HTTPStatus.NOT_FOUND)
    found = (
        {
            "SubscriptionArn": "PendingConfirmation",
            "Owner": deployment.account,
            "Protocol": each["Protocol"],
            "Endpoint": each["Endpoint"],
            "TopicArn": topic,
        }
        for each in deployment.subscriptions
        if each["TopicArn"] == topic
    )
    subscriptions = f"<Subscriptions>{_members(found)}</Subscriptions>"
    return _result("ListSubscriptionsByTopic", subscriptions)


_ANSWERS: Mapping[str, Answer] = {
    "DescribeStacks": _known(_stacks),
    "GetTemplateSummary": _known(_summary),
    "ListStackResources": _known(_resources),
    "SimulatePrincipalPolicy": _simulated,
    "ListSubscriptionsByTopic": _subscriptions,
}


def _members(found: Iterable[Fields]) -> str:
    return "".join(
        f"<member>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in each.items())}</member>"
        for each in found
    )


def _result(operation: str, inner: str) -> Reply:
    body = (
        f"<{operation}Response><{operation}Result>{inner}</{operation}Result>"
        f"<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Reply(status=HTTPStatus.OK, content_type="text/xml", body=body.encode())


def _error(code: str, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Reply:
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        f"<Message>{escape(message)}</Message></Error></ErrorResponse>"
    )
    return Reply(status=status, content_type="text/xml", body=body.encode())

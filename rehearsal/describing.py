"""What does AWS say of a deployment itself? Its stack's outputs, and who is subscribed.

CloudFormation and SNS take forms and answer in XML. Nobody reads e-mail here, so no subscription is
ever confirmed.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from rehearsal.emulator.wire import Reply, Request
from rehearsal.template import Deployment

Fields = Mapping[str, str]


def describe(request: Request, deployment: Deployment) -> Reply | None:
    """Answer a question about the deployment; None for what is no question of this kind."""
    if "form" not in request.headers.get("content-type", ""):
        return None
    fields = dict(parse_qsl(request.body.decode()))
    answer = _ANSWERS.get(fields.get("Action", ""))
    return answer(fields, deployment) if answer is not None else None


def _stacks(fields: Fields, deployment: Deployment) -> Reply:
    name = fields.get("StackName", deployment.stack)
    if name != deployment.stack:
        return _error("ValidationError", f"Stack with id {name} does not exist")
    outputs = (
        {"OutputKey": key, "OutputValue": value} for key, value in deployment.outputs.items()
    )
    stack = (
        f"<member><StackName>{escape(name)}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
        f"<CreationTime>2026-01-01T00:00:00Z</CreationTime>"
        f"<Outputs>{_members(outputs)}</Outputs></member>"
    )
    return _result("DescribeStacks", f"<Stacks>{stack}</Stacks>")


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


_ANSWERS: Mapping[str, Callable[[Fields, Deployment], Reply]] = {
    "DescribeStacks": _stacks,
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

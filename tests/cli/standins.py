"""Stand-ins for AWS that the desk's commands ask: small, but real clients speak to them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from functions.ledger import DynamoLedger
from punchclock.timecards import Timecard
from rehearsal.emulator.wire import Reply, Request
from rehearsal.server import serving

ACCOUNT = "123456789012"
"""Whose credentials moto's STS takes everybody's for."""

NOBODY: Mapping[str, str | None] = {
    "AWS_ACCESS_KEY_ID": None,
    "AWS_SECRET_ACCESS_KEY": None,
    "AWS_SESSION_TOKEN": None,
    "AWS_PROFILE": None,
    "AWS_DEFAULT_PROFILE": None,
    "AWS_CONFIG_FILE": "/nowhere/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere/credentials",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""The environment of somebody who is not logged in."""

SOMEBODY = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIDREAL", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
"""The environment of somebody who is."""


@dataclass
class Answering:
    """A service that has one answer to everything, and remembers what it was asked."""

    reply: Reply
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        """Answer."""
        self.asked.append(request)
        return self.reply


def json_error(code: str, message: str = "because", status: int = 400) -> Reply:
    """Return an error as DynamoDB and Cost Explorer say it."""
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": message}).encode()
    return Reply(status=status, content_type="application/x-amz-json-1.0", body=body)


def xml_error(code: str, message: str = "because", status: int = 400) -> Reply:
    """Return an error as STS and CloudFormation say it."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<ErrorResponse>{error}</ErrorResponse>".encode()
    return Reply(status=status, content_type="text/xml", body=body)


def subscribed(*addresses: str, confirmed: bool = True) -> Reply:
    """Return SNS's answer that these are subscribed."""
    arn = f"arn:aws:sns:eu-central-1:{ACCOUNT}:topic:1" if confirmed else "PendingConfirmation"
    members = "".join(
        f"<member><SubscriptionArn>{arn}</SubscriptionArn><Endpoint>{each}</Endpoint></member>"
        for each in addresses
    )
    body = (
        "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>"
        f"{members}</Subscriptions></ListSubscriptionsByTopicResult>"
        "</ListSubscriptionsByTopicResponse>"
    )
    return Reply(status=200, content_type="text/xml", body=body.encode())


@dataclass
class Stacks:
    """CloudFormation, as far as DescribeStacks goes: stacks by name, with their outputs."""

    outputs: Mapping[str, Mapping[str, str]]

    def __call__(self, request: Request) -> Reply:
        """Answer."""
        name = parse_qs(request.body.decode())["StackName"][0]
        if name not in self.outputs:
            return xml_error("ValidationError", f"Stack with id {name} does not exist")
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in self.outputs[name].items()
        )
        body = (
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
            f"<StackName>{name}</StackName><Outputs>{members}</Outputs>"
            "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
        )
        return Reply(status=200, content_type="text/xml", body=body.encode())


@contextmanager
def served(service: str, answers: "Answering | Stacks") -> Iterator[dict[str, str]]:
    """Serve a service for as long as the block lasts; yield the environment that leads there."""
    with serving(answers) as address:
        yield {f"AWS_ENDPOINT_URL_{service.upper()}": address}


def filed(book: DynamoLedger, card: Timecard) -> Timecard:
    """Write a card and, where it is closed, close it; return it as it lies there."""
    written = book.write(card)
    if card.closed is not None:
        book.close(written)
    return written

"""How people are told: what goes to SNS, and what its errors mean."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from functions.notices import Nobody, SnsNotices
from functions.services import clients
from punchclock.errors import Refused, ServiceSilent, Throttled
from punchclock.ports import Notice

TOPIC = "arn:aws:sns:eu-central-1:123456789012:springfield"
NOTICE = Notice(subject="springfield: paint has failed", body="why: …")
SENT = {"TopicArn": TOPIC, "Subject": NOTICE.subject, "Message": NOTICE.body}


@pytest.fixture(scope="module")
def client() -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return session.create_client("sns", region_name="eu-central-1", config=clients.ONCE)


@pytest.fixture
def stubber(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber


def test_a_message_is_published_to_the_topic(client, stubber):
    stubber.add_response("publish", {"MessageId": "1"}, SENT)
    SnsNotices(client, TOPIC).send(NOTICE)
    stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("Throttled", 429, Throttled),
        ("Throttling", 400, Throttled),
        ("InternalError", 500, ServiceSilent),
        ("AuthorizationError", 403, Refused),
        ("NotFound", 404, Refused),
        ("KMSAccessDenied", 400, Refused),
    ],
)
def test_what_cannot_be_published_is_told_in_our_words(client, stubber, code, status, meaning):
    stubber.add_client_error("publish", code, http_status_code=status, expected_params=SENT)
    with pytest.raises(meaning, match=code):
        SnsNotices(client, TOPIC).send(NOTICE)


def test_a_network_that_is_down_is_silence():
    class Unplugged:
        def publish(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://sns.example")

    with pytest.raises(ServiceSilent):
        SnsNotices(Unplugged(), TOPIC).send(NOTICE)


def test_where_nobody_is_to_be_told_nothing_is_sent():
    Nobody().send(NOTICE)

"""How people are told: what goes to SNS, and what its errors mean."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from functions.notices import PERMISSIONS, SnsNotices
from punchclock.errors import Refused, ServiceSilent, Throttled
from punchclock.ports import Notice
from tests.functions.stubs import stubbed

TOPIC = "arn:aws:sns:eu-central-1:123456789012:springfield"
NOTICE = Notice(subject="springfield: paint has failed", body="why: …")
SENT = {"TopicArn": TOPIC, "Subject": NOTICE.subject, "Message": NOTICE.body}


@pytest.fixture
def stub() -> Iterator[tuple[SnsNotices, Stubber]]:
    with stubbed("sns") as (client, stubber):
        yield SnsNotices(client, TOPIC), stubber


def test_a_message_is_published_to_the_topic(stub):
    notices, stubber = stub
    stubber.add_response("publish", {"MessageId": "1"}, SENT)
    notices.send(NOTICE)
    stubber.assert_no_pending_responses()


def test_who_tells_people_may_publish_and_nothing_else():
    assert PERMISSIONS == ("sns:Publish",)


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("Throttled", 429, Throttled),
        ("Throttled", 400, Throttled),
        ("Throttling", 400, Throttled),
        ("InternalError", 500, ServiceSilent),
        ("AuthorizationError", 403, Refused),
        ("NotFound", 404, Refused),
        ("KMSAccessDenied", 400, Refused),
    ],
)
def test_what_cannot_be_published_is_told_in_our_words(stub, code, status, meaning):
    notices, stubber = stub
    stubber.add_client_error("publish", code, http_status_code=status, expected_params=SENT)
    with pytest.raises(meaning, match=code):
        notices.send(NOTICE)


def test_a_network_that_is_down_is_silence():
    class Unplugged:
        def publish(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://sns.example")

    with pytest.raises(ServiceSilent):
        SnsNotices(Unplugged(), TOPIC).send(NOTICE)

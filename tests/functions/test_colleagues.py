"""How the sweep calls the two functions that may act."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from functions.colleagues import MOST, PERMISSIONS, LambdaColleagues
from punchclock.decisions import Action
from punchclock.errors import Refused, ServiceSilent, Throttled
from tests.functions.stubs import stubbed

NAMES = {Action.START: "start-function", Action.STOP: "stop-function"}


@pytest.fixture
def stub() -> Iterator[tuple[LambdaColleagues, Stubber]]:
    with stubbed("lambda") as (client, stubber):
        yield LambdaColleagues(client, NAMES), stubber


def expected(action: Action, payload: object) -> dict[str, object]:
    return {"FunctionName": NAMES[action], "InvocationType": "Event", "Payload": payload}


@pytest.mark.parametrize("action", [Action.START, Action.STOP])
def test_an_action_is_asked_of_its_own_function_without_waiting_for_it(stub, action):
    colleagues, stubber = stub
    payload = json.dumps({"targets": ["lookoutvision:paint/1"]}).encode()
    stubber.add_response("invoke", {"StatusCode": 202}, expected(action, payload))
    colleagues.call(action, ["lookoutvision:paint/1"])
    stubber.assert_no_pending_responses()


def test_more_models_than_an_event_holds_are_shared_out(stub):
    colleagues, stubber = stub
    targets = [f"rekognition:{n:0>255}/{'v' * 255}" for n in range(MOST + 1)]
    for some in (targets[:MOST], targets[MOST:]):
        payload = json.dumps({"targets": some}).encode()
        assert len(payload) < 256 * 1024
        stubber.add_response("invoke", {"StatusCode": 202}, expected(Action.START, payload))
    colleagues.call(Action.START, targets)
    stubber.assert_no_pending_responses()


def test_a_caller_may_call_functions_and_nothing_else():
    assert PERMISSIONS == ("lambda:InvokeFunction",)
    assert MOST == 400


def test_nobody_named_is_no_call():
    calls: list[object] = []

    class Counting:
        def invoke(self, **call: object) -> None:
            calls.append(call)

    LambdaColleagues(Counting(), NAMES).call(Action.START, [])
    assert calls == []


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("TooManyRequestsException", 429, Throttled),
        ("TooManyRequestsException", 400, Throttled),
        ("ServiceException", 500, ServiceSilent),
        ("AccessDeniedException", 403, Refused),
        ("ResourceNotFoundException", 404, Refused),
    ],
)
def test_what_cannot_be_queued_is_told_in_our_words(stub, code, status, meaning):
    colleagues, stubber = stub
    stubber.add_client_error(
        "invoke", code, http_status_code=status, expected_params=expected(Action.STOP, ANY)
    )
    with pytest.raises(meaning, match=code):
        colleagues.call(Action.STOP, ["lookoutvision:paint/1"])


def test_a_network_that_is_down_is_silence():
    class Unplugged:
        def invoke(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://lambda.example")

    with pytest.raises(ServiceSilent):
        LambdaColleagues(Unplugged(), NAMES).call(Action.STOP, ["lookoutvision:paint/1"])

"""What the stacks of other plants claim, as CloudFormation tells it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from functions.neighbours import (
    LISTS,
    LIVING,
    PATIENCE,
    READS,
    Alone,
    StackNeighbours,
    claims_of,
)
from functions.services import clients
from punchclock.errors import Refused, ServiceSilent, Throttled
from punchclock.rosters import CLAIMS, Claimed
from tests.functions.hall import at

OWN = "punchclock-springfield"
SHELBYVILLE = "punchclock-shelbyville"
EMPTY = {"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"}
"""Statuses of stacks that have nothing, not yet or no more."""


@pytest.fixture(scope="module")
def client() -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return session.create_client("cloudformation", region_name="eu-central-1", config=clients.ONCE)


@pytest.fixture
def stubber(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


class Watch:
    """A watch that goes on by so many seconds whenever somebody looks at it."""

    def __init__(self, seconds: float = 0) -> None:
        self.now = at("04:40")
        self.seconds = seconds

    def __call__(self) -> dt.datetime:
        now = self.now
        self.now += dt.timedelta(seconds=self.seconds)
        return now


def neighbours(client: Any, watch: Watch | None = None) -> StackNeighbours:
    return StackNeighbours(lambda: client, OWN, watch or Watch())


def listed(stubber: Stubber, *stacks: dict[str, Any], page: str = "", more: str = "") -> None:
    """Let CloudFormation list stacks, when it is asked for those that live."""
    asked = {"StackStatusFilter": list(LIVING), **({"NextToken": page} if page else {})}
    answer = {"StackSummaries": list(stacks), **({"NextToken": more} if more else {})}
    stubber.add_response("list_stacks", answer, asked)


def stack(name: str, status: str = "UPDATE_COMPLETE", updated: str = "04:00") -> dict[str, Any]:
    return {
        "StackId": f"arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/1",
        "StackName": name,
        "CreationTime": at("01:00"),
        "LastUpdatedTime": at(updated),
        "StackStatus": status,
    }


def summarized(stubber: Stubber, name: str, *claims: str) -> None:
    metadata = {"Metadata": json.dumps({CLAIMS: claims})} if claims else {}
    stubber.add_response("get_template_summary", metadata, {"StackName": name})


def test_what_other_plants_claim_is_read_of_their_templates_page_by_page(client, stubber):
    listed(stubber, stack(SHELBYVILLE), stack(OWN), more="two")
    listed(stubber, stack("somebody-elses"), stack("punchclock-ogdenville"), page="two")
    summarized(stubber, SHELBYVILLE, "aa", "bb")
    summarized(stubber, "punchclock-ogdenville")
    assert neighbours(client).claimed() == Claimed(
        stacks={SHELBYVILLE: {"aa", "bb"}, "punchclock-ogdenville": frozenset()}
    )


@pytest.mark.parametrize(
    "said", ["", "no: json", "[1]", "3", "null", json.dumps({CLAIMS: 7}), json.dumps({CLAIMS: [7]})]
)
def test_what_is_not_as_our_templates_say_it_claims_nothing(said):
    assert claims_of({"Metadata": said}) == frozenset()


def test_every_status_that_cloudformation_knows_is_of_a_stack_that_lives_or_has_nothing():
    session = botocore.session.Session()
    known = session.get_service_model("cloudformation").shape_for("StackStatus").enum
    assert sorted([*LIVING, *EMPTY]) == sorted(known)


@pytest.mark.parametrize(
    ("status", "final"),
    [
        ("CREATE_IN_PROGRESS", False),
        ("UPDATE_IN_PROGRESS", False),
        ("UPDATE_ROLLBACK_IN_PROGRESS", False),
        ("CREATE_COMPLETE", True),
        ("UPDATE_ROLLBACK_COMPLETE", True),
        ("UPDATE_ROLLBACK_FAILED", True),
    ],
)
def test_while_our_own_stack_changes_no_answer_is_final(client, stubber, status, final):
    listed(stubber, stack(OWN, status), stack(SHELBYVILLE, "UPDATE_IN_PROGRESS"))
    summarized(stubber, SHELBYVILLE, "aa")
    assert neighbours(client).claimed() == Claimed(stacks={SHELBYVILLE: {"aa"}}, final=final)


def test_a_stack_that_has_gone_since_it_was_listed_claims_nothing(client, stubber):
    listed(stubber, stack(SHELBYVILLE))
    stubber.add_client_error("get_template_summary", "ValidationError", http_status_code=400)
    assert neighbours(client).claimed() == Claimed(stacks={SHELBYVILLE: frozenset()})


def test_what_has_been_read_is_read_again_only_where_it_was_changed(client, stubber):
    street = neighbours(client)
    listed(stubber, stack(SHELBYVILLE))
    summarized(stubber, SHELBYVILLE, "aa")
    listed(stubber, stack(SHELBYVILLE))
    listed(stubber, stack(SHELBYVILLE, updated="04:30"))
    summarized(stubber, SHELBYVILLE, "bb")
    listed(stubber, stack(SHELBYVILLE, "UPDATE_IN_PROGRESS", updated="04:30"))
    summarized(stubber, SHELBYVILLE, "cc")
    found = [street.claimed().stacks[SHELBYVILLE] for _ in range(4)]
    assert found == [{"aa"}, {"aa"}, {"bb"}, {"cc"}]


def test_more_stacks_than_there_is_time_for_are_read_in_turns(client, stubber):
    names = [f"punchclock-{n}" for n in range(3)]
    # It is looked at once for each of these: the beginning, a page, a stack.
    street = neighbours(client, Watch(seconds=PATIENCE.total_seconds() / 3.5))
    listed(stubber, *map(stack, names))
    summarized(stubber, names[0], "aa")
    summarized(stubber, names[1], "bb")
    assert street.claimed() == Claimed(stacks={names[0]: {"aa"}, names[1]: {"bb"}}, final=False)
    listed(stubber, *map(stack, names))
    summarized(stubber, names[2], "cc")
    assert street.claimed().final


def test_the_last_moment_is_too_late_to_read_a_stack(client, stubber):
    assert PATIENCE.total_seconds() == 4
    listed(stubber, stack(SHELBYVILLE))
    street = neighbours(client, Watch(seconds=PATIENCE.total_seconds() / 2))
    assert street.claimed() == Claimed(stacks={}, final=False)


def test_only_calls_are_made_that_the_permissions_name(client, stubber):
    made = set()
    client.meta.events.register(
        "provide-client-params", lambda model, **_: made.add(f"cloudformation:{model.name}")
    )
    listed(stubber, stack(SHELBYVILLE))
    summarized(stubber, SHELBYVILLE)
    neighbours(client).claimed()
    assert made == {*LISTS, *READS}


def test_a_list_that_takes_too_long_is_no_answer(client, stubber):
    listed(stubber, stack(SHELBYVILLE), more="two")
    with pytest.raises(ServiceSilent, match="takes too long"):
        neighbours(client, Watch(seconds=PATIENCE.total_seconds())).claimed()


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (("Throttling", "", 400), Throttled),
        (("ThrottlingException", "", 400), Throttled),
        (("InternalFailure", "", 500), ServiceSilent),
        (("AccessDenied", "", 403), Refused),
    ],
)
@pytest.mark.parametrize("operation", ["list_stacks", "get_template_summary"])
def test_what_cloudformation_does_not_answer_is_told_in_our_words(
    client, stubber, operation, error, meaning
):
    if operation == "get_template_summary":
        listed(stubber, stack(SHELBYVILLE))
    stubber.add_client_error(operation, *error)
    with pytest.raises(meaning, match=error[0]):
        neighbours(client).claimed()


def test_a_network_that_is_down_is_silence():
    def unplugged() -> Any:
        raise EndpointConnectionError(endpoint_url="https://cloudformation.example")

    with pytest.raises(ServiceSilent):
        StackNeighbours(unplugged, OWN, Watch()).claimed()


def test_who_asks_nobody_knows_of_nobody():
    assert Alone().claimed() == Claimed(stacks={})

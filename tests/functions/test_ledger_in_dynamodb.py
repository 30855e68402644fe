"""What only the ledger in DynamoDB promises: its calls, its permissions, its errors."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from functions import ledger as dynamo
from functions import records
from functions.ledger import DynamoLedger
from functions.records import Item
from punchclock.decisions import Action
from punchclock.errors import LedgerConflict, Refused, ServiceSilent, Throttled
from punchclock.hearing import Heard
from punchclock.ports import Closure
from punchclock.rosters import Roster
from punchclock.totals import Correction
from tests.functions.ledgers import (
    CANCELLED,
    CARD,
    CLOSED,
    FULL,
    INCIDENT,
    MINUTE,
    NOW,
    OVERTIME,
    PAINT,
    TABLE,
    client,
    forged,
    in_dynamodb,
)


@pytest.fixture
def table():
    with mock_aws():
        yield in_dynamodb()


@pytest.fixture
def stubbed():
    made = client()
    with Stubber(made) as stubber:
        yield DynamoLedger(made, TABLE), stubber


def every_record() -> list[Item]:
    with mock_aws():
        pages = client().get_paginator("scan").paginate(TableName=TABLE)
        return [item for page in pages for item in page["Items"]]


def test_closed_incidents_are_kept_by_month_even_when_the_same_trouble_came_again(table):
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    over = replace(again, closed=NOW + 3 * MINUTE)
    for reported in (INCIDENT, closed, again, over):
        table.report(reported)
    table.file(over)
    table.file(over)
    kept = [item for item in every_record() if item["pk"]["S"] == "incident#2026-03"]
    assert kept == [records.filed_incident(each) for each in (closed, over)]


def test_the_whole_book_is_one_consistent_query(stubbed):
    ledger, stubber = stubbed
    expected = {
        "TableName": TABLE,
        "ConsistentRead": True,
        "KeyConditionExpression": "#pk = :pk",
        "ProjectionExpression": "#sk, #body, #since",
        "ExpressionAttributeNames": {"#pk": "pk", "#sk": "sk", "#body": "body", "#since": "since"},
        "ExpressionAttributeValues": {":pk": {"S": "open"}},
    }
    stubber.add_response("query", {"Items": []}, expected)
    assert ledger.book().cards == {}


ROSTER = Roster.of([PAINT], NOW)
LATER = Correction(card=CLOSED.id, opened=CLOSED.opened, corrected=NOW, days=FULL.days)
VERBS: dict[str, Callable[[DynamoLedger], object]] = {
    "book": lambda ledger: ledger.book(),
    "closed_cards": lambda ledger: ledger.closed_cards("2026-03"),
    "begin": lambda ledger: ledger.begin(NOW),
    "enrol": lambda ledger: ledger.enrol(ROSTER),
    "shut": lambda ledger: ledger.shut(Closure(at=NOW, on_destroy="stop")),
    "reopen": lambda ledger: ledger.reopen(),
    "hear": lambda ledger: ledger.hear(Action.START, NOW),
    "miss": lambda ledger: ledger.miss(Action.START, Heard(), NOW),
    "claim": lambda ledger: ledger.claim(PAINT.id, Action.START, NOW),
    "release": lambda ledger: ledger.release(PAINT.id, Action.START, NOW),
    "write": lambda ledger: ledger.write(CARD),
    "adopt": lambda ledger: ledger.adopt(CARD, NOW),
    "entries": lambda ledger: ledger.entries("2026-03"),
    "reviews": lambda ledger: ledger.reviews(NOW),
    "tell": lambda ledger: ledger.tell(NOW.date(), None),
    "close": lambda ledger: ledger.close(CLOSED),
    "reviewed": lambda ledger: ledger.reviewed(CLOSED, LATER),
    "report": lambda ledger: ledger.report(INCIDENT),
    "file": lambda ledger: ledger.file(replace(INCIDENT, closed=NOW)),
    "orders": lambda ledger: ledger.orders(NOW),
    "order": lambda ledger: ledger.order(OVERTIME),
}
CALLS = {
    "book": "query",
    "closed_cards": "query",
    "entries": "query",
    "reviews": "query",
    "orders": "query",
    "reopen": "delete_item",
    "adopt": "transact_write_items",
    "close": "transact_write_items",
    "reviewed": "transact_write_items",
}
"""The first call of a verb; of the others it is ``put_item``."""

PERMITTED = {
    "book": dynamo.READS,
    "closed_cards": dynamo.READS,
    "entries": dynamo.READS,
    "reviews": dynamo.READS,
    "tell": dynamo.WRITES,
    "begin": dynamo.WRITES,
    "enrol": dynamo.WRITES,
    "shut": dynamo.WRITES,
    "reopen": dynamo.REOPENS,
    "hear": dynamo.WRITES,
    "miss": dynamo.WRITES,
    "claim": dynamo.WRITES,
    "release": dynamo.WRITES,
    "write": dynamo.WRITES,
    "adopt": dynamo.WRITES,
    "report": dynamo.WRITES,
    "close": dynamo.CLOSES,
    "reviewed": dynamo.CLOSES,
    "file": dynamo.CLOSES,
    "orders": dynamo.READS,
    "order": dynamo.WRITES,
}


def actions(operation, params):
    """Return the IAM actions of a call; a transaction needs those of its parts."""
    if operation != "TransactWriteItems":
        return {f"dynamodb:{operation}"}
    return {f"dynamodb:{verb}Item" for part in params["TransactItems"] for verb in part}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDeniedException", 400, Refused),
        ("ResourceNotFoundException", 400, Refused),
        ("ProvisionedThroughputExceededException", 400, Throttled),
        ("ThrottlingException", 400, Throttled),
        ("InternalServerError", 500, ServiceSilent),
    ],
)
def test_an_error_says_what_its_caller_can_do(stubbed, verb, code, status, expected):
    ledger, stubber = stubbed
    stubber.add_client_error(CALLS.get(verb, "put_item"), code, "so it is", status)
    with pytest.raises(expected, match=code) as caught:
        VERBS[verb](ledger)
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ConditionalCheckFailedException", LedgerConflict),
        ("TransactionConflictException", LedgerConflict),
        ("TransactionInProgressException", LedgerConflict),
        ("RequestLimitExceeded", Throttled),
    ],
)
def test_a_card_that_somebody_else_is_just_writing_can_be_written_later(stubbed, code, expected):
    ledger, stubber = stubbed
    stubber.add_client_error("put_item", code)
    with pytest.raises(expected, match=code):
        ledger.write(CARD)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (["None", "TransactionConflict"], LedgerConflict),
        (["ConditionalCheckFailed", "ThrottlingError"], Throttled),
        (["ProvisionedThroughputExceeded", "None"], Throttled),
        (["ConditionalCheckFailed", "ValidationError"], Refused),
    ],
)
def test_a_cancelled_transaction_is_as_grave_as_its_gravest_reason(stubbed, reasons, expected):
    ledger, stubber = stubbed
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        modeled_fields={"CancellationReasons": [{"Code": code} for code in reasons]},
    )
    with pytest.raises(expected, match="TransactionCanceledException"):
        ledger.reviewed(CLOSED, None)


def test_a_transaction_that_is_cancelled_without_a_word_can_be_written_later(stubbed):
    ledger, stubber = stubbed
    reasons = {"CancellationReasons": [{"Message": "nobody knows"}]}
    stubber.add_client_error(
        "transact_write_items", "TransactionCanceledException", modeled_fields=reasons
    )
    with pytest.raises(LedgerConflict):
        ledger.reviewed(CLOSED, None)


@pytest.mark.parametrize("verb", VERBS)
def test_no_answer_is_silence(verb):
    def unplug(request, **_):
        raise ReadTimeoutError(endpoint_url=request.url)

    made = client()
    made.meta.events.register("before-send", unplug)
    # One attempt: what is asked here is what it means, not how often it is asked.
    made.meta.events.register_first("needs-retry", lambda **_: None)
    with pytest.raises(ServiceSilent):
        VERBS[verb](DynamoLedger(made, TABLE))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_makes_only_calls_that_its_permissions_allow(verb):
    with mock_aws():
        in_dynamodb()
        made, needed = client(), set()
        made.meta.events.register(
            "provide-client-params",
            lambda params, model, **_: needed.update(actions(model.name, params)),
        )
        ledger = DynamoLedger(made, TABLE)
        if verb == "close":
            # The longest way: a card that was closed before.
            card = ledger.write(CLOSED)
            ledger.close(card)
            needed.clear()
            ledger.close(card)
        else:
            VERBS[verb](ledger)
    assert needed
    assert needed <= set(PERMITTED[verb])


def test_what_the_desk_writes_is_in_one_partition_with_nothing_else(table):
    """A permission to write can be narrowed to a partition, and not further."""
    table.write(CARD)
    table.report(INCIDENT)
    table.claim(PAINT.id, Action.START, NOW)
    table.order(OVERTIME)
    table.order(CANCELLED)
    desk = [item["sk"]["S"] for item in every_record() if item["pk"]["S"] == records.OVERRIDE]
    key = f"2026-03-02T06:10:00Z#{OVERTIME.id}"
    assert desk == [key, f"{key}#cancelled"]


def _said(**changes: object) -> Item:
    record = dict(records.override(OVERTIME))
    body = {**json.loads(record["body"]["S"]), **changes}
    return {**record, "body": {"S": json.dumps(body, separators=(",", ":"), ensure_ascii=False)}}


WRITTEN_BY_OTHERS: dict[str, Item] = {
    "another text under its key": _said(why="nothing of the kind"),
    "the end of time": _said(made="9999-12-31T00:00:00Z", until="9999-12-31T23:59:59Z"),
    "a year": _said(until="2027-03-02T06:10:00Z"),
    "no zone": _said(made="2026-03-02T04:40:00"),
    "no zone, and the key of that": forged(
        OVERTIME, made="2026-03-02T04:40:00", until="2026-03-02T06:10:00"
    ),
    "no kind of ours": _said(kind="party"),
    "a number for a model": _said(model=7),
    "a list for a model": _said(model=["paint"]),
    "a list for a model, and the key of that": forged(OVERTIME, model=["paint"]),
    "a field that we do not know": _said(colour="red"),
    "no end of brackets": {**records.override(OVERTIME), "body": {"S": "[" * 100_000}},
    "no JSON": {**records.override(OVERTIME), "body": {"S": "{"}},
    "no object": {**records.override(OVERTIME), "body": {"S": "[1]"}},
    "no text": {**records.override(OVERTIME), "body": {"N": "1"}},
    "no body": records.keys(records.OVERRIDE, records.override(OVERTIME)["sk"]["S"]),
    "no end of anything": records.keys(records.OVERRIDE, "2026-03-02T06:10:00Z#x#cancelled"),
}


@pytest.mark.parametrize("what", WRITTEN_BY_OTHERS)
def test_what_others_have_written_so_has_no_effect_and_is_named(table, what):
    """Who may write overrides may write anything there, and must not stop a sweep with it."""
    record = WRITTEN_BY_OTHERS[what]
    client().put_item(TableName=TABLE, Item=record)
    good = replace(OVERTIME, model="glue")
    table.order(good)
    orders = table.orders(NOW)
    assert orders.overrides == {"glue": [good]}
    assert orders.unreadable == [record["sk"]["S"]]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("2026-03-02T06:10:00Z#\x1b[2J\n", r"2026-03-02T06:10:00Z#\x1b[2J\n"),
        ("2026-03-02T06:10:00Z#" + "ü" * 79, "2026-03-02T06:10:00Z#" + "ü" * 79),
        ("2026-03-02T06:10:00Z#" + "ü" * 80, "2026-03-02T06:10:00Z#" + "ü" * 79 + "…"),
    ],
)
def test_whatever_key_others_have_written_is_told_on_one_short_line(table, key, told):
    record = {**records.override(OVERTIME), **records.keys(records.OVERRIDE, key)}
    client().put_item(TableName=TABLE, Item=record)
    assert table.orders(NOW).unreadable == [told]

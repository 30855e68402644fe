"""What the ledger promises, of the one in DynamoDB and of the one in memory."""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from functions import ledger as dynamo
from functions.ledger import DynamoLedger
from functions.records import Item
from functions.services import clients
from punchclock.decisions import Action, Trouble
from punchclock.errors import LedgerConflict, Refused, ServiceSilent, Throttled
from punchclock.observations import State
from punchclock.plants import Target
from punchclock.ports import Incident
from punchclock.timecards import Basis, Day, Origin, Purpose, Span, Timecard
from rehearsal.ledger import MemoryLedger

TABLE = "springfield"
NOW = dt.datetime(2026, 3, 2, 4, 40, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)

PAINT = Target(
    service="lookoutvision",
    key="paint/1",
    batch="paint/1",
    address={"project": "paint", "version": "1"},
)
CARD = Timecard(
    model="paint",
    target=PAINT,
    rate=Decimal("4.00"),
    units=2,
    max_units=None,
    origin=Origin.PLANNED,
    opened=NOW,
    planned_ready=NOW + 20 * MINUTE,
    planned_stop=NOW + 500 * MINUTE,
    shifts=("early", "late"),
)
FULL = replace(
    CARD,
    max_units=4,
    asked=NOW,
    last_asked=NOW,
    attempts=1,
    ready=NOW + 8 * MINUTE,
    state=State.RUNNING,
    since=NOW + 8 * MINUTE,
    spans=(Span(begin=NOW + 8 * MINUTE),),
    days=(
        Day(
            day=NOW.date(),
            minutes={Basis.METERED: 3, Basis.OBSERVED: 1},
            unit_minutes={Purpose.LEAD: Decimal("2.5"), Purpose.SHIFT: Decimal(6)},
        ),
    ),
)
INCIDENT = Incident(
    target_id=PAINT.id,
    model="paint",
    trouble=Trouble.FAILED,
    reason="the service calls it HOSTING_FAILED: größer als gedacht",
    opened=NOW,
    cost_per_hour=Decimal("8.00"),
)


@functools.cache
def session() -> botocore.session.Session:
    """One for all, because reading what botocore knows of DynamoDB is slow."""
    made = botocore.session.Session()
    made.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return made


def client() -> BaseClient:
    return session().create_client("dynamodb", region_name="eu-central-1", config=clients.PATIENT)


def in_dynamodb() -> DynamoLedger:
    made = client()
    made.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoLedger(made, TABLE)


@pytest.fixture(params=["dynamodb", "memory"])
def ledger(request):
    if request.param == "memory":
        yield MemoryLedger()
    else:
        with mock_aws():
            yield in_dynamodb()


def test_a_new_ledger_has_nothing(ledger):
    book = ledger.book()
    assert (book.since, book.cards, book.incidents) == (None, {}, {})


def test_the_first_sweep_is_noted_once(ledger):
    ledger.begin(NOW)
    ledger.begin(NOW + MINUTE)
    assert ledger.book().since == NOW


def test_a_written_card_is_read_as_it_was_written(ledger):
    written = ledger.write(FULL)
    assert written == replace(FULL, version=1)
    assert ledger.book().cards == {FULL.id: written}


def test_a_card_is_written_over_the_version_it_was_made_from(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    assert second.version == 2
    assert ledger.book().cards == {CARD.id: second}


def test_a_card_that_was_changed_since_is_not_overwritten(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    with pytest.raises(LedgerConflict):
        ledger.write(first.ask_stop(NOW))
    assert ledger.book().cards == {CARD.id: second}


def test_a_card_is_opened_once(ledger):
    ledger.write(CARD)
    with pytest.raises(LedgerConflict):
        ledger.write(CARD)


def test_cards_of_several_models_are_read_together(ledger):
    other = replace(CARD, target=replace(PAINT, key="paint/2"))
    ledger.write(CARD)
    ledger.write(other)
    assert set(ledger.book().cards) == {CARD.id, other.id}


def test_more_cards_than_a_page_holds_are_all_read(ledger):
    """A page of DynamoDB's is at most 1 MB."""
    shifts = tuple(f"shift-{number:05}" for number in range(7000))
    cards = [
        replace(CARD, target=replace(PAINT, key=f"paint/{number}"), shifts=shifts)
        for number in range(15)
    ]
    for card in cards:
        ledger.write(card)
    assert set(ledger.book().cards) == {card.id for card in cards}


def test_a_closed_card_leaves_the_book_for_its_month(ledger):
    card = ledger.write(CARD)
    closed = replace(card, closed=NOW + MINUTE)
    ledger.close(closed)
    assert ledger.book().cards == {}
    assert ledger.closed_cards("2026-03") == [closed]
    assert ledger.closed_cards("2026-04") == []


def test_a_card_belongs_to_the_month_it_was_opened_in_by_utc(ledger):
    east = dt.timezone(dt.timedelta(hours=9))
    card = ledger.write(replace(CARD, opened=dt.datetime(2026, 4, 1, 6, tzinfo=east)))
    ledger.close(card)
    assert [each.id for each in ledger.closed_cards("2026-03")] == [card.id]


def test_closed_cards_are_listed_in_order(ledger):
    for number in (3, 1, 2):
        ledger.close(ledger.write(replace(CARD, target=replace(PAINT, key=f"paint/{number}"))))
    keys = [card.target.key for card in ledger.closed_cards("2026-03")]
    assert keys == ["paint/1", "paint/2", "paint/3"]


def test_closing_the_same_card_again_makes_no_second_record(ledger):
    closed = replace(ledger.write(CARD), closed=NOW + MINUTE)
    ledger.close(closed)
    ledger.close(closed)
    assert ledger.closed_cards("2026-03") == [closed]


def test_closing_a_closed_card_otherwise_is_a_conflict(ledger):
    card = ledger.write(CARD)
    closed = replace(card, closed=NOW + MINUTE)
    ledger.close(closed)
    with pytest.raises(LedgerConflict):
        ledger.close(replace(card, closed=NOW + 2 * MINUTE))
    assert ledger.closed_cards("2026-03") == [closed]


def test_closing_a_card_that_was_changed_since_is_a_conflict_and_leaves_it_open(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    with pytest.raises(LedgerConflict):
        ledger.close(replace(first, closed=NOW + MINUTE))
    assert ledger.book().cards == {CARD.id: second}
    assert ledger.closed_cards("2026-03") == []


def test_closing_a_card_that_was_never_written_is_a_conflict(ledger):
    with pytest.raises(LedgerConflict):
        ledger.close(CARD)
    assert ledger.closed_cards("2026-03") == []


def test_a_closed_card_is_not_written_again(ledger):
    card = ledger.write(CARD)
    ledger.close(card)
    with pytest.raises(LedgerConflict):
        ledger.write(card)
    assert ledger.book().cards == {}


def test_a_claim_keeps_others_away_for_two_minutes(ledger):
    assert ledger.claim(PAINT.id, Action.START, NOW)
    assert not ledger.claim(PAINT.id, Action.START, NOW)
    assert not ledger.claim(PAINT.id, Action.STOP, NOW + 2 * MINUTE - SECOND)
    assert ledger.claim(PAINT.id, Action.STOP, NOW + 2 * MINUTE)
    assert not ledger.claim(PAINT.id, Action.START, NOW + 3 * MINUTE)


def test_claims_of_different_models_are_apart_and_no_part_of_the_book(ledger):
    assert ledger.claim(PAINT.id, Action.START, NOW)
    assert ledger.claim("lookoutvision:paint/2", Action.START, NOW)
    book = ledger.book()
    assert (book.cards, book.incidents) == ({}, {})


def test_a_reported_incident_is_read_as_it_was_reported(ledger):
    ledger.report(INCIDENT)
    assert ledger.book().incidents == {INCIDENT.id: INCIDENT}


def test_an_incident_that_is_open_keeps_its_first_report(ledger):
    ledger.report(INCIDENT)
    ledger.report(replace(INCIDENT, opened=NOW + MINUTE, reason="again"))
    assert ledger.book().incidents == {INCIDENT.id: INCIDENT}


def test_an_incident_is_closed_once(ledger):
    ledger.report(INCIDENT)
    first = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(first)
    ledger.report(replace(INCIDENT, closed=NOW + 2 * MINUTE))
    assert ledger.book().incidents == {INCIDENT.id: first}


def test_a_closed_incident_is_not_opened_by_an_old_report(ledger):
    ledger.report(INCIDENT)
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(closed)
    ledger.report(INCIDENT)
    assert ledger.book().incidents == {INCIDENT.id: closed}


def test_the_same_trouble_may_come_again(ledger):
    ledger.report(INCIDENT)
    ledger.report(replace(INCIDENT, closed=NOW + MINUTE))
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    ledger.report(again)
    assert ledger.book().incidents == {INCIDENT.id: again}


def test_a_filed_incident_leaves_the_book_and_stays_away(ledger):
    ledger.report(INCIDENT)
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(closed)
    ledger.file(closed)
    ledger.file(closed)
    ledger.report(closed)
    assert ledger.book().incidents == {}


def test_filing_an_incident_that_was_opened_anew_leaves_the_new_one(ledger):
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    for reported in (INCIDENT, closed, again):
        ledger.report(reported)
    ledger.file(closed)
    assert ledger.book().incidents == {INCIDENT.id: again}


# DynamoDB alone -----------------------------------------------------------------------------------


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
    kept = [item["sk"]["S"] for item in every_record() if item["pk"]["S"] == "incident#2026-03"]
    assert kept == [
        "incident#lookoutvision:paint/1#failed@2026-03-02T04:40:00Z",
        "incident#lookoutvision:paint/1#failed@2026-03-02T04:42:00Z",
    ]


def test_the_whole_book_is_one_consistent_query(stubbed):
    ledger, stubber = stubbed
    expected = {
        "TableName": TABLE,
        "ConsistentRead": True,
        "KeyConditionExpression": "#pk = :pk",
        "ExpressionAttributeNames": {"#pk": "pk"},
        "ExpressionAttributeValues": {":pk": {"S": "open"}},
    }
    stubber.add_response("query", {"Items": []}, expected)
    assert ledger.book().cards == {}


VERBS: dict[str, Callable[[DynamoLedger], object]] = {
    "book": lambda ledger: ledger.book(),
    "closed_cards": lambda ledger: ledger.closed_cards("2026-03"),
    "begin": lambda ledger: ledger.begin(NOW),
    "claim": lambda ledger: ledger.claim(PAINT.id, Action.START, NOW),
    "write": lambda ledger: ledger.write(CARD),
    "close": lambda ledger: ledger.close(CARD),
    "report": lambda ledger: ledger.report(INCIDENT),
    "file": lambda ledger: ledger.file(replace(INCIDENT, closed=NOW)),
}
CALLS = {
    "book": "query",
    "closed_cards": "query",
    "close": "transact_write_items",
}
"""The first call of a verb; of the others it is ``put_item``."""

PERMITTED = {
    "book": dynamo.READS,
    "closed_cards": dynamo.READS,
    "begin": dynamo.WRITES,
    "claim": dynamo.WRITES,
    "write": dynamo.WRITES,
    "report": dynamo.WRITES,
    "close": dynamo.CLOSES,
    "file": dynamo.CLOSES,
}
NEEDED = {
    "Query": {"dynamodb:Query"},
    "PutItem": {"dynamodb:PutItem"},
    "DeleteItem": {"dynamodb:DeleteItem"},
    "TransactWriteItems": {"dynamodb:PutItem", "dynamodb:DeleteItem"},
}
"""IAM actions of DynamoDB's operations; a transaction needs those of its parts."""


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
    with pytest.raises(expected):
        ledger.close(CARD)


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
        made, called = client(), set()
        made.meta.events.register("before-call", lambda model, **_: called.add(model.name))
        ledger = DynamoLedger(made, TABLE)
        if verb == "close":
            # The longest way: a card that was closed before.
            card = ledger.write(CARD)
            ledger.close(card)
            called.clear()
            ledger.close(card)
        else:
            VERBS[verb](ledger)
    needed = set().union(*(NEEDED[name] for name in called))
    assert needed
    assert needed <= set(PERMITTED[verb])

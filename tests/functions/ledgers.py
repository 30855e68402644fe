"""Ledgers to test, and what to write into them."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from botocore.client import BaseClient

from functions import records
from functions.ledger import DynamoLedger
from functions.records import Item
from functions.services import clients
from punchclock import codec
from punchclock.decisions import Trouble
from punchclock.observations import State
from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Target
from punchclock.ports import Incident
from punchclock.timecards import Basis, Day, Origin, Purpose, Span, Timecard
from tests.functions.stubs import session

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
CLOSED = replace(CARD, closed=NOW + 600 * MINUTE)
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
OVERTIME = Override(
    model="paint",
    kind=Kind.OVERTIME,
    made=NOW,
    until=NOW + 90 * MINUTE,
    who="arn:aws:sts::123456789012:assumed-role/Line/anna@example.com",
    why="späte Charge",
)
CANCELLED = Cancellation(
    override=OVERTIME.id, until=OVERTIME.until, made=NOW + MINUTE, who=OVERTIME.who, why="done"
)


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


def forged(said: Override | Cancellation, **changes: object) -> Item:
    """Return the record that somebody's own tool has written: other values, and the key of these.

    Values are as JSON has them.
    """
    written: Any = codec.dump(said)
    return forged_of({**written, **changes})


def forged_of(body: Mapping[str, object]) -> Item:
    """Return the record of any body at all, under the key that the desk would make of it."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:10]
    cancelled = f"{body['override']}#cancelled" if "override" in body else None
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    key = f"{_end(body.get('until'))}#{cancelled or digest}"
    return {**records.keys(records.OVERRIDE, key), "body": {"S": text}}


def _end(until: object) -> str:
    try:
        instant = dt.datetime.fromisoformat(str(until)).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        instant = OVERTIME.until
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"

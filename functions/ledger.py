"""How are the ledger's promises kept in DynamoDB? What its records look like is in ``records``."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from functions import records
from functions.records import ABSENT, CLOSED, EDGE, OPEN, ROSTER, Attribute, Item, when
from functions.services.refusals import Meanings, code, translated
from punchclock import codec
from punchclock.decisions import Action
from punchclock.errors import (
    InvalidOverride,
    LedgerConflict,
    PunchclockError,
    Refused,
    Throttled,
)
from punchclock.hearing import Heard
from punchclock.overrides import LONGEST, MEMORY, Cancellation, Orders, Override
from punchclock.ports import CLAIM, Book, Closure, Incident
from punchclock.rosters import Roster
from punchclock.timecards import Timecard, review_due
from punchclock.totals import Correction, Entry, corrected, entries

READS = ("dynamodb:Query",)
"""IAM actions of ``book``, ``orders`` and ``closed_cards``."""

WRITES = ("dynamodb:PutItem",)
"""IAM actions of everything else that is written without a transaction."""

CLOSES = ("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem")
"""IAM actions of ``close`` and ``file``: a transaction is allowed by those of its parts."""

REOPENS = ("dynamodb:DeleteItem",)
"""IAM actions of ``reopen``."""


_DESK: Attribute = {"S": records.OVERRIDE}

_FREE = f"{ABSENT} OR #until <= :now"
"""The condition that nobody has a claim."""

_READ = "#sk, #body, #since"
"""Attributes that are read; the others are there for conditions."""


class Taken(LedgerConflict):
    """The condition of a write did not hold: somebody else was first."""


MEANINGS: Meanings = {
    "ConditionalCheckFailedException": Taken,
    "TransactionConflictException": LedgerConflict,
    "TransactionInProgressException": LedgerConflict,
    "ProvisionedThroughputExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "ThrottlingException": Throttled,
}
"""What DynamoDB's errors mean. Source: the DynamoDB guide, "Error handling with DynamoDB"."""

CANCELLATIONS: Meanings = {
    "ProvisionedThroughputExceeded": Throttled,
    "ThrottlingError": Throttled,
    "TransactionConflict": LedgerConflict,
    "ConditionalCheckFailed": Taken,
}
"""What the reasons of a cancelled transaction mean, gravest first; any other is a refusal."""


class DynamoLedger:
    """The ledger in one DynamoDB table."""

    def __init__(self, client: BaseClient, table: str) -> None:
        """Take a DynamoDB client and the table's name."""
        self._client = client
        self._pages = client.get_paginator("query")
        self._table = table

    def book(self) -> Book:
        """Read all that is going on, consistently, in one query."""
        rows = {row["sk"]["S"]: row for row in self._rows(OPEN)}
        cards = [records.read(Timecard, row) for sk, row in rows.items() if sk.startswith("card#")]
        incidents = [
            records.read(Incident, row) for sk, row in rows.items() if sk.startswith("incident#")
        ]
        closed, roster = rows.get(CLOSED), rows.get(ROSTER)
        since, told = (rows.get(sk, {}).get("since") for sk in ("plant", "told"))
        return Book(
            closure=None if closed is None else records.read(Closure, closed),
            roster=None if roster is None else records.read(Roster, roster),
            heard={
                Action(sk.removeprefix(EDGE)): records.read(Heard, row)
                for sk, row in rows.items()
                if sk.startswith(EDGE)
            },
            since=None if since is None else codec.load(dt.datetime, since["S"]),
            told=None if told is None else codec.load(dt.date, told["S"]),
            cards={card.id: card for card in cards},
            incidents={incident.id: incident for incident in incidents},
        )

    def orders(self, now: dt.datetime) -> Orders:
        """Read what was said at the desk and was not over a week ago, in one query."""
        return self.orders_ending(now - MEMORY, now + LONGEST)

    def orders_ending(self, begin: dt.datetime, end: dt.datetime) -> Orders:
        """Read what was said at the desk and ends, or would have ended, in an interval."""
        span = records.ending(begin, end)
        rows = self._query("#pk = :pk AND #sk BETWEEN :first AND :last", pk=_DESK, **span)
        overrides: list[Override] = []
        cancellations: list[Cancellation] = []
        unreadable: list[str] = []
        for row in rows:
            try:
                said = records.said(row)
            except InvalidOverride:
                unreadable.append(records.shown(row))
                continue
            if isinstance(said, Override):
                overrides.append(said)
            else:
                cancellations.append(said)
        return Orders.of(overrides, cancellations, unreadable)

    def order(self, said: Override | Cancellation) -> bool:
        """Append what somebody says; False when that is said already. Nothing is ever rewritten."""
        try:
            self._put(records.saying(said), ABSENT)
        except Taken:
            return False
        return True

    def closed_cards(self, month: str) -> list[Timecard]:
        """Return the closed cards that were opened in a month (``YYYY-MM``, UTC), by id.

        Where their metric said something else later, they have the corrected days.
        """
        rows = self._rows(records.corrections_of(month))
        later = {each.card: each.days for each in (records.read(Correction, row) for row in rows)}
        cards = (records.read(Timecard, row) for row in self._rows(records.cards_of(month)))
        return [replace(card, days=later.get(card.id, card.days)) for card in cards]

    def entries(self, month: str) -> list[Entry]:
        """Return what closed cards have of a month of the plant's (``YYYY-MM``), by card id."""
        return [records.read(Entry, row) for row in self._rows(records.entries_of(month))]

    def begin(self, now: dt.datetime) -> None:
        """Note when the plant was first swept; later calls change nothing."""
        with suppress(Taken):
            self._put(records.plant(now), ABSENT)

    def enrol(self, roster: Roster) -> None:
        """Note which models are swept from now on, over the version that this was made from.

        Where somebody else was first, nothing changes.
        """
        record = records.roster(roster)
        # One without a version was written by a release that knew of none.
        older = "attribute_not_exists(#version) OR #version < :version"
        with suppress(Taken):
            self._put(record, older, version=record["version"])

    def shut(self, closure: Closure) -> None:
        """Note that the plant is closed; one that is closed already stays as it is."""
        with suppress(Taken):
            self._put(records.closure(closure), ABSENT)

    def reopen(self) -> None:
        """Forget that the plant was closed, and which models it held until then."""
        with translated(MEANINGS):
            # What it held, another plant may have claimed since.
            for sk in (ROSTER, CLOSED):
                self._client.delete_item(TableName=self._table, Key=records.keys(OPEN, sk))

    def hear(self, action: Action, due: dt.datetime) -> None:
        """Note that an event has arrived; one that was due earlier than another changes nothing."""
        record = records.heard(action, Heard(arrived=due))
        later = "attribute_not_exists(#arrived) OR #arrived < :arrived"
        with suppress(Taken):
            self._put(record, later, arrived=record["arrived"])

    def miss(self, action: Action, heard: Heard, due: dt.datetime) -> None:
        """Note that an event has not arrived, unless more was ``heard`` since."""
        record = records.heard(action, replace(heard, missed=due))
        before = {"arrived": record["arrived"]} if "arrived" in record else {}
        same = "#arrived = :arrived" if before else "attribute_not_exists(#arrived)"
        with suppress(Taken):
            self._put(record, f"attribute_not_exists(#missed) AND {same}", **before)

    def claim(self, target_id: str, action: Action, now: dt.datetime) -> bool:
        """Take the right to act on a model for two minutes; False when somebody else has it."""
        record = records.claim(target_id, action, now + CLAIM)
        try:
            self._put(record, _FREE, now=records.moment(now))
        except LedgerConflict:
            return False
        return True

    def release(self, target_id: str, action: Action, claimed: dt.datetime) -> None:
        """Give back a right taken at ``claimed``, unless it has expired since."""
        with suppress(Taken):
            own = records.moment(claimed + CLAIM)
            self._put(records.claim(target_id, action, claimed), "#until = :own", own=own)

    def write(self, card: Timecard) -> Timecard:
        """Write a card over the version it was made from and return it as written.

        Raises ``LedgerConflict`` when the card was changed or closed since.
        """
        written = replace(card, version=card.version + 1)
        condition, values = _unchanged(card)
        self._put(records.open_card(written), condition, **values)
        return written

    def adopt(self, card: Timecard, now: dt.datetime, over: Timecard | None = None) -> Timecard:
        """Open a card for what runs without one and claim its model, and return it as written.

        ``over`` is the card that ends with that, which is written too: all of it, or nothing.
        Raises ``LedgerConflict`` when somebody has a claim, or has changed the card that is over.
        """
        claim = records.claim(card.target.id, Action.ADOPT, now + CLAIM)
        parts = [{"Put": {"Item": claim, **when(_FREE, now=records.moment(now))}}]
        for each in (card, over):
            if each is not None:
                record = records.open_card(replace(each, version=each.version + 1))
                condition, values = _unchanged(each)
                parts.append({"Put": {"Item": record, **when(condition, **values)}})
        self._transact(*parts)
        return replace(card, version=card.version + 1)

    def close(self, card: Timecard) -> None:
        """File a card away for good, exactly once; the same card again changes nothing.

        Raises ``LedgerConflict`` when the card was changed, or closed otherwise, since.
        """
        filed = records.closed_card(card)
        key = records.keys(OPEN, filed["sk"]["S"])
        version = when("#version = :version", version=records.number(card.version))
        try:
            self._transact(
                {"Put": {"Item": filed, **when(ABSENT)}},
                {"Delete": {"Key": key, **version}},
                *_entered(entries(card)),
                {"Put": {"Item": records.review(card, review_due(card))}},
            )
        except Taken:
            if self._body(filed) != filed["body"]:
                raise

    def reviews(self, now: dt.datetime) -> list[Timecard]:
        """Return the closed cards whose metric is to be read once more by now."""
        due = {"S": f"{codec.dump(now)}~"}
        rows = self._query("#pk = :pk AND #sk < :sk", pk={"S": records.REVIEW}, sk=due)
        return [records.read(Timecard, row) for row in rows]

    def reviewed(self, card: Timecard, correction: Correction | None) -> None:
        """Note that a closed card was read once more, and what its metric says now if else."""
        reviewed = records.review(card, review_due(card))
        done = {"Delete": {"Key": records.keys(records.REVIEW, reviewed["sk"]["S"])}}
        if correction is None:
            self._transact(done)
            return
        written = {"Put": {"Item": records.correction(correction)}}
        self._transact(written, done, *_entered(corrected(card, correction.days)))

    def tell(self, day: dt.date, before: dt.date | None) -> bool:
        """Note that all days up to this one are told of; False when somebody else has done it."""
        record = records.told(day)
        try:
            if before is None:
                self._put(record, ABSENT)
            else:
                self._put(record, "#since = :before", before={"S": before.isoformat()})
        except LedgerConflict:
            return False
        return True

    def report(self, incident: Incident) -> bool:
        """Write an incident, open or closed; one that is open already keeps its first report.

        False when somebody else was first. A write that the client repeats, because its answer was
        lost, opens the incident still: it is the same one.
        """
        record = records.incident(incident)
        current = "#opened = :opened AND attribute_not_exists(#closed)"
        over = "attribute_exists(#closed) AND #opened < :opened"
        opening = f"{ABSENT} OR ({current}) OR ({over})"
        try:
            condition = opening if incident.closed is None else current
            self._put(record, condition, opened=record["opened"])
        except Taken:
            return False
        if incident.closed is not None:
            # At once, because the same trouble may come again before it is filed.
            self._archive(incident)
        return True

    def file(self, incident: Incident) -> None:
        """File a closed incident away; again, or after it was opened anew, changes nothing."""
        self._archive(incident)
        record = records.incident(incident)
        key = records.keys(OPEN, record["sk"]["S"])
        same = when("#opened = :opened AND attribute_exists(#closed)", opened=record["opened"])
        with suppress(Taken), translated(MEANINGS):
            self._client.delete_item(TableName=self._table, Key=key, **same)

    def _archive(self, incident: Incident) -> None:
        with suppress(Taken):
            self._put(records.filed_incident(incident), ABSENT)

    def _put(self, item: Item, condition: str, **values: Attribute) -> None:
        with translated(MEANINGS):
            self._client.put_item(TableName=self._table, Item=item, **when(condition, **values))

    def _transact(self, *parts: Mapping[str, Mapping[str, object]]) -> None:
        items = [
            {verb: {"TableName": self._table, **fields}}
            for part in parts
            for verb, fields in part.items()
        ]
        with translated(MEANINGS):
            try:
                self._client.transact_write_items(TransactItems=items)
            except ClientError as error:
                if code(error) != "TransactionCanceledException":
                    raise
                raise _cancellation(error)(str(error)) from error

    def _rows(self, pk: str) -> Iterator[Item]:
        return self._query("#pk = :pk", pk={"S": pk})

    def _body(self, item: Item) -> Attribute | None:
        """Return the body that the table has under an item's keys."""
        rows = self._query("#pk = :pk AND #sk = :sk", pk=item["pk"], sk=item["sk"])
        return next((row["body"] for row in rows), None)

    def _query(self, condition: str, **values: Attribute) -> Iterator[Item]:
        question = when(f"{condition} {_READ}", **values)
        question["KeyConditionExpression"] = condition
        question["ProjectionExpression"] = _READ
        del question["ConditionExpression"]
        pages = self._pages.paginate(TableName=self._table, ConsistentRead=True, **question)
        with translated(MEANINGS):
            for page in pages:
                yield from page["Items"]


def _unchanged(card: Timecard) -> tuple[str, Mapping[str, Attribute]]:
    """Return the condition that a card is as it was read, or is not there if it was not."""
    if not card.version:
        return ABSENT, {}
    return "#version = :version", {"version": records.number(card.version)}


def _entered(made: list[Entry]) -> Iterator[Mapping[str, Mapping[str, object]]]:
    return ({"Put": {"Item": records.entry(each)}} for each in made)


def _cancellation(error: ClientError) -> type[PunchclockError]:
    reasons = {
        reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())
    }
    words = reasons - {"None"}
    if words - set(CANCELLATIONS):
        return Refused
    return next((kind for word, kind in CANCELLATIONS.items() if word in words), LedgerConflict)

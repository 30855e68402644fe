"""What does a record of the ledger look like in DynamoDB?

One table with the texts ``pk`` and ``sk`` as keys. What is going on now shares one partition, so
one consistent query reads it all; what is over lies in a partition of the month it began in (UTC).
Claims of an action are apart: they outlive their use, and nobody reads them. So are overrides: who
writes them may write nothing else, and a permission can be narrowed to a partition, not further.
They sort by when they end, so that a query finds those that still matter however many there were.
Entries lie in the plant's local month, so that a month's cost is one query; corrections in the
partition month of their card.

======================  ====================================  ==============================
pk                      sk                                    other attributes
======================  ====================================  ==============================
``open``                ``plant``                             since
``open``                ``card#<card id>``                    body, version
``open``                ``incident#<incident id>``            body, opened, closed if it is
``open``                ``told``                              since
``open``                ``closed``                            body
``open``                ``roster``                            body, version
``open``                ``edge#<start or stop>``              body, arrived, missed if one is
``claim``               target id                             action, until
``review``              ``<due>#card#<card id>``              body
``override``            ``<until>#<override id>``             body
``override``            ``<until>#<override id>#cancelled``   body
``card#<YYYY-MM>``      ``card#<card id>``                    body, version
``entry#<YYYY-MM>``     card id                               body
``correction#<YYYY-MM>``  card id                             body
``incident#<YYYY-MM>``  ``incident#<incident id>@<opened>``   body, opened, closed
======================  ====================================  ==============================

``body`` is the value as JSON (``punchclock.codec``); the others are there for conditions. ``since``
is RFC 3339; other instants are whole microseconds since 1970, UTC, so that they compare as numbers.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from punchclock import codec
from punchclock.decisions import Action
from punchclock.errors import InvalidOverride
from punchclock.hearing import Heard
from punchclock.overrides import Cancellation, Override
from punchclock.ports import Closure, Incident
from punchclock.rosters import Roster
from punchclock.timecards import Timecard
from punchclock.totals import Correction, Entry

OPEN = "open"
"""The partition of what is going on."""

EDGE = "edge#"
"""What the sort keys of the records begin with that say which events arrive."""

ROSTER = "roster"
"""The sort key of the one record that says which models are swept."""

CLOSED = "closed"
"""The sort key of the one record that says the plant is closed."""

REVIEW = "review"
"""The partition of closed cards that are to be read once more."""

OVERRIDE = "override"
"""The partition of what people say at the desk, and the only one that they may write."""

ABSENT = "attribute_not_exists(#sk)"
"""The condition that nothing has been written under these keys."""

_CANCELLED = "#cancelled"

_LONGEST_SHOWN = 100
"""Characters of a key of the desk that are told: no key that is written here has half as many."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

T = TypeVar(
    "T", Timecard, Incident, Entry, Correction, Override, Cancellation, Closure, Roster, Heard
)
Attribute = Mapping[str, str]
Item = Mapping[str, Attribute]
"""A record as DynamoDB's low-level API has it: a text is ``{"S": …}``, a number ``{"N": "…"}``."""


def keys(pk: str, sk: str) -> Item:
    """Return the keys of a record."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def plant(since: dt.datetime) -> Item:
    """Return the record that a plant is swept."""
    return {**keys(OPEN, "plant"), "since": {"S": str(codec.dump(since))}}


def told(day: dt.date) -> Item:
    """Return the record that all days up to this one have been told of."""
    return {**keys(OPEN, "told"), "since": {"S": day.isoformat()}}


def heard(action: Action, known: Heard) -> Item:
    """Return the record of what is known of the events of one kind."""
    moments = {"arrived": known.arrived, "missed": known.missed}
    return {
        **keys(OPEN, f"{EDGE}{action}"),
        "body": _body(known),
        **{name: moment(each) for name, each in moments.items() if each is not None},
    }


def roster(made: Roster) -> Item:
    """Return the record of the models that are swept."""
    return {**keys(OPEN, ROSTER), "body": _body(made), "version": number(made.version)}


def closure(made: Closure) -> Item:
    """Return the record that the plant is closed."""
    return {**keys(OPEN, CLOSED), "body": _body(made)}


def entry(made: Entry) -> Item:
    """Return the record of a card's part of a month."""
    return {**keys(entries_of(made.month), made.card), "body": _body(made)}


def entries_of(month: str) -> str:
    """Return the partition of the entries of a local month (``YYYY-MM``)."""
    return f"entry#{month}"


def review(card: Timecard, due: dt.datetime) -> Item:
    """Return the record that a closed card is to be read once more, from an instant on."""
    return {**keys(REVIEW, f"{codec.dump(due)}#card#{card.id}"), "body": _body(card)}


def correction(made: Correction) -> Item:
    """Return the record of what a closed card's metric said later."""
    return {**keys(corrections_of(_month(made.opened)), made.card), "body": _body(made)}


def corrections_of(month: str) -> str:
    """Return the partition of the corrections of cards that were opened in a month."""
    return f"correction#{month}"


def claim(target_id: str, action: Action, until: dt.datetime) -> Item:
    """Return the record of a claim that keeps others away until an instant."""
    record = keys("claim", target_id)
    return {**record, "action": {"S": action.value}, "until": moment(until)}


def override(said: Override) -> Item:
    """Return the record of an override. Its key tells what it says: another text, another key."""
    key = f"{_second(said.until)}#{said.id}"
    return {**keys(OVERRIDE, key), "body": _body(replace(said, cancelled=None))}


def cancellation(said: Cancellation) -> Item:
    """Return the record that an override ended early; each has one."""
    key = f"{_second(said.until)}#{said.override}{_CANCELLED}"
    return {**keys(OVERRIDE, key), "body": _body(said)}


def saying(said: Override | Cancellation) -> Item:
    """Return the record of what somebody says at the desk."""
    return cancellation(said) if isinstance(said, Cancellation) else override(said)


def ending(begin: dt.datetime, end: dt.datetime) -> dict[str, Attribute]:
    """Return the keys, ``first`` and ``last``, between which overrides of an interval lie."""
    return {"first": {"S": _second(begin)}, "last": {"S": f"{_second(end)}~"}}


def said(record: Item) -> Override | Cancellation:
    """Return what a record of the desk says.

    People may write here with tools of their own, so nothing is taken for granted: raises
    ``InvalidOverride`` for what is not as it is written here.
    """
    key = record["sk"]["S"]
    try:
        found: Override | Cancellation = (
            read(Cancellation, record) if key.endswith(_CANCELLED) else read(Override, record)
        )
        # Others may have written another zone, which would be told as if it were UTC.
        written = saying(_in_utc(found))
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        # Whatever stands there instead of what is written here.
        raise InvalidOverride(f"{key} cannot be read: {error!r}") from error
    # The body is compared too: a field of another type is written otherwise.
    if (written["sk"], written["body"]) != (record["sk"], record["body"]):
        raise InvalidOverride(f"{key} does not say what its key says")
    return found


def shown(record: Item) -> str:
    """Return the key of a record of the desk as people are told of it, whoever has written it.

    It is one line, and short enough to become a part of another key, which may have 1024 bytes.
    """
    key = record["sk"]["S"]
    plain = key if key.isprintable() else key.encode("unicode_escape").decode()
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"


def open_card(card: Timecard) -> Item:
    """Return the record of a card that is not closed."""
    return {**keys(OPEN, f"card#{card.id}"), **_card(card)}


def closed_card(card: Timecard) -> Item:
    """Return the record of a card that is closed."""
    return {**keys(cards_of(_month(card.opened)), f"card#{card.id}"), **_card(card)}


def cards_of(month: str) -> str:
    """Return the partition of the closed cards that were opened in a month (``YYYY-MM``)."""
    return f"card#{month}"


def incident(reported: Incident) -> Item:
    """Return the record of an incident that is not filed away, open or closed."""
    return {**keys(OPEN, f"incident#{reported.id}"), **_incident(reported)}


def filed_incident(reported: Incident) -> Item:
    """Return the record of an incident that is filed away."""
    pk = f"incident#{_month(reported.opened)}"
    return {
        **keys(pk, f"incident#{reported.id}@{codec.dump(reported.opened)}"),
        **_incident(reported),
    }


def read(kind: type[T], record: Item) -> T:
    """Return the value of a record."""
    return codec.load(kind, json.loads(record["body"]["S"]))


def number(value: int) -> Attribute:
    """Return an attribute that is a number."""
    return {"N": str(value)}


def moment(instant: dt.datetime) -> Attribute:
    """Return an attribute that compares as instants do."""
    return number((instant - _EPOCH) // dt.timedelta(microseconds=1))


def when(condition: str, **values: Attribute) -> dict[str, object]:
    """Return a condition as parameters; names in it have a ``#``, as many words are reserved."""
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", condition)}
    found: dict[str, object] = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
    }
    # An empty mapping would be refused.
    if values:
        found["ExpressionAttributeValues"] = {f":{name}": value for name, value in values.items()}
    return found


def _card(card: Timecard) -> Item:
    return {"body": _body(card), "version": number(card.version)}


def _incident(reported: Incident) -> Item:
    closed = {} if reported.closed is None else {"closed": moment(reported.closed)}
    return {"body": _body(reported), "opened": moment(reported.opened), **closed}


def _in_utc(said: Override | Cancellation) -> Override | Cancellation:
    return replace(said, made=said.made.astimezone(dt.UTC), until=said.until.astimezone(dt.UTC))


def _second(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _body(
    value: Timecard
    | Incident
    | Entry
    | Correction
    | Override
    | Cancellation
    | Closure
    | Roster
    | Heard,
) -> Attribute:
    return {"S": json.dumps(codec.dump(value), separators=(",", ":"), ensure_ascii=False)}


def _month(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y-%m}"

"""What stands in the table, to the letter: the next release reads what this one has written."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from functions import records
from functions.records import Item
from punchclock import codec
from punchclock.decisions import Action
from punchclock.errors import InvalidOverride
from punchclock.hearing import Heard
from punchclock.ports import Closure
from punchclock.rosters import Roster
from punchclock.totals import Correction, Entry
from tests.functions.ledgers import (
    CANCELLED,
    CARD,
    CLOSED,
    INCIDENT,
    MINUTE,
    NOW,
    OVERTIME,
    PAINT,
    forged,
)

AT, MICROSECONDS = "2026-03-02T04:40:00Z", 1_772_426_400_000_000
"""``NOW`` as a text and as a number, and a minute later is 60,000,000 more."""
CARD_ID = f"lookoutvision:paint/1@{AT}"

LATER = replace(CARD, version=3)
ENTRY = Entry(card=CARD.id, model="paint", rate=Decimal("4.00"), month="2026-03", days=())
CORRECTION = Correction(card=CARD.id, opened=NOW, corrected=NOW + MINUTE, days=())
ROSTER = replace(Roster.of([PAINT], NOW), version=2)
HEARD = Heard(arrived=NOW, missed=NOW + MINUTE)

LAYOUT: dict[str, tuple[Callable[[], Item], tuple[str, str], dict[str, str | int]]] = {
    "plant": (lambda: records.plant(NOW), ("open", "plant"), {"since": AT}),
    "told": (lambda: records.told(NOW.date()), ("open", "told"), {"since": "2026-03-02"}),
    "an edge": (
        lambda: records.heard(Action.START, HEARD),
        ("open", "edge#start"),
        {"arrived": MICROSECONDS, "missed": MICROSECONDS + 60_000_000},
    ),
    "an edge of which nothing is known": (
        lambda: records.heard(Action.STOP, Heard()),
        ("open", "edge#stop"),
        {},
    ),
    "roster": (lambda: records.roster(ROSTER), ("open", "roster"), {"version": 2}),
    "closure": (
        lambda: records.closure(Closure(at=NOW, on_destroy="stop")),
        ("open", "closed"),
        {},
    ),
    "an open card": (lambda: records.open_card(LATER), ("open", f"card#{CARD_ID}"), {"version": 3}),
    "a closed card": (
        lambda: records.closed_card(replace(LATER, closed=NOW)),
        ("card#2026-03", f"card#{CARD_ID}"),
        {"version": 3},
    ),
    "a review": (
        lambda: records.review(CLOSED, NOW + MINUTE),
        ("review", f"2026-03-02T04:41:00Z#card#{CARD_ID}"),
        {},
    ),
    "a claim": (
        lambda: records.claim(PAINT.id, Action.START, NOW),
        ("claim", "lookoutvision:paint/1"),
        {"action": "start", "until": MICROSECONDS},
    ),
    "an override": (
        lambda: records.override(OVERTIME),
        ("override", f"2026-03-02T06:10:00Z#{OVERTIME.id}"),
        {},
    ),
    "a cancellation": (
        lambda: records.cancellation(CANCELLED),
        ("override", f"2026-03-02T06:10:00Z#{OVERTIME.id}#cancelled"),
        {},
    ),
    "an incident": (
        lambda: records.incident(INCIDENT),
        ("open", "incident#lookoutvision:paint/1#failed"),
        {"opened": MICROSECONDS},
    ),
    "an incident that is over": (
        lambda: records.filed_incident(replace(INCIDENT, closed=NOW + MINUTE)),
        ("incident#2026-03", f"incident#lookoutvision:paint/1#failed@{AT}"),
        {"opened": MICROSECONDS, "closed": MICROSECONDS + 60_000_000},
    ),
    "an entry": (lambda: records.entry(ENTRY), ("entry#2026-03", CARD_ID), {}),
    "a correction": (lambda: records.correction(CORRECTION), ("correction#2026-03", CARD_ID), {}),
}


@pytest.mark.parametrize("what", LAYOUT)
def test_a_record_lies_where_the_next_release_looks_for_it(what):
    make, (pk, sk), attributes = LAYOUT[what]
    record = make()
    typed = {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in attributes.items()
    }
    assert record["pk"] == {"S": pk}
    assert record["sk"] == {"S": sk}
    rest = {name: value for name, value in record.items() if name not in {"pk", "sk", "body"}}
    assert rest == typed


@pytest.mark.parametrize(
    ("record", "value"),
    [
        (records.heard(Action.START, HEARD), HEARD),
        (records.roster(ROSTER), ROSTER),
        (records.closure(Closure(at=NOW, on_destroy="leave")), Closure(at=NOW, on_destroy="leave")),
        (records.open_card(LATER), LATER),
        (records.closed_card(CLOSED), CLOSED),
        (records.review(CLOSED, NOW), CLOSED),
        (records.override(OVERTIME), OVERTIME),
        (records.cancellation(CANCELLED), CANCELLED),
        (records.incident(INCIDENT), INCIDENT),
        (records.entry(ENTRY), ENTRY),
        (records.correction(CORRECTION), CORRECTION),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_body_is_the_value(record, value):
    assert records.read(type(value), record) == value


def test_a_body_is_json_without_blanks_and_with_the_letters_as_they_are():
    body = records.override(OVERTIME)["body"]["S"]
    assert '"why":"späte Charge"' in body
    assert json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False) == body


@pytest.mark.parametrize(
    ("body", "why"), [("{", "cannot be read"), ("anna", "does not say what its key says")]
)
def test_an_override_that_somebody_else_has_written_is_refused_by_its_key(body, why):
    record = records.override(OVERTIME)
    text = record["body"]["S"].replace(OVERTIME.why, "no reason") if body == "anna" else body
    with pytest.raises(InvalidOverride, match=f"{record['sk']['S']} {why}"):
        records.said({**record, "body": {"S": text}})


NONSENSE: dict[str, Item] = {
    "a number for a model": forged(OVERTIME, model=7),
    "what is no number for a model": forged(OVERTIME, model=float("nan")),
    "a mapping for a caller": forged(OVERTIME, who={"name": "anna"}),
    "nobody": forged(OVERTIME, who=None),
    "half a letter": forged(OVERTIME, who="\ud83d"),
    "a list for a reason": forged(OVERTIME, why=["late"]),
    "a reason without end": forged(OVERTIME, why="late " * 50_000),
    "an enormous number for an instant": forged(OVERTIME, made=10**4000),
    "another offset": forged(
        OVERTIME, made="2026-03-02T05:40:00+01:00", until="2026-03-02T07:10:00+01:00"
    ),
    "another offset at its end": forged(OVERTIME, until="2026-03-02T07:10:00+01:00"),
    "the beginning of time": forged(OVERTIME, made="0001-01-01T00:00:00+23:59"),
    "the end of time": forged(OVERTIME, until="9999-12-31T23:59:59-23:59"),
    "more than a week": forged(OVERTIME, until="2026-03-09T04:40:01Z"),
    "said when it is over": forged(OVERTIME, made="2036-03-02T04:40:00Z"),
    "a truth for a kind": forged(OVERTIME, kind=True),
    "a list for a kind": forged(OVERTIME, kind=["overtime"]),
    "a number for a day": forged(OVERTIME, kind="skip", day=20260302),
    "an instant for a day": forged(OVERTIME, kind="skip", day="2026-03-02T00:00:00Z"),
    "a list for a shift": forged(OVERTIME, kind="skip", day="2026-03-02", shift=["early"]),
    "an end in itself": forged(OVERTIME, cancelled=codec.dump(CANCELLED)),
    "an end of a list": forged(CANCELLED, override=["x"]),
    "an end without a zone": forged(
        CANCELLED, made="2026-03-02T04:41:00", until="2026-03-02T06:10:00"
    ),
    "an end with half of a zone": forged(CANCELLED, made="2026-03-02T04:41:00"),
    "an end at another offset": forged(CANCELLED, made="2026-03-02T05:41:00+01:00"),
    "an end by a list": forged(CANCELLED, who=["anna"]),
    "an end for a number": forged(CANCELLED, why=7),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_under_the_key_that_it_would_have_is_refused(what):
    """Whoever knows how a key is made must not be believed for that."""
    with pytest.raises(InvalidOverride):
        records.said(NONSENSE[what])


@pytest.mark.parametrize("text", ["[" * 100_000, '{"model":' * 100_000, "7", "null", '"paint"', ""])
def test_a_body_that_holds_no_value_of_ours_is_refused(text):
    with pytest.raises(InvalidOverride, match="cannot be read"):
        records.said({**records.override(OVERTIME), "body": {"S": text}})


@pytest.mark.parametrize("said", [OVERTIME, CANCELLED], ids=lambda each: type(each).__name__)
def test_what_another_tool_has_written_just_so_is_believed(said):
    assert forged(said) == records.saying(said)
    assert records.said(forged(said)) == said


def test_an_override_is_written_as_it_was_said_whatever_became_of_it():
    """Nobody rewrites it: its end is a record of its own."""
    assert records.override(replace(OVERTIME, cancelled=CANCELLED)) == records.override(OVERTIME)


def test_instants_count_from_1970_in_utc_wherever_they_are_told():
    berlin = dt.timezone(dt.timedelta(hours=1))
    instant = dt.datetime(2026, 4, 1, 0, 30, tzinfo=berlin)
    assert records.moment(dt.datetime(1970, 1, 1, 1, 0, 0, 7, tzinfo=berlin)) == {"N": "7"}
    card = replace(CARD, opened=instant, closed=instant + MINUTE)
    assert records.closed_card(card)["pk"] == {"S": "card#2026-03"}
    said = replace(OVERTIME, made=instant, until=instant + MINUTE)
    assert records.override(said)["sk"]["S"].startswith("2026-03-31T23:31:00Z#")


def test_a_condition_names_every_word_and_has_values_only_where_there_are_any():
    assert records.when("#until <= :now OR #sk = :own", now={"N": "1"}, own={"S": "x"}) == {
        "ConditionExpression": "#until <= :now OR #sk = :own",
        "ExpressionAttributeNames": {"#until": "until", "#sk": "sk"},
        "ExpressionAttributeValues": {":now": {"N": "1"}, ":own": {"S": "x"}},
    }
    assert records.when(records.ABSENT) == {
        "ConditionExpression": "attribute_not_exists(#sk)",
        "ExpressionAttributeNames": {"#sk": "sk"},
    }


def test_overrides_of_an_interval_lie_between_its_first_and_its_last_second():
    span = records.ending(NOW, NOW + 90 * MINUTE)
    assert span == {"first": {"S": AT}, "last": {"S": "2026-03-02T06:10:00Z~"}}
    for record in (records.override(OVERTIME), records.cancellation(CANCELLED)):
        assert span["first"]["S"] < record["sk"]["S"] < span["last"]["S"]

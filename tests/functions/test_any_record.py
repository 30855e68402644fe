"""Whatever lies among the overrides, every model is handled, and people are told of it."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from moto import mock_aws

from functions import records
from functions.records import Item
from punchclock import codec
from punchclock.decisions import Trouble
from punchclock.overrides import Cancellation, Kind, Override
from tests.functions.hall import Hall, at, model
from tests.functions.ledgers import TABLE, client, forged, forged_of, in_dynamodb

SAID = Override(
    model="paint",
    kind=Kind.SKIP,
    made=at("03:00"),
    until=at("22:00"),
    who="arn:aws:iam::123456789012:user/anna",
    why="late batch",
    day=at("03:00").date(),
    shift="early",
)
BACK = Cancellation(override=SAID.id, until=SAID.until, made=at("04:00"), who=SAID.who, why="done")

# DynamoDB takes no half of a letter.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
NO_TEXT = JSON.filter(lambda each: not isinstance(each, str))
# All of a day on which the sweep looks for what ends.
NO_INSTANT = NO_TEXT | st.one_of(
    st.times().map(lambda time: f"2026-03-02T{time}"),
    st.sampled_from(["2026-03-02", "2026-W10-1T04:00Z", "20260302T040000Z", "now", ""]),
    st.sampled_from(["2026-03-02T04:00:00+00:00", "2026-03-02T04:00:00+01:00"]),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]),
)
OF_SAID: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("model", "who", "why", "shift"), NO_TEXT),
    **dict.fromkeys(("made", "until"), NO_INSTANT),
    "kind": JSON.filter(lambda each: each != "skip"),
    "day": NO_TEXT | TEXTS,
    "cancelled": JSON | st.just(codec.dump(BACK)),
    "made_of": JSON,
}
"""Of each field, and of one that there is not, what an override does not say in it."""
OF_BACK: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("override", "who", "why"), NO_TEXT),
    **dict.fromkeys(("made", "until"), NO_INSTANT),
    "made_of": JSON,
}
"""The same of a cancellation."""


def spoilt(
    said: Override | Cancellation, fields: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Item]:
    """Return records of what is said with nonsense in one field at least."""
    written: Any = codec.dump(said)
    one = st.sampled_from(sorted(fields)).flatmap(
        lambda name: st.fixed_dictionaries({name: fields[name]})
    )
    more = st.fixed_dictionaries({}, optional=fields)
    return st.builds(lambda a, b: forged_of({**written, **a, **b}), more, one)


def texts(text: str, key: str = records.override(SAID)["sk"]["S"]) -> Item:
    """Return a record with any text for a body."""
    return {**records.keys(records.OVERRIDE, key), "body": {"S": text}}


RECORDS = st.one_of(
    spoilt(SAID, OF_SAID),
    spoilt(BACK, OF_BACK),
    st.dictionaries(TEXTS, JSON, max_size=5).map(forged_of),
    TEXTS.map(texts),
    st.integers(1, 100_000).map(lambda depth: texts("[" * depth)),
)


@given(record=RECORDS)
@example(record=texts("[" * 100_000))
@example(record=forged(SAID, made="2026-03-02T03:00:00", until="2026-03-02T22:00:00"))
@example(record=forged(SAID, model=["paint"]))
@example(record=forged(BACK, override=["paint"]))
@example(record=texts("{", key=f"2026-03-02T22:00:00Z#{'x' * 1003}"))
def test_whatever_lies_among_the_overrides_every_model_works_and_people_are_told(record):
    with mock_aws():
        hall = Hall(model("paint"), model("glue"))
        hall.live_with(in_dynamodb())
        client().put_item(TableName=TABLE, Item=record)
        hall.at_work()
        assert [key for key, _, _ in hall.lookout.started] == ["paint/1", "glue/1"]
        assert hall.sweep(at("13:00")) == {"start": 0, "stop": 2}
        assert hall.stop(at("13:00"))["acted"] == ["paint", "glue"]
        (incident,) = hall.incidents(Trouble.UNREADABLE)
    assert records.shown(record) in incident.reason
    (notice,) = hall.board.sent
    assert records.shown(record) in notice.body

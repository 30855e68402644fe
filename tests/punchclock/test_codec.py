"""What is written as JSON is read back as it was."""

import dataclasses
import datetime as dt
import json
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchclock import codec
from punchclock.actions import Action
from punchclock.minutes import Basis, Purpose
from punchclock.observations import State
from punchclock.plants import Plant, Quota
from punchclock.shifts import Calendar, Shift
from punchclock.timecards import Origin
from tests.punchclock.worlds import World, at, model, plant, shift, worlds


class Colour(StrEnum):
    RED = "red"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """A field of every kind that the domain has."""

    instant: dt.datetime
    day: dt.date
    wall: dt.time
    span: dt.timedelta
    amount: Decimal
    colour: Colour
    names: tuple[str, ...]
    days: frozenset[dt.date]
    by_day: Mapping[dt.date, str]
    by_name: Mapping[str, Quota]
    number: int | None = 7
    flag: bool = False


def everything(**changed: object) -> Everything:
    values: dict[str, object] = {
        "instant": at("2026-01-12T05:00:00.250000Z"),
        "day": dt.date(2026, 1, 12),
        "wall": dt.time(6, 30),
        "span": dt.timedelta(minutes=90),
        "amount": Decimal("4.00"),
        "colour": Colour.RED,
        "names": ("b", "a"),
        "days": frozenset({dt.date(2026, 1, 13), dt.date(2026, 1, 12)}),
        "by_day": {dt.date(2026, 1, 12): "a holiday"},
        "by_name": {"rekognition": Quota(running_models=2)},
    }
    return Everything(**{**values, **changed})  # type: ignore[arg-type]


def test_a_field_that_a_newer_version_has_written_is_passed_over():
    written = codec.dump(everything())
    assert isinstance(written, dict)
    assert codec.load(Everything, {**written, "shape": "round"}) == everything()


@given(worlds())
def test_plant_survives_being_written_and_read(world: World) -> None:
    written = json.dumps(codec.dump(world.plant))
    assert codec.load(Plant, json.loads(written)) == world.plant


def test_every_kind_of_value_is_written_plainly() -> None:
    assert codec.dump(everything()) == {
        "instant": "2026-01-12T05:00:00.250000Z",
        "day": "2026-01-12",
        "wall": "06:30",
        "span": 5400,
        "amount": "4.00",
        "colour": "red",
        "names": ["b", "a"],
        "days": ["2026-01-12", "2026-01-13"],
        "by_day": {"2026-01-12": "a holiday"},
        "by_name": {"rekognition": {"running_models": 2}},
    }


@pytest.mark.parametrize("changed", [{}, {"number": None}, {"number": 8}, {"flag": True}])
def test_every_kind_of_value_is_read_back(changed: dict[str, object]) -> None:
    value = everything(**changed)
    again = codec.load(Everything, json.loads(json.dumps(codec.dump(value))))
    assert again == value
    assert [type(getattr(again, f.name)) for f in dataclasses.fields(again)] == [
        type(getattr(value, f.name)) for f in dataclasses.fields(value)
    ]


def test_number_as_the_ledger_returns_it_is_read_as_an_integer() -> None:
    written = {**_as_mapping(codec.dump(everything())), "number": Decimal(9)}
    read = codec.load(Everything, written).number
    assert (read, type(read)) == (9, int)


def test_none_that_is_not_the_default_is_written() -> None:
    assert _as_mapping(codec.dump(everything(number=None)))["number"] is None


def test_default_is_left_out_so_that_older_records_still_read() -> None:
    assert codec.dump(Quota()) == {}
    assert codec.load(Quota, {}) == Quota()
    assert "flag" not in _as_mapping(codec.dump(everything()))


def test_value_is_validated_when_it_is_read() -> None:
    written = _as_mapping(codec.dump(shift("06:00-14:00")))
    with pytest.raises(ValueError, match="not one shift"):
        codec.load(Shift, {**written, "end": "06:00"})


OTHERWISE: list[tuple[str, object]] = [
    ("instant", "2026-01-12T05:00:00"),
    ("instant", "2026-01-12"),
    ("instant", 1_768_194_000),
    ("day", 20260112),
    ("day", "2026-01-12T05:00:00Z"),
    ("wall", 6),
    ("span", "5400"),
    ("span", True),
    ("span", 1e300),
    ("amount", 4.5),
    ("amount", ["4.00"]),
    ("colour", "blue"),
    ("colour", ["red"]),
    ("names", "ba"),
    ("names", {"b": "a"}),
    ("names", ["b", 1]),
    ("days", "2026-01-12"),
    ("days", [None]),
    ("by_day", ["2026-01-12"]),
    ("by_day", {"2026-01-12": None}),
    ("by_name", {"rekognition": 2}),
    ("number", True),
    ("number", 7.5),
    ("number", "7"),
    ("number", float("nan")),
    ("number", float("inf")),
    ("number", [7]),
    ("flag", 1),
    ("flag", None),
]


@pytest.mark.parametrize(("name", "value"), OTHERWISE)
def test_what_has_another_type_than_it_says_is_not_read(name: str, value: object) -> None:
    written = {**_as_mapping(codec.dump(everything())), name: value}
    with pytest.raises((ArithmeticError, TypeError, ValueError)):
        codec.load(Everything, written)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "instant",
            "2026-01-12T05:00:00",
            "2026-01-12T05:00:00 has no zone; a Z at its end would do",
        ),
        ("number", True, "a bool stands where a whole number would do"),
        ("span", 1.5, "a float stands where a whole number would do"),
    ],
)
def test_what_is_not_read_is_told_with_what_would_do(
    name: str, value: object, message: str
) -> None:
    written = {**_as_mapping(codec.dump(everything())), name: value}
    with pytest.raises((TypeError, ValueError), match=message):
        codec.load(Everything, written)


@pytest.mark.parametrize("data", [None, 7, "name", ["name"], [["name", "works"]]])
def test_what_is_no_mapping_is_no_value(data: object) -> None:
    with pytest.raises(TypeError, match=f"a {type(data).__name__} stands where a dict would do"):
        codec.load(Calendar, data)


def test_a_word_that_is_none_of_those_that_there_are_is_not_read() -> None:
    written = _as_mapping(codec.dump(plant("UTC", model(shift("06:00-14:00")))))
    assert codec.load(Plant, {**written, "mode": "watch"}).mode == "watch"
    for mode in ("look", ["watch"], None):
        with pytest.raises(ValueError, match="is none of"):
            codec.load(Plant, {**written, "mode": mode})


def test_an_instant_keeps_its_offset() -> None:
    read = codec.load(dt.datetime, "2026-01-12T06:00:00+01:00")
    assert codec.dump(read) == "2026-01-12T06:00:00+01:00"


def test_same_value_is_always_written_alike() -> None:
    days = [dt.date(2026, 1, day) for day in range(1, 29)]
    forward, backward = (
        Calendar(name="works", closed=frozenset(order), holidays=dict.fromkeys(order, "x"))
        for order in (days, days[::-1])
    )
    assert json.dumps(codec.dump(forward)) == json.dumps(codec.dump(backward))


def test_plant_is_written_with_its_names_and_without_what_goes_without_saying() -> None:
    written = _as_mapping(codec.dump(plant("UTC", model(shift("06:00-14:00")))))
    assert written["timezone"] == "UTC"
    assert "on_destroy" not in written


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_instant_is_written_with_a_z_and_read_back(instant: dt.datetime) -> None:
    written = codec.dump(instant)
    assert isinstance(written, str)
    assert written.endswith("Z")
    assert codec.load(dt.datetime, written) == instant


def _as_mapping(written: object) -> dict[str, object]:
    assert isinstance(written, dict)
    return written


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Basis, {"metered", "observed"}),
        (Purpose, {"shift", "overtime", "lead", "late_stop", "unscheduled"}),
        (Origin, {"planned", "adopted", "manual"}),
        (Action, {"start", "stop", "adopt", "confirm", "wait", "nothing"}),
        (
            State,
            {"stopped", "starting", "running", "updating", "stopping", "failed"}
            | {"training", "deleting", "missing", "unknown"},
        ),
    ],
)
def test_words_that_the_ledger_keeps_stay_as_they_are(kind: type[StrEnum], words: set[str]) -> None:
    """A card that an older deployment has written is read by the next."""
    assert {codec.dump(each) for each in kind} == words
    assert {codec.load(kind, word) for word in words} == set(kind)


def test_a_default_that_is_made_anew_each_time_is_left_out_too() -> None:
    assert "holidays" not in typing.cast("dict[str, object]", codec.dump(Calendar(name="works")))
    empty = codec.load(Calendar, {"name": "works"})
    assert empty == Calendar(name="works")

"""Whom a sweep looks at: everybody while there is room, and each in turn where there is none."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from functions.rollcall import Subject
from functions.turns import MOST_DESCRIBES, first_round, in_turn
from tests.functions.hall import MINUTE, at, model


def idle(count: int) -> list[Subject]:
    """Return subjects of which nothing is going on, each a call of its own."""
    models = [model(f"m{n:03}") for n in range(count)]
    return [Subject(target=each.target, model=each, run=None, card=None) for each in models]


def test_each_minute_has_the_turn_after_the_last_ones():
    found = idle(2 * MOST_DESCRIBES)
    turns = [list(in_turn(found, at("05:00") + n * MINUTE)) for n in range(70)]
    assert all(len(turn) == MOST_DESCRIBES for turn in turns)
    assert all(
        {id(each) for each in (*one, *other)} == {id(each) for each in found}
        for one, other in pairwise(turns)
    )


def test_what_goes_on_comes_first_and_leaves_thirty_calls_to_the_others():
    busy = [replace(each, near=True) for each in idle(2 * MOST_DESCRIBES)]
    quiet = [
        Subject(target=each.target, model=each, run=None, card=None)
        for each in (model(f"quiet-{n:03}") for n in range(2 * MOST_DESCRIBES))
    ]
    for some, urgent in ((busy[:100], 90), (busy, 90), (busy[:20], 20)):
        (*turn,) = in_turn([*quiet, *some], at("05:00"))
        assert len(turn) == MOST_DESCRIBES
        assert [each.near for each in turn] == [True] * urgent + [False] * (120 - urgent)
    (*turn,) = in_turn([*quiet[:10], *busy], at("05:00"))
    assert [each.near for each in turn] == [True] * 110 + [False] * 10


def test_few_models_are_all_looked_at_in_every_minute():
    found = idle(MOST_DESCRIBES)
    for minute in (0, 1):
        assert list(in_turn(found, at("05:00") + minute * MINUTE)) == found


@pytest.mark.parametrize(("count", "minutes"), [(0, 0), (120, 0), (121, 4), (240, 8)])
def test_a_first_round_takes_as_long_as_the_last_of_many_may_wait(count, minutes):
    assert first_round(idle(count)) == dt.timedelta(minutes=minutes)

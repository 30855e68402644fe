"""How long services may take to answer a sweep: each its share of half a minute."""

import datetime as dt

import pytest

from functions.patience import Patience

SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("calls", "others", "share"), [(1, 0, 30), (30, 30, 15), (80, 40, 20), (3, 117, 5)]
)
def test_a_service_may_take_its_share_of_thirty_seconds_and_five_at_least(calls, others, share):
    patience = Patience(["slow"] * calls + ["quick"] * others)
    patience.spend("slow", (share - 0.001) * SECOND)
    assert patience.is_left("slow")
    patience.spend("slow", 0.001 * SECOND)
    assert not patience.is_left("slow")
    assert not others or patience.is_left("quick")

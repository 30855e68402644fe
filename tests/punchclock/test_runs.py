"""Which windows are one run?"""

import datetime as dt

import pytest

from punchclock.localtime import MINUTE
from punchclock.runs import join
from punchclock.windows import Window
from tests.punchclock.mornings import at

MORNING = Window(at("05:00"), at("08:00"), 2, ("early",))
NOON = Window(at("08:30"), at("13:00"), 3, ("noon",))


def joined(reach_minutes: int, *apart: str) -> list[tuple[dt.datetime, dt.datetime, int]]:
    runs = join([MORNING, NOON], 20 * MINUTE, reach_minutes * MINUTE, [at(each) for each in apart])
    return [(run.start, run.stop, run.units) for run in runs]


ONE = [(at("04:40"), at("13:00"), 3)]
TWO = [(at("04:40"), at("08:00"), 2), (at("08:10"), at("13:00"), 3)]


def test_a_pause_as_long_as_the_reach_is_bridged_and_a_longer_one_is_not():
    assert joined(30) == ONE
    assert joined(29) == TWO


@pytest.mark.parametrize("off", ["08:00", "08:15", "08:30"])
def test_a_pause_in_which_somebody_wants_it_off_is_not_bridged(off):
    assert joined(30, off) == TWO


@pytest.mark.parametrize("off", ["07:59", "08:31"])
def test_a_word_outside_the_pause_parts_nothing(off):
    assert joined(30, off) == ONE

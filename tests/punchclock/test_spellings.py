"""How names, instants and durations are written in a sentence."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from punchclock.spellings import both, listed, spelled
from tests.punchclock.worlds import at


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ([], ""),
        (["a"], "a"),
        (list("abcde"), "a, b, c, d, e"),
        (list("abcdef"), "a, b, c, d, e and 1 more"),
        ({"a": 1, "b": 2}, "a, b"),
    ],
)
def test_five_names_are_listed_and_the_others_counted(names, line):
    assert listed(names) == line


def test_an_instant_is_told_as_the_walls_show_it_and_in_utc():
    assert both(at("2026-03-02T04:40Z"), ZoneInfo("Europe/Berlin")) == (
        "Mon 2026-03-02 05:40 (2026-03-02T04:40Z)"
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0m"), (45, "45s"), (1200, "20m"), (5400, "1h30m"), (90061, "25h1m1s"), (7200, "2h")],
)
def test_a_duration_is_written_as_in_a_plant_file(seconds, text):
    assert spelled(dt.timedelta(seconds=seconds)) == text

"""When clocks change is found to the second, and what a schedule makes of it is the guide's."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from punchclock.transitions import changes, fired, twice
from tests.punchclock.worlds import at

BERLIN = ZoneInfo("Europe/Berlin")


def wall(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "day", "instant", "left", "reached"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-29T01:00Z", "02:00", "03:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T01:00Z", "03:00", "02:00"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-04T15:00Z", "02:00", "01:30"),
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00Z", "00:00", "01:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z", "00:00", "00:00"),
    ],
)
def test_a_change_is_found_at_its_instant(zone, day, instant, left, reached):
    begin = at(f"{day}T00:00Z")
    (change,) = changes(ZoneInfo(zone), begin, begin + dt.timedelta(days=1))
    assert change.at == at(instant)
    assert (f"{change.left:%H:%M}", f"{change.reached:%H:%M}") == (left, reached)
    assert (change.left.tzinfo, change.reached.tzinfo) == (None, None)


def test_a_change_at_the_end_belongs_to_what_comes_after():
    change = at("2026-03-29T01:00Z")
    hour = dt.timedelta(hours=1)
    assert not list(changes(BERLIN, change - hour, change))
    assert [each.at for each in changes(BERLIN, change - hour, change + hour)] == [change]


@pytest.mark.parametrize("seconds", [0, 1, 2, 3, 6 * 3600])
def test_a_change_is_found_however_shortly_before_it_one_begins(seconds):
    change = at("2026-03-29T01:00Z")
    begin = change - dt.timedelta(seconds=seconds)
    found = changes(BERLIN, begin, change + dt.timedelta(days=1))
    assert [each.at for each in found] == [change]


def test_a_zone_without_changes_has_none():
    begin = at("2026-01-01T00:00Z")
    assert not list(changes(ZoneInfo("Asia/Kolkata"), begin, begin + dt.timedelta(days=366)))


def test_a_schedule_is_skipped_in_a_gap_and_fires_at_the_first_pass_of_a_fold():
    assert fired(wall("2026-03-29T02:30"), BERLIN) is None
    assert fired(wall("2026-03-29T03:00"), BERLIN) == at("2026-03-29T01:00Z")
    assert fired(wall("2026-10-25T02:30"), BERLIN) == at("2026-10-25T00:30Z")


@pytest.mark.parametrize(
    ("time", "is_twice"),
    [("2026-10-25T02:30", True), ("2026-10-25T03:00", False), ("2026-03-29T02:30", False)],
)
def test_only_a_fold_shows_a_time_twice(time, is_twice):
    assert twice(wall(time), BERLIN) is is_twice

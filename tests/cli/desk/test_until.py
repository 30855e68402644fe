"""Until when, as people type it: on the walls of the plant, ahead, and not too far."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import typer

from cli.desk.until import an_end, resolved

BERLIN = ZoneInfo("Europe/Berlin")
TEN_TO_TEN = dt.datetime(2026, 3, 2, 20, 50, tzinfo=dt.UTC)


def until(text: str, now: dt.datetime = TEN_TO_TEN, zone: ZoneInfo = BERLIN) -> str:
    return f"{resolved(an_end(text), now, zone):%Y-%m-%dT%H:%MZ}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("25:00", "'25:00': hour must be in 0..23; 23:30"),
        ("23:60", "'23:60': minute must be in 0..59; 23:30"),
        ("11pm", "'11pm' is not a time; 23:30"),
        ("2330", "is not a time"),
        ("", "is not a time"),
        ("-1:30", "is not a time"),
        ("١٢:٣٠", "is not a time"),
        ("tomorrow", "is not a time"),
        ("2026-02-30T10:00", "day"),
        ("0001-01-01T00:00", "no time that anybody plans"),
        ("9999-12-31T23:59Z", "no time that anybody plans"),
        ("21:40", "--until 21:40 is over; it is Mon 2026-03-02 21:50"),
        ("21:50", "For tomorrow 2026-03-03T21:50 would do"),
        ("10:00", "For tomorrow 2026-03-03T10:00 would do"),
        ("2026-03-02T20:50Z", "is over"),
        ("2026-03-01T23:30", "is over"),
        ("2026-03-09T21:51", "more than 7 days ahead; what lasts longer belongs in the plant file"),
    ],
)
def test_a_time_that_does_not_hold_is_refused_with_what_would_do(text, told):
    with pytest.raises(typer.BadParameter) as caught:
        until(text)
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23:30", "2026-03-02T22:30Z"),
        ("24:00", "2026-03-02T23:00Z"),
        ("00:00", "2026-03-02T23:00Z"),
        ("1:30", "2026-03-03T00:30Z"),
        ("09:50", "2026-03-03T08:50Z"),
        ("2026-03-03T10:00", "2026-03-03T09:00Z"),
        ("2026-03-09T21:50", "2026-03-09T20:50Z"),
        ("2026-03-03T00:30:00z", "2026-03-03T00:30Z"),
        ("2026-03-02 23:30+01:00", "2026-03-02T22:30Z"),
    ],
)
def test_a_time_is_read_as_the_walls_of_the_plant_show_it(text, expected):
    assert until(text) == expected


def test_a_time_of_today_may_be_as_far_ahead_as_today_lasts():
    assert until("23:59", dt.datetime(2026, 3, 1, 23, 1, tzinfo=dt.UTC)) == "2026-03-02T22:59Z"


@pytest.mark.parametrize("text", ["02:30", "2026-03-29T02:30"])
def test_a_time_that_the_clocks_skip_is_refused_with_one_that_they_show(text):
    with pytest.raises(typer.BadParameter, match="skip 2026-03-29 02:30; 03:30 would do"):
        until(text, dt.datetime(2026, 3, 28, 22, 0, tzinfo=dt.UTC))


def test_a_time_that_the_clocks_show_twice_is_the_second():
    evening = dt.datetime(2026, 10, 24, 22, 0, tzinfo=dt.UTC)
    assert until("02:30", evening) == "2026-10-25T01:30Z"
    between = dt.datetime(2026, 10, 25, 0, 45, tzinfo=dt.UTC)
    assert until("02:30", between) == "2026-10-25T01:30Z"


def test_a_date_that_the_zone_skips_has_no_time():
    apia = ZoneInfo("Pacific/Apia")
    before = dt.datetime(2011, 12, 30, 4, 0, tzinfo=dt.UTC)
    with pytest.raises(typer.BadParameter, match="skip 2011-12-30"):
        until("2011-12-30T12:00", before, apia)

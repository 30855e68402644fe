"""Which days does a rule name, and how long may it take to find that there are none?"""

import datetime as dt
import time
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from punchclock.errors import InvalidPlant
from punchclock.recurrences import days, parse
from punchclock.shifts import FIRST_DAY, LAST_DAY

LEAP_DAY = dt.date(2024, 2, 29)


def numbers(name: str, least: int, most: int) -> st.SearchStrategy[str]:
    """Return a part of a rule with a number on either side of 0."""
    values = st.integers(least, most) | st.integers(-most, -least)
    return values.map(lambda value: f";{name}={value}")


PARTS = st.lists(
    st.one_of(
        st.sampled_from([";BYDAY=MO", ";BYDAY=SA,SU", ";BYDAY=TU,-1FR", ";BYSETPOS=2;BYDAY=MO,TH"]),
        st.integers(1, 12).map(lambda month: f";BYMONTH={month}"),
        st.integers(1, 9).map(lambda weeks: f";INTERVAL={weeks}"),
        numbers("BYMONTHDAY", 1, 28),
    ),
    max_size=3,
    unique_by=lambda part: part[:7],
).map("".join)


@given(
    frequency=st.sampled_from(["MONTHLY", "YEARLY"]),
    parts=PARTS,
    anchor=st.dates(FIRST_DAY, LAST_DAY) | st.just(LEAP_DAY),
)
def test_a_rule_names_the_days_that_its_library_finds_in_its_own_years(frequency, parts, anchor):
    text = f"FREQ={frequency}{parts}"
    plain = rrulestr(text, dtstart=dt.datetime.combine(anchor, dt.time()))
    expected = takewhile(lambda day: day <= LAST_DAY, (each.date() for each in plain))
    assert days(text, anchor, LAST_DAY) == tuple(expected)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;BYEASTER=-2", ["2026-04-03", "2027-03-26", "2028-04-14"]),
        ("FREQ=YEARLY;UNTIL=20270601", ["2026-02-01", "2027-02-01"]),
        ("FREQ=YEARLY;COUNT=2", ["2026-02-01", "2027-02-01"]),
        ("freq=yearly;byeaster=-2", ["2026-04-03", "2027-03-26", "2028-04-14"]),
    ],
)
def test_easter_and_the_end_of_a_rule_are_those_of_its_own_years(rule, expected):
    found = days(rule, dt.date(2026, 2, 1), dt.date(2028, 12, 31))
    assert [str(day) for day in found] == expected


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [(1896, 1904, [1896, 1904]), (2048, 2104, [*range(2048, 2097, 4), 2104])],
)
def test_leap_days_are_those_of_the_years_themselves_where_centuries_have_none(first, last, years):
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    found = days(rule, dt.date(first, 1, 1), dt.date(last, 12, 31))
    assert [day.year for day in found] == years


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("DTSTART:20260101\nRRULE:FREQ=DAILY", "write one rule without spaces"),
        ("", "write one rule without spaces"),
        ("FREQ=DAILY;BYHOUR=6", "the hours are start and end"),
        ("FREQ=DAILY;INTERVAL=0", "an interval is at least 1"),
        ("FREQ=DAILY;INTERVAL=-2", "an interval is at least 1"),
        ("RDATE:20260101", "write one rule, as FREQ=MONTHLY;BYDAY=1SU"),
        ("BYDAY=MO", "rrule 'BYDAY=MO': "),
    ],
)
def test_what_is_not_one_rule_about_days_is_refused_in_words(text, phrase):
    with pytest.raises(InvalidPlant) as refused:
        parse(text, FIRST_DAY)
    assert phrase in str(refused.value)


def test_a_rule_that_counts_from_beyond_the_last_day_names_none():
    assert days("FREQ=DAILY", dt.date(9000, 1, 1), LAST_DAY) == ()


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=2;BYMONTH=4;BYMONTHDAY=31",
    ],
)
def test_that_a_rule_names_no_day_is_found_out_at_once(rule):
    # Through all years that a date can have it takes three to six seconds.
    begin = time.process_time()
    assert days(rule, FIRST_DAY, LAST_DAY) == ()
    assert time.process_time() - begin < 1

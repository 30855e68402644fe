"""What a person may say at the desk, and which of several words counts."""

import datetime as dt
from dataclasses import replace

import pytest

from punchclock.errors import InvalidOverride
from punchclock.overrides import (
    LONGEST,
    LONGEST_REASON,
    Cancellation,
    Kind,
    Orders,
    Override,
)
from tests.punchclock.worlds import at

MADE = at("2026-03-02T20:50Z")
SECOND = dt.timedelta(seconds=1)
ANNA = "arn:aws:sts::123456789012:assumed-role/Line/anna@example.com"


def said(kind: Kind = Kind.OVERTIME, **more) -> Override:
    defaults = {
        "model": "paint",
        "kind": kind,
        "made": MADE,
        "until": at("2026-03-02T22:30Z"),
        "who": ANNA,
        "why": "late batch",
    }
    return Override(**{**defaults, **more})


def taken_back(override: Override, made: dt.datetime) -> Cancellation:
    return Cancellation(override=override.id, until=override.until, made=made, who=ANNA)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"until": MADE}, "not within 7 days"),
        ({"until": MADE - SECOND}, "not within 7 days"),
        ({"until": MADE + LONGEST + SECOND}, "belongs in the plant file"),
        ({"why": ""}, "reason is empty"),
        ({"why": " \t"}, "reason is empty"),
        ({"why": "x" * 10_000}, f"10000 characters; {LONGEST_REASON}"),
        ({"why": "x" * 301}, "301 characters; 300"),
        ({"why": "late\x1b[2Jbatch"}, "reason .* plain text"),
        ({"why": "late\nbatch"}, "plain text"),
        ({"model": "pa\nint"}, "model .* plain text"),
        ({"who": f"{ANNA}\x1b[2J"}, "caller .* plain text"),
        ({"who": "\ud800"}, "caller .* plain text"),
        ({"kind": Kind.SKIP, "day": MADE.date(), "shift": "a\tb"}, "shift .* plain text"),
        ({"day": MADE.date()}, "a skip names a day"),
        ({"shift": "early"}, "a skip names a day"),
        ({"shift": ""}, "a skip names a day"),
        ({"kind": Kind.SKIP}, "a skip names a day"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_do(more, told):
    with pytest.raises(InvalidOverride, match=told):
        said(**more)


def test_seven_days_and_a_reason_of_its_full_length_are_taken():
    assert said(until=MADE + LONGEST, why="ü" * LONGEST_REASON).ends == MADE + LONGEST


def test_who_takes_something_back_may_say_why_on_one_line():
    assert taken_back(said(), MADE).why == ""
    with pytest.raises(InvalidOverride, match="plain text"):
        replace(taken_back(said(), MADE), why="no\nmore")


def test_who_takes_something_back_is_named_on_one_line():
    with pytest.raises(InvalidOverride, match=r"caller .* plain text"):
        replace(taken_back(said(), MADE), who="anna\x1b[2J")


def test_words_of_two_people_in_one_second_are_two_and_the_same_words_are_one():
    bob = said(who=ANNA.replace("anna", "bob"))
    assert bob.id != said().id
    assert said().id == said().id
    assert replace(said(), cancelled=taken_back(said(), MADE)).id == said().id


def test_the_id_of_an_override_stays_the_same_for_what_is_said_of_it_later():
    assert said().id == "9963449cb9"


def test_who_is_shown_without_the_account():
    assert said().who_shortly == "anna@example.com"


def test_an_override_ends_by_itself_or_when_it_is_taken_back_but_never_later():
    override = said()
    assert override.in_force(MADE)
    assert not override.in_force(MADE - SECOND)
    assert not override.in_force(override.until)
    early = replace(override, cancelled=taken_back(override, MADE + SECOND))
    late = replace(override, cancelled=taken_back(override, override.until + SECOND))
    assert (early.ends, late.ends) == (MADE + SECOND, override.until)


def test_the_later_word_counts_and_in_one_second_a_hold_before_overtime_and_off_before_on():
    overtime, on, off = (said(kind) for kind in (Kind.OVERTIME, Kind.HOLD_ON, Kind.HOLD_OFF))
    later = said(made=MADE + SECOND)
    orders = Orders.of([later, off, on, overtime])
    assert list(orders.overrides["paint"]) == [overtime, on, off, later]
    assert Orders.of([off, on, overtime]).last_word("paint", MADE) == off
    assert orders.last_word("paint", MADE + SECOND) == later
    assert orders.last_word("glue", MADE) is None


@pytest.mark.parametrize("why", list("abcdefgh"))
def test_in_one_second_the_kind_says_what_counts_whatever_the_words_are(why):
    kinds = [Kind.SKIP, Kind.OVERTIME, Kind.HOLD_ON, Kind.HOLD_OFF]
    words = [
        said(kind, why=f"{why}{n}", day=MADE.date() if kind is Kind.SKIP else None)
        for n, kind in enumerate(kinds)
    ]
    assert list(Orders.of(reversed(words)).overrides["paint"]) == words


def test_what_nobody_can_read_is_kept_beside():
    assert Orders.of([], unreadable=["OVERRIDE#1"]).unreadable == ["OVERRIDE#1"]


def test_what_was_taken_back_counts_no_more_and_what_it_covered_does():
    overtime, off = said(), said(Kind.HOLD_OFF)
    orders = Orders.of([overtime, off], [taken_back(off, MADE + SECOND)])
    assert orders.last_word("paint", MADE) == orders.overrides["paint"][1]
    assert orders.last_word("paint", MADE + SECOND) == overtime


def test_a_skip_is_no_word_about_now():
    skip = said(Kind.SKIP, day=MADE.date())
    assert Orders.of([skip]).last_word("paint", MADE) is None

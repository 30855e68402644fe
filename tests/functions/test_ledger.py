"""What the ledger promises, of the one in DynamoDB and of the one in memory."""

import datetime as dt
from dataclasses import replace

import pytest
from moto import mock_aws

from punchclock.costs import Usage
from punchclock.decisions import Action
from punchclock.errors import LedgerConflict
from punchclock.hearing import Heard
from punchclock.overrides import LONGEST, MEMORY
from punchclock.ports import Closure
from punchclock.rosters import Roster
from punchclock.timecards import review_due
from punchclock.totals import Correction
from rehearsal.ledger import MemoryLedger
from tests.functions.ledgers import (
    CANCELLED,
    CARD,
    CLOSED,
    FULL,
    INCIDENT,
    MINUTE,
    NOW,
    OVERTIME,
    PAINT,
    SECOND,
    in_dynamodb,
)

APRIL = dt.date(2026, 4, 1)


@pytest.fixture(params=["dynamodb", "memory"])
def ledger(request):
    if request.param == "memory":
        yield MemoryLedger()
    else:
        with mock_aws():
            yield in_dynamodb()


def test_a_new_ledger_has_nothing(ledger):
    book = ledger.book()
    assert (book.since, book.cards, book.incidents) == (None, {}, {})


def test_a_claim_that_is_given_back_is_free_at_once(ledger):
    assert ledger.claim(PAINT.id, Action.STOP, NOW)
    ledger.release(PAINT.id, Action.STOP, NOW)
    assert ledger.claim(PAINT.id, Action.STOP, NOW + SECOND)


def test_a_claim_that_has_expired_and_is_somebody_elses_is_not_given_back(ledger):
    assert ledger.claim(PAINT.id, Action.STOP, NOW)
    assert ledger.claim(PAINT.id, Action.STOP, NOW + 3 * MINUTE)
    ledger.release(PAINT.id, Action.STOP, NOW)
    assert not ledger.claim(PAINT.id, Action.STOP, NOW + 4 * MINUTE)


def test_a_claim_that_nobody_has_made_is_given_back_in_vain(ledger):
    ledger.release(PAINT.id, Action.STOP, NOW)
    assert ledger.claim(PAINT.id, Action.STOP, NOW)


def test_the_first_sweep_is_noted_once(ledger):
    ledger.begin(NOW)
    ledger.begin(NOW + MINUTE)
    assert ledger.book().since == NOW


def test_the_models_that_are_swept_are_noted_over_the_version_they_were_made_from(ledger):
    assert ledger.book().roster is None
    first = replace(Roster.of([PAINT], NOW), version=1)
    ledger.enrol(first)
    ledger.enrol(replace(first, since=NOW + MINUTE))
    assert ledger.book().roster == first
    second = replace(first, version=2, held=frozenset({"a"}), claimed_by={"b": "punchclock-other"})
    ledger.enrol(second)
    ledger.enrol(first)
    assert ledger.book().roster == second


def test_a_roster_of_a_release_that_knew_of_no_claims_is_read_and_written_over(ledger):
    old = replace(Roster.of([PAINT], NOW), held=None)
    ledger.enrol(old)
    assert ledger.book().roster == old
    ledger.enrol(replace(old, held=frozenset(), version=1))
    assert ledger.book().roster == replace(old, held=frozenset(), version=1)


def test_a_plant_that_is_opened_again_holds_none_of_its_models(ledger):
    ledger.enrol(replace(Roster.of([PAINT], NOW), version=1))
    ledger.shut(Closure(at=NOW, on_destroy="stop"))
    ledger.reopen()
    assert ledger.book().roster is None


def test_the_latest_event_that_has_arrived_is_kept(ledger):
    assert ledger.book().heard == {}
    for due in (NOW, NOW + MINUTE, NOW - MINUTE):
        ledger.hear(Action.START, due)
    assert ledger.book().heard == {Action.START: Heard(arrived=NOW + MINUTE)}


def test_an_event_is_missed_once_until_another_arrives(ledger):
    ledger.miss(Action.STOP, Heard(), NOW)
    ledger.miss(Action.STOP, Heard(), NOW + MINUTE)
    assert ledger.book().heard == {Action.STOP: Heard(missed=NOW)}
    ledger.hear(Action.STOP, NOW + 2 * MINUTE)
    heard = ledger.book().heard[Action.STOP]
    assert heard == Heard(arrived=NOW + 2 * MINUTE)
    ledger.miss(Action.STOP, heard, NOW + 3 * MINUTE)
    known = Heard(arrived=NOW + 2 * MINUTE, missed=NOW + 3 * MINUTE)
    assert ledger.book().heard == {Action.STOP: known}


def test_what_arrived_since_the_ledger_was_read_is_not_missed(ledger):
    before = Heard(arrived=NOW)
    ledger.hear(Action.STOP, NOW)
    ledger.hear(Action.STOP, NOW + MINUTE)
    ledger.miss(Action.STOP, before, NOW + MINUTE)
    ledger.miss(Action.STOP, Heard(), NOW + MINUTE)
    assert ledger.book().heard == {Action.STOP: Heard(arrived=NOW + MINUTE)}


def test_a_plant_is_open_until_it_is_closed_and_open_again_afterwards(ledger):
    closure = Closure(at=NOW, on_destroy="leave")
    assert ledger.book().closure is None
    ledger.shut(closure)
    assert ledger.book().closure == closure
    ledger.reopen()
    assert ledger.book().closure is None


def test_a_plant_that_is_closed_stays_as_it_was_closed_first(ledger):
    first = Closure(at=NOW, on_destroy="stop")
    ledger.shut(first)
    ledger.shut(Closure(at=NOW + MINUTE, on_destroy="leave"))
    assert ledger.book().closure == first


def test_opening_an_open_plant_changes_nothing(ledger):
    ledger.begin(NOW)
    ledger.write(CARD)
    before = ledger.book()
    ledger.reopen()
    assert ledger.book() == before


def test_closing_a_plant_closes_no_card(ledger):
    ledger.begin(NOW)
    ledger.write(CARD)
    ledger.report(INCIDENT)
    before = ledger.book()
    ledger.shut(Closure(at=NOW, on_destroy="stop"))
    assert replace(ledger.book(), closure=None) == before


def test_a_written_card_is_read_as_it_was_written(ledger):
    written = ledger.write(FULL)
    assert written == replace(FULL, version=1)
    assert ledger.book().cards == {FULL.id: written}


def test_a_card_is_written_over_the_version_it_was_made_from(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    assert second.version == 2
    assert ledger.book().cards == {CARD.id: second}


def test_a_card_that_was_changed_since_is_not_overwritten(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    with pytest.raises(LedgerConflict):
        ledger.write(first.ask_stop(NOW))
    assert ledger.book().cards == {CARD.id: second}


def test_a_card_is_opened_once(ledger):
    ledger.write(CARD)
    with pytest.raises(LedgerConflict):
        ledger.write(CARD)


def test_cards_of_several_models_are_read_together(ledger):
    other = replace(CARD, target=replace(PAINT, key="paint/2"))
    ledger.write(CARD)
    ledger.write(other)
    assert set(ledger.book().cards) == {CARD.id, other.id}


def test_more_cards_than_a_page_holds_are_all_read(ledger):
    """A page of DynamoDB's is at most 1 MB."""
    shifts = tuple(f"shift-{number:05}" for number in range(7000))
    cards = [
        replace(CARD, target=replace(PAINT, key=f"paint/{number}"), shifts=shifts)
        for number in range(15)
    ]
    for card in cards:
        ledger.write(card)
    assert set(ledger.book().cards) == {card.id for card in cards}


def test_a_closed_card_leaves_the_book_for_its_month(ledger):
    card = ledger.write(CARD)
    closed = replace(card, closed=NOW + MINUTE)
    ledger.close(closed)
    assert ledger.book().cards == {}
    assert ledger.closed_cards("2026-03") == [closed]
    assert ledger.closed_cards("2026-04") == []


def test_a_card_belongs_to_the_month_it_was_opened_in_by_utc(ledger):
    east = dt.timezone(dt.timedelta(hours=9))
    card = ledger.write(replace(CLOSED, opened=dt.datetime(2026, 4, 1, 6, tzinfo=east)))
    ledger.close(card)
    assert [each.id for each in ledger.closed_cards("2026-03")] == [card.id]


def test_closed_cards_are_listed_in_order(ledger):
    for number in (3, 1, 2):
        ledger.close(ledger.write(replace(CLOSED, target=replace(PAINT, key=f"paint/{number}"))))
    keys = [card.target.key for card in ledger.closed_cards("2026-03")]
    assert keys == ["paint/1", "paint/2", "paint/3"]


def test_closing_the_same_card_again_makes_no_second_record(ledger):
    closed = replace(ledger.write(CARD), closed=NOW + MINUTE)
    ledger.close(closed)
    ledger.close(closed)
    assert ledger.closed_cards("2026-03") == [closed]


def test_closing_a_closed_card_otherwise_is_a_conflict(ledger):
    card = ledger.write(CARD)
    closed = replace(card, closed=NOW + MINUTE)
    ledger.close(closed)
    with pytest.raises(LedgerConflict):
        ledger.close(replace(card, closed=NOW + 2 * MINUTE))
    assert ledger.closed_cards("2026-03") == [closed]


def test_closing_a_card_that_was_changed_since_is_a_conflict_and_leaves_it_open(ledger):
    first = ledger.write(CARD)
    second = ledger.write(first.ask(NOW))
    with pytest.raises(LedgerConflict):
        ledger.close(replace(first, closed=NOW + MINUTE))
    assert ledger.book().cards == {CARD.id: second}
    assert ledger.closed_cards("2026-03") == []


def test_closing_a_card_that_was_never_written_is_a_conflict(ledger):
    with pytest.raises(LedgerConflict):
        ledger.close(CLOSED)
    assert ledger.closed_cards("2026-03") == []


def test_a_closed_card_is_not_written_again(ledger):
    card = ledger.write(CLOSED)
    ledger.close(card)
    with pytest.raises(LedgerConflict):
        ledger.write(card)
    assert ledger.book().cards == {}


def test_a_claim_keeps_others_away_for_two_minutes(ledger):
    assert ledger.claim(PAINT.id, Action.START, NOW)
    assert ledger.claim(PAINT.id, Action.START, NOW) is False
    assert not ledger.claim(PAINT.id, Action.STOP, NOW + 2 * MINUTE - SECOND)
    assert ledger.claim(PAINT.id, Action.STOP, NOW + 2 * MINUTE)
    assert not ledger.claim(PAINT.id, Action.START, NOW + 3 * MINUTE)


def test_what_runs_without_a_card_gets_one_and_is_claimed_at_once(ledger):
    assert ledger.adopt(CARD, NOW) == replace(CARD, version=1)
    assert ledger.book().cards == {CARD.id: replace(CARD, version=1)}
    assert not ledger.claim(PAINT.id, Action.START, NOW + 2 * MINUTE - SECOND)
    assert ledger.claim(PAINT.id, Action.START, NOW + 2 * MINUTE)


def test_what_somebody_has_claimed_gets_no_second_card(ledger):
    over = ledger.write(CARD)
    later = replace(CARD, opened=CARD.opened + MINUTE)
    assert ledger.claim(PAINT.id, Action.START, NOW)
    with pytest.raises(LedgerConflict):
        ledger.adopt(later, NOW + SECOND, over.confirm(NOW))
    assert ledger.book().cards == {over.id: over}


def test_a_card_that_ends_with_another_ones_beginning_is_written_with_it_or_not_at_all(ledger):
    over = ledger.write(CARD)
    later = replace(CARD, opened=CARD.opened + MINUTE)
    with pytest.raises(LedgerConflict):
        ledger.adopt(later, NOW, CARD.confirm(NOW))
    assert ledger.book().cards == {over.id: over}
    assert ledger.claim(PAINT.id, Action.START, NOW)
    ledger.adopt(later, NOW + 2 * MINUTE, over.confirm(NOW))
    assert {card.stopped for card in ledger.book().cards.values()} == {NOW, None}


def test_claims_of_different_models_are_apart_and_no_part_of_the_book(ledger):
    assert ledger.claim(PAINT.id, Action.START, NOW)
    assert ledger.claim("lookoutvision:paint/2", Action.START, NOW)
    book = ledger.book()
    assert (book.cards, book.incidents) == ({}, {})


def test_a_reported_incident_is_read_as_it_was_reported(ledger):
    ledger.report(INCIDENT)
    assert ledger.book().incidents == {INCIDENT.id: INCIDENT}


def test_an_incident_that_is_open_keeps_its_first_report(ledger):
    ledger.report(INCIDENT)
    ledger.report(replace(INCIDENT, opened=NOW + MINUTE, reason="again"))
    assert ledger.book().incidents == {INCIDENT.id: INCIDENT}


def test_an_incident_is_closed_once(ledger):
    ledger.report(INCIDENT)
    first = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(first)
    ledger.report(replace(INCIDENT, closed=NOW + 2 * MINUTE))
    assert ledger.book().incidents == {INCIDENT.id: first}


def test_who_reports_an_incident_learns_whether_that_was_news(ledger):
    later, over = replace(INCIDENT, opened=NOW + MINUTE), replace(INCIDENT, closed=NOW + MINUTE)
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    # What is over before it has begun, or for the second time, is none; nor is a second opening.
    reports = (over, INCIDENT, later, over, replace(over, closed=NOW + 2 * MINUTE), INCIDENT, again)
    assert [ledger.report(each) for each in reports] == [
        *(False, True, False, True, False, False, True)
    ]


def test_a_report_that_the_client_repeats_is_news_still(ledger):
    assert ledger.report(INCIDENT)
    assert ledger.report(INCIDENT)


def test_a_closed_incident_is_not_opened_by_an_old_report(ledger):
    ledger.report(INCIDENT)
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(closed)
    ledger.report(INCIDENT)
    assert ledger.book().incidents == {INCIDENT.id: closed}


def test_the_same_trouble_may_come_again(ledger):
    ledger.report(INCIDENT)
    ledger.report(replace(INCIDENT, closed=NOW + MINUTE))
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    ledger.report(again)
    assert ledger.book().incidents == {INCIDENT.id: again}


def test_a_filed_incident_leaves_the_book_and_stays_away(ledger):
    ledger.report(INCIDENT)
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    ledger.report(closed)
    ledger.file(closed)
    ledger.file(closed)
    ledger.report(closed)
    assert ledger.book().incidents == {}


def test_filing_an_incident_that_was_opened_anew_leaves_the_new_one(ledger):
    closed = replace(INCIDENT, closed=NOW + MINUTE)
    again = replace(INCIDENT, opened=NOW + 2 * MINUTE)
    for reported in (INCIDENT, closed, again):
        ledger.report(reported)
    ledger.file(closed)
    assert ledger.book().incidents == {INCIDENT.id: again}


def test_a_closed_card_has_one_entry_for_each_local_month_that_it_has_days_in(ledger):
    days = (replace(FULL.days[0], day=dt.date(2026, 3, 31)), *(replace(FULL.days[0], day=APRIL),))
    closed = replace(ledger.write(replace(FULL, days=days)), closed=NOW)
    ledger.close(closed)
    [march], [april] = ledger.entries("2026-03"), ledger.entries("2026-04")
    assert (march.card, march.days, april.days) == (closed.id, days[:1], days[1:])
    assert march.usage + april.usage == closed.usage


def test_a_closed_card_is_reviewed_a_day_later_and_once(ledger):
    closed = replace(ledger.write(FULL), closed=NOW)
    ledger.close(closed)
    due = review_due(closed)
    assert ledger.reviews(due - SECOND) == []
    assert ledger.reviews(due) == [closed]
    ledger.reviewed(closed, None)
    assert ledger.reviews(due) == []
    assert ledger.closed_cards("2026-03") == [closed]


def test_a_correction_replaces_the_days_of_a_closed_card_and_its_entries(ledger):
    closed = replace(ledger.write(FULL), closed=NOW)
    ledger.close(closed)
    days = (replace(FULL.days[0], day=APRIL),)
    correction = Correction(card=closed.id, opened=closed.opened, corrected=NOW, days=days)
    ledger.reviewed(closed, correction)
    ledger.reviewed(closed, correction)
    assert ledger.closed_cards("2026-03") == [replace(closed, days=days)]
    assert [entry.days for entry in ledger.entries("2026-04")] == [days]
    # The month that has nothing left of it keeps no cost of it.
    assert [entry.usage for entry in ledger.entries("2026-03")] in ([], [Usage()])
    assert ledger.reviews(review_due(closed)) == []


def test_a_day_is_told_of_by_the_first_who_says_so(ledger):
    day, next_day = NOW.date(), NOW.date() + dt.timedelta(days=1)
    assert ledger.tell(day, None)
    assert ledger.tell(day, None) is False
    assert ledger.book().told == day
    assert ledger.tell(next_day, day)
    assert ledger.tell(next_day, day) is False
    assert ledger.book().told == next_day


# What was said at the desk


def test_an_override_is_read_as_it_was_said_and_is_no_part_of_the_book(ledger):
    assert ledger.order(OVERTIME)
    assert ledger.orders(NOW).overrides == {"paint": [OVERTIME]}
    book = ledger.book()
    assert (book.cards, book.incidents) == ({}, {})


def test_two_people_who_say_something_in_the_same_second_are_both_kept(ledger):
    other = replace(OVERTIME, who="arn:aws:iam::123456789012:user/bob")
    assert ledger.order(OVERTIME)
    assert ledger.order(other)
    found = ledger.orders(NOW).overrides["paint"]
    assert {each.who for each in found} == {OVERTIME.who, other.who}


def test_the_same_words_twice_are_one_override(ledger):
    ledger.order(OVERTIME)
    assert ledger.order(replace(OVERTIME)) is False
    assert ledger.orders(NOW).overrides == {"paint": [OVERTIME]}


def test_an_override_is_taken_back_once_and_stays_what_it_was(ledger):
    ledger.order(OVERTIME)
    assert ledger.order(CANCELLED)
    assert not ledger.order(replace(CANCELLED, made=NOW + 2 * MINUTE, who="somebody else"))
    (found,) = ledger.orders(NOW).overrides["paint"]
    assert found == replace(OVERTIME, cancelled=CANCELLED)
    assert found.ends == CANCELLED.made


def test_what_was_over_a_week_ago_is_not_read_and_what_is_not_is(ledger):
    ledger.order(OVERTIME)
    ledger.order(CANCELLED)
    over = OVERTIME.until + MEMORY
    assert set(ledger.orders(over).overrides) == {"paint"}
    assert ledger.orders(over + SECOND).overrides == {}
    assert set(ledger.orders_ending(NOW, over).overrides) == {"paint"}


def test_what_is_said_to_end_in_more_than_a_week_is_not_read(ledger):
    ledger.order(OVERTIME)
    assert set(ledger.orders(OVERTIME.until - LONGEST).overrides) == {"paint"}
    assert ledger.orders(OVERTIME.until - LONGEST - SECOND).overrides == {}

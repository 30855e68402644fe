"""Overtime, skips and holds as people type them: what is written, what is said, what is refused."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from punchclock.overrides import Kind, Override
from tests.cli.desks import Counter, Prepared, counter, prepared
from tests.cli.typed import typed, written

PLANT = """
shifts:
  late: {days: daily, start: 14:00, end: 22:00}
  night: {days: daily, start: 23:50, end: 04:00}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [late]}
  paint: {service: lookoutvision, project: paint, version: "1", shifts: [late, {night: {units: 3}}]}
  spare: {service: lookoutvision, project: spare, version: "1", enabled: false, shifts: [late]}
"""
TEN_TO_TEN = dt.datetime(2026, 3, 2, 20, 50, tzinfo=dt.UTC)
WHY = ("--why", "late batch")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Prepared:
    return prepared(written(tmp_path_factory.mktemp("plant"), PLANT))


@pytest.fixture
def at(demo: Prepared) -> Iterator[Callable[[str], Counter]]:
    """Return the desk at a wall time of Monday, in Berlin in winter."""
    opened = []

    def desk(text: str) -> Counter:
        instant = dt.datetime.fromisoformat(f"2026-03-02T{text}+01:00").astimezone(dt.UTC)
        manager = counter(demo, instant)
        opened.append(manager)
        return manager.__enter__()

    yield desk
    for manager in opened:
        manager.__exit__(None, None, None)


@pytest.fixture
def desk(demo: Prepared) -> Iterator[Counter]:
    """At ten to ten."""
    with counter(demo, TEN_TO_TEN) as found:
        yield found


def only(desk: Counter) -> Override:
    (override,) = desk.overrides()
    return override


# Overtime


def test_overtime_says_until_when_what_it_costs_and_how_it_is_taken_back(desk):
    said = desk.said("overtime", "boards", "--until", "23:30", *WHY)
    override = only(desk)
    assert (override.kind, override.model, override.why) == (Kind.OVERTIME, "boards", "late batch")
    assert override.until == dt.datetime(2026, 3, 2, 22, 30, tzinfo=dt.UTC)
    assert override.who == "arn:aws:sts::123456789012:user/moto"
    assert "stays on without a restart and stops at Mon 2026-03-02 23:30" in said
    assert "it costs USD 12.00, 3.00 unit-hours; in effect within two minutes" in said
    assert f"punchclock cancel PLANT {override.id}" in said


def test_overtime_as_json_is_the_override_and_what_it_changes(desk):
    found = desk.document("overtime", "boards", "--until", "23:30", *WHY)
    assert (found["plant"], found["model"], found["written"]) == ("demo", "boards", True)
    assert found["override"]["id"] == only(desk).id
    assert found["override"]["until"] == "2026-03-02T22:30:00Z"
    effect = found["effect"]
    assert effect["cost"] == {"amount": "12.00", "currency": "USD"}
    assert effect["run"]["stop"] == "2026-03-02T22:30:00Z"
    assert effect["uncovered_minutes"] == 0


def test_overtime_for_a_model_that_is_off_says_when_it_is_ready(at):
    desk = at("10:00:00")
    said = desk.said("overtime", "boards", "--until", "12:00", *WHY)
    assert "is started now on 2 units, is ready by Mon 2026-03-02 10:20" in said
    assert "it costs USD 13.33" in said


def test_overtime_that_would_end_before_the_model_is_ready_is_refused(at):
    said = at("10:00:00").refused(1, "overtime", "boards", "--until", "10:20", *WHY)
    assert "a start takes its lead of 20m" in said


def test_overtime_that_the_shift_covers_anyway_is_refused_with_when_it_stops(desk):
    said = desk.refused(1, "overtime", "boards", "--until", "21:55", *WHY)
    assert "boards is on until Mon 03-02 22:00 anyway; nothing is written" in said


def test_overtime_near_the_next_shift_says_that_it_is_not_stopped_and_runs_short(desk):
    said = desk.said("overtime", "paint", "--until", "23:30", *WHY)
    assert "not stopped at Mon 2026-03-02 23:30 (2026-03-02T22:30Z), because night" in said
    assert "it runs on 2 units, and what comes next plans 3" in said


@pytest.mark.parametrize("until", ["25:00", "21:40", "2026-03-09T21:51"])
def test_a_time_that_does_not_hold_is_refused_and_nothing_is_written(desk, until):
    said = desk.refused(2, "overtime", "boards", "--until", until, *WHY)
    assert "would do" in said or "belongs in the plant file" in said


def test_what_two_people_say_in_the_same_second_is_both_kept(desk):
    desk.said("overtime", "boards", "--until", "23:30", *WHY)
    desk.said("overtime", "boards", "--until", "23:45", "--why", "later still")
    first, second = desk.overrides()
    assert first.made == second.made
    assert {first.why, second.why} == {"late batch", "later still"}
    assert "boards is on" in desk.said("explain", "boards", "2026-03-02T23:40")


# Model and reason


def test_a_model_that_is_not_the_plants_is_refused_with_the_one_that_was_meant(desk):
    said = desk.refused(2, "overtime", "board", "--until", "23:30", *WHY)
    assert "'board' is not a model of demo; did you mean 'boards'?" in said


@pytest.mark.parametrize(
    ("why", "told"),
    [("", "the reason is empty"), ("x" * 10_240, "has 10240 characters"), ("a\x07b", "plain text")],
)
@pytest.mark.parametrize(
    "words",
    [
        ("overtime", "boards", "--until", "23:30"),
        ("hold", "boards", "off", "--until", "23:30"),
        ("skip", "boards", "2026-03-03"),
    ],
)
def test_a_reason_that_does_not_hold_is_refused(desk, words, why, told):
    assert told in desk.refused(2, *words, "--why", why)


def test_a_disabled_model_and_a_plant_that_is_only_watched_are_refused(desk, tmp_path):
    said = desk.refused(1, "overtime", "spare", "--until", "23:30", *WHY)
    assert "spare is disabled in the plant file" in said
    watched = written(tmp_path, f"mode: watch\n{PLANT}")
    words = ("boards", "--until", "23:30", *WHY, "--endpoint", desk.address)
    result = typed("overtime", watched, *words)
    assert (result.exit_code, "only watched" in result.stderr) == (1, True)


# Holds


def test_a_hold_off_in_a_shift_says_how_much_production_time_it_covers(at):
    desk = at("15:00:00")
    said = desk.said("hold", "boards", "off", "--until", "16:00", *WHY)
    assert "boards is stopped now and is held off until Mon 2026-03-02 16:00" in said
    assert "1h20m of production time is left without it" in said
    assert "started again at Mon 2026-03-02 16:00" in said
    assert "ready by Mon 2026-03-02 16:20" in said
    assert "it saves USD 10.67" in said
    assert only(desk).kind is Kind.HOLD_OFF


def test_a_hold_off_outside_the_shifts_leaves_nothing_without_it(at):
    said = at("10:00:00").said("hold", "boards", "off", "--until", "11:00", *WHY)
    assert "boards is off by the plan" in said
    assert "no production time is left without it" in said
    assert "it starts next at Mon 2026-03-02 13:40" in said


def test_a_hold_on_is_like_overtime(desk):
    desk.said("hold", "boards", "on", "--until", "23:30", *WHY)
    assert only(desk).kind is Kind.HOLD_ON


def test_what_counts_before_an_earlier_word_says_so(at):
    desk = at("15:00:00")
    desk.said("hold", "boards", "off", "--until", "17:00", *WHY)
    desk.wait(1)
    said = desk.said("hold", "boards", "on", "--until", "16:00", *WHY)
    assert "this counts before hold off by moto until Mon 2026-03-02 17:00" in said


def test_a_way_to_hold_it_that_is_neither_is_refused(desk):
    said = desk.refused(2, "hold", "boards", "up", "--until", "23:30", *WHY)
    assert "'up' is not one of 'on', 'off'" in said


# Skips


def test_a_skip_of_a_day_ends_with_its_last_shift(at):
    desk = at("10:00:00")
    said = desk.said("skip", "paint", "2026-03-02", *WHY)
    assert "paint is not started for late, night on Mon 2026-03-02" in said
    assert only(desk).until == dt.datetime(2026, 3, 3, 3, 0, tzinfo=dt.UTC)
    assert only(desk).day == dt.date(2026, 3, 2)
    assert "it saves" in said


def test_a_skip_of_one_shift_leaves_the_others(at):
    desk = at("10:00:00")
    found = desk.document("skip", "paint", "2026-03-02", "night", *WHY)
    assert found["override"]["shift"] == "night"
    assert found["effect"]["next_run"]["stop"] == "2026-03-02T21:00:00Z"


def test_a_skip_on_a_day_that_has_begun_leaves_what_was_asked_for_and_says_so(at):
    desk = at("15:00:00")
    said = desk.said("skip", "paint", "2026-03-02", *WHY)
    assert "paint is not started for night on" in said
    assert "late is left alone: its run was asked for at Mon 2026-03-02 13:40" in said


def test_a_skip_that_comes_too_late_for_all_writes_nothing_and_says_what_would_do(desk):
    said = desk.refused(1, "skip", "boards", "2026-03-02", *WHY)
    assert "late is left alone: its run was asked for" in said
    assert "punchclock hold PLANT boards off" in said


def test_a_skip_of_what_is_skipped_already_is_told(at):
    desk = at("10:00:00")
    desk.said("skip", "boards", "2026-03-02", *WHY)
    said = desk.refused(1, "skip", "boards", "2026-03-02", "late", *WHY)
    assert "nothing left to skip on Mon 2026-03-02" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("2026-03-01",), "2026-03-01 is over"),
        (("2026-03-10",), "more than 7 days ahead; a closure belongs in the plant file"),
        (("2026-03-09", "late"), "ends more than 7 days ahead"),
        (("Monday",), "is not a date"),
        (("2026-03-03", "lat"), "'lat' is not a shift of boards; did you mean 'late'?"),
    ],
)
def test_a_day_or_a_shift_that_does_not_hold_is_refused(desk, words, told):
    assert told in desk.refused(2, "skip", "boards", *words, *WHY)


def test_a_refusal_as_json_is_one_document_that_says_that_nothing_was_written(desk):
    result = desk.type("skip", "boards", "2026-03-02", *WHY, "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert '"written": false' in result.stdout


# What was said, and taking it back


def test_what_was_said_is_listed_in_its_order_with_what_it_costs(at):
    desk = at("15:00:00")
    desk.said("hold", "boards", "off", "--until", "16:00", *WHY)
    desk.said("overtime", "paint", "--until", "23:00", "--why", "bigger batch")
    listed = desk.document("overrides")
    assert [each["kind"] for each in listed["overrides"]] == ["overtime", "hold off"]
    assert {each["in_force"] for each in listed["overrides"]} == {True}
    lines = desk.said("overrides").splitlines()
    assert any("hold off" in line and "-10.67" in line and "in force" in line for line in lines)
    assert any("+8.00" in line and "bigger batch" in line for line in lines)


def test_a_desk_at_which_nobody_spoke_says_so(desk):
    assert "nobody said anything in the last 7 days" in desk.said("overrides")


def test_an_override_is_taken_back_by_the_name_of_its_model_or_by_its_id(at):
    desk = at("15:00:00")
    desk.said("hold", "boards", "off", "--until", "16:00", *WHY)
    desk.said("hold", "paint", "off", "--until", "16:00", *WHY)
    said = desk.said("cancel", "boards")
    assert "hold off of boards by moto" in said
    paint = next(each for each in desk.overrides() if each.model == "paint")
    found = desk.document("cancel", paint.id, "--why", "all is well")
    assert found["override"]["cancelled"]["why"] == "all is well"
    assert all(each.cancelled for each in desk.overrides())
    assert "taken back by moto" in desk.said("overrides")


def test_several_overrides_of_a_model_are_taken_back_by_id_only(at):
    desk = at("15:00:00")
    desk.said("hold", "boards", "off", "--until", "16:00", *WHY)
    desk.wait(1)
    desk.said("overtime", "boards", "--until", "18:00", *WHY)
    said = desk.refused(2, "cancel", "boards")
    assert "has several overrides; name one of" in said
    assert all(each.id in said for each in desk.overrides())


def test_taking_back_what_is_not_there_or_over_is_refused(desk):
    assert "neither the id nor the model" in desk.refused(2, "cancel", "boards")
    desk.said("overtime", "boards", "--until", "23:30", *WHY)
    desk.said("cancel", "boards")
    assert "is over, or was taken back" in desk.refused(2, "cancel", "boards")


def test_what_others_have_written_there_is_named_on_the_side(desk):
    item = {"pk": {"S": "override"}, "sk": {"S": "2026-03-02T22:30:00Z#x"}}
    desk.life.client("dynamodb").put_item(TableName=desk.life.table, Item=item)
    result = desk.type("overrides")
    assert "2026-03-02T22:30:00Z#x is not as punchclock writes it" in result.stderr
    assert desk.document("overrides")["unreadable"] == ["2026-03-02T22:30:00Z#x"]


# Explained


def test_explain_tells_what_was_said_when_it_is_led_to_the_ledger(desk, demo):
    desk.said("overtime", "boards", "--until", "23:30", *WHY)
    instant = "2026-03-02T23:00"
    assert "boards is off" in typed("explain", demo.file, "boards", instant).stdout
    said = desk.said("explain", "boards", instant)
    assert "boards is on" in said
    assert "moto said at Mon 2026-03-02 21:50" in said
    assert "overtime, until Mon 2026-03-02 23:30" in said


def test_explain_tells_of_overlaps_that_the_later_word_counts(at):
    desk = at("15:00:00")
    desk.said("overtime", "boards", "--until", "23:30", *WHY)
    desk.wait(1)
    desk.said("hold", "boards", "off", "--until", "23:40", "--why", "no, broken")
    said = desk.said("explain", "boards", "2026-03-02T15:30")
    assert "moto holds it off until Mon 2026-03-02 23:40" in said
    assert "the later word counts" in said
    found = desk.document("explain", "boards", "2026-03-02T15:30")
    assert {each["kind"] for each in found["overrides"]} == {"overtime", "hold off"}

"""What people say at the desk, lived through as the template deploys it."""

import datetime as dt

import pytest

from functions.ledger import DynamoLedger
from infra.names import DESK_POLICY
from infra.synth import Synthesis, synthesize
from punchclock.decisions import Action
from punchclock.errors import Refused
from punchclock.overrides import Cancellation, Kind, Override
from punchclock.plants import Plant
from punchclock.timecards import Purpose
from rehearsal.bills import account_of
from rehearsal.emulator.hosting import Phase
from rehearsal.rehearsing import Rehearsed, rehearse
from rehearsal.verdicts import violations
from tests.functions.ledgers import CARD
from tests.rehearsal import days

LATE = """
plant: late
timezone: Europe/Berlin
region: eu-central-1
notify: [line-leads@example.com]
shifts:
  late: {days: daily, start: 20:00, end: 22:00}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [late]}
"""
MONDAY = dt.date(2026, 3, 2)
MINUTE = dt.timedelta(minutes=1)
TWO_MINUTES = 2 * MINUTE


def at(text: str, day: int = 2) -> dt.datetime:
    """Return the instant of a wall time in Berlin, in winter."""
    return dt.datetime.fromisoformat(f"2026-03-{day:02}T{text}+01:00").astimezone(dt.UTC)


def said(kind: Kind, made: str, until: str, **more) -> Override:
    who = "arn:aws:sts::123456789012:assumed-role/Line/anna"
    details = {"model": "boards", "who": who, "why": "late batch", **more}
    return Override(kind=kind, made=at(made), until=at(until), **details)


@pytest.fixture(scope="module")
def plant() -> Plant:
    return days.plant(LATE)


@pytest.fixture(scope="module")
def synthesis(plant: Plant) -> Synthesis:
    return synthesize(plant)


@pytest.fixture(scope="module")
def overtime(plant: Plant, synthesis: Synthesis) -> Rehearsed:
    says = [said(Kind.OVERTIME, "21:50", "23:30")]
    return rehearse(plant, synthesis, MONDAY, MONDAY + dt.timedelta(days=1), sayings=says)


def when(rehearsed: Rehearsed, phase: Phase) -> list[dt.datetime]:
    return [stage.begin for stage in rehearsed.hosted["boards"].stages if stage.phase is phase]


def test_overtime_at_ten_to_ten_goes_on_without_a_restart_and_stops_in_time(overtime):
    assert violations(overtime) == []
    assert len(when(overtime, Phase.STARTING)) == 1
    (stopping,) = when(overtime, Phase.STOPPING)
    assert at("23:30") <= stopping <= at("23:30") + TWO_MINUTES


def test_its_minutes_are_overtime_on_one_card_that_is_the_bill(overtime):
    account = account_of(overtime, overtime.plant.models[0])
    (card,) = account.cards
    (day,) = card.days
    assert account.usage == account.billed
    assert card.shifts == ("late", "overtime")
    assert day.unit_minutes[Purpose.SHIFT] == 2 * 120
    assert day.unit_minutes[Purpose.OVERTIME] == 2 * 90


def test_the_decision_in_the_log_names_whose_word_it_was_while_it_counts(overtime):
    (stop,) = (line for line in overtime.world.lines if line.fields.get("action") == "stop")
    assert "override" not in stop.fields


def test_people_may_write_nothing_but_overrides(overtime):
    cloud = overtime.world.cloud
    deployment = cloud.deployment
    role = deployment.policies[deployment.outputs[DESK_POLICY]]
    ledger = DynamoLedger(cloud.client("dynamodb", role), next(iter(deployment.tables)))
    for write in (
        lambda: ledger.write(CARD),
        lambda: ledger.begin(at("12:00")),
        lambda: ledger.claim("lookoutvision:x", Action.START, at("12:00")),
    ):
        with pytest.raises(Refused, match="may not"):
            write()
    cloud.denials.clear()


@pytest.fixture(scope="module")
def held(plant: Plant, synthesis: Synthesis) -> Rehearsed:
    """Held off at 20:30; taken back at 21:00, and a skip that comes too late."""
    off = said(Kind.HOLD_OFF, "20:30", "21:40")
    back = Cancellation(override=off.id, until=off.until, made=at("21:00"), who=off.who)
    late = said(Kind.SKIP, "20:10", "22:00", day=MONDAY)
    return rehearse(
        plant, synthesis, MONDAY, MONDAY + dt.timedelta(days=1), sayings=[late, off, back]
    )


def test_a_hold_off_stops_within_two_minutes_and_comes_back_when_it_is_taken_back(held):
    assert violations(held) == []
    first, second = when(held, Phase.STOPPING)
    assert at("20:30") <= first <= at("20:30") + TWO_MINUTES
    assert at("22:00") <= second <= at("22:00") + TWO_MINUTES
    _, again = when(held, Phase.STARTING)
    assert at("21:00") <= again <= at("21:00") + TWO_MINUTES


def test_a_stop_by_a_hold_is_told_with_who_and_why(held):
    lines = [line.fields for line in held.world.lines if line.fields.get("action") == "stop"]
    assert [line.get("override_kind") for line in lines] == ["hold off", None]
    assert lines[0]["why"] == "late batch"


def test_a_skip_in_time_is_no_start_and_costs_nothing(plant, synthesis):
    says = [said(Kind.SKIP, "19:00", "22:00", day=MONDAY)]
    rehearsed = rehearse(plant, synthesis, MONDAY, MONDAY + dt.timedelta(days=1), sayings=says)
    assert violations(rehearsed) == []
    assert when(rehearsed, Phase.STARTING) == []
    assert account_of(rehearsed, plant.models[0]).billed.unit_minutes == 0

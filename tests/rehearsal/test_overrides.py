"""What people say at the desk, lived through as the template deploys it."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.ledger import DynamoLedger
from infra.names import DESK_POLICY
from infra.synth import synthesize
from punchclock.decisions import Action
from punchclock.errors import Refused
from punchclock.overrides import Cancellation, Kind, Override
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
  paint: {service: lookoutvision, project: paint, version: "1", shifts: [late]}
  welds: {service: lookoutvision, project: welds, version: "1", shifts: [late]}
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
def evening() -> Rehearsed:
    """Boards work overtime; paint is held off and taken back, and skipped too late; welds in time.

    Of the overtime two people speak in one second.
    """
    plant = days.plant(LATE)
    overtime = said(Kind.OVERTIME, "21:50", "23:30")
    off = said(Kind.HOLD_OFF, "20:30", "21:40", model="paint")
    sayings: list[Override | Cancellation] = [
        overtime,
        replace(overtime, who=f"{overtime.who}-and-bob"),
        said(Kind.SKIP, "20:10", "22:00", model="paint", day=MONDAY),
        off,
        Cancellation(override=off.id, until=off.until, made=at("21:00"), who=off.who),
        said(Kind.SKIP, "19:00", "22:00", model="welds", day=MONDAY),
    ]
    tuesday = MONDAY + dt.timedelta(days=1)
    return rehearse(plant, synthesize(plant), MONDAY, tuesday, sayings=sayings)


def when(rehearsed: Rehearsed, name: str, phase: Phase) -> list[dt.datetime]:
    return [stage.begin for stage in rehearsed.hosted[name].stages if stage.phase is phase]


def test_an_evening_of_overrides_has_no_violations(evening):
    assert violations(evening) == []


def test_overtime_at_ten_to_ten_goes_on_without_a_restart_and_stops_in_time(evening):
    assert len(when(evening, "boards", Phase.STARTING)) == 1
    (stopping,) = when(evening, "boards", Phase.STOPPING)
    assert at("23:30") <= stopping <= at("23:30") + TWO_MINUTES


def test_its_minutes_are_overtime_on_one_card_that_is_the_bill(evening):
    account = account_of(evening, evening.plant.models[0])
    (card,) = account.cards
    (day,) = card.days
    assert account.usage == account.billed
    assert card.shifts == ("late", "overtime")
    assert day.unit_minutes[Purpose.SHIFT] == 2 * 120
    assert day.unit_minutes[Purpose.OVERTIME] == 2 * 90


def test_a_hold_off_stops_within_two_minutes_and_comes_back_when_it_is_taken_back(evening):
    first, second = when(evening, "paint", Phase.STOPPING)
    assert at("20:30") <= first <= at("20:30") + TWO_MINUTES
    assert at("22:00") <= second <= at("22:00") + TWO_MINUTES
    _, again = when(evening, "paint", Phase.STARTING)
    assert at("21:00") <= again <= at("21:00") + TWO_MINUTES


def test_a_stop_is_told_with_whose_word_it_was_while_that_counts(evening):
    lines = [line.fields for line in evening.world.lines if line.fields.get("action") == "stop"]
    words = [(line["model"], line.get("override_kind"), line.get("why")) for line in lines]
    assert words[0] == ("paint", "hold off", "late batch")
    assert {kind for _, kind, _ in words[1:]} == {None}


def test_a_skip_in_time_is_no_start_and_costs_nothing(evening):
    assert when(evening, "welds", Phase.STARTING) == []
    assert account_of(evening, evening.plant.models[2]).billed.unit_minutes == 0


def test_people_may_write_nothing_but_overrides(evening):
    cloud = evening.world.cloud
    deployment = cloud.deployment
    role = deployment.policies[deployment.outputs[DESK_POLICY]]
    ledger = DynamoLedger(cloud.client("dynamodb", role), deployment.table)
    for write in (
        lambda: ledger.write(CARD),
        lambda: ledger.begin(at("12:00")),
        lambda: ledger.claim("lookoutvision:x", Action.START, at("12:00")),
    ):
        with pytest.raises(Refused, match="may not"):
            write()
    cloud.denials.clear()

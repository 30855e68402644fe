"""A model that somebody starts by hand on a Saturday: seen, priced, stopped."""

import datetime as dt

import pytest

from functions import journal as events
from infra.synth import synthesize
from punchclock.timecards import Origin, Purpose
from rehearsal.bills import account_of
from rehearsal.emulator.hosting import Phase, Stage
from rehearsal.rehearsing import Happening, Rehearsed, rehearse
from rehearsal.verdicts import violations
from tests.rehearsal import days

SATURDAY = dt.date(2026, 3, 7)
BY_HAND = dt.datetime(2026, 3, 7, 9, 30, 20, tzinfo=dt.UTC)
GRACE = dt.timedelta(minutes=60)
MINUTE = dt.timedelta(minutes=1)

WEEKDAYS = days.EIGHT_HOURS.replace("daily", "Mon-Fri")


@pytest.fixture(scope="module")
def saturday() -> Rehearsed:
    plant = days.plant(WEEKDAYS)
    happenings = [
        Happening(at=BY_HAND, model="boards", happen=lambda model: model.start(2)),
        Happening(
            at=BY_HAND + 30 * MINUTE,
            model="boards",
            happen=lambda model: model.enter(
                Stage(phase=Phase.RUNNING, begin=BY_HAND + 30 * MINUTE, units=3)
            ),
        ),
    ]
    return rehearse(
        plant, synthesize(plant), SATURDAY, SATURDAY + dt.timedelta(days=1), happenings=happenings
    )


def measured(rehearsed: Rehearsed, name: str) -> list[dt.datetime]:
    return [line.at for line in rehearsed.world.lines if name in line.fields]


def test_the_alarms_metric_is_sent_within_two_minutes(saturday):
    first = measured(saturday, events.MODELS_OUTSIDE)[0]
    assert BY_HAND < first < BY_HAND + 2 * MINUTE


def test_it_is_stopped_after_its_grace(saturday):
    [stop] = [line for line in saturday.world.lines if line.fields.get("action") == "stop"]
    assert BY_HAND + GRACE < stop.at < BY_HAND + GRACE + 3 * MINUTE


def test_its_cost_is_unscheduled_to_the_minute_with_autoscaled_units(saturday):
    [model] = saturday.plant.models
    account = account_of(saturday, model)
    [card] = account.cards
    assert card.origin is Origin.MANUAL
    assert {purpose for day in card.days for purpose in day.unit_minutes} == {Purpose.UNSCHEDULED}
    assert card.usage == account.billed
    assert violations(saturday) == []


def test_the_incident_is_opened_once_with_its_cost_and_closed_once(saturday):
    opened = [line for line in saturday.world.lines if line.event == events.INCIDENT]
    over = [line for line in saturday.world.lines if line.event == events.INCIDENT_OVER]
    assert [line.fields["cost_per_hour"] for line in opened] == ["8.00"]
    assert len(over) == 1

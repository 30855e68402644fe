"""What the doctor says of models that run, of cards, and of a deployment that has hardly begun."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from punchclock.plants import Plant
from tests.cli.checks.patients import NOW, Ward, card, edited
from tests.cli.desks import counter


def test_state_and_units_of_a_model_are_told(own, plant):
    model = own.counter.life.emulator.model(plant.models[0].target)
    model.start(3)
    own.counter.wait(3600)
    found = [each.said for each in own.look("models").findings]
    assert found[0].startswith("paint is running on 3 units: rekognition says RUNNING")
    assert found[1].startswith("seams is stopped: rekognition says STOPPED")


def test_a_model_on_fewer_units_than_the_file_wants_gets_a_note(own, plant, tmp_path):
    own.counter.life.emulator.model(plant.models[0].target).start(2)
    own.counter.wait(3600)
    file = edited(tmp_path, "shifts: {early", "defaults: {units: 4}\nshifts: {early")
    ((level, said, _),) = own.sick("models", file)
    assert level == "note"
    assert said.startswith("paint is running on 2 units")
    assert said.endswith("the plant file wants 4 units")


def unit_minutes(own: Ward, plant: Plant) -> int:
    model = own.counter.life.emulator.model(plant.models[0].target)
    return sum(model.unit_minutes(NOW - dt.timedelta(days=2), NOW).values())


@pytest.mark.parametrize(("more", "level"), [(0.009, "ok"), (0.02, "wrong")])
def test_cards_may_be_one_per_cent_from_the_metric(own, plant, more, level):
    extra = card(plant, "paint", round(unit_minutes(own, plant) * more))
    extra = replace(extra, opened=extra.opened + dt.timedelta(minutes=1))
    own.counter.ledger.close(own.counter.ledger.write(extra))
    found = own.look("metering")
    assert found.level == level
    assert found.findings[0].said.startswith("paint on 2026-03-03: ")
    assert found.findings[1].level == "ok"


def test_what_no_card_has_is_wrong_until_the_day_is_settled_on_it(own, plant):
    own.counter.life.emulator.model(plant.models[0].target).start(2)
    # Today, which nobody has written down, is yesterday now.
    own.counter.clock.at = NOW + dt.timedelta(days=1)
    ((level, said, remedy),) = own.sick("metering")
    assert level == "wrong"
    assert said.startswith("paint on 2026-03-04: 0.00 unit-hours on its cards, ")
    assert remedy.startswith("something runs that no card has")
    opened = replace(card(plant, "paint", 0, closed=None), opened=NOW, days=())
    own.counter.ledger.write(opened)
    ((level, said, _),) = own.sick("metering")
    assert level == "note"
    assert said.endswith("a card is not settled yet")


@pytest.mark.parametrize(
    ("hours", "began", "again"),
    [(20, "Tue 2026-03-03 14:00", "2026-03-05"), (2, "Wed 2026-03-04 08:00", "2026-03-06")],
)
def test_before_a_whole_day_is_over_there_is_nothing_to_compare(demo, hours, began, again):
    with counter(demo, NOW) as desk:
        desk.ledger.begin(NOW - dt.timedelta(hours=hours))
        said = json.loads(desk.type("doctor", "--json").stdout)
    (found,) = said["checks"]["metering"]["findings"]
    assert found["level"] == "note"
    assert found["said"].startswith(f"the first sweep was at {began}")
    assert found["remedy"] == f"ask again from {again}"


def test_a_deployment_that_is_emulated_is_looked_at_as_far_as_it_goes(demo):
    with counter(demo, NOW) as desk:
        result = desk.type("doctor", "--json")
    assert isinstance(result.exception, SystemExit)
    found = {name: each["level"] for name, each in json.loads(result.stdout)["checks"].items()}
    assert found == {
        "account": "note",
        "stack": "ok",
        "models": "ok",
        "quotas": "unseen",
        "roles": "ok",
        "told": "wrong",
        "heartbeat": "wrong",
        "schedules": "ok",
        "failures": "ok",
        "metering": "note",
    }

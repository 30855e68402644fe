"""A plant travels to Lambda as JSON, and is there what it was."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from punchclock import compiled
from punchclock.errors import InvalidPlant
from punchclock.plants import Assignment, Plant, Quota
from punchclock.shifts import Calendar
from tests.punchclock.worlds import World, model, model_of, plant, shift, worlds

EARLY, LATE, SPARE = (
    shift("06:00-14:00", "early"),
    shift("14:00-22:00", "late"),
    shift("08:00-12:00", "spare"),
)
WORKS = Calendar(name="works", closed=frozenset({dt.date(2026, 12, 24)}))
PLANT = replace(
    plant(
        "Europe/Berlin",
        model(EARLY, name="boards", calendar=WORKS, max_units=4),
        model_of([Assignment(shift=EARLY, units=3), Assignment(shift=LATE, units=2)], name="paint"),
    ),
    shifts=(EARLY, LATE, SPARE),
    budget=Decimal(9500),
    quotas={"rekognition": Quota(running_models=2)},
    mode="watch",
)


def dumped(plant: Plant) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(compiled.dump(plant)))
    return found


def test_a_plant_comes_back_with_its_unworked_shifts_in_their_order():
    assert compiled.load(dumped(PLANT)) == PLANT


def test_a_shift_that_only_a_model_knows_comes_back_on_the_model_alone():
    alone = replace(PLANT, shifts=())
    assert compiled.load(dumped(alone)) == alone


@given(worlds())
def test_any_plant_comes_back(world: World):
    assert compiled.load(dumped(world.plant)) == world.plant


def test_the_keys_are_those_that_a_function_of_an_older_deployment_reads():
    found = dumped(PLANT)
    assert set(found) == {"plant", "listed", "shifts", "calendars", "models"}
    assert set(found["models"][0]) == {"model", "assignments", "calendar"}
    assert found["listed"] == ["early", "late", "spare"]
    assert [each["assignments"] for each in found["models"]] == [
        [["early", 2]],
        [["early", 3], ["late", 2]],
    ]
    assert [each["calendar"] for each in found["models"]] == ["works", None]


def test_shifts_and_calendars_are_written_once_and_not_on_the_models():
    found = dumped(PLANT)
    assert set(found["shifts"]) == {"early", "late", "spare"}
    assert set(found["calendars"]) == {"works"}
    assert found["plant"]["models"] == []
    assert "shifts" not in found["plant"]
    assert {tuple(each["model"]["assignments"]) for each in found["models"]} == {()}
    assert not any("calendar" in each["model"] for each in found["models"])


def test_fewer_than_two_units_are_refused_wherever_they_come_from():
    found = dumped(PLANT)
    found["models"][0]["assignments"] = [["early", 1]]
    with pytest.raises(InvalidPlant, match="at least 2"):
        compiled.load(found)

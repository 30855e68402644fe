"""Every function dies after each of its calls in turn, and the plant recovers."""

import datetime as dt

import pytest

from punchclock.ports import Colleagues, Ledger, Meter, Notices, Service, Stack
from rehearsal.faults.crash_points import Point, recoveries
from rehearsal.faults.running import live
from tests.rehearsal.faults.plants import ALL, stage

DAY = dt.date(2026, 3, 24)

AT_THE_DESK = {"ledger:order", "ledger:orders_ending", "ledger:closed_cards"}
"""What no function calls."""


@pytest.fixture(scope="module")
def found():
    seen: dict[tuple[str, str], None] = {}

    def first_of_its_kind(point: Point) -> bool:
        # All of several hundred places take minutes: `make crash-points` goes through them.
        new = (point.function, point.call) not in seen
        seen[point.function, point.call] = None
        return new

    return list(recoveries(stage("2026-03-24", "2026-03-25").plant, DAY, only=first_of_its_kind))


def test_the_plant_recovers_from_a_death_after_every_call(found):
    assert [each for each in found if each.wrong] == []


@pytest.mark.parametrize(
    ("port", "places"),
    [
        (Service, ["lookoutvision", "rekognition"]),
        (Ledger, ["ledger"]),
        (Meter, ["meter"]),
        (Colleagues, ["colleagues"]),
        (Notices, ["notices"]),
        (Stack, ["stack"]),
    ],
)
def test_every_operation_of_every_port_is_among_the_places(found, port, places):
    operations = {
        f"{place}:{name}" for place in places for name in vars(port) if not name.startswith("_")
    }
    assert operations - AT_THE_DESK <= {each.point.call for each in found}


def test_every_call_that_a_function_makes_under_faults_is_among_the_places(found):
    made = set()

    def watch(world):
        world.dies = lambda call: made.add((call.function, call.name))

    for seed in range(1, 9):
        live(stage("2026-03-23", "2026-03-30"), seed, ALL, prepare=watch)
    assert made <= {(each.point.function, each.point.call) for each in found}

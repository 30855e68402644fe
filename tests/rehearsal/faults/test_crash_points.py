"""Every function dies after each of its calls in turn, and the plant recovers."""

import datetime as dt

from rehearsal.faults.crash_points import Point, recoveries
from tests.rehearsal.faults.plants import stage

DAY = dt.date(2026, 3, 24)

CALLS = {
    "sweep": {"ledger:book", "ledger:orders", "ledger:write", "ledger:report", "colleagues:call"},
    "start_models": {"ledger:claim", "ledger:write", "rekognition:start", "lookoutvision:start"},
    "stop_models": {"ledger:claim", "ledger:write", "rekognition:stop", "lookoutvision:stop"},
    "timekeeper": {"meter:read", "ledger:write", "ledger:close", "ledger:reviewed", "ledger:tell"},
    "close_plant": {"ledger:shut", "rekognition:stop", "stack:answer"},
}
"""Some of the calls that must be among the points."""


def test_the_plant_recovers_from_a_death_after_every_call():
    plant = stage("2026-03-24", "2026-03-25").plant
    seen: dict[tuple[str, str], None] = {}

    def first_of_its_kind(point: Point) -> bool:
        # All 150 places take a minute: `make crash-points` goes through them.
        new = (point.function, point.call) not in seen
        seen[point.function, point.call] = None
        return new

    found = list(recoveries(plant, DAY, only=first_of_its_kind))
    assert [each for each in found if each.wrong] == []
    for function, calls in CALLS.items():
        assert calls <= {each.point.call for each in found if each.point.function == function}

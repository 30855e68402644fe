"""The truth tables of other schedulers hold for our timetables, as far as our language goes.

What it cannot say is named, with the reason, in ``docs/peer-tables.md``; the page is checked here.
"""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from punchclock.errors import InvalidPlant
from punchclock.plans import plan
from punchclock.plants import Plant
from punchclock.shifts import Shift
from punchclock.timetables import timetables
from tests.punchclock.peer_language import Unsayable, interval, periods
from tests.punchclock.worlds import DAY, at, model, plant, shift

PEERS = Path(__file__).parent / "peers"
PAGE = Path(__file__).parents[2] / "docs" / "peer-tables.md"


def table(name: str) -> dict[str, Any]:
    return json.loads((PEERS / f"{name}.json").read_text())  # type: ignore[no-any-return]


SCHEDULER = table("instance-scheduler")
ALERTMANAGER = table("alertmanager-timeinterval")
ELAPSED = table("dst-next-fire")
TIME_RANGES = ALERTMANAGER["time_ranges"]


def named(row: dict[str, Any]) -> str:
    return str(row.get("id") or f"{row['timezone']} {row['shift_date']} {row['begin']}")


def is_sayable(row: dict[str, Any]) -> bool:
    try:
        periods(row["schedule"])
    except Unsayable:
        return False
    return True


def factory(timezone: str, shifts: list[Shift]) -> Plant:
    """A model without lead: it is on exactly while its run is."""
    return plant(timezone, model(*shifts, lead=dt.timedelta(), bridge=dt.timedelta()))


def states(factory: Plant, checks: list[list[str]]) -> list[list[str]]:
    """What the timetable says at each checked instant."""
    (found,) = timetables(factory).values()
    return [[when, "on" if found.run_at(at(when)) else "off"] for when, _ in checks]


SAYABLE = [row for row in SCHEDULER["evaluation"] if is_sayable(row)]


@pytest.mark.parametrize("row", SAYABLE, ids=named)
def test_instance_scheduler_agrees_on_when_an_instance_is_on(row: dict[str, Any]) -> None:
    works = factory(row["timezone"], periods(row["schedule"]))
    assert states(works, row["checks"]) == row["checks"]


@pytest.mark.parametrize("row", SCHEDULER["usage_seconds_per_day"], ids=named)
def test_instance_scheduler_agrees_on_the_hours_of_each_day(row: dict[str, Any]) -> None:
    works = factory(row["timezone"], periods(row["schedule"]))
    days = {date: dt.date.fromisoformat(date) for date in row["days"]}
    units = works.models[0].units
    assert {
        date: plan(works, day, day + DAY).usage.unit_minutes * 60 / units
        for date, day in days.items()
    } == row["days"]


@pytest.mark.parametrize("row", ALERTMANAGER["evaluation"], ids=named)
def test_alertmanager_agrees_on_what_lies_in_an_interval(row: dict[str, Any]) -> None:
    works = factory(row["timezone"], interval(row["interval"]))
    assert states(works, row["checks"]) == row["checks"]


def test_alertmanager_agrees_where_off_hours_are_what_our_hours_leave() -> None:
    row = ALERTMANAGER["union_off"]
    assert row["off_intervals"] == {
        "evenings": {"times": [["00:00", "09:00"], ["17:00", "24:00"]]},
        "weekends": {"weekdays": ["sat", "sun"]},
    }
    works = factory(row["timezone"], [shift("09:00-17:00", days=frozenset(range(5)))])
    expected = [[check["instant"], check["resource"]] for check in row["checks"]]
    assert states(works, expected) == expected


@pytest.mark.parametrize("pair", TIME_RANGES["accept"], ids="-".join)
def test_hours_that_alertmanager_accepts_are_a_shift(pair: list[str]) -> None:
    assert shift("-".join(pair)).occurrence(dt.date(2026, 1, 12), ZoneInfo("UTC")) is not None


def test_hours_without_length_that_alertmanager_rejects_are_no_shift() -> None:
    start, end = TIME_RANGES["reject"][0]
    assert start == end
    with pytest.raises(InvalidPlant):
        Shift(name="none", start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end))


@pytest.mark.parametrize("row", ELAPSED["derived_elapsed"]["rows"], ids=named)
def test_shift_has_the_hours_that_the_zone_database_gives_it(row: dict[str, Any]) -> None:
    day = dt.date.fromisoformat(row["shift_date"])
    hours = f"{row['begin']}-{row['end']}"
    found = shift(hours).occurrence(day, ZoneInfo(row["timezone"]))
    assert found is not None
    assert (found.start, found.end) == (at(row["start_utc"]), at(row["stop_utc"]))
    assert (found.end - found.start).total_seconds() == row["elapsed_seconds"]
    works = factory(row["timezone"], [shift(hours, first=day, last=day)])
    units = works.models[0].units
    minutes = plan(works, day, day + 2 * DAY).usage.unit_minutes / units
    assert minutes * 60 == row["elapsed_seconds"]


def test_page_names_each_row_that_is_left_out() -> None:
    left = {row["id"] for row in SCHEDULER["evaluation"] if not is_sayable(row)}
    left |= {f"{start}-{end or ''}" for start, end in TIME_RANGES["reject"][1:]}
    assert set(_first_column("## Rows left out")) == left


def test_page_names_each_section_that_is_left_out() -> None:
    used = {
        "instance-scheduler": {"evaluation", "usage_seconds_per_day"},
        "alertmanager-timeinterval": {"evaluation", "union_off", "time_ranges"},
        "dst-next-fire": {"derived_elapsed"},
    }
    left = {
        f"{name}: {section}"
        for name, sections in used.items()
        for section in set(table(name)) - sections - {"meta"}
    }
    assert set(_first_column("## Sections left out")) == left


@pytest.mark.parametrize("name", ["instance-scheduler", "alertmanager-timeinterval"])
def test_each_table_says_where_it_is_from_and_under_which_licence(name: str) -> None:
    meta = table(name)["meta"]
    assert meta["licence"] == "Apache-2.0"
    assert meta["source"] in PAGE.read_text()


def test_page_counts_the_rows_that_hold() -> None:
    checks = sum(len(row["checks"]) for row in SAYABLE)
    days = sum(len(row["days"]) for row in SCHEDULER["usage_seconds_per_day"])
    instants = sum(len(row["checks"]) for row in ALERTMANAGER["evaluation"])
    instants += len(ALERTMANAGER["union_off"]["checks"])
    shifts = len(ELAPSED["derived_elapsed"]["rows"])
    counts = [int(each) for each in re.findall(r"\| (\d+) \|$", PAGE.read_text(), re.MULTILINE)]
    assert counts == [checks, days, instants, 4, shifts]


def _first_column(heading: str) -> list[str]:
    section = PAGE.read_text().split(f"{heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)

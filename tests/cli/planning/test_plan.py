"""``plan`` shows the same windows, runs and costs to programs, people and calendars."""

import datetime as dt
import json
from typing import Any

import icalendar
import pytest

from tests.cli.typed import SPRINGFIELD, answered, typed, written

WEEK = ("--from", "2026-03-02", "--to", "2026-03-09")
SUM = """
shifts:
  day: {days: daily, start: 08:00, end: 16:00}
  night: {days: daily, start: 22:00, end: 06:00}
  always: {days: daily, start: 00:00, end: 24:00}
models:
  a: {@a, shifts: [SHIFT], lead: 10m}
"""


@pytest.fixture
def plant(tmp_path):
    return lambda shift: written(tmp_path, SUM.replace("SHIFT", shift))


def test_eight_hours_on_two_units_are_sixteen_unit_hours_and_64_dollars(plant):
    found = answered("plan", plant("day"), "--from", "2026-03-02", "--to", "2026-03-03")
    assert found == {
        "plant": "demo",
        "timezone": "Europe/Berlin",
        "from": "2026-03-02",
        "to": "2026-03-03",
        "models": {
            "a": {
                "windows": [
                    {
                        "start": "2026-03-02T07:00:00Z",
                        "end": "2026-03-02T15:00:00Z",
                        "units": 2,
                        "shifts": ["day"],
                    }
                ],
                "runs": [
                    {
                        "start": "2026-03-02T06:50:00Z",
                        "ready": "2026-03-02T07:00:00Z",
                        "stop": "2026-03-02T15:00:00Z",
                        "units": 2,
                    }
                ],
                "unit_hours": "16.00",
                "cost": {"amount": "64.00", "currency": "USD"},
            }
        },
        "unit_hours": "16.00",
        "cost": {"amount": "64.00", "currency": "USD"},
    }


def people(plant, first: str, end: str) -> list[str]:
    result = typed("plan", plant, "--from", first, "--to", end)
    assert result.exit_code == 0
    return result.stdout.splitlines()


def test_people_see_local_and_utc_edges_paid_hours_costs_and_24_7(plant):
    lines = people(plant("day"), "2026-03-02", "2026-03-03")
    assert lines[0] == (
        "demo from Mon 2026-03-02 until Tue 2026-03-03, exclusive, on the clocks of Europe/Berlin"
    )
    table = [line.split("  ") for line in lines]
    rows = [[cell.strip() for cell in row if cell.strip()] for row in table]
    local, utc = "Mon 2026-03-02 08:00", "Mon 2026-03-02 07:00"
    ends, utc_ends = "Mon 2026-03-02 16:00", "Mon 2026-03-02 15:00"
    assert ["a", local, ends, utc, utc_ends, "2", "8.00", "day"] in rows
    asked, utc_asked = "Mon 2026-03-02 07:50", "Mon 2026-03-02 06:50"
    edges = [asked, local, ends, utc_asked, utc, utc_ends]
    assert ["a", *edges, "2", "8.00", "16.00", "64.00"] in rows
    assert ["all models", "16.00", "64.00", "192.00"] in rows
    assert lines[-1] == (
        "24/7 on the same units would cost USD 192.00; this plan costs USD 64.00, 67 % less"
    )


def test_people_see_that_the_clocks_change_and_what_that_costs(plant):
    lines = people(plant("night"), "2026-03-27", "2026-03-30")
    assert lines[1] == (
        "* the clocks go forward from 02:00 to 03:00 at Sun 2026-03-29 03:00 (2026-03-29T01:00Z)"
    )
    windows = [line for line in lines if line.endswith("night")]
    marked = {"*" in line: line for line in windows}
    assert [("*" in line) for line in windows] == [False, True, True]
    assert "  8.00     night" in marked[False]
    assert any("  7.00  *  night" in line for line in windows)


def test_people_see_no_clocks_where_they_do_not_change(plant):
    assert "*" not in "\n".join(people(plant("night"), "2026-03-02", "2026-03-09"))


def test_what_goes_on_for_ever_is_shown_without_an_end(plant):
    lines = people(plant("always"), "2000-01-01", "2000-01-02")
    (window,) = [line for line in lines if line.endswith("always")]
    assert "Sat 2000-01-01 00:00  -" in window
    assert lines[-1].endswith("0 % less")


def test_lines_are_never_wrapped_or_cut(plant):
    names = "day, night"
    lines = people(plant(names), "2026-03-02", "2026-03-03")
    assert max(map(len, lines)) > 160
    assert not any("…" in line for line in lines)


def test_a_disabled_model_is_no_saving(tmp_path):
    text = SUM.replace("SHIFT", "day").replace("lead: 10m", "enabled: false")
    lines = people(written(tmp_path, text), "2026-03-02", "2026-03-03")
    assert lines[-1] == "24/7 on the same units would cost USD 0.00"


# Calendars


def events(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_a_calendar_has_one_event_per_window_in_utc():
    result = typed("plan", SPRINGFIELD, *WEEK, "--ics", "-")
    assert result.exit_code == 0
    found = {
        (str(each["summary"]).partition(":")[0], each.decoded("dtstart"), each.decoded("dtend"))
        for each in events(result.stdout)
    }
    planned = answered("plan", SPRINGFIELD, *WEEK)["models"]
    assert found == {
        (name, *(dt.datetime.fromisoformat(window[edge]) for edge in ("start", "end")))
        for name, each in planned.items()
        for window in each["windows"]
    }


def test_an_event_says_who_works_and_when_its_run_is_asked_for(plant):
    result = typed("plan", plant("day"), "--from", "2026-03-02", "--to", "2026-03-03", "--ics", "-")
    (event,) = events(result.stdout)
    assert event["summary"] == "a: day (2 units)"
    assert event["description"].splitlines() == [
        "asked for: Mon 03-02 07:50 (2026-03-02T06:50:00Z)",
        "ready by: Mon 03-02 08:00 (2026-03-02T07:00:00Z)",
        "stopped: Mon 03-02 16:00 (2026-03-02T15:00:00Z)",
        "units of the run: 2",
    ]
    assert event["uid"] == "20260302T070000Z-a@demo.punchclock"


def test_a_window_of_a_run_that_began_before_has_the_details_of_its_run(tmp_path):
    text = SUM.replace("SHIFT", "day, night").replace("lead: 10m", "bridge: 2h")
    found = typed(
        "plan",
        written(tmp_path, text),
        "--from",
        "2026-03-02",
        "--to",
        "2026-03-03",
        "--ics",
        "-",
    )
    (day, _) = events(found.stdout)
    assert "asked for: Sun 03-01 21:40 (2026-03-01T20:40:00Z)" in day["description"]
    assert "windows in the run: 2" in day["description"]


def test_uids_are_unique_and_the_same_each_time():
    one, other = (
        [
            str(each["uid"])
            for each in events(typed("plan", SPRINGFIELD, *WEEK, "--ics", "-").stdout)
        ]
        for _ in range(2)
    )
    assert one == other
    assert len(set(one)) == len(one)


def test_an_endless_window_is_shown_for_a_year_and_says_so(plant):
    result = typed(
        "plan", plant("always"), "--from", "2000-01-01", "--to", "2000-01-02", "--ics", "-"
    )
    (event,) = events(result.stdout)
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(days=366)
    assert event["description"].splitlines()[0] == "does not end within a year"


def test_a_calendar_goes_to_a_file_beside_the_answer(tmp_path):
    file = tmp_path / "week.ics"
    result = typed("plan", SPRINGFIELD, *WEEK, "--json", "--ics", file)
    models = json.loads(result.stdout)["models"].values()
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    windows = sum(len(each["windows"]) for each in models)
    assert len(events(file.read_text())) == windows > 0


def test_a_calendar_and_json_cannot_both_go_to_stdout():
    result = typed("plan", SPRINGFIELD, *WEEK, "--json", "--ics", "-")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path):
    result = typed("plan", SPRINGFIELD, *WEEK, "--ics", tmp_path / "none" / "week.ics")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file or directory" in result.stderr


# Dates and files


@pytest.mark.parametrize(
    ("first", "end"),
    [
        ("1999-12-31", "2000-01-02"),
        ("2036-12-31", "2037-01-02"),
        ("2049-12-31", "2050-01-02"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-30", "9999-12-31"),
    ],
)
def test_days_that_are_not_known_are_an_error_and_no_guess(first, end):
    result = typed("plan", SPRINGFIELD, "--from", first, "--to", end, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the days that are known" in result.stderr


@pytest.mark.parametrize("dates", [("2026-03-02", "2026-03-02"), ("2026-02-30", "2026-03-02")])
def test_days_that_are_none_are_wrong_usage(dates):
    assert typed("plan", SPRINGFIELD, "--from", dates[0], "--to", dates[1]).exit_code == 2


def test_a_file_that_is_not_there_is_wrong_usage():
    result = typed("plan", "none.yaml", *WEEK, "--json")
    assert (result.exit_code, result.stdout) == (2, "")


def test_an_invalid_plant_is_told_as_by_every_command(tmp_path):
    file = tmp_path / "plant.yaml"
    file.write_text("plant: Nowhere\n")
    result = typed("plan", file, *WEEK, "--json")
    assert result.exit_code == 1
    assert list(json.loads(result.stdout)) == ["errors"]

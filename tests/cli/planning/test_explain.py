"""``explain`` takes an instant as people and programs write it, and says why."""

import json

import pytest

from tests.cli.typed import SPRINGFIELD, answered, typed

KEYS = [
    "plant",
    "model",
    "instant",
    "local",
    "wanted",
    "phase",
    "window",
    "run",
    "shifts",
    "overrides",
    "reasons",
    "next_run",
]


def explained(instant: str, model: str = "solder-joints") -> dict[str, object]:
    found: dict[str, object] = answered("explain", SPRINGFIELD, model, instant)
    return found


def test_json_has_the_window_the_run_and_the_shifts():
    found = explained("2026-03-02T05:00:00Z", "paint")
    assert list(found) == KEYS
    assert (found["instant"], found["local"]) == (
        "2026-03-02T05:00:00Z",
        "2026-03-02T06:00:00+01:00",
    )
    assert (found["wanted"], found["phase"]) == (True, "window")
    assert found["window"] == {
        "start": "2026-03-01T21:00:00Z",
        "end": "2026-03-02T13:00:00Z",
        "units": 3,
        "shifts": ["early", "night"],
    }
    assert found["run"] == {
        "start": "2026-03-01T20:30:00Z",
        "ready": "2026-03-01T21:00:00Z",
        "stop": "2026-03-02T13:00:00Z",
        "units": 3,
    }
    assert isinstance(found["shifts"], list)
    assert found["shifts"][0] == {
        "shift": "night",
        "day": "2026-03-01",
        "works": True,
        "because": "works Sun-Thu; Sun 22:00 to Mon 06:00, which is over",
    }


def test_off_has_neither_window_nor_run_but_the_next():
    found = explained("2026-12-25T09:00:00Z")
    assert (found["window"], found["run"], found["wanted"], found["phase"]) == (
        None,
        None,
        False,
        "off",
    )
    assert found["next_run"] == {
        "start": "2027-01-04T04:40:00Z",
        "ready": "2027-01-04T05:00:00Z",
        "stop": "2027-01-04T21:00:00Z",
        "units": 2,
    }


@pytest.mark.parametrize(
    "instant",
    [
        "2026-03-02T05:45",
        "2026-03-02 05:45",
        "2026-03-02T05:45:00+01:00",
        "2026-03-02T04:45Z",
        "2026-03-02t04:45:00z",
        "2026-03-01T23:45:00.000-05:00",
    ],
)
def test_an_instant_is_at_the_plant_unless_it_has_an_offset(instant):
    found = explained(instant)
    assert (found["instant"], found["phase"]) == ("2026-03-02T04:45:00Z", "lead")


def test_a_wall_time_that_occurs_twice_is_its_first_pass_and_says_so():
    found = explained("2026-10-25T02:30")
    assert found["instant"] == "2026-10-25T00:30:00Z"
    assert isinstance(found["reasons"], list)
    assert found["reasons"][0] == (
        "the clocks show 2026-10-25 02:30 twice: this is the first pass, 2026-10-25T00:30:00Z;"
        " the second is 2026-10-25T01:30:00Z"
    )


def test_a_wall_time_that_is_skipped_is_moved_forward_and_says_so():
    found = explained("2026-03-29T02:30")
    assert found["local"] == "2026-03-29T03:30:00+02:00"
    assert isinstance(found["reasons"], list)
    assert found["reasons"][0] == (
        "the clocks skip 2026-03-29 02:30: moved forward to 2026-03-29 03:30"
    )


def test_people_read_why_in_lines_that_are_never_wrapped():
    result = typed("explain", SPRINGFIELD, "paint", "2026-11-01T08:30")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "paint is on at Sun 2026-11-01 08:30 (2026-11-01T07:30Z), in a shift"
    assert (
        "Sun 2026-11-01  audit  yes    works FREQ=MONTHLY;BYDAY=1SU; opened in calendar works"
        " although a holiday: All Saints' Day; Sun 08:00 to Sun 10:00, which is now"
    ) in lines
    assert lines[-1].startswith("next run: asked for at Sun 2026-11-01 21:30")


def test_people_read_the_holiday_by_name():
    result = typed("explain", SPRINGFIELD, "solder-joints", "2026-12-25T10:00")
    assert (
        "- early would, but does not start on Fri 2026-12-25: holiday in calendar works:"
        " Christmas Day"
    ) in result.stdout.splitlines()


def test_an_unknown_model_gets_a_suggestion():
    result = typed("explain", SPRINGFIELD, "solder", "2026-03-02T05:45", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'solder' is not a model of springfield" in result.stderr
    assert "did you mean 'solder-joints'?" in result.stderr


@pytest.mark.parametrize("instant", ["2026-03-02", "now", "2026-02-30T05:45", "2026-03-02T25:00"])
def test_what_is_no_instant_is_wrong_usage(instant):
    result = typed("explain", SPRINGFIELD, "paint", instant)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not an instant" in result.stderr


@pytest.mark.parametrize(
    "instant",
    ["1999-12-31T12:00", "2037-01-02T12:00", "2050-01-01T00:00Z", "0001-01-01T00:00+23:59"],
)
def test_an_instant_that_is_not_known_is_an_error_and_no_guess(instant):
    result = typed("explain", SPRINGFIELD, "paint", instant, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the days that are known" in result.stderr


def test_an_invalid_plant_is_told_as_by_every_command(tmp_path):
    file = tmp_path / "plant.yaml"
    file.write_text("plant: [\n")
    result = typed("explain", file, "a", "2026-03-02T05:45", "--json")
    assert result.exit_code == 1
    assert list(json.loads(result.stdout)) == ["errors"]


def test_a_file_that_is_not_there_is_wrong_usage():
    assert typed("explain", "none.yaml", "a", "2026-03-02T05:45").exit_code == 2

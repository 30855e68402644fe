"""``validate`` refuses what does not hold, and tells what is worth knowing of what does."""

import json

import pytest

from tests.cli.typed import SPRINGFIELD, typed, written

TODAY = ("--today", "2026-11-22")
UNUSED = """
calendars:
  works: {}
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  spare: {days: Sun, start: 02:30, end: 04:00}
models:
  a: {@a, shifts: [early]}
"""


def test_warnings_and_notes_exit_0_in_the_order_of_the_file(tmp_path):
    file = written(tmp_path, UNUSED)
    result = typed("validate", file, *TODAY)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        (
            f"{file}:5:3: calendars.works: warning: no model goes by this calendar:"
            " name it in defaults or in a model"
        ),
        f"{file}:8:3: shifts.spare: warning: no model works this shift",
        f"{file}: valid",
    ]


def test_json_of_a_valid_plant_has_warnings_and_notes_apart(tmp_path):
    text = UNUSED.replace("[early]", "[early, spare], lead: 0m, calendar: works")
    file = written(tmp_path, text)
    result = typed("validate", file, *TODAY, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert not result.stderr
    assert list(found) == ["errors", "warnings", "notes"]
    assert (found["errors"], found["warnings"]) == ([], [])
    assert {note["severity"] for note in found["notes"]} == {"note"}
    first = found["notes"][0]
    assert (first["file"], first["line"], first["column"]) == (str(file), 8, 29)
    assert (first["key"], first["value"]) == ("shifts.spare.start", "02:30")
    assert "2027-03-28" in first["message"]


def test_an_invalid_plant_is_told_with_errors_only(tmp_path):
    file = written(tmp_path, UNUSED.replace("Mon-Fri", "Mon-Fry"))
    assert typed("validate", file).exit_code == 1
    result = typed("validate", file, "--json")
    assert result.exit_code == 1
    assert list(json.loads(result.stdout)) == ["errors"]
    assert json.loads(result.stdout)["errors"][0]["line"] == 7


def test_errors_of_all_files_are_told_and_none_is_called_valid(tmp_path):
    broken = written(tmp_path, UNUSED.replace("Mon-Fri", "Mon-Fry"), "one.yaml")
    whole = written(tmp_path, UNUSED, "two.yaml")
    result = typed("validate", broken, whole)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{broken}:7:")
    assert "valid" not in result.stdout


def test_a_file_that_is_not_there_is_wrong_usage():
    result = typed("validate", "none.yaml", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.yaml: No such file or directory" in result.stderr


def test_the_sample_plant_names_its_holidays():
    result = typed("validate", SPRINGFIELD, *TODAY)
    (note,) = [line for line in result.stdout.splitlines() if ": calendars.works: note:" in line]
    assert "Fri 2026-12-25 Christmas Day (early, late)" in note
    assert "Mon 2026-12-28 to Thu 2026-12-31 closed (early, late, night)" in note
    assert "2026-11-01" not in note


def test_a_quota_that_is_not_written_is_told_all_the_same(tmp_path):
    models = "\n".join(f"  {name}: {{@{name}, shifts: [early]}}" for name in "abc")
    file = written(tmp_path, UNUSED[: UNUSED.index("  a: {")] + models)
    result = typed("validate", file, *TODAY)
    assert result.exit_code == 0
    assert (
        f"{file}:1:1: quotas.rekognition.running_models: warning: 3 models run at once, first at"
        " Mon 2026-11-23 05:40 (2026-11-23T04:40Z), but the quota is 2: a, b, c"
    ) in result.stdout


def test_without_a_date_it_looks_ahead_from_today(tmp_path):
    file = written(tmp_path, UNUSED.replace("end: 14:00", "end: 14:00, until: 2001-01-01"))
    assert "ended on 2001-01-01" in typed("validate", file).stdout


@pytest.mark.parametrize("date", ["2026-02-30", "tomorrow"])
def test_a_date_that_is_none_is_wrong_usage(date):
    assert typed("validate", SPRINGFIELD, "--today", date).exit_code == 2

"""A valid file means what the design says it means."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plantfile.problems import InvalidFile
from plantfile.reader import parse, read, read_all, read_apart, read_words
from plantfile.warnings import warnings
from punchclock.plants import Model, Plant, Quota
from punchclock.shifts import LAST_DAY, Calendar, Shift

SPRINGFIELD = Path(__file__).parents[2] / "plants" / "springfield.yaml"
HEAD = "plant: demo\ntimezone: Europe/Berlin\nregion: eu-central-1\n"
MODEL = 'service: lookoutvision, project: boards, version: "1"'
OTHER = 'service: lookoutvision, project: valves, version: "1"'


def plant_of(text: str) -> Plant:
    return parse(text.encode(), "plant.yaml")


def shift_of(entry: str) -> Shift:
    return plant_of(f"{HEAD}models: {{}}\nshifts:\n  one: {entry}\n").shifts[0]


def model_of(keys: str, top: str = "") -> Model:
    shift = "shifts: {early: {days: daily, start: 06:00, end: 14:00}}"
    text = f"{HEAD}{top}\n{shift}\nmodels:\n  a: {{{MODEL}, {keys}}}\n"
    return plant_of(text).models[0]


def calendar_of(entry: str) -> Calendar:
    calendar = model_of("shifts: [], calendar: works", f"calendars: {{works: {entry}}}").calendar
    assert calendar is not None
    return calendar


def test_the_sample_plant_works_on_both_services_with_all_kinds_of_shifts():
    plant = read(SPRINGFIELD)
    assert {model.target.service for model in plant.models} == {"lookoutvision", "rekognition"}
    assert [shift.name for shift in plant.shifts] == ["early", "late", "night", "saturday", "audit"]
    paint = plant.model("paint")
    assert paint is not None
    assert [(each.shift.name, each.units) for each in paint.assignments] == [
        ("early", 2),
        ("night", 3),
        ("audit", 2),
    ]
    assert (paint.units, paint.max_units, paint.lead) == (2, 4, dt.timedelta(minutes=30))
    assert plant.quotas["rekognition"].running_models == 2


def test_a_model_alone_has_what_is_built_in():
    model = model_of("shifts: [early]")
    assert (model.units, model.max_units, model.rate) == (2, None, Decimal("4.00"))
    assert (model.lead, model.bridge) == (dt.timedelta(minutes=20), dt.timedelta(minutes=30))
    assert (model.calendar, model.enabled) == (None, True)
    assert model.manual_runs == dt.timedelta(minutes=60)


DEFAULTS = "calendars: {w: {}}\ndefaults: {units: 3, lead: 5m, bridge: 0m, calendar: w}"


def test_defaults_go_before_what_is_built_in():
    model = model_of("shifts: [early]", DEFAULTS)
    assert (model.units, model.lead, model.bridge) == (3, dt.timedelta(minutes=5), dt.timedelta())
    assert model.assignments[0].units == 3
    assert model.calendar is not None


def test_a_models_own_values_go_before_defaults():
    model = model_of("shifts: [{early: {units: 5}}], units: 4, lead: 0m, bridge: 1h30m", DEFAULTS)
    assert (model.units, model.assignments[0].units) == (4, 5)
    assert (model.lead, model.bridge) == (dt.timedelta(), dt.timedelta(minutes=90))


@pytest.mark.parametrize(
    ("keys", "top", "grace"),
    [
        ("shifts: []", "manual_runs: leave", None),
        ("shifts: []", "manual_runs: {stop_after: 45s}", 45),
        ("shifts: []", "manual_runs: leave\ndefaults: {manual_runs: {stop_after: 2h}}", 7200),
        ("shifts: [], manual_runs: leave", "manual_runs: {stop_after: 5m}", None),
    ],
)
def test_the_nearest_word_about_manual_runs_holds(keys, top, grace):
    found = model_of(keys, top).manual_runs
    assert found == (None if grace is None else dt.timedelta(seconds=grace))


def test_a_disabled_model_stays_in_the_plant():
    assert not model_of("shifts: [early], enabled: false").enabled


def test_rates_and_quotas_of_the_file_go_before_the_services_own():
    text = f"{HEAD}models: {{}}\nrates: {{rekognition: 3.5}}\n"
    plant = plant_of(f"{text}quotas: {{rekognition: {{units_per_model: 9}}}}\n")
    assert plant.quotas["rekognition"] == Quota(running_models=2, units_per_model=9)
    assert plant.quotas["lookoutvision"] == Quota(running_models=None, units_per_model=5)
    assert model_of("shifts: []", "rates: {lookoutvision: 3.5}").rate == Decimal("3.5")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Sat", {5}),
        ('"Mon,Wed,Fri"', {0, 2, 4}),
        ("[Mon, Wed-Thu]", {0, 2, 3}),
        ("Fri-Mon", {4, 5, 6, 0}),
        ("daily", set(range(7))),
    ],
)
def test_days_are_written_in_many_ways(days, expected):
    assert shift_of(f"{{days: {days}, start: 06:00, end: 14:00}}").days == expected


@pytest.mark.parametrize(
    ("start", "end", "overnight", "hours"),
    [
        ("06:00", "14:00", False, 8),
        ("22:00", "06:00", True, 8),
        ("16:00", "24:00", True, 8),
        ("16:00", "00:00", True, 8),
        ("00:00", "24:00", True, 24),
    ],
)
def test_an_end_at_or_before_the_start_is_on_the_next_day(start, end, overnight, hours):
    shift = shift_of(f"{{days: daily, start: {start}, end: {end}}}")
    assert shift.overnight is overnight
    occurrence = shift.occurrence(dt.date(2026, 1, 10), ZoneInfo("Europe/Berlin"))
    assert occurrence is not None
    assert occurrence.end - occurrence.start == dt.timedelta(hours=hours)


def test_a_shift_may_be_bounded_and_work_each_second_week():
    shift = shift_of(
        "{days: Sat, every: 2 weeks, from: 2026-01-10, until: 2026-12-31, start: 06:00, end: 12:00}"
    )
    assert (shift.every, shift.first, shift.last) == (
        2,
        dt.date(2026, 1, 10),
        dt.date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("rule", "first_days"),
    [
        ('"FREQ=MONTHLY;BYDAY=1SU"', [4, 1]),
        ("freq=monthly;byday=-1fr", [30, 27]),
        ('"FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", from: 2026-01-03', [3, 17]),
        ('"FREQ=MONTHLY;BYMONTHDAY=15,-1"', [15, 31]),
    ],
)
def test_a_rule_of_recurrence_names_the_days(rule, first_days):
    shift = shift_of(f"{{rrule: {rule}, start: 08:00, end: 10:00}}")
    span = dt.date(2026, 1, 1), dt.date(2026, 3, 1)
    found = list(shift.occurrences(*span, ZoneInfo("Europe/Berlin")))
    assert [each.day.day for each in found[:2]] == first_days


def test_times_and_norwegian_holidays_are_texts_and_not_numbers_or_false():
    assert shift_of("{days: daily, start: 22:00, end: 06:00}").start == dt.time(22)
    assert dt.date(2026, 5, 17) in calendar_of("{holidays: NO}").holidays


def test_a_calendar_has_holidays_closures_and_exceptions():
    calendar = calendar_of(
        "{holidays: DE-BY, closed: [2026-12-24, 2026-12-28..2026-12-31], open: [2026-11-01]}"
    )
    assert calendar.closure(dt.date(2026, 1, 6)) == "holiday in calendar works: Epiphany"
    assert calendar.closure(dt.date(2026, 11, 1)) is None
    assert len(calendar.closed) == 5
    assert calendar.closure(dt.date(2026, 12, 30)) == "closed in calendar works"


def test_overlapping_closures_are_each_day_once():
    calendar = calendar_of("{closed: [2026-12-28..2026-12-31, 2026-12-01..2026-12-30, 2026-12-30]}")
    assert sorted(calendar.closed) == [dt.date(2026, 12, day) for day in range(1, 32)]


@pytest.mark.parametrize(
    ("entry", "first", "last"),
    [
        ("{}", dt.date(2000, 1, 1), LAST_DAY),
        ("{closed: [2026-12-24]}", dt.date(2000, 1, 1), LAST_DAY),
        ("{holidays: DE}", dt.date(2000, 1, 1), dt.date(2036, 12, 31)),
        ("{holidays: LK}", dt.date(2003, 1, 1), dt.date(2026, 12, 31)),
    ],
)
def test_a_calendar_is_known_as_far_as_its_holidays_are(entry, first, last):
    calendar = calendar_of(entry)
    assert (calendar.first, calendar.last) == (first, last)


@pytest.mark.parametrize("digits", ["'123456789012'", "123456789012", "'012345678901'"])
def test_an_account_is_twelve_digits_with_or_without_quotes(digits):
    plant = plant_of(f"{HEAD}account: {digits}\nmodels: {{}}\n")
    assert plant.account == digits.strip("'")


@pytest.mark.parametrize("version", ["1", '"1"', "'1'"])
def test_a_version_is_a_whole_number_with_or_without_quotes(version):
    keys = f"service: lookoutvision, project: p, version: {version}, shifts: []"
    text = f"{HEAD}models: {{a: {{{keys}}}}}"
    assert plant_of(text).models[0].target.address["version"] == "1"


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    text = f"{HEAD}models: {{}}\n".replace("\n", "\r\n")
    assert parse(b"\xef\xbb\xbf" + text.encode(), "plant.yaml").name == "demo"


def test_an_anchor_may_be_repeated():
    day = "{days: Sat, start: 06:00, end: 07:00}"
    text = f"{HEAD}shifts:\n  a: &day {day}\n  b: *day\nmodels: {{}}\n"
    assert [shift.name for shift in plant_of(text).shifts] == ["a", "b"]


def test_a_missing_file_is_not_an_invalid_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.yaml")


@pytest.fixture
def write(tmp_path):
    def write(name: str, top: str, model: str) -> Path:
        path: Path = tmp_path / f"{name}.yaml"
        head = HEAD.replace("demo", name)
        path.write_text(f"{head}{top}\nmodels:\n  {name}: {{{model}, shifts: []}}\n")
        return path

    return write


def test_one_hosted_model_in_two_files_of_an_account_and_region_is_reported_in_the_second(write):
    paths = [write("a", "", MODEL), write("b", "", MODEL)]
    with pytest.raises(InvalidFile) as caught:
        read_all(paths)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == (str(paths[1]), 6, 3)
    assert f"'a' in {paths[0]}" in problem.message


def test_one_hosted_model_in_two_accounts_is_two_models(write):
    one, other = (f'account: "{digit * 12}"' for digit in "12")
    assert len(read_all([write("a", one, MODEL), write("b", other, MODEL)])) == 2


def test_one_plant_in_two_files_is_reported_in_the_second_because_it_has_one_stack(write):
    paths = [write("a", "", MODEL), write("b", "", OTHER)]
    paths[1].write_text(paths[1].read_text().replace("plant: b", "plant: a"))
    with pytest.raises(InvalidFile) as caught:
        read_all(paths)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == (str(paths[1]), 1, 1)
    assert problem.message == f"'a' is the plant of {paths[0]} already: rename it"


def test_files_that_hold_are_read_although_others_do_not(write):
    paths = [write("a", "", MODEL), write("b", "mode: rest", OTHER), write("c", "", MODEL)]
    readings, error = read_apart(paths)
    assert [reading.plant.name for reading in readings] == ["a"]
    assert error is not None
    assert [problem.file for problem in error.problems] == [str(path) for path in paths[1:]]


def test_the_problems_of_all_files_are_reported(write):
    paths = [write("a", "mode: sleep", MODEL), write("b", "mode: rest", MODEL)]
    with pytest.raises(InvalidFile) as caught:
        read_all(paths)
    assert [problem.file for problem in caught.value.problems] == [str(path) for path in paths]


def test_a_service_that_has_ended_is_a_warning_at_its_first_use():
    found = list(warnings(read_words(SPRINGFIELD)))
    assert [(each.severity, each.key) for each in found] == [
        ("warning", "models.solder-joints.service")
    ]
    assert "2025-10-31" in found[0].message
    assert ": warning: AWS ended" in str(found[0])

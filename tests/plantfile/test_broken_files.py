"""Each kind of mistake is named at its place, with what would do.

The sign ‸ stands before the place that must be named, and is no part of the file. Where a row has
none, the place is where the file around it has one.
"""

import pytest

from plantfile.problems import InvalidFile
from plantfile.reader import parse

SHIFT = "{days: Mon-Fri, start: 06:00, end: 14:00}"
MODEL = '{service: lookoutvision, project: boards, version: "1", shifts: [early]}'
BASE = f"""\
plant: demo
timezone: Europe/Berlin
region: eu-central-1
shifts:
  early: {SHIFT}
models:
  a: {MODEL}
"""
ARN = "arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/v1/1768035600000"
PROJECT = "arn:aws:rekognition:eu-central-1:123456789012:project/paint/1768035000000"


def faults(data: str | bytes) -> list[tuple[int, int, str, str]]:
    with pytest.raises(InvalidFile) as caught:
        parse(data.encode() if isinstance(data, str) else data, "plant.yaml")
    return [(each.line, each.column, each.key, each.message) for each in caught.value.problems]


def assert_only(marked: str, key: str, fragment: str) -> None:
    """Assert that a file has one fault, at the last sign in its text."""
    before = marked.rpartition("‸")[0].replace("‸", "").split("\n")
    found = faults(marked.replace("‸", ""))
    assert len(found) == 1, found
    assert found[0][:3] == (len(before), len(before[-1]) + 1, key)
    assert fragment in found[0][3]


def test_the_base_of_these_tests_is_valid():
    assert parse(BASE.encode(), "plant.yaml").name == "demo"


SHIFTS = [
    ("{days: Mon-Fri, start: 06:00, end: ‸06:00}", "end", "start and end are both 06:00"),
    ("{days: Mon-Fri, start: ‸24:00, end: 06:00}", "start", "write 00:00 and the day after"),
    ("{days: Mon-Fri, start: 06:00, end: ‸25:00}", "end", "'25:00' is not a time"),
    ("{days: Mon-Fri, start: ‸6:00, end: 14:00}", "start", "write 00:00 to 23:59"),
    ("{days: Mon-Fri, start: ‸600, end: 14:00}", "start", "'600' is not a time"),
    ("{days: Mon-Fri, start: 06:00}", "end", "is missing"),
    ("{days: Mon-Fri, ‸start: , end: 14:00}", "start", "is empty"),
    ("{days: Mon-Fri, ‸begin: 1, start: 06:00, end: 14:00}", "begin", "is not a key here"),
    ("{‸dayz: Mon-Fri, days: Sat, start: 06:00, end: 14:00}", "dayz", "did you mean 'days'?"),
    ("{start: 06:00, end: 14:00}", "days", "with 'days' or with 'rrule'"),
    ("{days: ‸Mo-Fri, start: 06:00, end: 14:00}", "days", "did you mean 'Mon'?"),
    ("{days: ‸Monday, start: 06:00, end: 14:00}", "days", "did you mean 'Mon'?"),
    ("{days: [Mon, ‸Tues], start: 06:00, end: 14:00}", "days[1]", "did you mean 'Tue'?"),
    ("{‸days: [], start: 06:00, end: 14:00}", "days", "names no days"),
    ("{days: ‸5, start: 06:00, end: 14:00}", "days", "names no days"),
    ("{days: Mon,‸Wed, start: 06:00, end: 14:00}", "Wed", 'write days: "Mon,Wed" in quotes'),
    (
        "{days: Sat, from: ‸2026-02-30, start: 06:00, end: 14:00}",
        "from",
        "February 2026 has 28 days",
    ),
    ("{days: Sat, from: ‸2026-13-01, start: 06:00, end: 14:00}", "from", "there is no month 13"),
    (
        "{days: Sat, from: ‸1926-01-01, start: 06:00, end: 14:00}",
        "from",
        "outside the years 2000 to 2049",
    ),
    ("{days: Sat, from: ‸tomorrow, start: 06:00, end: 14:00}", "from", "write it as 2026-12-24"),
    (
        "{days: Sat, from: 2026-03-01, until: ‸2026-02-01, start: 06:00, end: 14:00}",
        "until",
        "2026-03-01 or later would do",
    ),
    ("{days: Sat, every: ‸2 weeks, start: 06:00, end: 14:00}", "every", "needs 'from: <date>'"),
    (
        "{days: Sat, from: 2026-01-10, every: ‸2, start: 06:00, end: 14:00}",
        "every",
        "write it as '2 weeks'",
    ),
    ("{days: Sat, rrule: ‸FREQ=DAILY, start: 06:00, end: 14:00}", "rrule", "keep one"),
    (
        "{from: 2026-01-10, every: 2 weeks, rrule: ‸FREQ=DAILY, start: 06:00, end: 14:00}",
        "rrule",
        "write INTERVAL=… in the rule",
    ),
    (
        "{rrule: ‸'FREQ=HOURLY', start: 06:00, end: 14:00}",
        "rrule",
        "FREQ=DAILY, WEEKLY, MONTHLY or YEARLY",
    ),
    ("{rrule: ‸'BYDAY=MO', start: 06:00, end: 14:00}", "rrule", "no FREQ in the rule"),
    ("{rrule: ‸'FREQ=MONTHLY', start: 06:00, end: 14:00}", "rrule", "needs 'from: <date>'"),
    (
        "{rrule: ‸'FREQ=DAILY;INTERVAL=2', start: 06:00, end: 14:00}",
        "rrule",
        "needs 'from: <date>'",
    ),
    ("{rrule: ‸'FREQ=DAILY;INTERVAL=0', start: 06:00, end: 14:00}", "rrule", "from 1 to 999"),
    (
        "{rrule: ‸'FREQ=DAILY;UNTIL=20260101', start: 06:00, end: 14:00}",
        "rrule",
        "write 'until: <date>'",
    ),
    ("{rrule: ‸'FREQ=DAILY;COUNT=3', start: 06:00, end: 14:00}", "rrule", "write 'until: <date>'"),
    (
        "{rrule: ‸'FREQ=DAILY;DTSTART=20260101', start: 06:00, end: 14:00}",
        "rrule",
        "write 'from: <date>'",
    ),
    (
        "{rrule: ‸'FREQ=DAILY;BYHOUR=3', start: 06:00, end: 14:00}",
        "rrule",
        "the shift's start and end",
    ),
    (
        "{rrule: ‸'FREQ=DAILY;BYDAYS=MO', start: 06:00, end: 14:00}",
        "rrule",
        "did you mean 'BYDAY'?",
    ),
    ("{rrule: ‸'FREQ=DAILY;FREQ=DAILY', start: 06:00, end: 14:00}", "rrule", "stands twice"),
    (
        "{rrule: ‸'FREQ=YEARLY;BYEASTER=300', start: 06:00, end: 14:00}",
        "rrule",
        "BYEASTER=300: -80 to 249 would do",
    ),
    (
        "{rrule: ‸'FREQ=DAILY;BYEASTER=1', start: 06:00, end: 14:00}",
        "rrule",
        "BYEASTER goes with FREQ=YEARLY only",
    ),
    (
        "{rrule: ‸'FREQ=MONTHLY;BYDAY=1XX', start: 06:00, end: 14:00}",
        "rrule",
        "BYDAY=1XX is no weekday",
    ),
    (
        "{rrule: ‸'FREQ=WEEKLY;BYDAY=1SU', start: 06:00, end: 14:00}",
        "rrule",
        "FREQ=MONTHLY would do",
    ),
    (
        "{rrule: ‸'FREQ=MONTHLY;BYMONTHDAY=32', start: 06:00, end: 14:00}",
        "rrule",
        "-31 to 31 would do",
    ),
    (
        "{rrule: ‸'FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1', start: 06:00, end: 14:00}",
        "rrule",
        "1 to 12 would do",
    ),
    ("{rrule: ‸'FREQ=MONTHLY;BYWEEKNO=3', start: 06:00, end: 14:00}", "rrule", "FREQ=YEARLY only"),
    ("{rrule: ‸'RRULE:FREQ=DAILY', start: 06:00, end: 14:00}", "rrule", "not a part of a rule"),
    ("‸Mon-Fri", "", "must be a mapping"),
]


@pytest.mark.parametrize(("shift", "key", "fragment"), SHIFTS)
def test_a_broken_shift_is_named_at_its_place(shift, key, fragment):
    marked = BASE.replace(f"early: {SHIFT}", f"‸early: {shift}")
    assert_only(marked, f"shifts.early.{key}".rstrip("."), fragment)


MODELS = [
    ("shifts: [‸erly]", "shifts[0]", "did you mean 'early'?"),
    ("shifts: [early, ‸early]", "shifts[1]", "stands twice"),
    ("shifts: ‸early", "shifts", "must be a list"),
    ("shifts: [early, ‸{early: {units: 3}}]", "shifts[1]", "stands twice"),
    ("shifts: [{early: {units: ‸1}}]", "shifts[0].early.units", "at least 2 units"),
    ("shifts: [{early: {units: ‸6}}]", "shifts[0].early.units", "2 to 5 units would do"),
    ("shifts: [{early: {‸unit: 3, units: 3}}]", "shifts[0].early.unit", "mean 'units'?"),
    ("shifts: [{early: ‸3}]", "shifts[0].early", "must be a mapping"),
    ("shifts: [‸{early: {units: 3}, late: {units: 2}}]", "shifts[0]", "one shift per item"),
    (
        "shifts: [{early: {units: ‸4}}], units: {min: 2, max: 3}",
        "shifts[0].early.units",
        "over the model's max 3",
    ),
    ("units: ‸1, shifts: []", "units", "at least 2 units"),
    ("units: ‸-3, shifts: []", "units", "at least 2 units"),
    ("units: ‸6, shifts: []", "units", "2 to 5 units would do"),
    ("units: ‸two, shifts: []", "units", "write a whole number"),
    ("units: ‸2.5, shifts: []", "units", "write a whole number"),
    ("units: ‸'2', shifts: []", "units", "without quotes"),
    ("units: {min: 2, max: ‸9}, shifts: []", "units.max", "2 to 5 units would do"),
    ("units: {min: 4, max: ‸3}, shifts: []", "units.max", "max 3 is under min 4"),
    ("‸units: {max: 3}, shifts: []", "units.min", "is missing"),
    ("lead: ‸20, shifts: []", "lead", "write it as 45s, 20m, 2h or 1h30m"),
    ("lead: ‸20 min, shifts: []", "lead", "'20 min' is not a duration"),
    ("bridge: ‸-5m, shifts: []", "bridge", "is not a duration"),
    ("bridge: ‸999h, shifts: []", "bridge", "longer than a week"),
    ("manual_runs: ‸keep, shifts: []", "manual_runs", "'leave' would do"),
    ("manual_runs: {‸stop: 5m, stop_after: 5m}, shifts: []", "manual_runs.stop", "not a key"),
    ("calendar: ‸works, shifts: []", "calendar", "write it under calendars"),
    ("enabled: ‸no, shifts: []", "enabled", "must be true or false"),
    ("‸unts: 2, shifts: []", "unts", "did you mean 'units'?"),
    ("lead: 20m", "shifts", "is missing"),
]


REKOGNITION = f"service: rekognition, project_version_arn: {ARN}, project_arn: {PROJECT}"


@pytest.mark.parametrize(("keys", "key", "fragment"), MODELS)
def test_a_broken_model_is_named_at_its_place(keys, key, fragment):
    assert_only(f"{BASE}  ‸b: {{{REKOGNITION}, {keys}}}\n", f"models.b.{key}", fragment)


SERVICES = [
    ("{service: ‸rekognitio, shifts: []}", "service", "did you mean 'rekognition'?"),
    ("{project: p, shifts: []}", "service", "is missing"),
    ("{service: lookoutvision, version: 1, shifts: []}", "project", "the project's name"),
    (
        "{service: lookoutvision, project: p, version: ‸latest, shifts: []}",
        "version",
        "it has no ARN and no metric",
    ),
    (
        "{service: lookoutvision, project: p, version: ‸0, shifts: []}",
        "version",
        "a whole number from 1",
    ),
    (
        (
            f"{{service: rekognition, shifts: [], project_version_arn: ‸paint, "
            f"project_arn: {PROJECT}}}"
        ),
        "project_version_arn",
        "the ARN of the trained version",
    ),
    (
        (
            f"{{service: rekognition, shifts: [], project_version_arn: {ARN}, "
            f"project_arn: ‸{PROJECT.replace('paint', 'pant')}}}"
        ),
        "project_arn",
        "project/pant/1768035000000 is not the project of",
    ),
    (
        "{service: lookoutvision, project: boards, version: 1, shifts: []}",
        "",
        "the same hosted model as 'a'",
    ),
    ("‸5", "", "must be a mapping"),
]


@pytest.mark.parametrize(("entry", "key", "fragment"), SERVICES)
def test_what_a_model_hosts_is_checked(entry, key, fragment):
    assert_only(f"{BASE}  ‸b: {entry}\n", f"models.b.{key}".rstrip("."), fragment)


TOP = [
    ("account: ‸012345678901", "account", "12 digits in quotes"),
    ("account: ‸'1234'", "account", "12 digits"),
    ("mode: ‸sleep", "mode", "'act' or 'watch' would do"),
    ("on_destroy: ‸remove", "on_destroy", "'stop' or 'leave' would do"),
    ("budget: {monthly: 6,‸000}", "budget.000", "thousands separators"),
    ("budget: {monthly: ‸6_000}", "budget.monthly", "thousands separators"),
    ('budget: {monthly: ‸"6,000"}', "budget.monthly", "thousands separators"),
    ("budget: {monthly: ‸-5}", "budget.monthly", "0 or more"),
    ("budget: ‸5", "budget", "must be a mapping"),
    ("rates: {rekognition: ‸.inf}", "rates.rekognition", "is not an amount"),
    ("rates: {‸rekogniton: 4}", "rates.rekogniton", "did you mean 'rekognition'?"),
    ("quotas: {‸rekog: {}}", "quotas.rekog", "did you mean 'rekognition'?"),
    (
        "quotas: {rekognition: {running_models: ‸0}}",
        "quotas.rekognition.running_models",
        "a whole number from 1",
    ),
    ("notify: [‸line-leads]", "notify[0]", "not an e-mail address"),
    ("notify: [a@b.de, ‸a@b.de]", "notify[1]", "stands twice"),
    ("‸manual_runs: {}", "manual_runs.stop_after", "is missing"),
    ("defaults: {units: ‸6}", "defaults.units", "2 to 5 units would do"),
    ("defaults: {‸leed: 6m}", "defaults.leed", "did you mean 'lead'?"),
    ("calendars: {w: {holidays: ‸DE-XX}}", "calendars.w.holidays", "no subdivision 'XX'"),
    ("calendars: {w: {holidays: ‸de}}", "calendars.w.holidays", "did you mean 'DE'?"),
    ("calendars: {w: {holidays: ‸XX}}", "calendars.w.holidays", "DE or DE-BY would do"),
    ("calendars: {w: {closed: ‸2026-12-24}}", "calendars.w.closed", "must be a list"),
    ("calendars: {w: {open: [‸2026-02-30]}}", "calendars.w.open[0]", "has 28 days"),
    (
        "calendars: {w: {closed: [‸2026-12-31..2026-12-01]}}",
        "calendars.w.closed[0]",
        "ends before it begins",
    ),
    ("calendars: {‸w: }", "calendars.w", "is empty"),
    ("calendars: {‸'a b': {}}", "calendars.a b", "is not a name"),
    ("‸shift: {}", "shift", "did you mean 'shifts'?"),
    ("‸<<: {}", "<<", "is not a key here"),
    ("budget: ‸!!binary {monthly: 5}", "budget", "means nothing here"),
]


@pytest.mark.parametrize(("line", "key", "fragment"), TOP)
def test_a_broken_section_is_named_at_its_place(line, key, fragment):
    assert_only(f"{line}\n{BASE}", key, fragment)


HEADS = [
    ("plant: demo", "plant: ‸Demo Works", "plant", "it names the stack"),
    ("plant: demo", "plant: ‸abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "plant", "1 to 40"),
    ("Europe/Berlin", "‸Europe/Berln", "timezone", "did you mean 'Europe/Berlin'?"),
    ("Europe/Berlin", "‸CEST", "timezone", "IANA"),
    ("eu-central-1", "‸frankfurt", "region", "write it as eu-central-1"),
    ("region: eu-central-1\n", "", "region", "is missing"),
    ("models:", "models: {}\n‸models:", "models", "written twice, first in line 6"),
]


@pytest.mark.parametrize(("old", "new", "key", "fragment"), HEADS)
def test_a_broken_head_is_named_at_its_place(old, new, key, fragment):
    assert_only("‸" + BASE.replace(old, new), key, fragment)


FILES = [
    ("‸", "is empty"),
    ("‸# nothing\n", "is empty"),
    ("‸- a\n- b\n", "is not a plant file"),
    ("‸hello\n", "is not a plant file"),
    ("plant: a\n‸---\nplant: b\n", "one plant per file"),
    ("plant: a\n‸\tregion: b\n", "indent with spaces, not with tabs"),
    ("plant: a‸: b\n", "quote texts that contain ': '"),
    ("plant: [a\n‸", "a list needs its closing ']'"),
    ("plant: 'a\n‸", "a quote or bracket is not closed"),
    ("plant: ‸@a\n", "quote texts that begin with a special sign"),
    ("a: &a [‸*a]\n", "lies within what it repeats"),
    ("a: ‸*b\n", "no '&b' above"),
]


@pytest.mark.parametrize(("marked", "fragment"), FILES)
def test_what_is_no_plant_file_is_one_error(marked, fragment):
    (found,) = faults(marked.replace("‸", ""))
    assert_only(marked, found[2], fragment)


BYTES = [
    (b"plant: \x00\x01", 1, 8, "is it binary?"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", 1, 1, "save the file as UTF-8"),
    ("plant: a\nregion: ä\n".encode("latin-1"), 2, 9, "byte 0xe4 is not UTF-8"),
    ("plant: a\n".encode("utf-16"), 1, 1, "save the file as UTF-8"),
    (b"\xef\xbb\xbfplant: \x00", 1, 8, "is it binary?"),
    (b"[" * 100_000, 1, 21, "nested deeper than 20 levels"),
    (b"x" * 5_000_000, 1, 1, "is bigger than 4194304 bytes"),
]


@pytest.mark.parametrize(("data", "line", "column", "fragment"), BYTES)
def test_what_is_no_text_or_no_end_of_it_is_one_error(data, line, column, fragment):
    (found,) = faults(data)
    assert found[:2] == (line, column)
    assert fragment in found[3]


def test_aliases_that_multiply_are_stopped_where_they_become_too_many():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    found = faults("\n".join(["l0: &l0 [x]", *levels]))
    assert [(line, message) for line, _, _, message in found] == [
        (6, "holds more than 150000 values, aliases unfolded: split the plant")
    ]


def test_aliases_that_nest_are_stopped_where_they_become_too_deep():
    levels = [f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 500)]
    (found,) = faults("\n".join(["l0: &l0 [x]", *levels]))
    assert "nests deeper than 20 levels" in found[3]


def test_three_faults_are_all_named_in_the_order_of_reading():
    text = BASE.replace("06:00", "6 am").replace("[early]", "[erly]").replace("Berlin", "Berln")
    assert [(line, column, key) for line, column, key, _ in faults(text)] == [
        (2, 11, "timezone"),
        (5, 33, "shifts.early.start"),
        (7, 71, "models.a.shifts[0]"),
    ]


def test_every_duplicate_key_is_reported_at_its_second_place():
    text = f"{BASE}  a: {MODEL}\nplant: other\n"
    assert [each[:3] for each in faults(text)] == [(8, 3, "models.a"), (9, 1, "plant")]


def test_one_broken_item_does_not_hide_its_neighbours():
    text = BASE.replace("[early]", "[erly, early, early, {early: {units: 9}}]")
    assert [each[2] for each in faults(text)] == [
        "models.a.shifts[0]",
        "models.a.shifts[2]",
        "models.a.shifts[3]",
        "models.a.shifts[3].early.units",
    ]


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("account: '999999999999'", "account '123456789012', the plant in account '999999999999'"),
        ("account: 999999999999", "account '123456789012', the plant in account '999999999999'"),
        ("mode: act", "region 'eu-central-1', the plant in region 'eu-west-1'"),
    ],
)
def test_a_model_of_another_account_or_region_than_the_plants_is_refused(line, fragment):
    text = f"{line}\n{BASE}  b: {{{REKOGNITION}, shifts: []}}\n"
    if "region" in fragment:
        text = text.replace("region: eu-central-1", "region: eu-west-1")
    found = faults(text)
    assert [each[2] for each in found] == [
        "models.b.project_version_arn",
        "models.b.project_arn",
    ]
    assert all(fragment in each[3] for each in found)


def test_a_problem_is_one_line_even_when_its_value_is_not():
    with pytest.raises(InvalidFile) as caught:
        parse(BASE.replace("demo", '"de\\nmo' + "x" * 500 + '"').encode(), "plant.yaml")
    line = str(caught.value)
    assert line.startswith("plant.yaml:1:8: plant: 'de\\nmox")
    assert "\n" not in line
    assert len(line) < 300


def test_a_problem_as_json_says_the_same_as_its_line():
    with pytest.raises(InvalidFile) as caught:
        parse(BASE.replace("06:00", "6am").encode(), "plant.yaml")
    (problem,) = caught.value.problems
    assert problem.as_json() == {
        "file": "plant.yaml",
        "line": 5,
        "column": 33,
        "key": "shifts.early.start",
        "value": "6am",
        "message": "'6am' is not a time: write 00:00 to 23:59, for example 06:00",
        "severity": "error",
    }

"""Whatever becomes of a real plant file, the answer is a list of problems, or a plant that works.

``test_any_input`` throws anything at the reader; here the sample is edited, so that most of a file
is right and what is odd gets far: to the advice, the compiled plant, its schedules and its plan.
"""

import datetime as dt
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from plantfile.compile import compiled
from plantfile.crosschecks import MOST_RULES
from plantfile.problems import InvalidFile
from plantfile.reader import Reading, parse, read_words
from plantfile.warnings import advice
from punchclock import compiled as form
from punchclock.edges import edges
from punchclock.plans import plan
from punchclock.plants import MIN_UNITS

SAMPLE = (Path(__file__).parents[2] / "plants" / "springfield.yaml").read_text("utf-8")
TREE: dict[str, Any] = yaml.load(SAMPLE, yaml.BaseLoader)  # noqa: S506 - it makes texts of all
TODAY = dt.date(2026, 3, 2)
WEEK = 7 * dt.timedelta(days=1)

# What people write

DATES = st.dates().map(str) | st.sampled_from(
    ["2026-02-29", "2026-02-30", "0000-01-01", "2026-1-1", "2011-12-30", "2049-12-31", "2050-01-01"]
)
TIMES = st.sampled_from(
    [
        "00:00",
        "24:00",
        "23:59",
        "02:30",
        "6:00",
        "06:00:00",
        "25:61",
        "1320",
        "-1:00",
        "\u0660\u0666:\u0660\u0660",
    ]
)
DURATIONS = st.sampled_from(["0m", "45s", "1h30m", "90", "-5m", "9999999h", "1e3m", "20 m", "1h1h"])
DAYS = st.sampled_from(["Mon-Fri", "Fri-Mon", "daily", "Mon,Mon", "Sat-Sat", "mon", "Mo", "1-5"])
NUMBERS = st.one_of(
    st.sampled_from(["0", "1", "2", "5", "007", "0x10", "1e9", "1e999", ".nan", "-.inf", "1_000"]),
    st.integers(-(10**30), 10**30).map(str),
    st.decimals().map(str),
)
ZONES = st.sampled_from(
    ["Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo", "UTC", "Mars/Olympus", "../etc/passwd"]
)
PARTS_OF_RULES = (
    *("BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"),
    *("INTERVAL", "WKST", "COUNT", "UNTIL", "BYHOUR", "DTSTART", ""),
)
RULES = st.builds(
    lambda frequency, parts: ";".join([f"FREQ={frequency}", *parts]),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "ODDLY"]),
    st.lists(
        st.builds(
            "{}={}".format,
            st.sampled_from(PARTS_OF_RULES),
            st.integers(-400, 400) | st.sampled_from(["MO", "-5SU", "53FR", "30", "2", "", "1,1"]),
        ),
        max_size=4,
    ),
)
ODD = st.sampled_from(
    (
        *("", "~", "yes", "=", "<<", "*works", "\u202eabc", "a\u0000b", "\ufeff", "💥", "x" * 5000),
        *(
            "a: b",
            "- a",
            "# no",
            "%YAML 1.1",
            "\x85",
            "\t",
            "'",
            '"',
            "!!python/object:os.system x",
        ),
    )
)
WORDS = st.one_of(DATES, TIMES, DURATIONS, DAYS, NUMBERS, ZONES, RULES, ODD, st.text(max_size=20))


def nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a tree: what holds it, and its key or index."""
    places = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(places):
        yield tree, key
        if isinstance(value, dict | list):
            yield from nodes(value)


PARTS = [holder[key] for holder, key in nodes(TREE)]
KEYS = sorted({key for _, key in nodes(TREE) if isinstance(key, str)})

VALUES = st.recursive(
    st.one_of(WORDS, st.sampled_from(PARTS).map(deepcopy), st.none(), st.booleans()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | WORDS, inner, max_size=4)
    ),
    max_leaves=6,
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """Return the sample with a few of its values changed, taken away, or moved elsewhere."""
    tree = deepcopy(TREE)
    for _ in range(draw(st.integers(1, 4))):
        places = list(nodes(tree)) or [(tree, "plant")]
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(["change", "change", "change", "remove", "add", "rename"])):
            case "change":
                holder[key] = draw(VALUES)
            case "remove":
                del holder[key]
            case "add" if isinstance(holder, list):
                holder.insert(key, draw(VALUES))
            case "rename" if isinstance(holder, dict):
                holder[draw(WORDS)] = holder.pop(key)
            case _ if isinstance(holder, dict):
                holder[draw(st.sampled_from(KEYS) | WORDS)] = draw(VALUES)
    style = draw(st.sampled_from([None, None, '"', "'", "|", ">"]))
    text: str = yaml.safe_dump(
        tree, default_flow_style=draw(st.booleans()), default_style=style, allow_unicode=True
    )
    # Unquoted, as people write times and dates.
    return text.replace("'", "") if draw(st.booleans()) else text


@st.composite
def typed_over(draw: st.DrawFn) -> str:
    """Return the sample with lines lost, doubled, moved, indented otherwise, or typed over."""
    lines = SAMPLE.splitlines()
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lose", "double", "move", "indent", "type", "insert"])):
            case "lose" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(draw(st.integers(0, len(lines))), lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "indent":
                lines[at] = " " * draw(st.integers(0, 8)) + lines[at].strip()
            case "type":
                key, colon, _ = lines[at].partition(":")
                lines[at] = f"{key}{colon} {draw(WORDS)}"
            case _:
                marks = [
                    "---",
                    "...",
                    "&a",
                    "*a",
                    "<<: *a",
                    "!!set",
                    "? ",
                    "- ",
                    "%TAG ! x",
                    "{",
                    "]",
                ]
                lines.insert(at, draw(st.sampled_from(marks)) + draw(ODD))
    return "\n".join(lines)


def answer(path: Path) -> Reading | InvalidFile:
    try:
        return read_words(path)
    except InvalidFile as error:
        return error


def assert_answered(path: Path, text: str) -> None:
    """Hold that a file has problems with places, or is a plant with which all goes on to work."""
    data = text.encode("utf-8", "surrogatepass")
    path.write_bytes(data)
    found = answer(path)
    if isinstance(found, InvalidFile):
        assert found.problems
        for problem in found.problems:
            assert str(problem).startswith(f"{path}:{problem.line}:{problem.column}: ")
            assert len(str(problem).splitlines()) == 1
        return
    plant = found.plant
    assert parse(data, "plant.yaml") == plant
    assert form.load(json.loads(compiled(plant))) == plant
    assert all(each.units >= MIN_UNITS for model in plant.models for each in model.assignments)
    assert all(str(each).isprintable() for each in advice(found, TODAY))
    assert len({edge.name for edge in edges(plant)}) == len(edges(plant))
    assert plan(plant, TODAY, TODAY + WEEK).usage.cost >= 0


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("plants")
    return folder / "plant.yaml"


@given(text=edited())
def test_an_edited_plant_file_has_problems_or_works(path, text):
    assert_answered(path, text)


@given(text=typed_over())
def test_a_plant_file_with_mistyped_lines_has_problems_or_works(path, text):
    assert_answered(path, text)


@given(rule=RULES, first=st.none() | DATES)
def test_any_recurrence_rule_has_problems_or_works(path, rule, first):
    """Of rules that nothing is wrong with, some never match: to find that out takes no time."""
    begin = f"from: {first}, " if first else ""
    shift = f'{{rrule: "{rule}", {begin}start: 08:00, end: 10:00}}'
    old = SAMPLE[SAMPLE.index("  audit: ") :].splitlines()[0]
    assert_answered(path, SAMPLE.replace(old, f"  audit: {shift}"))


@pytest.mark.parametrize(
    ("count", "days"),
    [
        (300, "days: Mon-Fri"),
        (MOST_RULES - 1, 'rrule: "FREQ=DAILY;INTERVAL={}", from: 2026-01-01'),
        (
            MOST_RULES - 1,
            'rrule: "FREQ=DAILY;INTERVAL={};BYMONTH=2;BYMONTHDAY=30", from: 2026-01-01',
        ),
    ],
    ids=["weekdays", "rules", "rules that name no day"],
)
def test_hundreds_of_shifts_have_problems_or_work(path, count, days):
    head, _, models = SAMPLE.partition("\nmodels:")
    hours = {f"s{n}": f"{days.format(n)}, start: 06:00, end: 14:00" for n in range(1, count + 1)}
    shifts = "".join(f"  {name}: {{{each}}}\n" for name, each in hours.items())
    models = models.replace("[early, late]", f"[{', '.join(hours)}]")
    assert_answered(path, f"{head}\n{shifts}\nmodels:{models}")
    assert read_words(path).plant.models


def test_a_file_may_have_many_recurrence_rules_but_not_any_number_of_them():
    rules = [f"  s{n}: {{rrule: FREQ=DAILY, start: 06:00, end: 14:00}}" for n in range(MOST_RULES)]
    text = SAMPLE.replace("shifts:\n", "\n".join(["shifts:", *rules, ""]))
    with pytest.raises(InvalidFile) as refused:
        parse(text.encode(), "plant.yaml")
    (problem,) = refused.value.problems
    assert (problem.key, "'days' would do" in problem.message) == ("shifts.audit.rrule", True)

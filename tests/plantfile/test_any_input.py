"""Whatever lies in the file, the answer is a plant or a list of problems."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantfile.problems import InvalidFile
from plantfile.reader import parse
from punchclock.plants import Plant

SAMPLE = (Path(__file__).parents[2] / "plants" / "springfield.yaml").read_text("utf-8")


def answer(data: bytes) -> Plant | InvalidFile:
    try:
        return parse(data, "plant.yaml")
    except InvalidFile as error:
        return error


def assert_answered(data: bytes) -> None:
    found = answer(data)
    if isinstance(found, InvalidFile):
        assert found.problems
        lines = data.count(b"\n") + data.count(b"\r") + 2
        for problem in found.problems:
            assert 1 <= problem.line <= lines + data.decode("utf-8", "replace").count("\x85")
            assert "\n" not in str(problem)
            assert "\r" not in str(problem)
            assert problem.message


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data):
    assert_answered(data)


@given(st.text(alphabet="aé:-[]{},&*!|>'\"%@`#?~ \n\t0123.\\", max_size=60))
def test_any_text_of_signs_that_mean_something_in_yaml_is_answered(text):
    assert_answered(text.encode())


@given(st.data())
def test_the_sample_with_any_part_replaced_is_answered(data):
    start = data.draw(st.integers(0, len(SAMPLE)))
    length = data.draw(st.integers(0, 40))
    piece = data.draw(
        st.one_of(
            st.sampled_from(["", "~", "[]", "{}", "0", "-1", "*x", "&x", "!!int 5", "24:00", "\n"]),
            st.text(max_size=8),
        )
    )
    text = SAMPLE[:start] + piece + SAMPLE[start + length :]
    assert_answered(text.encode("utf-8", "replace"))


VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["early", "06:00", "2026-02-30", "~", "2", "-1", "4.5", "''", "true"]),
        st.sampled_from(
            ["Mon-Fri", "20m", "rekognition", "'\\n'", "9" * 30, "1e999", "FREQ=DAILY"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(["units", "min", "max", "early", "w", "stop_after", "days", "rrule"]),
            inner,
            max_size=3,
        ).map(lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}"),
    ),
    max_leaves=8,
)
SECTIONS = [
    "plant",
    "timezone",
    "region",
    "account",
    "mode",
    "defaults",
    "rates",
    "quotas",
    "budget",
    "notify",
    "manual_runs",
    "on_destroy",
    "calendars",
    "shifts",
    "models",
]


@given(st.dictionaries(st.sampled_from(SECTIONS), VALUES))
def test_any_values_in_the_sections_are_answered(sections):
    assert_answered("".join(f"{key}: {value}\n" for key, value in sections.items()).encode())


MODEL_KEYS = [
    "service",
    "project",
    "version",
    "shifts",
    "units",
    "calendar",
    "lead",
    "bridge",
    "manual_runs",
    "enabled",
]
SHIFT_KEYS = ["days", "rrule", "every", "from", "until", "start", "end"]


@given(
    model=st.dictionaries(st.sampled_from(MODEL_KEYS), VALUES),
    shift=st.dictionaries(st.sampled_from(SHIFT_KEYS), VALUES),
)
def test_any_values_in_a_model_and_a_shift_are_answered(model, shift):
    entries = [
        "{" + ", ".join(f"{key}: {value}" for key, value in each.items()) + "}"
        for each in (shift, model)
    ]
    text = f"plant: a\nshifts: {{early: {entries[0]}}}\nmodels: {{a: {entries[1]}}}\n"
    assert_answered(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"a: " * 100_000,
        b"- " * 100_000,
        b"? " * 100_000,
        b"{a: " * 100_000,
        b"&a " * 100_000,
        b"[" + b"a, " * 1_000_000 + b"]",
        b"a: " + b"9" * 1_000_000,
        b"notify: [" + b"a, " * 50_000 + b"]",
    ],
)
def test_hostile_files_are_answered_in_seconds(data):
    begin = time.process_time()
    assert isinstance(answer(data), InvalidFile)
    assert time.process_time() - begin < 20


def test_closures_that_overlap_a_thousandfold_cost_no_more_than_their_days():
    closed = "2000-01-01..2049-12-31, " * 10_000
    head = "plant: a\ntimezone: UTC\nregion: eu-west-1\nmodels: {}\n"
    text = f"{head}calendars: {{w: {{closed: [{closed}]}}}}\n"
    begin = time.process_time()
    assert isinstance(answer(text.encode()), Plant)
    assert time.process_time() - begin < 6


def test_a_plant_of_two_thousand_models_is_read_in_seconds():
    # It takes less than one on a core of its own; the bound is for busy machines.
    arn = "arn:aws:rekognition:eu-central-1:123456789012:project"
    models = "".join(
        f"  m{n}:\n    service: rekognition\n    shifts: [early, {{late: {{units: 3}}}}]\n"
        f"    project_version_arn: {arn}/p{n}/version/v1/{n}\n    project_arn: {arn}/p{n}/{n}\n"
        for n in range(2000)
    )
    text = SAMPLE[: SAMPLE.index("\nmodels:")] + f"\nmodels:\n{models}"
    parse(SAMPLE.encode(), "warm.yaml")
    begin = time.process_time()
    plant = parse(text.encode(), "plant.yaml")
    assert len(plant.models) == 2000
    assert time.process_time() - begin < 4

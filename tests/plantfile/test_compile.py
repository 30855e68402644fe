"""What is compiled is the plant, and always the same text."""

import datetime as dt
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plantfile.compile import compiled
from plantfile.reader import parse, read
from punchclock import compiled as form
from punchclock.plants import Plant

SPRINGFIELD = Path(__file__).parents[2] / "plants" / "springfield.yaml"

TIMES = st.times().map(lambda each: f"{each:%H:%M}")
DURATIONS = st.integers(0, 600).map(lambda n: f"{n}m")
DATES = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2049, 12, 31))


def loaded(text: str) -> Plant:
    return form.load(json.loads(text))


def test_the_sample_comes_back_as_it_was():
    plant = read(SPRINGFIELD)
    assert loaded(compiled(plant)) == plant


def test_the_same_file_is_always_the_same_text_with_sorted_keys():
    text = compiled(read(SPRINGFIELD))
    assert text == compiled(read(SPRINGFIELD))
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_a_calendar_is_written_once_however_many_models_keep_it():
    plant = read(SPRINGFIELD)
    names = [each.calendar.name for each in plant.models if each.calendar]
    assert len(names) > 1
    assert compiled(plant).count('"holidays"') == 1


@given(
    hours=st.tuples(TIMES, TIMES).filter(lambda each: each[0] != each[1]),
    lead=DURATIONS,
    bridge=DURATIONS,
    units=st.integers(2, 5),
    closed=st.lists(DATES, max_size=3),
    holidays=st.sampled_from(["", "holidays: DE-BY, ", "holidays: JP, "]),
    enabled=st.booleans(),
)
def test_any_plant_comes_back_as_it_was(hours, lead, bridge, units, closed, holidays, enabled):  # noqa: PLR0917 - named by hypothesis
    text = f"""
plant: demo
timezone: America/New_York
region: us-east-1
budget: {{monthly: 12.50}}
notify: [a@example.com]
calendars: {{w: {{{holidays}closed: [{", ".join(map(str, closed))}]}}}}
shifts: {{one: {{days: Sat-Mon, start: {hours[0]}, end: {hours[1]}}}}}
models:
  a: {{service: lookoutvision, project: p, version: 1, shifts: [one], calendar: w,
      lead: {lead}, bridge: {bridge}, units: {units}, enabled: {str(enabled).lower()}}}
"""
    plant = parse(text.encode(), "plant.yaml")
    assert loaded(compiled(plant)) == plant

"""Editors are told the same as the reader checks."""

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.jsonschema import StandardValidator

from plantfile.nodes import compose, value_of
from plantfile.schema import json_schema

PLANTS = Path(__file__).parents[2] / "plants"
BASE: dict[str, Any] = {
    "plant": "demo",
    "timezone": "Europe/Berlin",
    "region": "eu-central-1",
    "shifts": {"early": {"days": "Mon-Fri", "start": "06:00", "end": "14:00"}},
    "models": {
        "a": {"service": "lookoutvision", "project": "p", "version": "1", "shifts": ["early"]}
    },
}


def accepts(data: object) -> bool:
    return bool(StandardValidator(json.loads(json_schema())).is_valid(data))


def test_the_committed_schema_is_what_the_definition_makes():
    committed = (PLANTS / "plant.schema.json").read_text("utf-8")
    assert committed == json_schema(), "run: python -m plantfile.schema > plants/plant.schema.json"


def test_the_sample_names_the_schema_in_its_first_line_and_keeps_to_it():
    text = (PLANTS / "springfield.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=plant.schema.json\n")
    data = json.loads(json.dumps(value_of(compose(text, "sample")[0]), default=float))
    assert accepts(data)


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("plnt", "demo"),
        ("plant", "Demo"),
        ("mode", "sleep"),
        ("rates", {"rekogniton": 4}),
        ("defaults", {"units": 1}),
        ("shifts", {"early": {"days": "Mo-Fri", "start": "06:00", "end": "14:00"}}),
        ("shifts", {"early": {"days": "Mon", "start": "6:00", "end": "14:00"}}),
        ("shifts", {"early": {"start": "06:00", "end": "14:00"}}),
        ("shifts", {"early": {"days": "Mon", "rrule": "x", "start": "06:00", "end": "14:00"}}),
        ("models", {"a": {"service": "rekog", "shifts": []}}),
        ("models", {"a": {"service": "lookoutvision", "project": "p", "shifts": []}}),
        ("models", {"a": {**BASE["models"]["a"], "project_arn": "x"}}),
        ("models", {"a": {**BASE["models"]["a"], "version": "latest"}}),
        ("models", {"a": {**BASE["models"]["a"], "shifts": [{"a": {"units": 3}, "b": {}}]}}),
        ("models", {"a": {**BASE["models"]["a"], "lead": 20}}),
    ],
)
def test_what_the_reader_refuses_by_its_form_an_editor_marks_too(section, value):
    assert accepts(BASE)
    assert not accepts({**BASE, section: value})


def test_every_key_has_a_description_for_editors():
    schema = json.loads(json_schema())
    sections = [schema, *schema["$defs"].values()]
    bare = [
        (section["title"], key)
        for section in sections
        for key, each in section.get("properties", {}).items()
        # A section that is referred to has its own description.
        if not {"description", "$ref"} & each.keys() and section["title"] not in {"Rates", "Quotas"}
    ]
    assert bare == []

"""What a plant's saved queries ask for."""

import re
from typing import Any

import pytest

from functions import journal
from infra.queries import QUERIES, Query
from infra.synth import Synthesis
from tests.infra.sources import lines
from tests.infra.templates import of_type

LINE = {"at", "plant", "message", "level", "service"}
"""What each line of the journal has."""

LAMBDA = {"@timestamp", "@log", "@message", "errorType", "errorMessage"}
"""What CloudWatch knows of each line, and what Lambda says of an exception."""

LANGUAGE = {
    *("fields", "filter", "stats", "sort", "by", "as", "in", "like", "and", "or", "desc", "asc"),
    *("sum", "substr", "ispresent"),
}


def saved(world: Synthesis) -> list[dict[str, Any]]:
    return list(of_type(world, "AWS::Logs::QueryDefinition").values())


def asked(query: Query) -> set[str]:
    """Return the fields that a query names."""
    text = re.sub(r"\"[^\"]*\"|/.*?/", "", query.text("paint"))
    made = set(re.findall(r"\bas (\w+)", text))
    words = set(re.findall(r"(?<![\w.@])[A-Za-z@][\w.@]*", text))
    return words - LANGUAGE - made


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.title)
def test_a_query_names_only_fields_that_its_lines_have(query):
    written = lines()
    events = query.events or tuple(written)
    assert set(events) <= set(written)
    assert asked(query) - LINE - LAMBDA <= set().union(*(written[event] for event in events))


def test_reading_the_source_finds_what_the_timekeeper_writes():
    assert lines()[journal.TIMECARD] >= {"card", "model", "unit_hours", "cost", "late_seconds"}
    assert lines()[journal.READY] >= {"model", "card", "late_seconds"}


def test_each_query_has_a_name_in_the_folder_of_its_plant_and_none_has_two(small):
    names = [each["Name"] for each in saved(small)]
    assert sorted(names) == sorted(f"Punchclock/springfield/{each.title}" for each in QUERIES)
    assert len(set(names)) == len(names)


def test_a_query_asks_the_logs_of_all_functions(small):
    groups = of_type(small, "AWS::Logs::LogGroup")
    for each in saved(small):
        assert {group["Ref"] for group in each["LogGroupNames"]} == set(groups)
        assert len(each["LogGroupNames"]) == 5


def test_every_step_is_a_command_of_the_language(small):
    for each in saved(small):
        steps = each["QueryString"].split("\n| ")
        assert {step.split()[0] for step in steps} <= {"fields", "filter", "stats", "sort"}
        assert len(each["QueryString"]) <= 10_000


def test_costs_are_added_up_per_model_and_month_of_the_plant_from_settled_days_alone(small):
    (text,) = (each["QueryString"] for each in saved(small) if "Cost per" in each["Name"])
    assert text.startswith('filter message in ["day"]\n')
    assert "substr(day, 0, 7) as month" in text
    assert "sum(cost) as usd" in text
    assert "by month, model" in text


def test_the_history_begins_with_a_model_of_the_plant(small):
    (text,) = (each["QueryString"] for each in saved(small) if "History" in each["Name"])
    assert 'filter model = "model-0"' in text

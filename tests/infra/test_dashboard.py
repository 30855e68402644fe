"""What a plant's dashboard shows."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from functions import journal
from infra.dashboard import around_the_clock
from infra.synth import Synthesis, synthesize
from infra.units import searches
from tests.infra.conftest import plant_of
from tests.infra.sources import metrics
from tests.infra.templates import of_type, plain
from tests.infra.typed import count, unknown

OURS = metrics()

AWS = {
    # Source: the services' pages on their CloudWatch metrics.
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "Duration"): {"FunctionName"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
    ("AWS/Rekognition", "InServiceInferenceUnits"): {"ProjectName", "VersionName"},
    ("AWS/LookoutVision", "InServiceInferenceUnits"): {"ProjectName", "ModelVersion"},
}

WORLDS = ["small", "large", "watched"]

SEARCH = re.compile(
    r"SEARCH\('\{(?P<namespace>[\w/]+),(?P<dimensions>[\w,]+)\} MetricName=\"(?P<name>\w+)\""
    r" \((?P<projects>.*)\)', 'Average', 60\)"
)


def board(world: Synthesis) -> dict[str, Any]:
    (dashboard,) = of_type(world, "AWS::CloudWatch::Dashboard").values()
    found: dict[str, Any] = json.loads(plain(dashboard["DashboardBody"]))
    return found


def widget(world: Synthesis, title: str) -> dict[str, Any]:
    (found,) = (
        each["properties"]
        for each in board(world)["widgets"]
        if each["properties"].get("title", "").startswith(title)
    )
    return dict(found)


def shown(properties: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """Return namespace, name and dimensions of the metrics of a widget, also of hidden ones."""
    found = []
    for row in properties.get("metrics", []):
        words = [each for each in row if isinstance(each, str)]
        if words:
            namespace, name, *rest = words
            found.append((namespace, name, dict(zip(rest[::2], rest[1::2], strict=True))))
    return found


def expressions(properties: dict[str, Any]) -> list[str]:
    rows = properties.get("metrics", [])
    return [row[0]["expression"] for row in rows if "expression" in row[0]]


@pytest.mark.parametrize("world", WORLDS)
def test_every_metric_on_it_is_one_that_the_functions_send_or_aws_publishes(world, request):
    seen = set()
    for each in board(request.getfixturevalue(world))["widgets"]:
        for namespace, name, dimensions in shown(each["properties"]):
            if namespace == journal.NAMESPACE:
                assert name in OURS
                assert dimensions == {journal.PLANT: "springfield"}
            else:
                assert set(dimensions) == AWS[namespace, name]
            seen.add(name)
    assert seen >= {"Errors", "Duration", "ApproximateNumberOfMessagesVisible"}


def test_every_metric_that_the_functions_send_is_on_it(small):
    found = {name for each in board(small)["widgets"] for _, name, _ in shown(each["properties"])}
    assert {"Heartbeat", "CostPerHour", "ForecastCost"} <= OURS
    assert found >= OURS


def test_a_hidden_metric_is_used_and_every_name_in_an_expression_is_a_metric(small):
    for each in board(small)["widgets"]:
        used = set(re.findall(r"\b[a-z]\w*", " ".join(expressions(each["properties"]))))
        options = [row[-1] for row in each["properties"].get("metrics", [])]
        named = {option["id"] for option in options if "id" in option}
        assert used == named


def test_the_first_row_says_in_figures_what_runs_what_today_costs_and_how_the_month_goes(small):
    row = [each["properties"] for each in board(small)["widgets"] if each["y"] == 0]
    assert {each["view"] for each in row} == {"singleValue"}
    assert [[name for _, name, _ in shown(each)] for each in row] == [
        ["CostPerHour"],
        ["CostPerHour"],
        ["MonthToDateCost", "ForecastCost", "PlannedMonthCost"],
    ]


def test_a_gauge_is_read_by_its_maximum_and_never_added_up(small):
    for each in board(small)["widgets"]:
        for row in each["properties"].get("metrics", []):
            if row[1:2] and row[1] in {"MonthToDateCost", "ForecastCost", "PlannedMonthCost"}:
                assert row[-1]["stat"] == "Maximum"


def test_todays_cost_is_hours_times_cost_per_hour_whatever_the_period(small):
    today = widget(small, "In the last 24 hours")
    assert expressions(today) == ["RUNNING_SUM(rate * PERIOD(rate) / 3600)"]
    assert today["start"] == "-P1D"
    assert board(small)["periodOverride"] == "inherit"


def test_the_month_is_drawn_against_budget_and_around_the_clock(small, watched):
    def lines(world: Synthesis) -> dict[str, float]:
        drawn = widget(world, "The month against")["annotations"]["horizontal"]
        return {each["label"]: each["value"] for each in drawn}

    assert lines(small) == {"budget: USD 6000.00": 6000, "24/7: USD 11680.00": 11_680}
    assert lines(watched) == {"24/7: USD 11680.00": 11_680}


def test_around_the_clock_counts_the_most_units_of_each_model_and_no_disabled_one():
    plant = plant_of(2)
    first, second = plant.models
    busy = replace(first.assignments[0], units=3)
    worked = replace(first, assignments=(busy, *first.assignments[1:]))
    off = replace(second, enabled=False)
    # 3 units, 730 hours, 4 dollars.
    assert around_the_clock(replace(plant, models=(worked, off))) == Decimal(8760)
    idle = replace(first, assignments=(), units=4)
    assert around_the_clock(replace(plant, models=(idle,))) == Decimal(11_680)


def test_all_alarms_are_on_it_with_what_to_type_beside_them(small):
    (status,) = (each for each in board(small)["widgets"] if each["type"] == "alarm")
    assert len(status["properties"]["alarms"]) == len(of_type(small, "AWS::CloudWatch::Alarm"))
    (help_,) = (each for each in board(small)["widgets"] if each["type"] == "text")
    text = help_["properties"]["markdown"]
    assert help_["y"] == status["y"]
    assert count(text) >= 3
    assert unknown(text) == []
    assert "Punchclock/springfield" in text


def test_few_models_are_drawn_one_by_one_under_their_names(small):
    drawn = widget(small, "Units in service")
    assert drawn["title"] == "Units in service"
    assert [row[-1]["label"] for row in drawn["metrics"]] == ["model-0", "model-1"]
    assert shown(drawn) == [
        (
            "AWS/Rekognition",
            "InServiceInferenceUnits",
            {"ProjectName": "paint-0", "VersionName": "paint-0.2026-01-10T09.00.00"},
        ),
        (
            "AWS/LookoutVision",
            "InServiceInferenceUnits",
            {"ProjectName": "boards-1", "ModelVersion": "1"},
        ),
    ]


def test_of_many_models_the_projects_are_searched_within_what_cloudwatch_takes(large):
    drawn = widget(large, "Units in service")
    assert drawn["title"] == "Units in service, 500 of 2000 models"
    assert not shown(drawn)
    found = expressions(drawn)
    assert len(found) <= 100
    assert all(len(each) <= 1024 for each in found)
    for each in found:
        parts = SEARCH.fullmatch(each)
        assert parts
        assert {*parts["dimensions"].split(",")} == AWS[parts["namespace"], parts["name"]]


def test_the_searches_find_the_plants_projects_and_no_others():
    plant = plant_of(120)
    expected = {f"paint-{n}" if n % 2 == 0 else f"boards-{n}" for n in range(120)}
    found: list[str] = []
    for each in searches(plant):
        parts = SEARCH.fullmatch(each)
        assert parts
        projects = re.findall(r'ProjectName="([^"]+)"', parts["projects"])
        assert parts["projects"] == " OR ".join(f'ProjectName="{name}"' for name in projects)
        prefix = "paint" if parts["namespace"] == "AWS/Rekognition" else "boards"
        assert all(name.startswith(prefix) for name in projects)
        found += projects
    assert set(found) == expected
    assert len(found) == len(expected)


def test_fifty_models_are_named_and_fifty_one_are_searched():
    fifty = widget(synthesize(plant_of(50)), "Units in service")
    assert (len(shown(fifty)), len(expressions(fifty))) == (50, 0)
    more = widget(synthesize(plant_of(51)), "Units in service")
    assert not shown(more)
    assert expressions(more)


@pytest.mark.parametrize("world", WORLDS)
def test_it_stays_within_the_limits_of_a_dashboard(world, request):
    widgets = board(request.getfixturevalue(world))["widgets"]
    rows = [len(each["properties"].get("metrics", [])) for each in widgets]
    assert max(rows) <= 500
    assert sum(rows) <= 2500
    assert len(json.dumps(widgets)) < 50_000


def test_its_rows_are_full_and_nothing_overlaps(small):
    rows: dict[int, int] = {}
    for each in sorted(board(small)["widgets"], key=lambda found: (found["y"], found["x"])):
        assert rows.get(each["y"], 0) == each["x"]
        rows[each["y"]] = each["x"] + each["width"]
    assert set(rows.values()) == {24}

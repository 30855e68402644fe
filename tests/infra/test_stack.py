"""What a plant's stack promises, whatever its plant."""

import json
from typing import Any

import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from cfnlint.api import lint

from functions.close_plant import LONGEST
from infra import asset
from infra.closing import TYPE
from infra.flags import FLAGS
from infra.names import HEARTBEAT_ALARM, SWEEP_FUNCTION
from infra.schedules import SWEEP, TIMEKEEPER, timing
from infra.stack import PlantStack
from infra.synth import Synthesis
from punchclock.edges import edges
from punchclock.rosters import CLAIMS, claim
from tests.infra.conftest import plant_of, target
from tests.infra.templates import denies_plain_http, function, of_type

MODULES = ("start_models", "stop_models", "sweep", "timekeeper", "close_plant")


def schedules(world: Synthesis) -> dict[str, dict[str, Any]]:
    return {each["Name"]: each for each in of_type(world, "AWS::Scheduler::Schedule").values()}


def test_every_schedule_has_a_dead_letter_queue_and_a_retry_policy(small):
    (queue,) = of_type(small, "AWS::SQS::Queue")
    for schedule in schedules(small).values():
        target = schedule["Target"]
        assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": [queue, "Arn"]}
        assert 60 <= target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 86_400
        assert 0 <= target["RetryPolicy"]["MaximumRetryAttempts"] <= 185


def test_every_edge_of_the_plant_is_a_schedule_on_its_walls(small):
    expected = {edge.name: edge.cron for edge in edges(plant_of(2))}
    found = {
        name: each["ScheduleExpression"]
        for name, each in schedules(small).items()
        if each["ScheduleExpressionTimezone"] == "Europe/Berlin"
    }
    assert found == expected


def test_starts_call_the_function_that_starts_and_stops_the_one_that_stops(small):
    handlers = {
        key: each["Handler"] for key, each in of_type(small, "AWS::Lambda::Function").items()
    }
    called = {
        name: handlers[each["Target"]["Arn"]["Fn::GetAtt"][0]].split(".")[1]
        for name, each in schedules(small).items()
    }
    assert called.pop("sweep") == "sweep"
    assert called.pop("timekeeper") == "timekeeper"
    assert called
    assert all(module == f"{name.split('-')[0]}_models" for name, module in called.items())


def test_an_event_says_when_it_was_due_and_what_fired_it(small):
    for schedule in schedules(small).values():
        assert json.loads(schedule["Target"]["Input"]) == {
            "scheduled_at": "<aws.scheduler.scheduled-time>",
            "schedule": "<aws.scheduler.schedule-arn>",
        }
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}


def test_the_sweep_comes_every_minute_and_the_timekeeper_four_times_an_hour(small):
    crons = {name: each["ScheduleExpression"] for name, each in schedules(small).items()}
    assert crons["sweep"] == "cron(* * * * ? *)"
    assert crons["timekeeper"] == "cron(0/15 * * * ? *)"
    assert {
        schedules(small)[each.name]["ScheduleExpressionTimezone"] for each in (SWEEP, TIMEKEEPER)
    } == {"UTC"}


def test_a_start_is_given_up_when_its_shift_is_over_and_a_stop_after_a_day():
    plant = plant_of(1)
    ages = {edge.name: timing(edge, plant).age_seconds for edge in edges(plant)}
    assert ages["start-0540-mon-fri"] == (8 * 60 + 20) * 60
    assert ages["stop-1400-mon-fri"] == 86_400


def test_in_watch_mode_only_the_looking_is_scheduled(watched):
    assert set(schedules(watched)) == {"sweep", "timekeeper"}


@pytest.mark.parametrize("module", MODULES)
def test_a_function_runs_on_the_newest_python_with_its_own_log(small, module):
    properties = function(small, module)
    assert properties["Runtime"] == "python3.14"
    assert properties["Architectures"] == ["arm64"]
    assert properties["LoggingConfig"]["LogFormat"] == "JSON"
    log = of_type(small, "AWS::Logs::LogGroup")[properties["LoggingConfig"]["LogGroup"]["Ref"]]
    assert log["RetentionInDays"] == 90
    assert "FunctionName" not in properties
    assert "ReservedConcurrentExecutions" not in properties


@pytest.mark.parametrize("module", MODULES)
def test_a_function_finds_its_plant_its_table_and_its_own_time_zones(small, module):
    (table,) = of_type(small, "AWS::DynamoDB::Table")
    environment = function(small, module)["Environment"]["Variables"]
    assert environment["PUNCHCLOCK_TABLE"] == {"Ref": table}
    assert environment["PYTHONTZPATH"] == ""
    assert (small.asset / environment["PUNCHCLOCK_PLANT"]).is_file()
    assert ("PUNCHCLOCK_STOP_FUNCTION" in environment) is (module == "sweep")


def test_lambda_repeats_nothing_that_the_sweep_repeats_and_keeps_what_failed(small):
    (queue,) = of_type(small, "AWS::SQS::Queue")
    configs = of_type(small, "AWS::Lambda::EventInvokeConfig").values()
    assert len(configs) == len(of_type(small, "AWS::Lambda::Function"))
    handlers = {
        key: each["Handler"] for key, each in of_type(small, "AWS::Lambda::Function").items()
    }
    for each in configs:
        # Nobody sweeps any more when the plant is closed.
        closer = handlers[each["FunctionName"]["Ref"]] == "functions.close_plant.handler"
        assert each["MaximumRetryAttempts"] == (2 if closer else 0)
        assert 60 <= each["MaximumEventAgeInSeconds"] <= 21_600
        kept = each["DestinationConfig"]["OnFailure"]["Destination"]
        assert kept == {"Fn::GetAtt": [queue, "Arn"]}


@pytest.mark.parametrize("world", ["small", "watched"])
def test_every_stack_has_a_resource_that_closes_the_plant_and_never_changes(world, request):
    found = request.getfixturevalue(world)
    ((key, properties),) = of_type(found, TYPE).items()
    assert set(properties) == {"ServiceToken", "ServiceTimeout"}
    closer = found.template["Resources"][properties["ServiceToken"]["Fn::GetAtt"][0]]
    assert closer["Properties"]["Handler"] == "functions.close_plant.handler"
    assert found.template["Resources"][key]["DeletionPolicy"] == "Delete"
    assert LONGEST.total_seconds() < int(properties["ServiceTimeout"]) < 3600


def test_the_schedules_go_before_the_plant_is_closed_and_all_that_closes_it_after(small):
    resources = small.template["Resources"]
    ((closing, _),) = of_type(small, TYPE).items()
    for key in of_type(small, "AWS::Scheduler::Schedule"):
        assert closing in resources[key]["DependsOn"]
    kinds = ("Lambda::Function", "IAM::Policy", "DynamoDB::Table", "SQS::Queue", "Logs::LogGroup")
    needed = {key for kind in kinds for key in of_type(small, f"AWS::{kind}")}
    roles = {
        each["Role"]["Fn::GetAtt"][0] for each in of_type(small, "AWS::Lambda::Function").values()
    }
    assert set(resources[closing]["DependsOn"]) >= needed | roles


def test_the_ledger_outlives_its_stack(small):
    ((key, table),) = of_type(small, "AWS::DynamoDB::Table").items()
    resource = small.template["Resources"][key]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_the_queue_keeps_what_failed_for_two_weeks_and_only_over_tls(small):
    (queue,) = of_type(small, "AWS::SQS::Queue").values()
    assert queue["MessageRetentionPeriod"] == 14 * 86_400
    assert queue["SqsManagedSseEnabled"] is True
    assert denies_plain_http(of_type(small, "AWS::SQS::QueuePolicy"))


def test_the_number_of_resources_does_not_grow_with_the_models(small, large):
    assert len(large.template["Resources"]) == len(small.template["Resources"]) < 500
    assert len(json.dumps(large.template)) < 1_000_000


def test_everything_carries_its_plant(small):
    tagged = of_type(small, "AWS::Lambda::Function").values()
    for each in tagged:
        assert {"Key": "plant", "Value": "springfield"} in each["Tags"]
        assert {"Key": "app", "Value": "punchclock"} in each["Tags"]
        assert {"Key": "version", "Value": "0.1.0"} in each["Tags"]


def test_a_person_finds_table_queue_and_dashboard_among_the_outputs(small):
    assert set(small.template["Outputs"]) >= {"LedgerTable", "FailuresQueue", "DashboardUrl"}


def test_a_deployment_finds_the_sweep_to_ask_and_the_alarm_to_go_back_on(small):
    outputs = small.template["Outputs"]
    sweep = of_type(small, "AWS::Lambda::Function")[outputs[SWEEP_FUNCTION]["Value"]["Ref"]]
    assert sweep["Handler"] == "functions.sweep.handler"
    alarm, attribute = outputs[HEARTBEAT_ALARM]["Value"]["Fn::GetAtt"]
    assert attribute == "Arn"
    assert of_type(small, "AWS::CloudWatch::Alarm")[alarm]["MetricName"] == "Heartbeat"


def test_the_template_says_which_hosted_models_are_the_plant_s(small, large):
    assert small.template["Metadata"][CLAIMS] == sorted(claim(target(n)) for n in range(2))
    assert len(set(large.template["Metadata"][CLAIMS])) == 2000


def test_only_the_sweep_is_told_the_name_of_its_stack(small, watched):
    for world in (small, watched):
        named = {
            each["Handler"]: each["Environment"]["Variables"]["PUNCHCLOCK_STACK"]
            for each in of_type(world, "AWS::Lambda::Function").values()
            if "PUNCHCLOCK_STACK" in each.get("Environment", {}).get("Variables", {})
        }
        assert named == {"functions.sweep.handler": world.stack}


def test_the_stack_itself_is_tagged_so_that_it_is_found_without_its_file(tmp_path):
    plant = plant_of(1)
    app = App(outdir=str(tmp_path), analytics_reporting=False, context=FLAGS)
    stack = PlantStack(app, plant, asset.build(plant))
    assert stack.tags.tag_values() == {
        "app": "punchclock",
        "plant": "springfield",
        "version": "0.1.0",
    }


@pytest.mark.parametrize("world", ["small", "large", "watched"])
def test_cfn_lint_finds_nothing_but_what_the_cdk_adds_itself(world, request):
    template = json.dumps(request.getfixturevalue(world).template)
    findings = lint(template, regions=["eu-central-1"])
    assert {found.rule.id for found in findings} <= {"W3005"}, findings


def test_cdk_nag_finds_nothing_that_is_not_accepted_with_a_reason(tmp_path):
    plant = plant_of(110, notify=("line-leads@example.com",))
    app = App(
        outdir=str(tmp_path),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
        context={**FLAGS, "aws:cdk:disable-asset-staging": True},
    )
    PlantStack(app, plant, asset.build(plant))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    # It raises when an error is found; warnings are in the report.
    app.synth()
    report = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))
    assert not any(each["violations"] for each in report["pluginReports"])

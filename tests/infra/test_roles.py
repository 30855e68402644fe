"""What the roles of a plant may do."""

import json
import re
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import pytest

from functions.services.catalog import SPECS
from functions.services.spec import Account
from infra.names import DESK_POLICY, NOTIFY_TOPIC
from infra.policies import ROOM, size, starting, stopping
from infra.synth import synthesize
from tests.infra.conftest import plant_of
from tests.infra.templates import actions, characters, function, of_type, plain, role_of, statements

MODULES = ("start_models", "stop_models", "sweep", "timekeeper", "close_plant")
STARTS = {action for spec in SPECS.values() for action in spec.start.actions}
STOPS = {action for spec in SPECS.values() for action in spec.stop.actions}
LOOKS = {action for spec in SPECS.values() for action in spec.observe.actions}
LEDGER = {"dynamodb:Query", "dynamodb:PutItem"}
TELLS = {"sns:Publish"}
OUTLETS = {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"}
NEIGHBOURS = {"cloudformation:ListStacks", "cloudformation:GetTemplateSummary"}
EVERYWHERE = {"cloudwatch:GetMetricData", "cloudformation:ListStacks"}
"""Actions that no narrower resource than * fits."""
HERE = Account(partition="aws", region="eu-central-1", account="123456789012")


def test_no_role_can_both_start_and_stop(small):
    for role in of_type(small, "AWS::IAM::Role").values():
        assert not (actions(role) & STARTS and actions(role) & STOPS)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("start_models", LOOKS | STARTS | LEDGER | TELLS | OUTLETS),
        ("stop_models", LOOKS | STOPS | LEDGER | TELLS | OUTLETS),
        ("sweep", LOOKS | LEDGER | TELLS | OUTLETS | NEIGHBOURS | {"lambda:InvokeFunction"}),
        ("close_plant", LOOKS | STOPS | LEDGER | OUTLETS | {"dynamodb:DeleteItem"}),
        ("timekeeper", LEDGER | OUTLETS | {"dynamodb:DeleteItem", "cloudwatch:GetMetricData"}),
    ],
)
def test_a_function_may_do_its_work_and_nothing_else(small, module, expected):
    assert actions(role_of(small, module)) == expected


def test_the_sweep_may_call_the_two_that_act_and_nothing_else(small):
    called = [where for what, where in statements(role_of(small, "sweep")) if "Invoke" in what[0]]
    assert [name["Fn::GetAtt"][0] for name in called[0]] == [
        key
        for key, each in of_type(small, "AWS::Lambda::Function").items()
        if each["Handler"] in {"functions.start_models.handler", "functions.stop_models.handler"}
    ]


def test_the_sweep_reads_what_plants_claim_and_no_other_stack(small, watched):
    for world in (small, watched):
        found = {
            what[0]: [plain(each) for each in where]
            for what, where in statements(role_of(world, "sweep"))
            if "cloudformation" in what[0]
        }
        stacks = "arn:aws:cloudformation:eu-central-1:123456789012:stack/punchclock-*/*"
        assert found == {
            "cloudformation:ListStacks": ["*"],
            "cloudformation:GetTemplateSummary": [stacks],
        }


def test_the_function_that_closes_the_plant_may_call_itself_and_no_other(small):
    (policy,) = of_type(small, "AWS::IAM::Policy").values()
    assert policy["Roles"] == [{"Ref": function(small, "close_plant")["Role"]["Fn::GetAtt"][0]}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    key = statement["Resource"]["Fn::GetAtt"][0]
    assert small.template["Resources"][key]["Properties"] == function(small, "close_plant")


def test_a_plant_that_leaves_what_runs_when_it_is_destroyed_may_not_stop_it_then():
    left = synthesize(plant_of(2, on_destroy="leave"))
    assert not actions(role_of(left, "close_plant")) & (STARTS | STOPS)
    assert actions(role_of(left, "stop_models")) & STOPS


def test_in_watch_mode_nothing_can_be_started_or_stopped(watched):
    allowed = set().union(*(actions(each) for each in of_type(watched, "AWS::IAM::Role").values()))
    assert not allowed & (STARTS | STOPS)
    assert "lambda:InvokeFunction" not in actions(role_of(watched, "sweep"))


def test_a_small_plant_may_start_its_own_models_alone(small):
    found = [
        plain(where)
        for what, where in statements(role_of(small, "start_models"))
        if set(what) & STARTS
    ]
    assert found == [
        ["arn:aws:lookoutvision:eu-central-1:123456789012:model/boards-1/1"],
        [plant_of(1).models[0].target.address["project_version_arn"]],
    ]


def test_eighty_models_are_still_named_one_by_one():
    named = [arn for each in starting(plant_of(80), HERE) for arn in each.resources]
    assert len(named) == 80
    assert not any("*" in arn for arn in named)


def test_more_models_than_fit_are_allowed_by_project_and_then_by_account():
    by_project = starting(plant_of(110), HERE)
    assert all(arn.endswith(("/*", "/version/*")) for each in by_project for arn in each.resources)
    assert sum(len(each.resources) for each in by_project) == 110
    by_account = starting(plant_of(2000), HERE)
    assert [each.resources for each in by_account] == [
        ["arn:aws:lookoutvision:eu-central-1:123456789012:model/*/*"],
        ["arn:aws:rekognition:eu-central-1:123456789012:project/*/version/*"],
    ]


@pytest.mark.parametrize("count", [1, 60, 90, 150, 400])
def test_starts_fit_their_part_of_a_policy_whatever_the_plant(count):
    assert size(starting(plant_of(count), HERE)) <= ROOM


def test_a_stop_is_allowed_on_what_the_file_has_forgotten():
    assert {arn for each in stopping(plant_of(1), HERE) for arn in each.resources} == {
        "arn:aws:lookoutvision:eu-central-1:123456789012:model/*/*",
        "arn:aws:rekognition:eu-central-1:123456789012:project/*/version/*",
    }


def test_a_disabled_model_may_not_be_started():
    plant = plant_of(2)
    off, on = replace(plant.models[0], enabled=False), plant.models[1]
    allowed = starting(replace(plant, models=(off, on)), HERE)
    assert [each.resources for each in allowed] == [
        ["arn:aws:lookoutvision:eu-central-1:123456789012:model/boards-1/1"]
    ]


@pytest.mark.parametrize("world", ["small", "large"])
def test_the_policies_of_a_role_fit_iam(world, request):
    synthesis = request.getfixturevalue(world)
    attached = of_type(synthesis, "AWS::IAM::Policy").values()
    for key, role in of_type(synthesis, "AWS::IAM::Role").items():
        apart = [each for each in attached if {"Ref": key} in each["Roles"]]
        own = [*role["Policies"], *apart]
        assert sum(characters(each["PolicyDocument"]) for each in own) <= 10_240
        assert characters(role["AssumeRolePolicyDocument"]) <= 2_048
    for policy in of_type(synthesis, "AWS::IAM::ManagedPolicy").values():
        assert characters(policy["PolicyDocument"]) <= 6_144


def test_every_action_exists_and_applies_to_its_resources(small):
    for role in of_type(small, "AWS::IAM::Role").values():
        for allowed, where in statements(role):
            # Of what is the stack's own, the ARN is known only when it is deployed.
            arns = [plain(each) for each in where if not {"Fn::GetAtt", "Ref"} & set(each)]
            for action in allowed:
                formats = formats_of(action)
                for arn in arns:
                    assert arn == "*" if action in EVERYWHERE else matches(arn, formats)


def formats_of(action: str) -> list[str]:
    """Return the ARNs that an action applies to, as cfn-lint has them from AWS."""
    service, name = action.split(":")
    known = authorization()[service]
    kinds = known["Actions"][name.lower()].get("Resources", [])
    return [text for kind in kinds for text in known["Resources"][kind]["ARNFormats"]]


@cache
def authorization() -> Any:
    data = resources.files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json"
    return json.loads(data.read_text(encoding="utf-8"))


def matches(arn: str, formats: list[str]) -> bool:
    patterns = [re.sub(r"\$\{\w+\}", "[^:]*", text) for text in formats]
    return any(re.fullmatch(each, arn) for each in patterns)


def test_only_the_scheduler_can_take_the_callers_role_and_only_for_this_group(small):
    callers = [
        role["AssumeRolePolicyDocument"]["Statement"][0]
        for role in of_type(small, "AWS::IAM::Role").values()
        if "scheduler" in str(role["AssumeRolePolicyDocument"])
    ]
    group = next(iter(of_type(small, "AWS::Scheduler::ScheduleGroup")))
    assert [each["Principal"] for each in callers] == [{"Service": "scheduler.amazonaws.com"}]
    assert callers[0]["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"},
        "aws:SourceArn": {"Fn::GetAtt": [group, "Arn"]},
    }


def test_no_policy_of_aws_is_attached(small):
    assert not any(
        "ManagedPolicyArns" in role for role in of_type(small, "AWS::IAM::Role").values()
    )


# People at the desk


def desk(world):
    (policy,) = of_type(world, "AWS::IAM::ManagedPolicy").values()
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


def test_people_may_read_the_ledger_and_write_overrides_and_nothing_else(small):
    allowed = desk(small)
    assert {sid: each["Action"] for sid, each in allowed.items()} == {
        "Read": "dynamodb:Query",
        "Say": "dynamodb:PutItem",
        "Find": "cloudformation:DescribeStacks",
        "SeeWhoIsTold": "sns:ListSubscriptionsByTopic",
    }
    assert allowed["Say"]["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["override"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert not any(each["Resource"] == "*" for each in allowed.values())


def test_nobody_has_the_desks_policy_until_somebody_attaches_it(small):
    (policy,) = of_type(small, "AWS::IAM::ManagedPolicy").values()
    assert not policy.keys() & {"Roles", "Users", "Groups"}


def test_the_policy_and_the_topic_are_found_among_the_outputs(small):
    outputs = small.template["Outputs"]
    (policy,) = of_type(small, "AWS::IAM::ManagedPolicy")
    (topic,) = of_type(small, "AWS::SNS::Topic")
    assert outputs[DESK_POLICY]["Value"] == {"Ref": policy}
    assert outputs[NOTIFY_TOPIC]["Value"] == {"Ref": topic}

"""Who may deploy, and what CloudFormation may do for them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from cli.aws.reaching import Desk
from cli.deploying.deploy import Deployment
from infra import asset, deployment, registry
from infra.deployment import GITHUB, PATH, Bootstrap, Deployable
from infra.flags import FLAGS
from infra.grants import LEFT_OUT, PLACES, granted, places
from infra.pieces import ROOT
from infra.stack import PlantStack
from rehearsal.emulator.wire import Reply, Request
from tests.cli.deploying.accounts import Account, Deployed, Hand, reached, written
from tests.cli.standins import SOMEBODY
from tests.infra.conftest import plant_of
from tests.infra.templates import actions, of_type, plain

GUIDE = ROOT / "docs" / "deploying.md"
DEFAULT = Bootstrap(qualifier="hnb659fds")


@pytest.fixture(scope="module")
def types(small) -> set[str]:
    found = {each["Type"] for each in small.template["Resources"].values()}
    return {each for each in found if not each.startswith("Custom::")}


@pytest.fixture(scope="module")
def access(small) -> Mapping[str, Any]:
    plant = Deployable(plant="springfield", environment="hall-7", template=small.template)
    return deployment.template([plant], "acme/plants", DEFAULT)


def substituted(value: Any) -> Any:
    """Put a long region and an account in the place of what is known only at deployment."""
    if isinstance(value, list):
        return [substituted(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Sub" not in value:
        return {key: substituted(each) for key, each in value.items()}
    text: str = value["Fn::Sub"]
    known = {"Partition": "aws", "Region": "ap-southeast-2", "AccountId": "123456789012"}
    for name, instead in known.items():
        text = text.replace(f"${{AWS::{name}}}", instead)
    assert "${" not in text
    return text


def properties(access: Mapping[str, Any], key: str) -> Any:
    return substituted(access["Resources"][key]["Properties"])


def statements(access: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = properties(access, key)
    [document] = [each["PolicyDocument"] for each in found.get("Policies", [found])]
    listed: list[dict[str, Any]] = document["Statement"]
    return listed


def allowed(access: Mapping[str, Any], key: str) -> dict[str, set[str]]:
    """Return where each action is allowed."""
    return {
        action: {
            place
            for each in statements(access, key)
            if action in each["Action"]
            for place in each["Resource"]
        }
        for statement in statements(access, key)
        for action in statement["Action"]
    }


# The role of the pipeline


def test_only_the_plants_own_environment_of_the_repository_can_take_its_role(access):
    [trust] = properties(access, "DeploySpringfield")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"}
    assert trust["Condition"] == {
        "StringEquals": {
            f"{GITHUB}:aud": "sts.amazonaws.com",
            f"{GITHUB}:sub": "repo:acme/plants:environment:hall-7",
        }
    }


@pytest.mark.parametrize("qualifier", ["hnb659fds", "acme"])
def test_it_takes_the_roles_that_the_assembly_names_and_no_others(tmp_path, qualifier):
    plant = plant_of(1)
    context = {**FLAGS, "@aws-cdk/core:bootstrapQualifier": qualifier}
    app = App(outdir=str(tmp_path), analytics_reporting=False, context=context)
    stack = PlantStack(app, plant, asset.build(plant))
    app.synth()
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assets = json.loads((tmp_path / f"{stack.stack_name}.assets.json").read_text(encoding="utf-8"))
    named = {manifest["artifacts"][stack.stack_name]["properties"]["assumeRoleArn"]} | {
        place["assumeRoleArn"]
        for file in assets["files"].values()
        for place in file["destinations"].values()
    }
    region = plant.region
    taken = {
        each.replace("${AWS::Region}", region) for each in Bootstrap(qualifier=qualifier).taken
    }
    assert taken == named


class Listening(Account):
    """An account that keeps the actions that were needed."""

    def __call__(self, request: Request) -> Reply:
        target = request.headers.get("x-amz-target", "").rpartition(".")[2]
        before = len(self.asked)
        reply = super().__call__(request)
        if target:
            self.asked.append(target)
        assert len(self.asked) == before + 1
        return reply


def test_it_may_do_what_a_deployment_asks_and_nothing_else(access, tmp_path, monkeypatch):
    plant = plant_of(1)
    deployed = {"punchclock-springfield": Deployed("springfield"), "punchclock-b": Deployed("b")}
    account = Listening(stacks=deployed)
    with reached(account) as environ:
        for name, value in {**SOMEBODY, **environ}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        hand = Handy(account, {"Resources": {}})
        desk = Desk(plant=plant)
        Deployment(desk=desk, cdk=hand, file=tmp_path, folder=tmp_path / "build").run()  # type: ignore[arg-type]
    spelled = {"Invoke": "lambda:InvokeFunction", "DescribeAlarms": "cloudwatch:DescribeAlarms"}
    asked = {spelled.get(each, f"cloudformation:{each}") for each in account.asked}
    assert asked | {"sts:AssumeRole"} == set(allowed(access, "DeploySpringfield"))


class Handy(Hand):
    """One that writes the assembly of the plant here."""

    def synthesize(self, file: Path, folder: Path) -> None:
        del file
        folder.mkdir(parents=True)
        written(folder, "punchclock-springfield", self.template)


# What CloudFormation may do


def test_of_what_the_registry_names_all_is_granted_or_left_out_for_a_reason(types):
    out = frozenset().union(*LEFT_OUT.values())
    for kind in types:
        service = kind.split("::")[1].lower()
        own = {each for each in registry.needed(kind) if each.startswith(f"{service}:")}
        assert own
        assert own == set(granted(kind)) | (own & out)
    assert out <= {action for kind in types for action in registry.needed(kind)}


def test_a_type_whose_place_nobody_has_said_is_refused():
    with pytest.raises(LookupError, match=r"s3:\w+ for AWS::S3::Bucket: .*PLACES must say"):
        deployment.execution_statements({"AWS::S3::Bucket"}, DEFAULT)


def test_places_are_those_of_the_types_in_use_and_named_after_our_stacks(types):
    assert set(PLACES) <= types
    for kind in types:
        for action in granted(kind):
            for place in places(kind, action):
                assert place == "*" or "punchclock-*" in place


def test_every_action_exists_and_what_can_be_narrowed_is(access):
    for action, where in allowed(access, "Execution").items():
        assert registry.exists(action)
        assert ("*" in where) == (not registry.is_narrow(action))


def test_who_deploys_can_neither_delete_nor_rewrite_the_ledger(access):
    actions = set(allowed(access, "Execution"))
    assert "dynamodb:CreateTable" in actions
    assert not actions & {"dynamodb:DeleteTable", "dynamodb:PutItem", "dynamodb:UpdateItem"}


def test_who_deploys_can_not_start_or_stop_a_model_nor_give_themselves_more(access):
    for key in ("Execution", "DeploySpringfield"):
        assert properties(access, key)["Path"] == PATH == "/deployment/"
        for action, where in allowed(access, key).items():
            assert action.split(":")[0] not in {"lookoutvision", "rekognition"}
            if action.startswith("iam:"):
                assert all(":role/punchclock-" in x or ":policy/punchclock-" in x for x in where)


def test_roles_are_given_to_functions_and_schedules_alone(access):
    [passing] = [x for x in statements(access, "Execution") if x["Action"] == ["iam:PassRole"]]
    assert passing["Condition"] == {
        "StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]}
    }


def test_they_fit_iam(access):
    execution = properties(access, "Execution")["PolicyDocument"]
    assert len(json.dumps(execution, separators=(",", ":"))) <= 6_144
    role = properties(access, "DeploySpringfield")
    assert len(json.dumps(role["Policies"], separators=(",", ":"))) <= 10_240
    assert len(json.dumps(role["AssumeRolePolicyDocument"], separators=(",", ":"))) <= 2_048


# A boundary


@pytest.fixture(scope="module")
def bounded(small) -> Mapping[str, Any]:
    plant = Deployable(plant="springfield", environment="hall-7", template=small.template)
    return deployment.template([plant], "acme/plants", DEFAULT, bounded=True)


def test_within_a_boundary_no_role_can_do_more_than_the_functions_do(small, bounded):
    [most] = statements(bounded, "Boundary")
    granted_now = {
        action for role in of_type(small, "AWS::IAM::Role").values() for action in actions(role)
    }
    assert set(most["Action"]) == granted_now
    name = properties(bounded, "Boundary")["ManagedPolicyName"]
    arn = f"arn:aws:iam::123456789012:policy{PATH}{name}"
    free = {
        action
        for each in statements(bounded, "Execution")
        if "Condition" not in each
        for action in each["Action"]
    }
    [within] = [x for x in statements(bounded, "Execution") if x["Sid"] == "WithinBoundary"]
    assert within["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": arn}}
    assert set(within["Action"]) >= {"iam:CreateRole", "iam:PutRolePolicy"}
    assert not free & {*within["Action"], "iam:DeleteRolePermissionsBoundary"}
    policy = properties(bounded, "Execution")["PolicyDocument"]
    assert len(json.dumps(policy, separators=(",", ":"))) <= 6_144


def test_the_context_of_the_cdk_puts_every_role_within_the_boundary(tmp_path, bounded):
    plant = plant_of(1)
    context = {**FLAGS, **deployment.BOUNDARY_CONTEXT}
    app = App(outdir=str(tmp_path), analytics_reporting=False, context=context)
    stack = PlantStack(app, plant, asset.build(plant))
    app.synth()
    made = json.loads((tmp_path / stack.template_file).read_text(encoding="utf-8"))
    [condition] = [
        each["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
        for each in statements(bounded, "Execution")
        if each["Sid"] == "WithinBoundary"
    ]
    assert json.dumps(deployment.BOUNDARY_CONTEXT)[1:-1] in GUIDE.read_text(encoding="utf-8")
    roles = [x for x in made["Resources"].values() if x["Type"] == "AWS::IAM::Role"]
    assert len(roles) >= 6
    for role in roles:
        named = plain(role["Properties"]["PermissionsBoundary"])
        assert named.replace(plant.region, "ap-southeast-2") == condition


# The command


def test_the_command_prints_a_template_for_the_plants_of_a_place(capsys):
    plants = [str(ROOT / "plants" / "springfield.yaml")]
    assert deployment.main(["--repository", "acme/plants", "--qualifier", "acme", *plants]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed["Resources"]) == {"Execution", "DeploySpringfield"}
    assert set(printed["Outputs"]) == {"ExecutionPolicy", "DeploySpringfieldRole"}
    assert "role/cdk-acme-deploy-role-" in json.dumps(printed)


def test_the_command_wants_one_place_at_a_time(tmp_path, capsys):
    text = (ROOT / "plants" / "springfield.yaml").read_text(encoding="utf-8")
    here, there = tmp_path / "here.yaml", tmp_path / "there.yaml"
    here.write_text(text, encoding="utf-8")
    there.write_text(
        text.replace("springfield", "shelby").replace("eu-central-1", "us-east-1"), encoding="utf-8"
    )
    assert deployment.main(["--repository", "acme/plants", str(here), str(there)]) == 1
    error = capsys.readouterr().err
    assert "one account and region at a time, not any account in eu-central-1, any" in error


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path, capsys):
    file = tmp_path / "broken.yaml"
    file.write_text("plant: [\n", encoding="utf-8")
    assert deployment.main(["--repository", "acme/plants", str(file)]) == 1
    assert "broken.yaml:" in capsys.readouterr().err

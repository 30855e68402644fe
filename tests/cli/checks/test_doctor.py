"""Of a plant that is well, the doctor says so; of each thing that is not, what it is and a remedy.

What is asked here as AWS is a deployment of the synthesized template: IAM's answers come from the
roles' own policies, the models' from the emulator.
"""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from cli.checks.roles import TOGETHER
from cli.checks.table import CHECKS
from rehearsal.describing import describe
from rehearsal.emulator.wire import Reply, Request
from rehearsal.template import Statement
from tests.cli.checks.patients import ARN, NOW, PLANT, Ward, beat, edited
from tests.cli.standins import ACCOUNT, json_error, subscribed, xml_error
from tests.cli.typed import typed

ROOT = Path(__file__).parents[3]


# The whole


def test_a_plant_that_is_well_is_said_to_be_so(ward):
    result = ward.type()
    assert result.exit_code == 0, result.output
    assert not result.stderr
    title, columns, *rows, blank, summary = result.stdout.splitlines()
    assert title == "demo at Wed 2026-03-04 10:00 (2026-03-04T09:00Z)"
    assert columns.split() == ["is", "check", "found"]
    assert {row.split()[0] for row in rows} == {"ok"}
    assert [*dict.fromkeys(row.split()[1] for row in rows)] == [each.name for each in CHECKS]
    assert (blank, summary) == ("", "10 checks: 10 well")


def test_what_is_found_is_told_to_programs_with_question_and_remedy(ward):
    ward.given_up = 3
    result = ward.type("--json")
    said = json.loads(result.stdout)
    assert (said["plant"], said["at"], said["level"]) == ("demo", "2026-03-04T09:00:00Z", "wrong")
    assert list(said["checks"]) == [each.name for each in CHECKS]
    assert said["checks"]["account"] == {
        "question": "are the credentials of the plant's account?",
        "level": "ok",
        "findings": [
            {
                "level": "ok",
                "said": f"account {ACCOUNT}, region eu-central-1, as the plant file says",
                "remedy": None,
            }
        ],
    }
    (found,) = said["checks"]["failures"]["findings"]
    assert found["remedy"].startswith("read them: aws sqs receive-message --queue-url https://")


def test_a_plant_file_that_does_not_hold_is_told_as_everywhere(tmp_path):
    broken = tmp_path / "plant.yaml"
    broken.write_text("plant: [")
    result = typed("doctor", broken, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"]


# Account and stack


def test_in_another_account_nothing_but_the_account_is_looked_at(ward, tmp_path):
    file = edited(tmp_path, f'account: "{ACCOUNT}"', 'account: "210987654321"')
    file.write_text(file.read_text().replace(f":{ACCOUNT}:", ":210987654321:"))
    found = ward.found(file)
    (said,) = found["account"]["findings"]
    assert said["said"] == f"the credentials are of account {ACCOUNT}, the plant is in 210987654321"
    assert said["remedy"] == "log in there, for example with AWS_PROFILE"
    assert {each["level"] for name, each in found.items() if name != "account"} == {"unseen"}
    assert ward.asked == {"sts:GetCallerIdentity"}


def test_a_plant_of_no_certain_account_gets_a_note(ward, tmp_path):
    file = edited(tmp_path, f'account: "{ACCOUNT}"', "")
    (found,) = ward.found(file)["account"]["findings"]
    assert found["level"] == "note"
    assert "the plant file says no account" in found["said"]
    assert found["remedy"] == f'account: "{ACCOUNT}" in {file} pins it'


def test_a_stack_that_is_not_there_is_wrong_and_what_needs_it_is_not_looked_at(ward):
    ward.deployed(stack="punchclock-other")
    found = ward.found()
    (said,) = found["stack"]["findings"]
    assert said["said"] == "the stack punchclock-demo is not there"
    assert said["remedy"] == f"make deploy PLANT={ward.counter.file}"
    assert found["models"]["level"] == "ok"
    assert found["told"]["findings"][0]["said"] == (
        "could not be looked at: the stack punchclock-demo is not there"
    )


@pytest.mark.parametrize(
    ("status", "level"),
    [
        ("UPDATE_COMPLETE", "ok"),
        ("UPDATE_IN_PROGRESS", "note"),
        ("UPDATE_ROLLBACK_COMPLETE", "note"),
        ("ROLLBACK_COMPLETE", "wrong"),
        ("UPDATE_ROLLBACK_FAILED", "wrong"),
    ],
)
def test_how_the_last_deployment_has_ended_is_told(ward, status, level):
    ward.answers["cloudformation:DescribeStacks"] = described(ward, "CREATE_COMPLETE", status)
    found = ward.look("stack").findings[0]
    assert (found.level, status in found.said) == (level, True)


def described(ward: Ward, before: str, after: str):
    def answer(request: Request) -> Reply:
        reply = describe(request, ward.deployment)
        assert reply is not None
        body = reply.body.replace(before.encode(), after.encode())
        assert body != reply.body or before == after
        return replace(reply, body=body)

    return answer


def test_a_stack_of_somebody_else_is_wrong(ward):
    ward.answers["cloudformation:DescribeStacks"] = described(
        ward, "<Value>punchclock</Value>", "<Value>payroll</Value>"
    )
    ((level, said, _),) = ward.sick("stack")
    assert level == "wrong"
    assert "Punchclock did not deploy it" in said


def test_another_version_than_this_checkout_is_a_note(ward):
    tag = "<Key>version</Key><Value>"
    ward.answers["cloudformation:DescribeStacks"] = described(ward, tag, f"{tag}9.")
    ((level, said, remedy),) = ward.sick("stack")
    assert level == "note"
    assert said.startswith("version 9.")
    assert remedy == f"make deploy PLANT={ward.counter.file}"


def test_a_model_that_is_in_the_file_and_not_deployed_is_wrong(ward, tmp_path):
    file = edited(tmp_path, "version/b/2", "version/c/3")
    assert ward.sick("stack", file) == [
        ("wrong", "in the plant file, but not deployed: seams", f"make deploy PLANT={file}"),
        ("note", "deployed, but no longer in the plant file: 1", f"make deploy PLANT={file}"),
    ]


# Models


def test_a_model_that_the_service_does_not_know_is_named_with_what_would_do(ward, tmp_path):
    file = edited(tmp_path, "version/b/2", "version/c/3")
    ((level, said, remedy),) = ward.sick("models", file)
    assert level == "wrong"
    assert said.startswith("seams is missing: rekognition says not found")
    assert remedy.startswith("look at its keys in the plant file")


def test_a_service_that_says_no_or_nothing_is_told_for_each_model(ward):
    ward.says("rekognition:DescribeProjectVersions", json_error("InternalServerError", "", 500))
    found = ward.sick("models")
    assert [(level, said.split()[0]) for level, said, _ in found] == [
        ("wrong", "paint"),
        ("wrong", "seams"),
    ]


def test_a_service_that_is_asked_too_often_says_nothing_of_its_models(ward):
    throttled = json_error("ThrottlingException", "slow down")
    ward.says("rekognition:DescribeProjectVersions", throttled)
    assert [(level, said) for level, said, _ in ward.sick("models")] == [
        ("unseen", "could not be looked at: paint: asked too often"),
        ("unseen", "could not be looked at: seams: asked too often"),
    ]


def test_models_of_lookout_for_vision_are_warned_about(tmp_path, ward):
    file = tmp_path / "plant.yaml"
    lookout = '{service: lookoutvision, project: NAME, version: "1", shifts: [early]}'
    head, _, _ = PLANT.partition("  paint:")
    file.write_text(
        f"{head}  a: {lookout.replace('NAME', 'a')}\n  b: {lookout.replace('NAME', 'b')}\n"
    )
    ward.says("lookoutvision:DescribeModel", json_error("InternalServerException", "", 500))
    found = ward.found(file)
    (warning, *rest) = found["models"]["findings"]
    assert warning["level"] == "note"
    assert "AWS ended Lookout for Vision on 2025-10-31" in warning["said"]
    assert [each["level"] for each in rest] == ["wrong", "wrong"]
    assert found["quotas"]["level"] == "note"


# Quotas


def test_fewer_than_the_file_says_are_wrong_and_so_is_a_plan_that_needs_more(ward):
    ward.quotas["L-5E225387"] = 1.0
    (file_says, plan_needs) = ward.sick("quotas")
    assert file_says[:2] == (
        "wrong",
        "rekognition running_models (L-5E225387): the account allows 1, the plant file says 2",
    )
    assert plan_needs[0] == "wrong"
    assert plan_needs[1].startswith("2 models run at once, first at Wed 2026-03-04 ")
    assert "but the quota is 1: paint, seams;" in plan_needs[1]


def test_more_than_the_file_says_gets_a_note_with_what_to_write(ward):
    ward.quotas["L-5E225387"] = 8.0
    ((level, _, remedy),) = ward.sick("quotas")
    assert level == "note"
    assert remedy.startswith("quotas: {rekognition: {running_models: 8}} in the plant file")


def test_a_model_that_may_take_more_units_than_the_account_gives_is_wrong(ward, tmp_path):
    file = edited(tmp_path, "shifts: {early", "defaults: {units: 5}\nshifts: {early")
    ward.quotas["L-4FA65ECB"] = 4.0
    found = ward.sick("quotas", file)
    assert [said for _, said, _ in found[1:]] == [
        "paint may take 5 units, rekognition gives a model 4",
        "seams may take 5 units, rekognition gives a model 4",
    ]


def test_where_nobody_has_raised_a_quota_the_default_counts(ward):
    ward.defaults, ward.quotas = ward.quotas, {}
    assert ward.sick("quotas") == []
    ward.defaults = {}
    assert {level for level, _, _ in ward.sick("quotas")} == {"unseen"}


# Roles


ROLES = ["StartModels", "StopModels", "Sweep", "Timekeeper", "ClosePlant", "SchedulesCaller"]


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_that_is_missing_is_named(ward, role):
    name = "SchedulesCaller" if role == "SchedulesCaller" else f"Functions{role}Role"
    (own,) = (each for each in ward.deployment.roles.values() if name in each.name)
    ward.role(name, lambda _: ())
    found = [said for level, said, _ in ward.sick("roles") if level == "wrong"]
    assert all(said.startswith(f"{own.name} may not ") for said in found)
    assert all(said.endswith(": no policy allows it") for said in found)
    # And nothing else is asked for: what it has and nobody looks for would be missing here.
    actions = {action for each in own.statements for action in each.actions}
    unused = {each for each in actions if each.startswith("lookoutvision:")}
    assert {said.split()[3] for said in found} == actions - unused


@pytest.mark.parametrize("action", ["dynamodb:PutItem", "rekognition:StartProjectVersion"])
def test_one_permission_that_is_missing_is_named_alone(ward, action):
    ward.role("FunctionsStartModels", lambda statements: without(statements, action))
    ((level, said, _),) = ward.sick("roles")
    assert (level, f"may not {action} on arn:aws:" in said) == ("wrong", True)


def without(statements: tuple[Statement, ...], gone: str) -> list[Statement]:
    return [
        replace(each, actions=tuple(action for action in each.actions if action != gone))
        for each in statements
    ]


@pytest.mark.parametrize(
    ("role", "verb"),
    [
        ("FunctionsStartModels", "Stop"),
        ("FunctionsStopModels", "Start"),
        ("FunctionsSweep", "Start"),
        ("FunctionsSweep", "Stop"),
        ("FunctionsTimekeeper", "Stop"),
        ("FunctionsClosePlant", "Start"),
        ("SchedulesCaller", "Start"),
    ],
)
def test_what_a_role_must_not_do_and_may_is_wrong(ward, role, verb):
    action = f"rekognition:{verb}ProjectVersion"
    allowed = Statement(effect="Allow", actions=(action,), resources=("*",))
    ward.role(role, lambda statements: [*statements, allowed])
    ((level, said, remedy),) = ward.sick("roles")
    assert level == "wrong"
    assert f" may {action} on {ARN}/version/a/1 and 1 more: nobody may both" in said
    assert f"aws iam list-attached-role-policies --role-name punchclock-demo-{role}" in remedy


def test_a_plant_that_is_only_watched_must_not_be_able_to_start_or_stop(ward, tmp_path):
    file = edited(tmp_path, "plant: demo", "plant: demo\nmode: watch")
    found = " ".join(said for _, said, _ in ward.sick("roles", file))
    assert "StartModelsRole" in found
    assert "StopModelsRole" in found


def test_why_iam_denies_is_told_where_it_says_so(ward):
    ward.answers["iam:SimulatePrincipalPolicy"] = simulated(
        "<EvalDecision>implicitDeny</EvalDecision>"
        "<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations>"
        "</OrganizationsDecisionDetail>"
    )
    said = [said for level, said, _ in ward.sick("roles") if level == "wrong"]
    assert said
    assert all(each.endswith(": a policy of the organization denies it") for each in said)


def test_what_iam_says_for_each_resource_apart_is_read(ward):
    def answer(request: Request) -> Reply:
        reply = describe(request, ward.deployment)
        assert reply is not None
        body = re.sub(
            r"<EvalResourceName>(.*?)</EvalResourceName><EvalDecision>(.*?)</EvalDecision>",
            r"<EvalResourceName>*</EvalResourceName><EvalDecision>implicitDeny</EvalDecision>"
            r"<ResourceSpecificResults><member><EvalResourceName>\1</EvalResourceName>"
            r"<EvalResourceDecision>\2</EvalResourceDecision></member></ResourceSpecificResults>",
            reply.body.decode(),
        )
        return replace(reply, body=body.encode())

    ward.answers["iam:SimulatePrincipalPolicy"] = answer
    assert ward.sick("roles") == []


def test_what_iam_leaves_out_is_not_taken_for_allowed(ward):
    ward.says("iam:SimulatePrincipalPolicy", simulated("")(None))
    said = [said for _, said, _ in ward.sick("roles")]
    assert said
    assert all(each.endswith("IAM does not say") for each in said)


def simulated(decision: str):
    """Answer for each action on each resource with one decision; without it, with nothing."""

    def answer(request: Request | None) -> Reply:
        members = ""
        if request is not None and decision:
            fields = dict(parse_qsl(request.body.decode()))
            members = "".join(
                f"<member><EvalActionName>{action}</EvalActionName>"
                f"<EvalResourceName>{resource}</EvalResourceName>{decision}</member>"
                for name, action in fields.items()
                if name.startswith("ActionNames")
                for key, resource in fields.items()
                if key.startswith("ResourceArns")
            )
        body = (
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>"
            f"{members}</EvaluationResults><IsTruncated>false</IsTruncated>"
            "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
        )
        return Reply(status=200, content_type="text/xml", body=body.encode())

    return answer


def test_what_iam_cannot_simulate_is_said_and_all_else_is_looked_at(ward):
    def answer(request: Request) -> Reply:
        if b"rekognition" in request.body:
            return xml_error("InvalidInput", "there is no such action")
        reply = describe(request, ward.deployment)
        assert reply is not None
        return reply

    ward.answers["iam:SimulatePrincipalPolicy"] = answer
    ward.role("Timekeeper", lambda statements: without(statements, "dynamodb:Query"))
    found = ward.sick("roles")
    assert {level for level, _, _ in found} == {"unseen", "wrong"}
    (wrong,) = (said for level, said, _ in found if level == "wrong")
    assert " may not dynamodb:Query on " in wrong


def test_many_resources_are_simulated_some_at_a_time(ward, tmp_path):
    asked: list[int] = []

    def answer(request: Request) -> Reply:
        asked.append(request.body.count(b"ResourceArns.member."))
        reply = describe(request, ward.deployment)
        assert reply is not None
        return reply

    ward.answers["iam:SimulatePrincipalPolicy"] = answer
    head, _, _ = PLANT.partition("  seams:")
    more = "".join(
        f'  m{n}: {{service: rekognition, project_version_arn: "{ARN}/version/m{n}/1",'
        f' project_arn: "{ARN}/1", shifts: [early]}}\n'
        for n in range(TOGETHER)
    )
    file = tmp_path / "plant.yaml"
    file.write_text(head + more)
    (found,) = (said for level, said, _ in ward.sick("roles", file) if level == "wrong")
    # What is deployed may start paint, and none of these.
    assert f"may not rekognition:StartProjectVersion on {ARN}/version/m0/1 and 49 more" in found
    assert max(asked) == TOGETHER


def test_a_role_that_is_not_in_the_stack_is_wrong(ward):
    physical = {
        key: name for key, name in ward.deployment.physical.items() if "SweepRole" not in key
    }
    ward.deployed(physical=physical)
    ((level, said, _),) = ward.sick("roles")
    assert level == "wrong"
    assert said == "FunctionsSweepRole is not in the stack punchclock-demo"


# Who is told


def test_an_address_that_has_not_confirmed_is_wrong(ward):
    ward.says("sns:ListSubscriptionsByTopic", subscribed("line-leads@example.com", confirmed=False))
    ((level, said, remedy),) = ward.sick("told")
    assert (level, said) == (
        "wrong",
        "line-leads@example.com has not confirmed: nothing is sent to it",
    )
    assert "follow the link" in remedy
    assert "aws sns subscribe --topic-arn arn:" in remedy


def test_an_address_that_is_not_subscribed_is_wrong(ward):
    ward.says("sns:ListSubscriptionsByTopic", subscribed("somebody@example.com"))
    ((level, said, _),) = ward.sick("told")
    assert (level, said) == ("wrong", "line-leads@example.com is not subscribed")


def test_where_nobody_is_to_be_told_there_is_a_note(ward, tmp_path):
    outputs = {k: v for k, v in ward.deployment.outputs.items() if k != "NotifyTopic"}
    ward.deployed(outputs=outputs)
    assert ward.sick("told")[0][1] == "line-leads@example.com is in the plant file, not deployed"
    file = edited(tmp_path, "notify: [line-leads@example.com]", "")
    assert ward.sick("told", file)[0][0] == "note"


# Heartbeat, schedules, failures


@pytest.mark.parametrize(("minutes", "level"), [(1, "ok"), (5, "ok"), (6, "wrong"), (200, "wrong")])
def test_a_heartbeat_is_fresh_for_five_minutes(ward, minutes, level):
    ward.lines[:] = [beat(NOW - dt.timedelta(minutes=minutes))]
    found = ward.look("heartbeat")
    assert found.level == level
    (said,) = (each.said for each in found.findings)
    assert ("no sweep was completed in three hours" in said) is (minutes == 200)


def test_a_schedule_that_is_not_deployed_is_wrong(ward):
    fewer = tuple(each for each in ward.deployment.schedules if each.name != "sweep")
    ward.deployed(schedules=fewer)
    assert ward.sick("schedules") == [
        ("wrong", "not deployed: sweep", f"make deploy PLANT={ward.counter.file}")
    ]


def test_a_schedule_that_somebody_has_disabled_is_wrong(ward):
    def answer(request: Request) -> Reply:
        reply = describe(request, ward.deployment)
        assert reply is not None
        found = json.loads(reply.body)
        found["Schedules"][0]["State"] = "DISABLED"
        return replace(reply, body=json.dumps(found).encode())

    ward.answers["scheduler:ListSchedules"] = answer
    ((level, said, _),) = ward.sick("schedules")
    assert level == "wrong"
    assert said.startswith("disabled, so nothing fires: ")


def test_a_schedule_of_another_file_gets_a_note(ward):
    first, *rest = ward.deployment.schedules
    ward.deployed(schedules=(first, *rest, replace(first, name="start-0500-daily")))
    ((level, said, _),) = ward.sick("schedules")
    assert (level, said) == ("note", "not of this plant file: start-0500-daily")


def test_events_that_nobody_could_handle_are_wrong(ward):
    ward.given_up = 2
    ((level, said, _),) = ward.sick("failures")
    assert (level, said) == ("wrong", "2 events wait that nobody could handle")


# What whoever asks must be allowed


def policy() -> list[str]:
    """Return the actions of the policy that the page on the doctor has."""
    text = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    statements = json.loads(block)["Statement"]
    assert {each["Effect"] for each in statements} == {"Allow"}
    return sorted(action for each in statements for action in each["Action"])


def test_the_policy_is_what_the_checks_need_and_what_they_ask_for(ward, tmp_path):
    assert policy() == sorted({action for each in CHECKS for action in each.needs})
    ward.quotas = {}
    file = tmp_path / "plant.yaml"
    more = '  old: {service: lookoutvision, project: old, version: "1", shifts: [early]}\n'
    file.write_text(PLANT + more)
    ward.found(file)
    # Nobody needs a permission to ask who he is.
    assert sorted(ward.asked - {"sts:GetCallerIdentity"}) == policy()


@pytest.mark.parametrize(
    ("check", "action"),
    [
        (check.name, action)
        for check in CHECKS
        for action in check.needs
        if not action.startswith("lookoutvision:")
    ],
)
def test_a_permission_that_is_missing_is_named(ward, check, action):
    ward.quotas, ward.defaults = {}, ward.quotas
    ward.denies(action)
    said = " ".join(each.said for each in ward.look(check).findings)
    assert f"needs {action}" in said


def test_what_cannot_be_looked_at_keeps_nothing_else_from_being_looked_at(ward):
    ward.denies("iam:SimulatePrincipalPolicy")
    ward.denies("sqs:GetQueueAttributes")
    found = ward.found(code=0)
    unseen = {name for name, each in found.items() if each["level"] == "unseen"}
    assert unseen == {"roles", "failures"}
    assert {each["level"] for each in found.values()} == {"ok", "unseen"}
    assert ward.type().stdout.endswith("10 checks: 2 could not be looked at, 8 well\n")

"""What a plant's alarms promise, and whom they tell."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.journal import HEARTBEAT
from infra.alarms import ROWS
from infra.synth import Synthesis, synthesize
from tests.infra.conftest import plant_of
from tests.infra.templates import (
    ACCOUNT,
    denies_plain_http,
    function,
    many,
    of_type,
    plain,
    role_of,
    said,
    statements,
)
from tests.infra.typed import count, unknown
from tests.rehearsal.days import edited, resources

PROMISES = {
    # metric: statistic, comparison, threshold, period, M, N, missing data
    "ModelsLate": ("Maximum", "GreaterThanOrEqualToThreshold", 1, 60, 2, 3, "notBreaching"),
    "ModelsOutsideShifts": (
        *("Maximum", "GreaterThanOrEqualToThreshold", 1),
        *(60, 3, 5, "notBreaching"),
    ),
    "CapacityBelowMinimum": (
        *("Maximum", "GreaterThanOrEqualToThreshold", 1),
        *(900, 2, 4, "notBreaching"),
    ),
    "Heartbeat": ("Sum", "LessThanThreshold", 1, 60, 5, 5, "breaching"),
    "ApproximateNumberOfMessagesVisible": (
        *("Maximum", "GreaterThanOrEqualToThreshold", 1),
        *(60, 1, 1, "notBreaching"),
    ),
    "NumberOfMessagesSent": (
        *("Sum", "GreaterThanOrEqualToThreshold", 1),
        *(300, 3, 12, "notBreaching"),
    ),
    "ForecastCost": ("Maximum", "GreaterThanThreshold", 6000, 43_200, 1, 2, "notBreaching"),
}


def alarms(world: Synthesis) -> list[dict[str, Any]]:
    return list(of_type(world, "AWS::CloudWatch::Alarm").values())


def by_metric(world: Synthesis) -> dict[str, dict[str, Any]]:
    return {each["MetricName"]: each for each in alarms(world)}


def promise(alarm: dict[str, Any]) -> tuple[Any, ...]:
    keys = ("Statistic", "ComparisonOperator", "Threshold", "Period")
    rest = ("DatapointsToAlarm", "EvaluationPeriods", "TreatMissingData")
    return tuple(alarm[key] for key in (*keys, *rest))


def test_each_alarm_has_its_metric_statistic_m_of_n_and_meaning_of_missing_data(small):
    assert {name: promise(each) for name, each in by_metric(small).items()} == PROMISES


def test_an_alarm_about_the_plant_looks_at_this_plant_alone(small):
    ours = [each for each in by_metric(small).values() if each["Namespace"] == "Punchclock"]
    assert len(ours) == 5
    for each in ours:
        assert each["Dimensions"] == [{"Name": "plant", "Value": "springfield"}]


@pytest.mark.parametrize("metric", ["ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"])
def test_what_failed_and_what_nobody_handled_is_counted_in_the_queue_of_failures(small, metric):
    (queue,) = of_type(small, "AWS::SQS::Queue")
    alarm = by_metric(small)[metric]
    assert alarm["Namespace"] == "AWS/SQS"
    assert alarm["Dimensions"] == [
        {"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}
    ]


def test_whatever_a_function_fails_at_comes_to_that_queue_at_once(small):
    """So what comes to it is what all functions together failed at.

    Only what closes the plant is tried again first.
    """
    (queue,) = of_type(small, "AWS::SQS::Queue")
    found = of_type(small, "AWS::Lambda::EventInvokeConfig").values()
    functions = of_type(small, "AWS::Lambda::Function")
    assert len(found) == len(functions)
    for each in found:
        handler = functions[each["FunctionName"]["Ref"]]["Handler"]
        assert each["MaximumRetryAttempts"] == 0 or "close_plant" in handler
        failed = each["DestinationConfig"]["OnFailure"]["Destination"]
        assert failed == {"Fn::GetAtt": [queue, "Arn"]}


def test_an_alarm_looks_at_one_metric_because_each_is_charged(small):
    assert not any("Metrics" in each for each in alarms(small))


def test_silence_is_bad_news_from_the_heartbeat_alone(small):
    breaching = [each for each in alarms(small) if each["TreatMissingData"] == "breaching"]
    assert [each["MetricName"] for each in breaching] == [HEARTBEAT]


@pytest.mark.parametrize("world", ["small", "large", "watched"])
def test_a_plant_has_at_most_eight_alarms_and_no_name_of_its_own_for_any(world, request):
    found = alarms(request.getfixturevalue(world))
    assert 6 <= len(found) <= len(ROWS) <= 8
    assert not any("AlarmName" in each for each in found)


def test_without_a_budget_nothing_warns_of_it(watched):
    assert set(by_metric(watched)) == set(PROMISES) - {"ForecastCost"}


def test_an_alarm_says_what_it_means_and_what_to_type(small):
    for alarm in alarms(small):
        text = plain(alarm["AlarmDescription"])
        assert len(text) <= 1024
        assert count(text) >= 1
        assert unknown(text) == []
        assert "{" not in text


def test_an_alarm_names_its_own_section_of_the_runbook(small):
    named = [plain(each["AlarmDescription"]).rpartition("\nMore: ")[2] for each in alarms(small)]
    assert sorted(named) == sorted(f"docs/runbook.md#{row.name.lower()}" for row in ROWS)


def test_a_model_is_stopped_at_the_desk_where_punchclock_acts_and_by_hand_where_it_watches(
    small, watched
):
    hold = "punchclock hold plants/springfield.yaml MODEL off --until HH:MM"
    for name in ("ModelsOutsideShifts", "CapacityBelowMinimum"):
        acting, watching = (
            plain(by_metric(world)[name]["AlarmDescription"]) for world in (small, watched)
        )
        assert hold in acting
        assert "stop-project-version" not in acting
        assert "punchclock hold" not in watching
        assert "aws rekognition stop-project-version" in watching


def test_the_budget_and_the_plan_are_named_in_the_words_of_the_plant(small):
    text = by_metric(small)["ForecastCost"]["AlarmDescription"]
    assert "the budget of USD 6000.00" in text
    assert "punchclock plan plants/springfield.yaml" in text
    assert "Punchclock/springfield/Cost per model and month" in text


def test_a_model_is_started_and_stopped_by_hand_with_the_commands_of_its_own_service():
    plant = plant_of(1)
    text = plain(by_metric(synthesize(plant))["Heartbeat"]["AlarmDescription"])
    assert "\naws rekognition start-project-version\naws rekognition stop-project-version" in text
    assert "lookoutvision" not in text


def test_of_a_plant_that_is_only_watched_no_alarm_promises_a_start_or_a_stop(small, watched):
    for name, promised in {
        "ModelsLate": "keeps trying",
        "ModelsOutsideShifts": "is stopped when manual_runs",
        "CapacityBelowMinimum": "it is started again",
    }.items():
        assert promised in plain(by_metric(small)[name]["AlarmDescription"])
        text = plain(by_metric(watched)[name]["AlarmDescription"])
        assert promised not in text
        assert "only watches this plant" in text


CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
ENCRYPTING = {"kms:Decrypt", "kms:GenerateDataKey*"}
"""What whoever publishes needs of the key of a topic. Source: the SNS guide, "Key management"."""


def allowing(policy: dict[str, Any], principal: Any, resource: Any) -> set[str]:
    """Return what a policy of a resource lets a service do for this account, and nobody else."""
    return {
        action
        for each in policy["Statement"]
        if each["Effect"] == "Allow"
        and each["Principal"] == principal
        and plain(each.get("Condition")) == OURS
        and each["Resource"] in (resource, "*")
        for action in many(each["Action"])
    }


def denying(policy: dict[str, Any]) -> list[Any]:
    """Return the conditions under which a policy denies anything."""
    return [each.get("Condition") for each in policy["Statement"] if each["Effect"] == "Deny"]


def unheard(world: Synthesis) -> list[str]:
    """Return what stands between CloudWatch and the people, from each alarm to topic and key."""
    found = []
    topics = of_type(world, "AWS::SNS::Topic")
    policies = {
        topic["Ref"]: each["PolicyDocument"]
        for each in of_type(world, "AWS::SNS::TopicPolicy").values()
        for topic in each["Topics"]
    }
    for name, alarm in of_type(world, "AWS::CloudWatch::Alarm").items():
        for target in (*alarm.get("AlarmActions", [{}]), *alarm.get("OKActions", [{}])):
            topic = target.get("Ref", "")
            policy = policies.get(topic, {"Statement": []})
            if topic not in topics or "sns:Publish" not in allowing(policy, CLOUDWATCH, target):
                found.append(f"{name}: {topic} lets no alarm of this account publish")
            if any(each != PLAIN_HTTP for each in denying(policy)):
                found.append(f"{name}: {topic} denies more than plain HTTP")
            key = topics.get(topic, {}).get("KmsMasterKeyId")
            if (
                key is not None
                and not allowing(key_policy(world, key), CLOUDWATCH, "*") >= ENCRYPTING
            ):
                found.append(f"{name}: {topic} has a key that CloudWatch may not use")
    return found


def key_policy(world: Synthesis, key: Any) -> dict[str, Any]:
    """Return the policy of a topic's key; none where the key is AWS's own, which nobody changes."""
    named = key.get("Fn::GetAtt", [None])[0] if isinstance(key, dict) else None
    keys = of_type(world, "AWS::KMS::Key")
    return keys[named]["KeyPolicy"] if named in keys else {"Statement": []}


PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def test_from_each_alarm_the_way_to_the_people_is_open(small):
    assert unheard(small) == []


def without_condition(template: dict[str, Any]) -> None:
    for _, policy in resources(template, "AWS::SNS::TopicPolicy"):
        for each in policy["PolicyDocument"]["Statement"]:
            if each["Effect"] == "Allow":
                del each["Condition"]


def tls_alone(template: dict[str, Any]) -> None:
    for _, policy in resources(template, "AWS::SNS::TopicPolicy"):
        said = policy["PolicyDocument"]["Statement"]
        said[:] = [each for each in said if each["Effect"] == "Deny"]


def keyed(key: Any) -> Callable[[dict[str, Any]], None]:
    def edit(template: dict[str, Any]) -> None:
        for _, topic in resources(template, "AWS::SNS::Topic"):
            topic["KmsMasterKeyId"] = key

    return edit


def to_nobody(template: dict[str, Any]) -> None:
    for _, alarm in resources(template, "AWS::CloudWatch::Alarm"):
        del alarm["OKActions"]


@pytest.mark.parametrize(
    "mistake",
    [
        *(without_condition, tls_alone, to_nobody),
        *(keyed("alias/aws/sns"), keyed({"Fn::GetAtt": ["Key", "Arn"]})),
    ],
)
def test_a_way_that_is_blocked_is_found(small, mistake):
    """The default policy gone, AWS's own key, a key without a word of CloudWatch: all silence."""
    assert unheard(edited(small, mistake))


@pytest.mark.parametrize("module", ["sweep", "start_models", "stop_models"])
def test_who_opens_incidents_may_tell_of_them_and_knows_the_topic(small, watched, module):
    (topic,) = of_type(small, "AWS::SNS::Topic")
    role = role_of(small, module)
    allowed = [on for actions, on in statements(role) if "sns:Publish" in actions]
    assert allowed == [[{"Ref": topic}]]
    told = function(small, module)["Environment"]["Variables"]
    assert told["PUNCHCLOCK_TOPIC"] == {"Ref": topic}
    assert "PUNCHCLOCK_TOPIC" not in function(watched, module)["Environment"]["Variables"]


def test_nobody_publishes_over_plain_http(small):
    policies = of_type(small, "AWS::SNS::TopicPolicy")
    assert denies_plain_http(policies)
    assert {each["Effect"] for each in said(policies)} == {"Allow", "Deny"}


def test_whoever_the_file_names_is_told_by_mail(small):
    (topic,) = of_type(small, "AWS::SNS::Topic")
    (subscription,) = of_type(small, "AWS::SNS::Subscription").values()
    assert subscription["TopicArn"] == {"Ref": topic}
    assert subscription["Protocol"] == "email"
    assert subscription["Endpoint"] == "line-leads@example.com"


def test_without_anybody_to_tell_there_is_no_topic_and_the_alarms_are_there_all_the_same(watched):
    assert not of_type(watched, "AWS::SNS::Topic")
    assert alarms(watched)
    for alarm in alarms(watched):
        assert "AlarmActions" not in alarm
        assert "OKActions" not in alarm

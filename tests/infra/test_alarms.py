"""What a plant's alarms promise, and whom they tell."""

from typing import Any

import pytest

from functions.journal import HEARTBEAT
from infra.alarms import ROWS
from infra.synth import Synthesis, synthesize
from tests.infra.conftest import plant_of
from tests.infra.templates import ACCOUNT, denies_plain_http, of_type, plain, said
from tests.infra.typed import count, unknown

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
        assert "{" not in text.replace('{ $.message = "incident" }', "")


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
        "CapacityBelowMinimum": "Punchclock starts it again",
    }.items():
        assert promised in plain(by_metric(small)[name]["AlarmDescription"])
        text = plain(by_metric(watched)[name]["AlarmDescription"])
        assert promised not in text
        assert "only watches this plant" in text


def test_an_alarm_and_its_end_go_to_the_topic_to_which_cloudwatch_may_publish(small):
    ((topic, properties),) = of_type(small, "AWS::SNS::Topic").items()
    for alarm in alarms(small):
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
    assert "KmsMasterKeyId" not in properties
    ((_, policy),) = of_type(small, "AWS::SNS::TopicPolicy").items()
    assert policy["Topics"] == [{"Ref": topic}]
    (allowed,) = (
        each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"
    )
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Resource"] == {"Ref": topic}
    assert plain(allowed["Condition"]) == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


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

"""When is what called? A schedule for each distinct edge, and the two that look after the rest."""

import datetime as dt
import json
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.functions import Functions
from infra.names import SWEEP_SCHEDULE, TIMEKEEPER_SCHEDULE
from punchclock.edges import Edge, edges
from punchclock.plants import Plant

INPUT = json.dumps(
    {
        "scheduled_at": "<aws.scheduler.scheduled-time>",
        "schedule": "<aws.scheduler.schedule-arn>",
    }
)
"""What a function is called with; the scheduler fills in the two."""

YOUNGEST, OLDEST = 60, 86_400
"""Seconds within which the scheduler takes an event's maximum age."""

PERSISTENT = 185
"""The most attempts that the scheduler makes; then the age alone says when to give up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a schedule fires, and how hard the scheduler tries to deliver."""

    name: str
    cron: str
    zone: str
    age_seconds: int
    """An event that could not be delivered for so long is given up."""
    attempts: int


SWEEP = Timing(
    name=SWEEP_SCHEDULE, cron="cron(* * * * ? *)", zone="UTC", age_seconds=60, attempts=0
)
"""The next sweep is the retry."""

TIMEKEEPER = Timing(
    name=TIMEKEEPER_SCHEDULE, cron="cron(0/15 * * * ? *)", zone="UTC", age_seconds=600, attempts=3
)


class Schedules(Construct):
    """The schedules of a plant, in a group of their own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plant: Plant,
        functions: Functions,
        failures: sqs.IQueue,
    ) -> None:
        """Own the schedules, their group and the role that they call with."""
        super().__init__(scope, construct_id)
        self._failures = failures
        # Its name is given, because CloudFormation does not say what it would make up.
        self._group = scheduler.CfnScheduleGroup(self, "Group", name=Stack.of(self).stack_name)
        self._role = self._caller(functions)
        self._schedule(SWEEP, functions.sweep)
        self._schedule(TIMEKEEPER, functions.timekeeper)
        called = {"start": functions.start, "stop": functions.stop}
        for edge in edges(plant) if plant.mode == "act" else ():
            self._schedule(timing(edge, plant), called[edge.kind])

    def _schedule(self, timing: Timing, function: lambda_.IFunction) -> None:
        target = scheduler.CfnSchedule.TargetProperty(
            arn=function.function_arn,
            role_arn=self._role.role_arn,
            input=INPUT,
            retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                maximum_event_age_in_seconds=timing.age_seconds,
                maximum_retry_attempts=timing.attempts,
            ),
            dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                arn=self._failures.queue_arn
            ),
        )
        scheduler.CfnSchedule(
            self,
            timing.name,
            name=timing.name,
            group_name=self._group.ref,
            schedule_expression=timing.cron,
            schedule_expression_timezone=timing.zone,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=target,
        )

    def _caller(self, functions: Functions) -> iam.Role:
        """Make a role that only the scheduler can take, and only for this group's schedules."""
        conditions = {
            "StringEquals": {
                "aws:SourceAccount": Stack.of(self).account,
                "aws:SourceArn": self._group.attr_arn,
            }
        }
        call = iam.PolicyStatement(
            sid="Call",
            actions=["lambda:InvokeFunction"],
            resources=[function.function_arn for function in functions.scheduled],
        )
        give_up = iam.PolicyStatement(
            sid="GiveUp", actions=["sqs:SendMessage"], resources=[self._failures.queue_arn]
        )
        return iam.Role(
            self,
            "Caller",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=conditions),
            inline_policies={"Call": iam.PolicyDocument(statements=[call, give_up])},
        )


def timing(edge: Edge, plant: Plant) -> Timing:
    """Say how an edge is delivered: a start while it is useful, a stop for a day.

    A start that is delivered after the shortest shift behind it would find nothing to do. A stop
    that comes too late still saves money.
    """
    useful = edge.useful // dt.timedelta(seconds=1)
    return Timing(
        name=edge.name,
        cron=edge.cron,
        zone=plant.timezone,
        age_seconds=min(max(useful, YOUNGEST), OLDEST),
        attempts=PERSISTENT,
    )

"""What may people at the desk do? A policy to attach to whoever runs the line."""

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from functions.ledger import READS, WRITES
from functions.records import OVERRIDE
from infra.acknowledgements import accept_wildcards
from infra.policies import Permission


class Desk(Construct):
    """The permissions of the desk's commands, for people's own roles.

    They read the ledger, and write overrides and nothing else there: DynamoDB narrows a permission
    to partitions. Nothing here starts or stops a model; that is left to the functions.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        table: dynamodb.ITable,
        topic: sns.ITopic | None,
    ) -> None:
        """Own the policy; nobody has it until somebody attaches it."""
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Overtime, skips, holds and the state of a plant, for people on the line",
            statements=[
                iam.PolicyStatement(sid="Read", actions=list(READS), resources=[table.table_arn]),
                iam.PolicyStatement(
                    sid="Say",
                    actions=list(WRITES),
                    resources=[table.table_arn],
                    conditions={
                        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [OVERRIDE]},
                        # Without this, a request that names no key would have none that differs.
                        "Null": {"dynamodb:LeadingKeys": "false"},
                    },
                ),
                iam.PolicyStatement(
                    sid="Find",
                    actions=["cloudformation:DescribeStacks"],
                    resources=[_stacks(stack)],
                ),
                *([_subscriptions(topic)] if topic is not None else []),
            ],
        )
        found = Permission(
            sid="Find",
            actions=["cloudformation:DescribeStacks"],
            resources=[_stacks(stack)],
            width="A stack's ARN ends in an id that is new each time it is created.",
        )
        accept_wildcards(self.policy, found)


def _subscriptions(topic: sns.ITopic) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="SeeWhoIsTold",
        actions=["sns:ListSubscriptionsByTopic"],
        resources=[topic.topic_arn],
    )


def _stacks(stack: Stack) -> str:
    return stack.format_arn(
        service="cloudformation", resource="stack", resource_name=f"{stack.stack_name}/*"
    )

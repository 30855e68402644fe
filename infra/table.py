"""Where are timecards, overrides and incidents kept? In one table that outlives the stack."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

_TEXT = dynamodb.AttributeType.STRING


class Table(Construct):
    """The ledger's table.

    It is the only record of what was spent, so it stays when the stack goes, refuses to be deleted
    by hand, and can be put back to any second of the last 35 days. It holds no secrets: the key
    that AWS owns encrypts it, at no cost.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Own the table."""
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=_TEXT),
            sort_key=dynamodb.Attribute(name="sk", type=_TEXT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )

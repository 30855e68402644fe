"""What happens to running models when the stack is destroyed? A resource whose end is their end.

CloudFormation deletes in the order opposite to that of dependencies: the schedules first, which
depend on this; then this, which stops what was started; then all that it needs for that.
"""

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.colleagues import PERMISSIONS as CALLS
from infra.functions import Functions

TYPE = "Custom::PunchclockClosing"

TIMEOUT = Duration.minutes(59)
"""When CloudFormation gives up should the function never answer; it does within 50 minutes."""


class Closing(Construct):
    """The custom resource that closes a plant, with no property that could ever change."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Functions,
        table: dynamodb.ITable,
        failures: sqs.IQueue,
    ) -> None:
        """Own the resource, and the permission to take more than one step to its end."""
        super().__init__(scope, construct_id)
        closer = functions.closer
        # Apart from the role: it names the function, which cannot be made before its role.
        go_on = iam.PolicyStatement(
            sid="GoOn", actions=list(CALLS), resources=[closer.function_arn]
        )
        steps = iam.CfnPolicy(
            self,
            "Steps",
            policy_name="Steps",
            policy_document=iam.PolicyDocument(statements=[go_on]),
            roles=[role.role_name for role in (closer.role,) if role],
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type=TYPE,
            service_token=closer.function_arn,
            service_timeout=TIMEOUT,
        )
        resource.node.add_dependency(functions, table, failures, steps)

"""Which findings of cdk-nag are accepted, and why? Each is said where its resource is made."""

from aws_cdk import Acknowledgment, Stack, Token, Validations
from constructs import Construct

from infra.policies import Permission


def accept(construct: Construct, rule: str, reason: str) -> None:
    """Accept what a rule finds on a construct."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def accept_wildcards(construct: Construct, permission: Permission) -> None:
    """Accept the wildcards of a permission that says why it needs them."""
    for resource in permission.resources:
        if "*" in resource and permission.width:
            finding = f"AwsSolutions-IAM5[Resource::{_as_reported(construct, resource)}]"
            accept(construct, finding, permission.width)
        if resource == "*" and permission.width:
            accept(construct, "Serverless-LambdaStarPermissions", permission.width)


def _as_reported(construct: Construct, resource: str) -> str:
    """Write an ARN the way cdk-nag does, which names an account that is not known yet."""
    account = Stack.of(construct).account
    return (
        resource.replace(account, "<AWS::AccountId>") if Token.is_unresolved(account) else resource
    )

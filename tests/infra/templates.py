"""Reading a CloudFormation template in tests: what is deployed, and what a role may do."""

import json
from collections.abc import Iterator
from typing import Any

from infra.synth import Synthesis

ACCOUNT = "123456789012"
LONG_ARN = "arn:aws:lambda:ap-southeast-2:123456789012:function:" + "x" * 64
"""About as long as the ARN of anything in a stack gets."""


def of_type(synthesis: Synthesis, kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of all resources of a type, by logical id."""
    return {
        key: resource.get("Properties", {})
        for key, resource in synthesis.template["Resources"].items()
        if resource["Type"] == kind
    }


def statements(role: dict[str, Any]) -> Iterator[tuple[list[str], list[Any]]]:
    """Yield actions and resources of what a role is allowed."""
    for policy in role["Policies"]:
        for each in policy["PolicyDocument"]["Statement"]:
            assert each["Effect"] == "Allow"
            yield many(each["Action"]), many(each["Resource"])


def actions(role: dict[str, Any]) -> set[str]:
    """Return all that a role is allowed, on whatever."""
    return {action for allowed, _ in statements(role) for action in allowed}


def role_of(synthesis: Synthesis, module: str) -> dict[str, Any]:
    """Return the role of the function with a module's handler."""
    role = function(synthesis, module)["Role"]["Fn::GetAtt"][0]
    return of_type(synthesis, "AWS::IAM::Role")[role]


def function(synthesis: Synthesis, module: str) -> dict[str, Any]:
    """Return the function with a module's handler."""
    found = of_type(synthesis, "AWS::Lambda::Function").values()
    return next(each for each in found if each["Handler"] == f"functions.{module}.handler")


def many(value: Any) -> list[Any]:
    """Return a list of one or of many as a list."""
    return value if isinstance(value, list) else [value]


def plain(value: Any) -> Any:
    """Put something of the greatest length in place of what is known only after deployment."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Join" in value:
        return "".join(plain(part) for part in value["Fn::Join"][1])
    if value == {"Ref": "AWS::AccountId"}:
        return ACCOUNT
    if "Fn::GetAtt" in value or "Ref" in value:
        return LONG_ARN
    return {key: plain(each) for key, each in value.items()}


def characters(document: Any) -> int:
    """Return how long a policy is as IAM counts: without white space."""
    return len(json.dumps(plain(document), separators=(",", ":")))


def said(policies: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the statements of the policies of resources."""
    return [
        statement
        for policy in policies.values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def denies_plain_http(policies: dict[str, dict[str, Any]]) -> bool:
    """Return whether the policies let nobody in but over TLS."""
    return any(
        each["Effect"] == "Deny" and each["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for each in said(policies)
    )

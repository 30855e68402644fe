"""What is deployed in an account and region? Stacks, as CloudFormation tells of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from functions.neighbours import claims_of
from functions.services.refusals import code
from infra.names import APP, APP_TAG

_NO_SUCH_STACK = "ValidationError"
"""CloudFormation's word for a stack that it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack."""

    name: str
    outputs: Mapping[str, str]
    """Empty where no creation was ever finished."""
    tags: Mapping[str, str]
    status: str
    """CloudFormation's word for how its last change has gone."""


class Stacks:
    """The stacks of the account and region that a CloudFormation client is of."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3 makes clients at run time
        """Ask with a boto3 CloudFormation client."""
        self._client = client

    def find(self, name: str) -> Stack | None:
        """Return the stack of that name, or None."""
        try:
            (found,) = self._client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if code(error) != _NO_SUCH_STACK:
                raise
            return None
        return _stack(found)

    def ours(self) -> list[Stack]:
        """Return the stacks that Punchclock has deployed, by their tag."""
        pages = self._client.get_paginator("describe_stacks").paginate()
        found = (_stack(each) for page in pages for each in page["Stacks"])
        return [stack for stack in found if stack.tags.get(APP_TAG) == APP]

    def template(self, name: str) -> Mapping[str, Any]:
        """Return the template that a stack was deployed with last."""
        found = self._client.get_template(StackName=name, TemplateStage="Original")
        template: Mapping[str, Any] = found["TemplateBody"]
        return template

    def resources(self, name: str) -> Mapping[str, str]:
        """Return what is deployed: physical ids (a name, a URL or an ARN) by logical id."""
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=name)
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
            # One that could never be made has none; one that is gone may still be listed.
            if "PhysicalResourceId" in each and "DELETE" not in each["ResourceStatus"]
        }

    def claims(self, name: str) -> frozenset[str]:
        """Return what a stack claims: see ``punchclock.rosters.claim``."""
        return claims_of(self._client.get_template_summary(StackName=name))


def _stack(found: Mapping[str, Any]) -> Stack:
    return Stack(
        name=found["StackName"],
        outputs=dict(_pairs(found.get("Outputs", ()), "OutputKey", "OutputValue")),
        tags=dict(_pairs(found.get("Tags", ()), "Key", "Value")),
        status=found["StackStatus"],
    )


def _pairs(found: Iterable[Mapping[str, str]], key: str, value: str) -> Iterator[tuple[str, str]]:
    return ((each[key], each[value]) for each in found)

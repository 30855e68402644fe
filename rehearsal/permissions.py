"""May this role make this call? IAM's answer, from the role's own policy.

Which action an operation needs, and what kind of resource the action applies to, comes from the
service authorization data that cfn-lint ships, not from our own adapters.
"""

import fnmatch
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from rehearsal.resolver import PARTITION
from rehearsal.template import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A permission that a call needs."""

    action: str
    resource: str
    leading_key: str = ""
    """The partition that is written to, where the action writes one record."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where calls are made."""

    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource here."""
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account}:{resource}"


def allows(role: Role, need: Need) -> bool:
    """Whether a role's policies allow a call: an explicit deny wins, no allow is a deny."""
    effects = {
        statement.effect
        for statement in role.statements
        if _any_match(statement.actions, need.action, fold=True)
        and _any_match(statement.resources, need.resource)
        and (statement.leading_keys is None or need.leading_key in statement.leading_keys)
    }
    return effects == {"Allow"}


def needs(service: str, operation: str, params: Mapping[str, Any], place: Place) -> Iterator[Need]:
    """Yield the permissions that a call of an API operation needs.

    Raises ``LookupError`` for an operation whose resource is not known here, and for an action that
    the authorization data do not have or whose resource is of another kind than theirs.
    """
    for action, resource in _RESOURCES[service](operation, params, place):
        item = params.get("Item", {}) if action == "PutItem" else {}
        need = Need(
            action=f"{service}:{action}",
            resource=resource,
            leading_key=item.get("pk", {}).get("S", ""),
        )
        _check(need)
        yield need


def _rekognition(
    operation: str, params: Mapping[str, Any], place: Place
) -> Iterator[tuple[str, str]]:
    del place
    yield operation, params.get("ProjectVersionArn") or params["ProjectArn"]


def _lookoutvision(
    operation: str, params: Mapping[str, Any], place: Place
) -> Iterator[tuple[str, str]]:
    model = f"model/{params['ProjectName']}/{params['ModelVersion']}"
    yield operation, place.arn("lookoutvision", model)


def _dynamodb(operation: str, params: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    if operation != "TransactWriteItems":
        yield operation, place.arn("dynamodb", f"table/{params['TableName']}")
        return
    # A transaction has no permission of its own: each of its parts needs that of the single call.
    single = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem"}
    for item in params["TransactItems"]:
        for verb, part in item.items():
            action = single.get(verb, "ConditionCheckItem")
            yield action, place.arn("dynamodb", f"table/{part['TableName']}")


def _cloudwatch(
    operation: str, params: Mapping[str, Any], place: Place
) -> Iterator[tuple[str, str]]:
    del params, place
    yield operation, "*"


def _cloudformation(
    operation: str, params: Mapping[str, Any], place: Place
) -> Iterator[tuple[str, str]]:
    stack = params.get("StackName")
    # Who asks by name means whichever stack has it now.
    yield operation, place.arn("cloudformation", f"stack/{stack}/0") if stack else "*"


def _lambda(operation: str, params: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    action = {"Invoke": "InvokeFunction"}[operation]
    yield action, place.arn("lambda", f"function:{params['FunctionName']}")


def _sns(operation: str, params: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    del place
    yield operation, params["TopicArn"]


def _sqs(operation: str, params: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    yield operation, place.arn("sqs", params["QueueUrl"].rsplit("/", 1)[-1])


def _logs(operation: str, params: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    stream = f"log-group:{params['logGroupName']}:log-stream:{params['logStreamName']}"
    yield operation, place.arn("logs", stream)


_RESOURCES: dict[str, Callable[[str, Mapping[str, Any], Place], Iterator[tuple[str, str]]]] = {
    "rekognition": _rekognition,
    "lookoutvision": _lookoutvision,
    "dynamodb": _dynamodb,
    "cloudformation": _cloudformation,
    "cloudwatch": _cloudwatch,
    "lambda": _lambda,
    "sns": _sns,
    "sqs": _sqs,
    "logs": _logs,
}


def _check(need: Need) -> None:
    patterns = _resource_patterns(need.action)
    if need.resource != "*" and not any(p.fullmatch(need.resource) for p in patterns):
        message = f"{need.action} does not apply to {need.resource}"
        raise LookupError(message)


@functools.cache
def _resource_patterns(action: str) -> tuple[re.Pattern[str], ...]:
    service, name = action.split(":")
    known = _authorization()[service]
    kinds = known["Actions"][name.lower()].get("Resources", [])
    formats = [text for kind in kinds for text in known["Resources"][kind]["ARNFormats"]]
    return tuple(re.compile(re.sub(r"\$\{\w+\}", "[^:]*", text)) for text in formats)


@functools.cache
def _authorization() -> Any:
    data = resources.files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json"
    return json.loads(data.read_text(encoding="utf-8"))


@functools.cache
def _pattern(text: str, *, fold: bool) -> re.Pattern[str]:
    # IAM knows * and ? only; fnmatch's brackets are taken literally.
    regex = fnmatch.translate(text.replace("[", "[[]"))
    return re.compile(regex, re.IGNORECASE if fold else 0)


def _any_match(patterns: tuple[str, ...], text: str, *, fold: bool = False) -> bool:
    return any(_pattern(each, fold=fold).match(text) for each in patterns)

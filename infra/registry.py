"""What does CloudFormation need to make a resource of a type? As its own registry says.

The registry's schemas, and AWS's data on actions and the resources that they apply to, come with
cfn-lint.
"""

import functools
import json
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

_REGION = "us-east-1"
"""Of all regions the one that has every type."""

_LIFE = ("create", "read", "update", "delete")
"""What happens to a resource of a stack; its being listed is for those who look for it."""


@functools.cache
def needed(kind: str) -> Sequence[str]:
    """Return the IAM actions that the registry names for the life of a resource, ascending."""
    schema = _read("schemas", "resources", f"{_types()[kind]}.json")
    handlers = schema.get("handlers", {})
    tagging = schema.get("tagging", {}).get("permissions", [])
    lives = [handlers.get(each, {}).get("permissions", []) for each in _LIFE]
    return sorted({action for some in (*lives, tagging) for action in some})


def is_narrow(action: str) -> bool:
    """Whether an action is allowed by resource; one that is not is allowed on all or not at all."""
    return bool(_formats(action))


def applies(action: str, place: str) -> bool:
    """Whether an action applies to resources of a place: an ARN behind its partition."""
    return any(_pattern(text).fullmatch(f"arn:x:{place}") for text in _formats(action))


def exists(action: str) -> bool:
    """Whether AWS has an action."""
    service, _, name = action.partition(":")
    known = _read("AdditionalSpecs", "Policies.json").get(service, {})
    return name.lower() in known.get("Actions", {})


def _formats(action: str) -> Sequence[str]:
    service, name = action.split(":")
    known = _read("AdditionalSpecs", "Policies.json")[service]
    kinds = known["Actions"].get(name.lower(), {}).get("Resources", [])
    places = (known["Resources"].get(kind, {}).get("ARNFormats", []) for kind in kinds)
    return [text for some in places for text in some]


@functools.cache
def _types() -> Any:  # noqa: ANN401 - whatever JSON it is
    return _read("schemas", "providers", f"{_REGION}.json")


@functools.cache
def _read(*path: str) -> Any:  # noqa: ANN401 - likewise
    file = resources.files("cfnlint").joinpath("data", *path)
    return json.loads(file.read_text(encoding="utf-8"))


@functools.cache
def _pattern(text: str) -> re.Pattern[str]:
    # An account may be a reference, whose name has colons of its own.
    return re.compile(re.sub(r"\$\{\w+\}", r"(\\$\\{[^}]*\\}|[^:]*)", text))

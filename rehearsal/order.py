"""In which order does CloudFormation make the resources of a template? It deletes them backwards.

A resource is made after what it names by ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` or ``DependsOn``.
Source: the CloudFormation user guide, "DependsOn attribute".
"""

import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

_NAMED = re.compile(r"\$\{(\w+)(?:\.[\w.]+)?\}")


def creation_order(resources: Mapping[str, Any]) -> Iterator[str]:
    """Yield logical ids, none before what it depends on. Raises ``CycleError``."""
    graph = {key: {*_needs(resource)} & resources.keys() for key, resource in resources.items()}
    yield from TopologicalSorter(graph).static_order()


def _needs(value: Any) -> Iterator[str]:
    """Yield the names in a value; pseudo parameters too, which are no resources."""
    if isinstance(value, list):
        for each in value:
            yield from _needs(each)
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _NAMES.get(key, _needs)(each)


def _named(value: Any) -> Iterator[str]:
    yield from [value] if isinstance(value, str) else value


def _attribute(value: Any) -> Iterator[str]:
    yield value.partition(".")[0] if isinstance(value, str) else value[0]


def _within(value: Any) -> Iterator[str]:
    text, known = value if isinstance(value, list) else (value, {})
    yield from (name for name in _NAMED.findall(text) if name not in known)
    yield from _needs(known)


_NAMES = {"Ref": _named, "DependsOn": _named, "Fn::GetAtt": _attribute, "Fn::Sub": _within}

"""Plants that are small enough to be lived through in a test."""

import copy
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.synth import Synthesis
from plantfile.reader import parse
from punchclock.plants import Plant
from rehearsal.permissions import Need, allows
from rehearsal.template import Role, Statement

PAIR = """
plant: pair
timezone: Europe/Berlin
region: eu-central-1
shifts:
  dawn: {days: daily, start: 06:00, end: 07:00}
  dusk: {days: daily, start: 20:00, end: 20:30}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [dawn, dusk]}
  paint:
    service: rekognition
    project_version_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/p/17680
    project_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/17680
    shifts: [{dawn: {units: 3}}]
"""

EIGHT_HOURS = """
plant: seed
timezone: UTC
region: eu-central-1
shifts:
  day: {days: daily, start: 08:00, end: 16:00}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [day]}
"""

SWEEPING = "cron(* * * * ? *)"


def plant(text: str) -> Plant:
    return parse(text.encode(), f"{Path(__file__).name}")


def edited(synthesis: Synthesis, edit: Callable[[dict[str, Any]], None]) -> Synthesis:
    """Return a synthesis whose template was changed by hand."""
    template = copy.deepcopy(dict(synthesis.template))
    edit(template)
    return replace(synthesis, template=template)


def resources(template: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield key, resource["Properties"]


def without_schedules(template: dict[str, Any], part: str) -> None:
    """Remove the schedules whose expression or name has this in it."""
    for key, properties in list(resources(template, "AWS::Scheduler::Schedule")):
        if part in properties["ScheduleExpression"] or part in properties.get("Name", ""):
            del template["Resources"][key]


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement of every policy that belongs to roles, with the policy's logical id."""
    for key, properties in resources(template, "AWS::IAM::Policy"):
        for statement in properties["PolicyDocument"]["Statement"]:
            yield key, statement
    for key, properties in resources(template, "AWS::IAM::Role"):
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield key, statement


def without_action(action: str) -> Callable[[dict[str, Any]], None]:
    """Return an edit that takes an action out of every statement."""

    def edit(template: dict[str, Any]) -> None:
        for _, statement in statements(template):
            actions = statement["Action"]
            listed = actions if isinstance(actions, list) else [actions]
            statement["Action"] = [each for each in listed if each != action] or ["none:None"]

    return edit


def unused_permissions(
    roles: Iterable[Role], needed: Collection[tuple[str, Need]]
) -> list[tuple[str, str, str]]:
    """Return role, action and resource of all that could be taken away, and no call were denied."""
    return [
        (role.name, action, resource)
        for role in roles
        for statement in role.statements
        for action in statement.actions
        for resource in statement.resources
        if all(
            allows(_without(role, statement, action, resource), need)
            for holder, need in needed
            if holder == role.name
        )
    ]


def _without(role: Role, narrowed: Statement, action: str, resource: str) -> Role:
    """Return a role that a statement no longer allows an action on a resource."""
    others = tuple(each for each in narrowed.actions if each != action)
    elsewhere = tuple(each for each in narrowed.resources if each != resource)
    kept = [each for each in role.statements if each is not narrowed]
    parts = [replace(narrowed, actions=others), replace(narrowed, resources=elsewhere)]
    return Role(name=role.name, statements=(*kept, *parts))

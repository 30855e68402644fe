"""What does CloudFormation do when a stack is made, updated and destroyed?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rehearsal.template import Deployment
from rehearsal.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction:
    """How the end of a stack went."""

    deleted: tuple[str, ...]
    """Logical ids in the order in which they went."""
    answers: Mapping[str, Mapping[str, str]]
    """What the custom resources' functions answered, by logical id."""
    failed: str | None
    """The resource that could not be deleted, where it ended: all it depends on is still there."""


def create(world: World) -> None:
    """Ask about the custom resources of a stack that is being made.

    Raises ``LookupError`` when one of them cannot be made.
    """
    for custom in world.deployment.customs.values():
        answer = world.ask(custom, "Create")
        if answer["Status"] != "SUCCESS":
            raise LookupError(f"{custom.key} could not be made: {answer['Reason']}")


def update(world: World, new: Deployment, asset: Path) -> Iterator[None]:
    """Bring a stack to another template, and pause between the steps that CloudFormation takes.

    Functions come first, because schedules name them; what no template names any more goes last,
    in the clean-up. So for a while old schedules call new functions, and then new ones do as well.
    Raises ``LookupError`` when a custom resource cannot be updated. Source: the CloudFormation user
    guide, "Understand update behaviors of stack resources".
    """
    old = world.deployment
    kept = {schedule.key for schedule in new.schedules}
    gone = tuple(schedule for schedule in old.schedules if schedule.key not in kept)
    world.become(replace(new, schedules=old.schedules), asset)
    for key in world.deployment.customs.keys() & old.customs.keys():
        answer = world.ask(world.deployment.customs[key], "Update")
        if answer["Status"] != "SUCCESS":
            raise LookupError(f"{key} could not be updated: {answer['Reason']}")
    yield
    world.become(replace(new, schedules=(*new.schedules, *gone)), asset)
    yield
    world.become(new, asset)


def destroy(world: World) -> Destruction:
    """Delete the resources of a stack one after the other, no one before all that need it."""
    deleted: list[str] = []
    answers: dict[str, Mapping[str, str]] = {}
    for key in reversed(world.deployment.order):
        custom = world.deployment.customs.get(key)
        if custom is not None:
            answers[key] = world.ask(custom, "Delete")
            if answers[key]["Status"] != "SUCCESS":
                return Destruction(deleted=tuple(deleted), answers=answers, failed=key)
        world.deployment = _without(world, key)
        deleted.append(key)
    return Destruction(deleted=tuple(deleted), answers=answers, failed=None)


def _without(world: World, key: str) -> Deployment:
    """Return what is left of a deployment without a resource; tables outlive their stack."""
    left = world.deployment
    return replace(
        left,
        schedules=tuple(each for each in left.schedules if each.key != key),
        functions={arn: each for arn, each in left.functions.items() if each.key != key},
    )

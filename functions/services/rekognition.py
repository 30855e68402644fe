"""How does Amazon Rekognition Custom Labels start, stop and describe a project version?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from functions.services.refusals import Meanings, NotFound, translated
from functions.services.spec import Account, Grants, Key, Metric, Scope, Spec
from punchclock.errors import (
    InvalidPlant,
    NotYet,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import Observation, State
from punchclock.plants import Quota, Target, require_units

if TYPE_CHECKING:
    # At run time it would load all that makes clients, for a reader of plant files too.
    from botocore.client import BaseClient

NAME = "rekognition"

STATES: Mapping[str, State] = {
    "TRAINING_IN_PROGRESS": State.TRAINING,
    "TRAINING_COMPLETED": State.STOPPED,  # never started
    "TRAINING_FAILED": State.TRAINING,
    "STARTING": State.STARTING,
    "RUNNING": State.RUNNING,
    "FAILED": State.FAILED,
    "STOPPING": State.STOPPING,
    "STOPPED": State.STOPPED,
    "DELETING": State.DELETING,
    "COPYING_IN_PROGRESS": State.TRAINING,
    "COPYING_COMPLETED": State.STOPPED,  # arrived from another project and never started
    "COPYING_FAILED": State.TRAINING,
    # The reference lists the last two without a word about starting or stopping. Both say that the
    # version is past its use, so it is left alone and a person is told that it wants training anew.
    "DEPRECATED": State.TRAINING,
    "EXPIRED": State.TRAINING,
}
"""What ``Status`` means. Source: ProjectVersionStatus in the Rekognition API reference."""

MEANINGS: Meanings = {
    "AccessDeniedException": Refused,
    "InternalServerError": ServiceSilent,
    "InvalidPaginationTokenException": Refused,
    "InvalidParameterException": Refused,
    "LimitExceededException": QuotaReached,
    "ProvisionedThroughputExceededException": Throttled,
    "ResourceInUseException": NotYet,
    "ResourceNotFoundException": NotFound,
    "ThrottlingException": Throttled,
}
"""What the service's errors mean. Source: the Rekognition API reference."""

NAMES = 10
"""Most version names that DescribeProjectVersions takes."""


class Rekognition:
    """Rekognition Custom Labels behind the port ``Service``: one batch is one project."""

    def __init__(self, reader: "BaseClient", actor: "BaseClient") -> None:
        """Take a client that is patient and one that asks once; see ``clients``."""
        self._versions = reader.get_paginator("describe_project_versions")
        self._actor = actor

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Describe versions of one project, ten a call."""
        seen = {}
        for some in _batched(targets, NAMES):
            seen.update(self._described(some[0].batch, [_names(each)[1] for each in some]))
        return {
            target.id: seen.get(target.address["project_version_arn"], _MISSING)
            for target in targets
        }

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Start the version; the service takes no token, so ``token`` is not sent."""
        del token
        require_units(units, f"start of {target.id}")
        most = {} if max_units is None else {"MaxInferenceUnits": max_units}
        with translated(MEANINGS):
            self._actor.start_project_version(**_address(target), MinInferenceUnits=units, **most)

    def stop(self, target: Target, token: str) -> None:
        """Stop the version; the service takes no token, so ``token`` is not sent."""
        del token
        with translated(MEANINGS):
            self._actor.stop_project_version(**_address(target))

    def _described(self, project: str, names: Sequence[str]) -> dict[str, Observation]:
        """Return what is known of the project's versions of these names, by version ARN."""
        try:
            return dict(self._pages(ProjectArn=project, VersionNames=names))
        except NotFound:
            if len(names) == 1:
                return {}
        # The reference does not say whether one unknown name spoils the answer about all of them.
        # One deleted version must not make the others look deleted, so ask about the whole project.
        try:
            return dict(self._pages(ProjectArn=project))
        except NotFound:
            return {}

    def _pages(self, **question: object) -> Iterator[tuple[str, Observation]]:
        with translated(MEANINGS):
            for page in self._versions.paginate(**question):
                for version in page["ProjectVersionDescriptions"]:
                    yield version["ProjectVersionArn"], _observation(version)


_MISSING = Observation(
    state=State.MISSING, word="not found", message="the project has no version with this ARN"
)


def _observation(version: Mapping[str, object]) -> Observation:
    word = str(version.get("Status", "no status"))
    units = version.get("MinInferenceUnits")
    return Observation(
        state=STATES.get(word, State.UNKNOWN),
        word=word,
        units=units if isinstance(units, int) else None,
        message=str(version.get("StatusMessage", "")),
    )


def _address(target: Target) -> dict[str, str]:
    return {"ProjectVersionArn": target.address["project_version_arn"]}


def _batched(targets: Sequence[Target], size: int) -> Iterator[Sequence[Target]]:
    return (targets[first : first + size] for first in range(0, len(targets), size))


_PROJECT = r"arn:[a-z0-9-]+:rekognition:[a-z0-9-]+:[0-9]{12}:project/[a-zA-Z0-9_.-]{1,255}"


def _target(keys: Mapping[str, str]) -> Target:
    arn, project_arn = keys["project_version_arn"], keys["project_arn"]
    home, project, _, version, _ = arn.split("/")
    # The digits that end the project's ARN are its own, so it cannot be made of the version's.
    if project_arn.rpartition("/")[0] != f"{home}/{project}":
        message = (
            f"project_arn: {project_arn} is not the project of {arn}; {home}/{project}/… would do"
        )
        raise InvalidPlant(message)
    return Target(
        service=NAME,
        key=f"{project}/{version}",
        batch=project_arn,
        address={"project_version_arn": arn, "project_arn": project_arn},
    )


def _names(target: Target) -> tuple[str, str]:
    _, project, _, version, _ = target.address["project_version_arn"].split("/")
    return project, version


def _projects(at: Account) -> str:
    return f"arn:{at.partition}:rekognition:{at.region}:{at.account}:project"


def _version_arn(target: Target | None, scope: Scope, at: Account) -> str:
    if target is None or scope == "account":
        return f"{_projects(at)}/*/version/*"
    if scope == "project":
        return f"{_projects(at)}/{_names(target)[0]}/version/*"
    return target.address["project_version_arn"]


def _project_arn(target: Target | None, scope: Scope, at: Account) -> str:
    if target is None or scope == "account":
        return f"{_projects(at)}/*/*"
    return target.address["project_arn"]


def _metric(target: Target) -> Metric:
    project, version = _names(target)
    return Metric(
        namespace="AWS/Rekognition",
        name="InServiceInferenceUnits",
        dimensions={"ProjectName": project, "VersionName": version},
    )


SPEC = Spec(
    name=NAME,
    keys=(
        Key(
            name="project_version_arn",
            pattern=re.compile(rf"{_PROJECT}/version/[a-zA-Z0-9_.-]{{1,255}}/[0-9]+"),
            hint="the ARN of the trained version, for example arn:aws:rekognition:eu-central-1:"
            "123456789012:project/paint/version/paint.2026-01-10T09.00.00/1768035600000",
        ),
        Key(
            name="project_arn",
            pattern=re.compile(rf"{_PROJECT}/[0-9]+"),
            hint="the ARN of the version's project, for example arn:aws:rekognition:eu-central-1:"
            "123456789012:project/paint/1768035000000",
        ),
    ),
    target=_target,
    metric=_metric,
    observe=Grants(actions=("rekognition:DescribeProjectVersions",), arn=_project_arn),
    start=Grants(actions=("rekognition:StartProjectVersion",), arn=_version_arn),
    stop=Grants(actions=("rekognition:StopProjectVersion",), arn=_version_arn),
    rate=Decimal("4.00"),
    quota=Quota(running_models=2, units_per_model=5),
    quota_codes={"running_models": "L-5E225387", "units_per_model": "L-4FA65ECB"},
)
"""Source: the Rekognition API reference, its endpoints and quotas page, and its price page."""

"""How does Amazon Rekognition Custom Labels start, stop and describe a project version?"""

import re
from collections.abc import Mapping
from decimal import Decimal

from functions.services.spec import Account, Grants, Key, Metric, Scope, Spec
from punchclock.errors import InvalidPlant
from punchclock.plants import Quota, Target

NAME = "rekognition"

_PROJECT = r"arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project/[a-zA-Z0-9_.-]{1,255}"


def _target(keys: Mapping[str, str]) -> Target:
    arn, project_arn = keys["project_version_arn"], keys["project_arn"]
    home, project, _, version, _ = arn.split("/")
    # The digits that end the project's ARN are its own, so it cannot be made of the version's.
    if project_arn.rpartition("/")[0] != f"{home}/{project}":
        message = f"project_arn: {project_arn} is not the project of {arn}; {home}/{project}/… would do"
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
            pattern=re.compile(rf"{_PROJECT}/version/[a-zA-Z0-9_.-]{{1,255}}/\d+"),
            hint="the ARN of the trained version, for example arn:aws:rekognition:eu-central-1:"
            "123456789012:project/paint/version/paint.2026-01-10T09.00.00/1768035600000",
        ),
        Key(
            name="project_arn",
            pattern=re.compile(rf"{_PROJECT}/\d+"),
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
)
"""Source: the Rekognition API reference, its endpoints and quotas page, and its price page."""

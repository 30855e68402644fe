"""How does Amazon Lookout for Vision start, stop and describe a model?

AWS ended the service on 2025-10-31 and took its client out of botocore; ours is described in ``data``
beside this module.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from functions.services.spec import Account, Grants, Key, Metric, Scope, Spec
from punchclock.plants import Quota, Target

NAME = "lookoutvision"


def _target(keys: Mapping[str, str]) -> Target:
    project, version = keys["project"], keys["version"]
    key = f"{project}/{version}"
    # One call describes one model, so every model is a batch of its own.
    return Target(
        service=NAME, key=key, batch=key, address={"project": project, "version": version}
    )


def _arn(target: Target | None, scope: Scope, at: Account) -> str:
    address = {} if target is None or scope == "account" else target.address
    project = address.get("project", "*")
    version = address.get("version", "*") if scope == "model" else "*"
    return f"arn:{at.partition}:{NAME}:{at.region}:{at.account}:model/{project}/{version}"


def _metric(target: Target) -> Metric:
    return Metric(
        namespace="AWS/LookoutVision",
        name="InServiceInferenceUnits",
        dimensions={
            "ProjectName": target.address["project"],
            "ModelVersion": target.address["version"],
        },
    )


SPEC = Spec(
    name=NAME,
    keys=(
        Key(
            name="project",
            pattern=re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}"),
            hint="the project's name: letters, digits, - and _, for example circuit-boards",
        ),
        Key(
            name="version",
            pattern=re.compile(r"[1-9][0-9]{0,9}"),
            hint='the model\'s version, a whole number from 1, for example "1"; '
            "latest will not do: it has no ARN and no metric",
        ),
    ),
    target=_target,
    metric=_metric,
    observe=Grants(actions=("lookoutvision:DescribeModel",), arn=_arn),
    start=Grants(actions=("lookoutvision:StartModel",), arn=_arn),
    stop=Grants(actions=("lookoutvision:StopModel",), arn=_arn),
    rate=Decimal("4.00"),
    quota=Quota(units_per_model=5),
    warning="AWS ended Lookout for Vision on 2025-10-31: real accounts can no longer reach its models. "
    "Its successors are Rekognition Custom Labels (service: rekognition) and SageMaker endpoints "
    'with the Marketplace model "Computer Vision Defect Detection"',
)
"""Source: the service's API, quota and metric pages as of 2023; its price was USD 4.00 in the first tier."""

"""How does Amazon Lookout for Vision start, stop and describe a model?

AWS ended the service on 2025-10-31 and took its client out of botocore; ours is described in the
folder ``data`` beside this module.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from functions.services.refusals import Meanings, NotFound, translated
from functions.services.spec import Account, Grants, Key, Metric, Scope, Spec
from punchclock.errors import NotYet, QuotaReached, Refused, ServiceSilent, Throttled
from punchclock.observations import Observation, State
from punchclock.plants import Quota, Target, require_units

if TYPE_CHECKING:
    # At run time it would load all that makes clients, for a reader of plant files too.
    from botocore.client import BaseClient

NAME = "lookoutvision"

STATES: Mapping[str, State] = {
    "TRAINING": State.TRAINING,
    "TRAINED": State.STOPPED,  # never hosted, or no longer: the service has one word for both
    "TRAINING_FAILED": State.TRAINING,
    "STARTING_HOSTING": State.STARTING,
    "HOSTED": State.RUNNING,
    "HOSTING_FAILED": State.FAILED,
    "STOPPING_HOSTING": State.STOPPING,
    "SYSTEM_UPDATING": State.UPDATING,
    "DELETING": State.DELETING,
}
"""What ``Status`` means. Source: ModelStatus in the service's API reference."""

MEANINGS: Meanings = {
    "AccessDeniedException": Refused,
    "ConflictException": NotYet,
    "InternalServerException": ServiceSilent,
    "ResourceNotFoundException": NotFound,
    "ServiceQuotaExceededException": QuotaReached,
    "ThrottlingException": Throttled,
    "ValidationException": Refused,
}
"""What the service's errors mean. Source: its API reference."""


class LookoutVision:
    """Lookout for Vision behind the port ``Service``: one DescribeModel a model."""

    def __init__(self, reader: "BaseClient", actor: "BaseClient") -> None:
        """Take a client that is patient and one that asks once; see ``clients``."""
        self._reader = reader
        self._actor = actor

    def observe(self, targets: Sequence[Target]) -> Mapping[str, Observation]:
        """Describe the models, one call each."""
        return {target.id: self._observe(target) for target in targets}

    def start(self, target: Target, units: int, max_units: int | None, token: str) -> None:
        """Start the model; ``token`` is 1 to 64 letters, digits and ``-``, and lives 8 hours."""
        require_units(units, f"start of {target.id}")
        most = {} if max_units is None else {"MaxInferenceUnits": max_units}
        with translated(MEANINGS):
            self._actor.start_model(
                **_address(target), MinInferenceUnits=units, ClientToken=token, **most
            )

    def stop(self, target: Target, token: str) -> None:
        """Stop the model; ``token`` as for ``start``, and never one that a start has had."""
        with translated(MEANINGS):
            self._actor.stop_model(**_address(target), ClientToken=token)

    def _observe(self, target: Target) -> Observation:
        try:
            with translated(MEANINGS):
                answer = self._reader.describe_model(**_address(target))
        except NotFound as error:
            return Observation(state=State.MISSING, word="not found", message=str(error))
        model = answer["ModelDescription"]
        word = model.get("Status", "no status")
        return Observation(
            state=STATES.get(word, State.UNKNOWN),
            word=word,
            units=model.get("MinInferenceUnits"),
            message=model.get("StatusMessage", ""),
        )


def _address(target: Target) -> dict[str, str]:
    return {
        "ProjectName": target.address["project"],
        "ModelVersion": target.address["version"],
    }


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
    warning="AWS ended Lookout for Vision on 2025-10-31: no account can reach its models any more. "
    "Its successors are Rekognition Custom Labels (service: rekognition) and SageMaker endpoints "
    'with the Marketplace model "Computer Vision Defect Detection"',
)
"""Source: the service's API, quota and metric pages of 2023; the price is its first tier."""

"""What does a person type? The commands that alarms and dashboard tell people of."""

import re
from collections.abc import Callable, Mapping

from aws_cdk import aws_sqs as sqs

from functions.services.catalog import SPECS
from functions.services.spec import Grants, Spec
from infra.functions import Functions
from infra.queries import COSTS, ERRORS, name_of
from punchclock.costs import two_decimals
from punchclock.notices import RUNBOOK
from punchclock.plants import CURRENCY, Plant

_DOES = {
    "act": {
        "tries": "Punchclock keeps trying.",
        "ends": "Somebody's own run is stopped when manual_runs of the plant file says.",
        "off": 'punchclock hold {file} MODEL off --until HH:MM --why "WHY"',
        "again": "and, once it is stopped, by this it is started again while its shift lasts:"
        "\npunchclock cancel {file} MODEL",
    },
    "watch": {
        **dict.fromkeys(
            ("tries", "ends", "again"),
            "Punchclock only watches this plant: it starts and stops nothing.",
        ),
        "off": "{stop}",
    },
}
"""What Punchclock does itself, and how it is told to stop a model, by the mode of the plant."""


def words(plant: Plant, functions: Functions, failures: sqs.IQueue) -> Mapping[str, str]:
    """Return what to type for each thing there is to do, by its name.

    The commands are those of the AWS CLI and of ``punchclock``; what a person must fill in is in
    capitals.
    """
    where = f"--region {plant.region}"
    file = f"plants/{plant.name}.yaml"
    tail = f"aws logs tail {functions.sweep.log_group.log_group_name} --since 1h {where}"
    queue = f"--queue-url {failures.queue_url} {where}"
    stop = _by_hand(plant, _stop)
    return {
        **{key: text.format(file=file, stop=stop) for key, text in _DOES[plant.mode].items()},
        "file": file,
        "runbook": RUNBOOK,
        "status": f"punchclock status {file}",
        "checkup": f"punchclock checkup {file}",
        "report": f"punchclock report {file} --month YYYY-MM",
        "sweep": tail,
        "look": f"aws sqs receive-message {queue}",
        "purge": f"aws sqs purge-queue {queue}",
        "errors": f'the saved query "{name_of(ERRORS, plant)}" in Logs Insights',
        "costs": f'the saved query "{name_of(COSTS, plant)}" in Logs Insights',
        "plan": f"punchclock plan {file} --from YYYY-MM-01 --to YYYY-MM-01",
        "start": _by_hand(plant, _start),
        "stop": stop,
        "budget": "" if plant.budget is None else f"{CURRENCY} {two_decimals(plant.budget)}",
    }


def _by_hand(plant: Plant, grants: Callable[[Spec], Grants]) -> str:
    """Return the AWS CLI's command for a verb, for each model service in use."""
    used = sorted({model.target.service for model in plant.models})
    return " or ".join(_command(grants(SPECS[service]).actions[0]) for service in used)


def _command(action: str) -> str:
    """Return the AWS CLI's command for an IAM action: rekognition:StopProjectVersion, for example.

    The CLI writes the name of an operation in small letters with hyphens between its words.
    """
    service, operation = action.split(":")
    return f"aws {service} {re.sub(r'(?<!^)(?=[A-Z])', '-', operation).lower()}"


def _start(spec: Spec) -> Grants:
    return spec.start


def _stop(spec: Spec) -> Grants:
    return spec.stop

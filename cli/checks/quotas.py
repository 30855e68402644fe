"""Does the account allow what the plant file says it does, and what the plan asks for?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from cli.checks.findings import Finding, Patient, note, ok, unseen, wrong
from functions.services.catalog import SPECS
from functions.services.refusals import code
from punchclock import localtime
from punchclock.advice.crowds import crowds
from punchclock.advice.outlook import Outlook
from punchclock.plants import Model, Plant, Quota

_NO_SUCH = "NoSuchResourceException"
"""Service Quotas' word for a quota that it does not know, or whose default nobody has raised."""


def quotas(patient: Patient) -> Iterator[Finding]:
    """Compare the quotas of each service in use with the file and with the plan of a year."""
    client = patient.desk.client("service-quotas")
    enabled = [model for model in patient.plant.models if model.enabled]
    for service in sorted({model.target.service for model in enabled}):
        codes = SPECS[service].quota_codes
        if not codes:
            yield note(
                f"nobody knows what Service Quotas says of {service}: the file's word counts"
            )
            continue
        allowed = {field: _value(client, service, code) for field, code in codes.items()}
        for field, value in allowed.items():
            yield _compared(patient, service, field, value)
        known = {field: value for field, value in allowed.items() if value is not None}
        own = [model for model in enabled if model.target.service == service]
        yield from _planned(patient, service, Quota(**known), own)


def _value(client: Any, service: str, quota: str) -> int | None:  # noqa: ANN401 - boto3 makes clients at run time
    """Return what applies to the account, or else AWS's default; None where neither is known."""
    for ask in (client.get_service_quota, client.get_aws_default_service_quota):
        try:
            return int(ask(ServiceCode=service, QuotaCode=quota)["Quota"]["Value"])
        except ClientError as error:
            if code(error) != _NO_SUCH:
                raise
    return None


def _compared(patient: Patient, service: str, field: str, value: int | None) -> Finding:
    quota = SPECS[service].quota_codes[field]
    name = f"{service} {field} ({quota})"
    said = getattr(patient.plant.quotas.get(service, SPECS[service].quota), field)
    if value is None:
        remedy = f"look for it in the console of Service Quotas, and at quotas.{service}"
        return unseen(f"Service Quotas does not know {name}", remedy)
    words = f"{name}: the account allows {value}, the plant file says {said}"
    key = f"quotas: {{{service}: {{{field}: {value}}}}} in the plant file"
    if said is None or value > said:
        return note(words, f"{key} would use it")
    if value < said:
        return wrong(words, f"ask AWS for more in Service Quotas, or write {key}")
    return ok(words)


def _planned(patient: Patient, service: str, allowed: Quota, own: list[Model]) -> Iterator[Finding]:
    plant = replace(patient.plant, quotas={service: allowed})
    found = [*_crowded(plant, patient), *_large(own, service, allowed)]
    yield from found
    if not found and allowed.running_models is not None:
        yield ok(f"{service}: the plan of a year stays within the account's quotas")


def _crowded(plant: Plant, patient: Patient) -> Iterator[Finding]:
    today = localtime.day_of(patient.now, plant.zone)
    for advice in crowds(Outlook.of(plant, today)):
        yield wrong(advice.message, "ask AWS for more in Service Quotas, or move the shifts apart")


def _large(own: list[Model], service: str, allowed: Quota) -> Iterator[Finding]:
    most = allowed.units_per_model
    for model in own if most is not None else ():
        units = _most_units(model)
        if most is not None and units > most:
            yield wrong(
                f"{model.name} may take {units} units, {service} gives a model {most}",
                "ask AWS for more in Service Quotas, or lower its units",
            )


def _most_units(model: Model) -> int:
    wanted: Mapping[str, int] = {each.shift.name: each.units for each in model.assignments}
    return max([model.units, model.max_units or 0, *wanted.values()])

"""Whose account is this, and what of the plant is deployed there?"""

from collections.abc import Iterator, Mapping

from cli.checks.findings import Finding, Level, Patient, note, ok, wrong
from infra.names import APP, APP_TAG, VERSION_TAG, version
from punchclock.rosters import claim
from punchclock.spellings import listed


def account(patient: Patient) -> Iterator[Finding]:
    """Compare whose credentials these are with where the plant file wants the plant."""
    plant, found = patient.plant, patient.desk.account
    where = f"account {found}, region {plant.region}"
    if patient.desk.endpoint:
        yield note(f"{where} of a stand-in at {patient.desk.endpoint}: this is not AWS")
    elif plant.account is None:
        pin = f'account: "{found}" in {patient.file} pins it'
        yield note(f"{where}, but the plant file says no account: any would do", pin)
    elif plant.account != found:
        yield wrong(
            f"the credentials are of account {found}, the plant is in {plant.account}",
            "log in there, for example with AWS_PROFILE",
        )
    else:
        yield ok(f"{where}, as the plant file says")


def stack(patient: Patient) -> Iterator[Finding]:
    """Look whether the stack is there, whole, ours, and of this plant file and version."""
    name = patient.stack
    found = patient.stacks.find(name)
    if found is None:
        yield wrong(f"the stack {name} is not there", patient.deploy)
        return
    if found.tags.get(APP_TAG) != APP:
        yield wrong(
            f"the stack {name} has no tag {APP_TAG}={APP}: Punchclock did not deploy it",
            "look whose it is: cloudformation describe-stacks; name the plant otherwise",
        )
        return
    yield _status(patient, found.status)
    yield _version(patient, found.tags)
    yield from _claims(patient, patient.stacks.claims(name))


_STATUSES: Mapping[str, tuple[Level, str]] = {
    "CREATE_COMPLETE": (Level.OK, ""),
    "UPDATE_COMPLETE": (Level.OK, ""),
    "IMPORT_COMPLETE": (Level.OK, ""),
    "UPDATE_ROLLBACK_COMPLETE": (
        Level.NOTE,
        "the last deployment was taken back: look at the stack's events",
    ),
}
"""What is to be done about a stack; every other status is of one that is not whole. Source: the
CloudFormation guide, "Stack status codes"."""

_CHANGING = "_IN_PROGRESS"


def _status(patient: Patient, status: str) -> Finding:
    said = f"the stack {patient.stack} is {status}"
    if status.endswith(_CHANGING):
        return note(said, "ask again when the deployment has ended")
    events = f"look at its events, then {patient.deploy}"
    level, remedy = _STATUSES.get(status, (Level.WRONG, events))
    return Finding(level=level, said=said, remedy=remedy)


def _version(patient: Patient, tags: Mapping[str, str]) -> Finding:
    deployed, here = tags.get(VERSION_TAG, "unknown"), version()
    if deployed == here:
        return ok(f"version {deployed} is deployed, as in this checkout")
    return note(f"version {deployed} is deployed, this checkout is {here}", patient.deploy)


def _claims(patient: Patient, deployed: frozenset[str]) -> Iterator[Finding]:
    claims = {claim(model.target): model.name for model in patient.plant.models}
    missing = sorted(name for key, name in claims.items() if key not in deployed)
    if missing:
        said = f"in the plant file, but not deployed: {listed(missing)}"
        yield wrong(said, patient.deploy)
    more = len(deployed - claims.keys())
    if more:
        yield note(f"deployed, but no longer in the plant file: {more}", patient.deploy)

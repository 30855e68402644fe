"""Which checks are there, in which order, and what does each need? One line per check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.aws.obstacles import Unreachable, denied, not_served, obstacles
from cli.checks.deployment import account, stack
from cli.checks.findings import Check, Finding, Level, Patient, unseen
from cli.checks.metering import metering
from cli.checks.models import models
from cli.checks.pulse import failures, heartbeat, schedules
from cli.checks.quotas import quotas
from cli.checks.roles import roles
from cli.checks.telling import told
from functions.ledger import READS
from functions.meter import PERMISSIONS as METERS
from functions.services.catalog import SPECS

_FIND = "cloudformation:DescribeStacks"

CHECKS: tuple[Check, ...] = (
    Check(
        name="account",
        question="are the credentials of the plant's account?",
        look=account,
        anywhere=True,
    ),
    Check(
        name="stack",
        question="is the plant deployed, whole, and as its file says?",
        look=stack,
        needs=(_FIND, "cloudformation:GetTemplateSummary"),
    ),
    Check(
        name="models",
        question="does each service know its models, and can they be started and stopped?",
        look=models,
        needs=tuple(action for spec in SPECS.values() for action in spec.observe.actions),
    ),
    Check(
        name="quotas",
        question="does the account allow what the file and the plan ask for?",
        look=quotas,
        needs=("servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"),
    ),
    Check(
        name="roles",
        question="may each role do what it has to, and nothing that it must not?",
        look=roles,
        needs=("cloudformation:ListStackResources", "iam:SimulatePrincipalPolicy"),
    ),
    Check(
        name="told",
        question="has everybody confirmed that they want to be told?",
        look=told,
        needs=(_FIND, "sns:ListSubscriptionsByTopic"),
    ),
    Check(
        name="heartbeat",
        question="was a sweep completed in the last five minutes?",
        look=heartbeat,
        needs=METERS,
    ),
    Check(
        name="schedules",
        question="has each edge its schedule, and is it enabled?",
        look=schedules,
        needs=("scheduler:ListSchedules",),
    ),
    Check(
        name="failures",
        question="was every event handled?",
        look=failures,
        needs=(_FIND, "sqs:GetQueueAttributes"),
    ),
    Check(
        name="metering",
        question="do yesterday's cards say what the services' metric says?",
        look=metering,
        needs=(_FIND, *READS, *METERS),
    ),
)
"""All checks; an earlier one often explains a later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one check has found."""

    check: Check
    findings: Sequence[Finding]

    @property
    def level(self) -> Level:
        """The worst of its findings."""
        return max((each.level for each in self.findings), key=list(Level).index)


def examined(patient: Patient) -> Iterator[Looked]:
    """Make every check; one that cannot look keeps no other from looking."""
    return (looked(check, patient) for check in CHECKS)


def looked(check: Check, patient: Patient) -> Looked:
    """Make one check, whatever may keep it from looking."""
    return Looked(check=check, findings=tuple(_findings(check, patient)))


def _findings(check: Check, patient: Patient) -> Iterator[Finding]:
    try:
        with obstacles(patient.plant, patient.desk.endpoint):
            if not check.anywhere:
                patient.desk.require_account()
            yield from check.look(patient)
    except Unreachable as error:
        yield _not_looked_at(check, error)


def _not_looked_at(check: Check, error: Unreachable) -> Finding:
    operation = denied(error)
    if operation:
        # The operation and its permission are called alike in every service that is asked.
        action = next((each for each in check.needs if each.endswith(f":{operation}")), operation)
        return unseen(f"needs {action}", "see docs/doctor.md for the policy")
    operation = not_served(error)
    if operation:
        return unseen(f"the stand-in does not serve {operation}")
    return unseen(str(error))

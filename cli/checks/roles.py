"""May each deployed role do what it has to, and nothing that it must not? IAM's own answer.

What a role needs is worked out anew, from the plant file and from what is deployed, and not read
from the policies: so a policy that somebody has changed, a boundary and the organization's own
policies all show.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from cli.checks.findings import Finding, Patient, ok, unseen, wrong
from functions.colleagues import PERMISSIONS as CALLS
from functions.ledger import CLOSES, READS, REOPENS, WRITES
from functions.meter import PERMISSIONS as METERS
from functions.neighbours import LISTS
from functions.neighbours import READS as SUMMARIZES
from functions.notices import PERMISSIONS as TELLS
from functions.services.catalog import SPECS
from functions.services.refusals import code
from functions.services.spec import Grants, Spec
from punchclock.plants import Plant
from punchclock.spellings import listed

TOGETHER = 50
"""Resources that are simulated in one call."""

_UNKNOWN_ACTION = "InvalidInput"
"""IAM's word for a question that it cannot simulate, as of a service that is gone."""


class Need(NamedTuple):
    """Actions on resources, that a role must or must not be allowed."""

    actions: tuple[str, ...]
    resources: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a role is for."""

    role: str
    """The beginning of its logical id."""
    work: Callable[["Ward"], Sequence[Need]]
    """What it needs beside starting and stopping."""
    acts: Callable[[Plant], Collection[str]] = lambda _: ()
    """Whether it may ``start`` or ``stop`` the plant's models: what it may not, it must not. In
    ``mode: watch`` nobody may."""

    def may(self, ward: "Ward") -> list[Need]:
        """Return what it must be allowed."""
        return [*self.work(ward), *self._acting(ward, allowed=True)]

    def never(self, ward: "Ward") -> list[Need]:
        """Return what it must not be allowed."""
        return self._acting(ward, allowed=False)

    def _acting(self, ward: "Ward", *, allowed: bool) -> list[Need]:
        acts = self.acts(ward.plant) if ward.plant.mode == "act" else ()
        verbs = {"start": ward.start, "stop": ward.stop}
        return [
            need for verb, needs in verbs.items() if (verb in acts) is allowed for need in needs()
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """A plant and its resources, as a role's needs are spelled."""

    patient: Patient

    def observe(self) -> list[Need]:
        """Describe the plant's models."""
        return self._models(lambda spec: spec.observe)

    def start(self) -> list[Need]:
        """Start them."""
        return self._models(lambda spec: spec.start)

    def stop(self) -> list[Need]:
        """Stop them."""
        return self._models(lambda spec: spec.stop)

    def ledger(self, *actions: Sequence[str]) -> Need:
        """Read or write timecards."""
        flat = tuple(sorted({action for each in actions for action in each}))
        return Need(flat, [self._arn("dynamodb", f"table/{self.physical('LedgerTable')}")])

    def call(self, *modules: str) -> Need:
        """Call functions of the plant."""
        names = [self.physical(f"Functions{module}Function") for module in modules]
        return Need(CALLS, [self._arn("lambda", f"function:{name}") for name in names])

    def meter(self) -> Need:
        """Read metrics."""
        return Need(METERS, ["*"])

    def ask_next_door(self) -> list[Need]:
        """Read what the stacks of other plants claim, as of our own."""
        own = self._arn("cloudformation", f"stack/{self.patient.stack}/any")
        return [Need(LISTS, ["*"]), Need(SUMMARIZES, [own])]

    def tell(self) -> list[Need]:
        """Tell people of incidents, where there are some to tell."""
        return [Need(TELLS, [self.physical("NotifyTopic")])] if self.plant.notify else []

    def outlets(self, module: str) -> list[Need]:
        """Log, and keep what failed."""
        group = self.physical(f"Functions{module}Log")
        stream = self._arn("logs", f"log-group:{group}:log-stream:any")
        return [Need(("logs:CreateLogStream", "logs:PutLogEvents"), [stream]), self.fail()]

    def fail(self) -> Need:
        """Keep what could not be handled."""
        queue = self.physical("FailuresQueue").rpartition("/")[2]
        return Need(("sqs:SendMessage",), [self._arn("sqs", queue)])

    def physical(self, beginning: str) -> str:
        """Return a resource's name or URL by the beginning of its logical id.

        The CDK puts eight digits behind it. Raises ``LookupError`` where it is not there.
        """
        pattern = re.compile(rf"{beginning}[0-9A-F]{{8}}")
        for logical, physical in self.patient.resources.items():
            if pattern.fullmatch(logical):
                return physical
        raise LookupError(f"{beginning} is not in the stack {self.patient.stack}")

    def role(self, beginning: str) -> str:
        """Return a role's ARN."""
        at = self.patient.at
        return f"arn:{at.partition}:iam::{at.account}:role/{self.physical(beginning)}"

    @property
    def plant(self) -> Plant:
        """The plant."""
        return self.patient.plant

    def _models(self, grants: Callable[[Spec], Grants]) -> list[Need]:
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for model in self.plant.models:
            if model.enabled:
                grant = grants(SPECS[model.target.service])
                found[grant.actions].add(grant.arn(model.target, "model", self.patient.at))
        return [Need(actions, sorted(arns)) for actions, arns in found.items()]

    def _arn(self, service: str, resource: str) -> str:
        at = self.patient.at
        return f"arn:{at.partition}:{service}:{at.region}:{at.account}:{resource}"


def _looking(ward: Ward, module: str) -> list[Need]:
    return [*ward.observe(), ward.ledger(READS, WRITES), *ward.tell(), *ward.outlets(module)]


def _calls(ward: Ward) -> list[Need]:
    return [ward.call("StartModels", "StopModels")] if ward.plant.mode == "act" else []


DUTIES: tuple[Duty, ...] = (
    Duty(
        role="FunctionsStartModelsRole",
        work=lambda ward: _looking(ward, "StartModels"),
        acts=lambda _: ("start",),
    ),
    Duty(
        role="FunctionsStopModelsRole",
        work=lambda ward: _looking(ward, "StopModels"),
        acts=lambda _: ("stop",),
    ),
    Duty(
        role="FunctionsSweepRole",
        work=lambda ward: [*_looking(ward, "Sweep"), *ward.ask_next_door(), *_calls(ward)],
    ),
    Duty(
        role="FunctionsTimekeeperRole",
        work=lambda ward: [ward.meter(), ward.ledger(WRITES, CLOSES), *ward.outlets("Timekeeper")],
    ),
    Duty(
        role="FunctionsClosePlantRole",
        work=lambda ward: [
            *ward.observe(),
            ward.ledger(READS, WRITES, REOPENS),
            *ward.outlets("ClosePlant"),
            ward.call("ClosePlant"),
        ],
        acts=lambda plant: ("stop",) if plant.on_destroy == "stop" else (),
    ),
    Duty(
        role="SchedulesCaller",
        work=lambda ward: [
            ward.call("StartModels", "StopModels", "Sweep", "Timekeeper"),
            ward.fail(),
        ],
    ),
)
"""The roles of a plant (law of action: none can both start and stop)."""


class Answer(NamedTuple):
    """What IAM says of one action on one resource."""

    action: str
    resource: str
    allowed: bool
    why: str


def roles(patient: Patient) -> Iterator[Finding]:
    """Let IAM simulate what each role must and must not be allowed."""
    ward, client = Ward(patient=patient), patient.desk.client("iam")
    for duty in DUTIES:
        try:
            role = ward.role(duty.role)
            sides = [(True, duty.may(ward)), (False, duty.never(ward))]
        except LookupError as error:
            yield wrong(str(error.args[0]), patient.deploy)
            continue
        yield from _judged(client, role, sides)


def _judged(
    client: Any,  # noqa: ANN401 - boto3 makes clients at run time
    role: str,
    sides: Sequence[tuple[bool, Sequence[Need]]],
) -> Iterator[Finding]:
    name = role.rpartition("/")[2]
    counts = {True: 0, False: 0}
    fine = True
    for expected, needs in sides:
        for need in needs:
            try:
                answers = list(_simulated(client, role, need))
            except ClientError as error:
                if code(error) != _UNKNOWN_ACTION:
                    raise
                fine = False
                yield unseen(f"IAM cannot simulate {listed(need.actions)} for {name}: {error}")
                continue
            bad = [each for each in answers if each.allowed is not expected]
            counts[expected] += len(answers) - len(bad)
            fine = fine and not bad
            yield from _told(name, bad, expected=expected)
    if fine:
        denials = f", and denied the {counts[False]} that it must not" if counts[False] else ""
        yield ok(f"{name} is allowed the {counts[True]} things that it needs{denials}")


def _simulated(client: Any, role: str, need: Need) -> Iterator[Answer]:  # noqa: ANN401 - likewise
    """Yield an answer for each action on each resource; what IAM leaves out is not allowed."""
    pages = client.get_paginator("simulate_principal_policy")
    for first in range(0, len(need.resources), TOGETHER):
        some = need.resources[first : first + TOGETHER]
        found = {
            (answer.action, answer.resource): answer
            for page in pages.paginate(
                PolicySourceArn=role, ActionNames=list(need.actions), ResourceArns=list(some)
            )
            for result in page["EvaluationResults"]
            for answer in _answers(result)
        }
        for action in need.actions:
            for resource in some:
                missing = Answer(action, resource, allowed=False, why="IAM does not say")
                yield found.get((action, resource), missing)


def _answers(result: Mapping[str, Any]) -> Iterator[Answer]:
    """Read one result: of one resource, or of several that it lists."""
    action, why = result["EvalActionName"], _why(result)
    listed_apart = result.get("ResourceSpecificResults") or []
    for each in listed_apart:
        allowed = each["EvalResourceDecision"] == "allowed"
        yield Answer(action, each["EvalResourceName"], allowed, _why(each) or why)
    if not listed_apart:
        allowed = result["EvalDecision"] == "allowed"
        yield Answer(action, result.get("EvalResourceName", "*"), allowed, why)


def _why(result: Mapping[str, Any]) -> str:
    organization = result.get("OrganizationsDecisionDetail", {})
    boundary = result.get("PermissionsBoundaryDecisionDetail", {})
    if organization.get("AllowedByOrganizations") is False:
        return "a policy of the organization denies it"
    if boundary.get("AllowedByPermissionsBoundary") is False:
        return "the role's boundary leaves it out"
    said = result.get("EvalDecision", result.get("EvalResourceDecision"))
    return "a policy denies it" if said == "explicitDeny" else "no policy allows it"


def _told(name: str, bad: Sequence[Answer], *, expected: bool) -> Iterator[Finding]:
    """Yield one finding for each action, however many resources it is about."""
    by_action: dict[str, list[Answer]] = defaultdict(list)
    for each in bad:
        by_action[each.action].append(each)
    for action, some in by_action.items():
        more = f" and {len(some) - 1} more" if len(some) > 1 else ""
        what = f"{action} on {some[0].resource}{more}"
        if expected:
            yield wrong(
                f"{name} may not {what}: {some[0].why}",
                "deploy again; where a boundary or the organization is behind it, ask for it there",
            )
        else:
            yield wrong(
                f"{name} may {what}: nobody may both start and stop",
                f"look who attached what to it: aws iam list-attached-role-policies"
                f" --role-name {name}",
            )

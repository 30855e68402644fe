"""What does a synthesized template deploy? Its functions, schedules, roles and tables, resolved.

The template is the only source for what a rehearsal fires: handlers, environments, inputs, retry
settings and policies are read from here and from nowhere else.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.order import creation_order
from rehearsal.resolver import Resolver

ACCOUNT = "123456789012"
"""Where a plant is rehearsed that is pinned to no account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of an IAM policy."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    leading_keys: tuple[str, ...] | None = None
    """Partitions of a DynamoDB table that it is narrowed to; None where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role with the statements of all its policies, or a policy that people may be given."""

    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function."""

    key: str
    """Its logical id."""
    name: str
    arn: str
    handler: str
    environment: Mapping[str, str]
    role: Role
    timeout_seconds: int
    log_group: str
    on_failure: str | None
    """ARN of the queue for events that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A schedule of EventBridge Scheduler with its one target."""

    key: str
    """Its logical id."""
    name: str
    expression: str
    timezone: str
    target: str
    """ARN of the function."""
    input: str
    role: Role
    dead_letters: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomResource:
    """A resource that CloudFormation asks a function about."""

    key: str
    """Its logical id."""
    kind: str
    function: str
    """ARN of the function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """All that a rehearsal needs of a template."""

    stack: str
    region: str
    account: str
    functions: Mapping[str, Function] = field(default_factory=dict)
    """By ARN."""
    schedules: tuple[Schedule, ...] = ()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Properties of DynamoDB tables by name."""
    customs: Mapping[str, CustomResource] = field(default_factory=dict)
    """By logical id."""
    order: tuple[str, ...] = ()
    """All logical ids, none before what it depends on; the end of a stack goes backwards."""
    physical: Mapping[str, str] = field(default_factory=dict)
    """What ``Ref`` gives for each resource, by logical id."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What the template says of itself."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Roles by ARN."""
    policies: Mapping[str, Role] = field(default_factory=dict)
    """Managed policies by ARN."""
    topics: tuple[str, ...] = ()
    """ARNs."""
    subscriptions: tuple[Mapping[str, str], ...] = ()
    """``TopicArn``, ``Protocol`` and ``Endpoint`` of each."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """What the stack tells of itself."""

    @property
    def table(self) -> str:
        """The name of the ledger's table, the only one."""
        (name,) = self.tables
        return name


def deploy(template: Mapping[str, Any], *, stack: str, region: str, account: str) -> Deployment:
    """Resolve a CloudFormation template the way a deployment to an account and region would."""
    resolver = Resolver(template["Resources"], stack, region, account)
    roles = dict(_roles(resolver))
    destinations = dict(_destinations(resolver))
    functions = {function.arn: function for function in _functions(resolver, roles, destinations)}
    return Deployment(
        stack=stack,
        region=region,
        account=account,
        functions=functions,
        schedules=tuple(_schedules(resolver, roles)),
        tables={
            resolver.ref(key): resource for key, resource in resolver.of("AWS::DynamoDB::Table")
        },
        customs={custom.key: custom for custom in _customs(template["Resources"], resolver)},
        order=tuple(creation_order(template["Resources"])),
        physical={key: resolver.ref(key) for key in template["Resources"]},
        metadata=template.get("Metadata", {}),
        roles=roles,
        policies=dict(_policies(resolver)),
        topics=tuple(resolver.ref(key) for key, _ in resolver.of("AWS::SNS::Topic")),
        subscriptions=tuple(each for _, each in resolver.of("AWS::SNS::Subscription")),
        outputs={
            key: str(resolver.value(output["Value"]))
            for key, output in template.get("Outputs", {}).items()
        },
    )


def _policies(resolver: Resolver) -> Iterator[tuple[str, Role]]:
    for key, properties in resolver.of("AWS::IAM::ManagedPolicy"):
        statements = tuple(_statements(properties["PolicyDocument"]))
        yield resolver.arn(key), Role(name=key, statements=statements)


def _roles(resolver: Resolver) -> Iterator[tuple[str, Role]]:
    attached: dict[str, list[Any]] = {}
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for _, properties in resolver.of(kind):
            for role in properties.get("Roles", []):
                attached.setdefault(role, []).append(properties["PolicyDocument"])
    documents = {
        resolver.arn(key): properties["PolicyDocument"]
        for key, properties in resolver.of("AWS::IAM::ManagedPolicy")
    }
    for key, properties in resolver.of("AWS::IAM::Role"):
        name = resolver.ref(key)
        own = [each["PolicyDocument"] for each in properties.get("Policies", [])]
        managed = [
            documents[arn] for arn in properties.get("ManagedPolicyArns", []) if arn in documents
        ]
        statements = [
            statement
            for document in [*own, *managed, *attached.get(name, [])]
            for statement in _statements(document)
        ]
        yield resolver.arn(key), Role(name=name, statements=tuple(statements))


def _statements(document: Mapping[str, Any]) -> Iterator[Statement]:
    for each in _many(document["Statement"]):
        yield Statement(
            effect=each["Effect"],
            actions=tuple(_many(each["Action"])),
            resources=tuple(_many(each["Resource"])),
            leading_keys=_leading_keys(each.get("Condition", {})),
        )


def _leading_keys(condition: Mapping[str, Any]) -> tuple[str, ...] | None:
    if not condition:
        return None
    if condition.keys() - {"ForAllValues:StringEquals", "Null"}:
        message = f"no rehearsal knows the condition {dict(condition)}"
        raise LookupError(message)
    return tuple(_many(condition["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]))


def _destinations(resolver: Resolver) -> Iterator[tuple[str, str]]:
    for _, properties in resolver.of("AWS::Lambda::EventInvokeConfig"):
        target = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if target:
            yield properties["FunctionName"], target


def _functions(
    resolver: Resolver, roles: Mapping[str, Role], destinations: Mapping[str, str]
) -> Iterator[Function]:
    for key, properties in resolver.of("AWS::Lambda::Function"):
        role = roles[properties["Role"]]
        yield Function(
            key=key,
            name=resolver.ref(key),
            arn=resolver.arn(key),
            handler=properties["Handler"],
            environment=properties.get("Environment", {}).get("Variables", {}),
            role=role,
            timeout_seconds=properties["Timeout"],
            log_group=properties.get("LoggingConfig", {}).get("LogGroup", ""),
            on_failure=destinations.get(resolver.ref(key)),
        )


def _customs(resources: Mapping[str, Any], resolver: Resolver) -> Iterator[CustomResource]:
    for key, resource in resources.items():
        if resource["Type"].startswith("Custom::"):
            function = resolver.value(resource["Properties"]["ServiceToken"])
            yield CustomResource(key=key, kind=resource["Type"], function=function)


def _schedules(resolver: Resolver, roles: Mapping[str, Role]) -> Iterator[Schedule]:
    for key, properties in resolver.of("AWS::Scheduler::Schedule"):
        if properties.get("State", "ENABLED") != "ENABLED":
            continue
        target = properties["Target"]
        yield Schedule(
            key=key,
            name=resolver.ref(key),
            expression=properties["ScheduleExpression"],
            timezone=properties.get("ScheduleExpressionTimezone", "UTC"),
            target=target["Arn"],
            input=target.get("Input", "{}"),
            role=roles[target["RoleArn"]],
            dead_letters=target.get("DeadLetterConfig", {}).get("Arn"),
        )


def _many(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def rendered(schedule: Schedule, scheduled_at: str) -> Any:
    """Return a schedule's input with the attributes that the scheduler puts in."""
    text = schedule.input.replace("<aws.scheduler.scheduled-time>", scheduled_at)
    return json.loads(text.replace("<aws.scheduler.schedule-arn>", schedule.name))

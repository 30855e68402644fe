"""What does CloudFormation need to do to our resources, and where do they lie?

Which actions a type needs, CloudFormation's registry says. Not all of them are allowed.
"""

from collections.abc import Iterator, Mapping, Sequence

from infra.registry import applies, is_narrow, needed

OURS = "punchclock-*"
"""What CloudFormation calls our resources: it puts the stack's name first."""

HERE = "${AWS::Region}:${AWS::AccountId}"
"""Region and account of an ARN, where the template is deployed."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "AWS::CloudWatch::Alarm": (f"cloudwatch:{HERE}:alarm:{OURS}",),
    "AWS::CloudWatch::Dashboard": (f"cloudwatch::${{AWS::AccountId}}:dashboard/{OURS}",),
    "AWS::DynamoDB::Table": (f"dynamodb:{HERE}:table/{OURS}",),
    "AWS::IAM::ManagedPolicy": (f"iam::${{AWS::AccountId}}:policy/{OURS}",),
    "AWS::IAM::Policy": (f"iam::${{AWS::AccountId}}:role/{OURS}",),
    "AWS::IAM::Role": (f"iam::${{AWS::AccountId}}:role/{OURS}",),
    "AWS::Lambda::EventInvokeConfig": (f"lambda:{HERE}:function:{OURS}",),
    "AWS::Lambda::Function": (f"lambda:{HERE}:function:{OURS}",),
    "AWS::Logs::LogGroup": (f"logs:{HERE}:log-group:{OURS}",),
    "AWS::SNS::Subscription": (f"sns:{HERE}:{OURS}",),
    "AWS::SNS::Topic": (f"sns:{HERE}:{OURS}",),
    "AWS::SNS::TopicPolicy": (f"sns:{HERE}:{OURS}",),
    "AWS::SQS::Queue": (f"sqs:{HERE}:{OURS}",),
    "AWS::SQS::QueuePolicy": (f"sqs:{HERE}:{OURS}",),
    "AWS::Scheduler::Schedule": (f"scheduler:{HERE}:schedule/{OURS}/*",),
    "AWS::Scheduler::ScheduleGroup": (
        f"scheduler:{HERE}:schedule-group/{OURS}",
        f"scheduler:{HERE}:schedule/{OURS}/*",
    ),
}
"""Where the resources of a type lie that are ours. A type that is added to the stack is added here;
until then nothing can be printed."""

LEFT_OUT: Mapping[str, frozenset[str]] = {
    "the ledger outlives its stack: who deploys neither removes, reads nor rewrites it": frozenset(
        f"dynamodb:{name}"
        for name in (
            "AssociateTableReplica",
            "BatchWriteItem",
            "CreateTableReplica",
            "DeleteItem",
            "DeleteResourcePolicy",
            "DeleteTable",
            "GetItem",
            "ImportTable",
            "PutItem",
            "PutResourcePolicy",
            "Query",
            "Scan",
            "UpdateItem",
        )
    ),
    "no policy of ours is attached to anybody, and no role has one that is not its own": frozenset(
        f"iam:{name}"
        for name in (
            "AttachGroupPolicy",
            "AttachRolePolicy",
            "AttachUserPolicy",
            "DeleteGroupPolicy",
            "DeleteRolePermissionsBoundary",
            "DeleteUserPolicy",
            "DetachGroupPolicy",
            "DetachRolePolicy",
            "DetachUserPolicy",
            "GetGroupPolicy",
            "GetUserPolicy",
            "PutGroupPolicy",
            "PutRolePermissionsBoundary",
            "PutUserPolicy",
        )
    ),
    "for log groups that others may write to, or that are searched by fields": frozenset(
        f"logs:{name}"
        for name in (
            "CreateLogDelivery",
            "DeleteIndexPolicy",
            "DeleteResourcePolicy",
            "PutBearerTokenAuthentication",
            "PutIndexPolicy",
            "PutResourcePolicy",
        )
    ),
    "for functions with layers, with signed code, or on machines of one's own": frozenset(
        f"lambda:{name}"
        for name in (
            "AssociateRuntimeAlias",
            "DeleteFunctionCodeSigningConfig",
            "GetCodeSigningConfig",
            "GetLayerVersion",
            "PassCapacityProvider",
            "PutFunctionCodeSigningConfig",
            "PutFunctionScalingConfig",
        )
    ),
}
"""What the registry names for our types and CloudFormation is not allowed, by the reason. Beside
these, it is not allowed what another service does for properties that no resource of ours has."""


def places(kind: str, action: str) -> Sequence[str]:
    """Return where an action is allowed for a type: ARNs behind their partition, or ``*``.

    Raises ``LookupError`` where nobody has said where the resources of that type lie.
    """
    if not is_narrow(action):
        return ["*"]
    found = [each for each in PLACES.get(kind, ()) if applies(action, each)]
    if not found:
        raise LookupError(
            f"{action} for {kind}: infra.grants.PLACES must say where those of ours lie, or"
            " LEFT_OUT why none is needed"
        )
    return found


def granted(kind: str) -> Iterator[str]:
    """Yield the actions that CloudFormation is allowed for a type, of those that it needs."""
    service = kind.split("::")[1].lower()
    out = frozenset().union(*LEFT_OUT.values())
    return (
        action for action in needed(kind) if action.startswith(f"{service}:") and action not in out
    )

"""What runs? Five functions of one asset, each with a role of its own and a log of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import AssetHashType, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.colleagues import PERMISSIONS as CALLS
from functions.compose import ACTIONS, STACK, TOPIC
from functions.journal import NAMESPACE
from functions.ledger import CLOSES, READS, REOPENS, WRITES
from functions.meter import PERMISSIONS as METERS
from functions.neighbours import LISTS
from functions.neighbours import READS as SUMMARIZES
from functions.notices import PERMISSIONS as TELLS
from functions.services.spec import Account
from infra.acknowledgements import accept, accept_wildcards
from infra.asset import PLANT, Asset
from infra.policies import Permission, observing, starting, stopping
from punchclock.decisions import Action
from punchclock.plants import Plant
from punchclock.rosters import STACK as NAMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How one function is run."""

    module: str
    description: str
    timeout: Duration
    patience: Duration
    """How old an event may be when the function is called with it: later, the sweep has done it."""
    retries: int = 0
    """How often Lambda calls it again where it failed: never where the sweep is the retry."""
    memory_mib: int = 256
    """Enough for the timekeeper at the end of a month of 1,000 models, and costs little where a
    function seldom runs."""


START = Job(
    module="start_models",
    description="Starts the models that a shift wants.",
    # Two looks and three acts a second: fifteen minutes are enough for 1,000 models at one edge.
    timeout=Duration.minutes(15),
    patience=Duration.minutes(15),
)
STOP = Job(
    module="stop_models",
    description="Stops the models that no shift wants any more.",
    timeout=Duration.minutes(15),
    patience=Duration.hours(6),
)
SWEEP = Job(
    module="sweep",
    description="Compares once a minute what should run with what runs.",
    timeout=Duration.seconds(55),
    patience=Duration.seconds(60),
    # It runs nearly all the time, mostly waiting for AWS, which is paid for by memory and not by
    # work. Libraries and clients take 90 MiB, 1,000 models with open cards 20 more. With 128 MiB
    # there would be no room left, and a fourteenth of a processor to read the cards with.
    memory_mib=192,
)
TIMEKEEPER = Job(
    module="timekeeper",
    description="Meters and closes timecards and logs what each run cost.",
    # 1,000 cards that end at one edge take minutes; the next one begins after a quarter of an hour.
    timeout=Duration.minutes(14),
    patience=Duration.minutes(15),
)
CLOSER = Job(
    module="close_plant",
    description="Stops what was started when the stack is destroyed.",
    timeout=Duration.minutes(15),
    # CloudFormation waits for an hour at most.
    patience=Duration.minutes(10),
    # When it dies there is no sweep any more that would stop what still runs.
    retries=2,
)


class Functions(Construct):
    """The five functions of a plant."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plant: Plant,
        asset: Asset,
        table: dynamodb.ITable,
        failures: sqs.IQueue,
        topic: sns.ITopic | None,
    ) -> None:
        """Own the functions, their roles and their logs; those that open incidents tell a topic."""
        super().__init__(scope, construct_id)
        self._table, self._failures = table, failures
        self._code = lambda_.Code.from_asset(
            str(asset.path), asset_hash=asset.digest, asset_hash_type=AssetHashType.CUSTOM
        )
        stack = Stack.of(self)
        at = Account(partition=stack.partition, region=stack.region, account=stack.account)
        names = {} if topic is None else {TOPIC: topic.topic_arn}
        tell = [Permission(sid="Tell", actions=TELLS, resources=[arn]) for arn in names.values()]
        look = [*observing(at), self._records(READS, WRITES), *tell]
        self.start = self._function(START, [*look, *starting(plant, at)], names)
        self.stop = self._function(STOP, [*look, *stopping(plant, at)], names)
        colleagues = [self.start.function_arn, self.stop.function_arn]
        call = Permission(sid="Call", actions=CALLS, resources=colleagues)
        calls = [call] if plant.mode == "act" else []
        self.sweep = self._function(
            SWEEP,
            [*look, *_neighbours(stack), *calls],
            {**self._names(), **names, STACK: stack.stack_name},
        )
        meter = Permission(
            sid="Meter",
            actions=METERS,
            resources=["*"],
            width="CloudWatch knows no narrower resource for reading metrics.",
        )
        self.timekeeper = self._function(TIMEKEEPER, [meter, self._records(WRITES, CLOSES)])
        stop = stopping(plant, at) if plant.on_destroy == "stop" else []
        self.closer = self._function(
            CLOSER, [*observing(at), self._records(READS, WRITES, REOPENS), *stop]
        )

    @property
    def all(self) -> Mapping[str, lambda_.Function]:
        """Every function of the plant by the name of its module."""
        return {
            START.module: self.start,
            STOP.module: self.stop,
            SWEEP.module: self.sweep,
            TIMEKEEPER.module: self.timekeeper,
            CLOSER.module: self.closer,
        }

    @property
    def scheduled(self) -> Sequence[lambda_.Function]:
        """The functions that schedules call; the other one is CloudFormation's."""
        return [self.start, self.stop, self.sweep, self.timekeeper]

    def _function(
        self, job: Job, permissions: list[Permission], names: Mapping[str, str] | None = None
    ) -> lambda_.Function:
        home = Construct(self, "".join(word.capitalize() for word in job.module.split("_")))
        log = logs.LogGroup(
            home,
            "Log",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = _role(home, [*permissions, *self._outlets(log)])
        function = lambda_.Function(
            home,
            "Function",
            description=job.description,
            code=self._code,
            handler=f"functions.{job.module}.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=job.memory_mib,
            timeout=job.timeout,
            environment={**self._environment(), **(names or {})},
            # Its policy is complete: what the construct would add is there already.
            role=role.without_policy_updates(),
            log_group=log,
            logging_format=lambda_.LoggingFormat.JSON,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            retry_attempts=job.retries,
            max_event_age=job.patience,
            on_failure=destinations.SqsDestination(self._failures),
        )
        accept(
            function, "Serverless-LambdaDLQ", "Its on-failure destination keeps more of an event."
        )
        accept(function, "Serverless-LambdaTracing", "The canonical log line says where time went.")
        return function

    def _environment(self) -> dict[str, str]:
        return {
            "PUNCHCLOCK_PLANT": PLANT,
            "PUNCHCLOCK_TABLE": self._table.table_name,
            # Empty: zone rules are those of the tzdata in the asset, not of the runtime.
            "PYTHONTZPATH": "",
            "POWERTOOLS_SERVICE_NAME": "punchclock",
            "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
        }

    def _names(self) -> dict[str, str]:
        return {
            ACTIONS[Action.START]: self.start.function_name,
            ACTIONS[Action.STOP]: self.stop.function_name,
        }

    def _records(self, *actions: Sequence[str]) -> Permission:
        flat = sorted({action for each in actions for action in each})
        return Permission(sid="Ledger", actions=flat, resources=[self._table.table_arn])

    def _outlets(self, log: logs.ILogGroup) -> list[Permission]:
        """Where a function's lines go, and the events that it failed on."""
        writes = ("logs:CreateLogStream", "logs:PutLogEvents")
        return [
            Permission(sid="Log", actions=writes, resources=[log.log_group_arn]),
            Permission(
                sid="Failures", actions=("sqs:SendMessage",), resources=[self._failures.queue_arn]
            ),
        ]


def _neighbours(stack: Stack) -> list[Permission]:
    """Read what the stacks of other plants claim."""
    ours = stack.format_arn(service="cloudformation", resource="stack", resource_name=f"{NAMED}*/*")
    return [
        Permission(
            sid="FindNeighbours",
            actions=LISTS,
            resources=["*"],
            width="CloudFormation knows no narrower resource for listing stacks: names and states.",
        ),
        Permission(
            sid="ReadClaims",
            actions=SUMMARIZES,
            resources=[ours],
            width="Which plants there are besides this one, no template can know.",
        ),
    ]


def _role(home: Construct, permissions: Sequence[Permission]) -> iam.Role:
    """Make the role of one function, with one policy that says all it may do."""
    statements = [
        iam.PolicyStatement(
            sid=each.sid, actions=list(each.actions), resources=list(each.resources)
        )
        for each in permissions
    ]
    role = iam.Role(
        home,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"Work": iam.PolicyDocument(statements=statements)},
    )
    for permission in permissions:
        accept_wildcards(role, permission)
    return role

"""What does one plant deploy? This is the table of contents."""

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from infra.asset import Asset
from infra.closing import Closing
from infra.desk import Desk
from infra.failures import Failures
from infra.functions import Functions
from infra.names import (
    APP,
    APP_TAG,
    DESK_POLICY,
    FAILURES_QUEUE,
    HEARTBEAT_ALARM,
    LEDGER_TABLE,
    NOTIFY_TOPIC,
    PLANT_TAG,
    SWEEP_FUNCTION,
    VERSION_TAG,
    stack_name,
    version,
)
from infra.schedules import Schedules
from infra.table import Table
from infra.topic import Topic
from infra.watch import Watch
from punchclock.plants import Plant
from punchclock.rosters import CLAIMS, claim


class PlantStack(Stack):
    """The stack of one plant file; its resources grow with distinct edges, not with models."""

    def __init__(self, scope: Construct, plant: Plant, asset: Asset) -> None:
        """Compose the plant."""
        tags = {APP_TAG: APP, PLANT_TAG: plant.name, VERSION_TAG: version()}
        super().__init__(
            scope,
            stack_name(plant),
            description=f"Punchclock clocks the models of {plant.name} in and out",
            env=Environment(account=plant.account, region=plant.region),
            tags=tags,
        )
        # Its own tags find a stack that no plant file names any more; these tell whose the rest is.
        for key, value in tags.items():
            Tags.of(self).add(key, value)
        self.template_options.metadata = {CLAIMS: sorted(claim(m.target) for m in plant.models)}
        table = Table(self, "Ledger").table
        failures = Failures(self, "Failures").queue
        # Where nobody is to be told there is none.
        topic = Topic(self, "Notify", addresses=plant.notify).topic if plant.notify else None
        functions = Functions(
            self,
            "Functions",
            plant=plant,
            asset=asset,
            table=table,
            failures=failures,
            topic=topic,
        )
        closing = Closing(self, "Closing", functions=functions, table=table, failures=failures)
        schedules = Schedules(
            self, "Schedules", plant=plant, functions=functions, failures=failures
        )
        # So that they go first when the stack is destroyed, and nothing is called any more.
        schedules.node.add_dependency(closing)
        watch = Watch(
            self, "Watch", plant=plant, functions=functions, failures=failures, topic=topic
        )
        desk = Desk(self, "Desk", table=table, topic=topic)
        dashboard = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home#dashboards:name="
        CfnOutput(self, LEDGER_TABLE, value=table.table_name)
        CfnOutput(self, DESK_POLICY, value=desk.policy.managed_policy_arn)
        if topic is not None:
            CfnOutput(self, NOTIFY_TOPIC, value=topic.topic_arn)
        CfnOutput(self, FAILURES_QUEUE, value=failures.queue_url)
        CfnOutput(self, "DashboardUrl", value=f"{dashboard}{watch.dashboard.dashboard_name}")
        CfnOutput(self, SWEEP_FUNCTION, value=functions.sweep.function_name)
        CfnOutput(self, HEARTBEAT_ALARM, value=watch.heartbeat.alarm_arn)

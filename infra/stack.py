"""What does one plant deploy? This is the table of contents."""

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from infra.asset import Asset
from infra.failures import Failures
from infra.functions import Functions
from infra.names import LEDGER_TABLE, stack_name
from infra.schedules import Schedules
from infra.table import Table
from infra.watch import Watch
from punchclock.plants import Plant


class PlantStack(Stack):
    """The stack of one plant file; its resources grow with distinct edges, not with models."""

    def __init__(self, scope: Construct, plant: Plant, asset: Asset) -> None:
        """Compose the plant."""
        super().__init__(
            scope,
            stack_name(plant),
            description=f"Punchclock clocks the models of {plant.name} in and out",
            env=Environment(account=plant.account, region=plant.region),
        )
        table = Table(self, "Ledger").table
        failures = Failures(self, "Failures").queue
        functions = Functions(
            self, "Functions", plant=plant, asset=asset, table=table, failures=failures
        )
        Schedules(self, "Schedules", plant=plant, functions=functions, failures=failures)
        watch = Watch(self, "Watch", plant=plant, functions=functions, failures=failures)
        dashboard = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home#dashboards:name="
        CfnOutput(self, LEDGER_TABLE, value=table.table_name)
        CfnOutput(self, "FailuresQueue", value=failures.queue_url)
        CfnOutput(self, "DashboardUrl", value=f"{dashboard}{watch.dashboard.dashboard_name}")
        Tags.of(self).add("app", "punchclock")
        Tags.of(self).add("plant", plant.name)

"""What do people see and what are they told? This is the table of contents."""

from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarms import Alarms, Watched
from infra.dashboard import Dashboard
from infra.functions import Functions
from infra.queries import Queries
from punchclock.plants import Plant


class Watch(Construct):
    """Alarms, the dashboard and the saved queries of a plant."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plant: Plant,
        functions: Functions,
        failures: sqs.IQueue,
        topic: sns.ITopic | None,
    ) -> None:
        """Compose what people look at; the alarms tell ``topic``."""
        super().__init__(scope, construct_id)
        watched = Watched(plant=plant, functions=functions, failures=failures)
        alarms = Alarms(self, "Alarms", watched=watched, topic=topic)
        self.heartbeat = alarms.heartbeat
        self.dashboard = Dashboard(
            self,
            "Board",
            plant=plant,
            functions=functions,
            failures=failures,
            alarms=alarms.all,
        ).dashboard
        Queries(self, "Queries", plant=plant, functions=functions)

"""Where does an event go that nobody could handle? To one queue, for a person to look at."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledgements import accept


class Failures(Construct):
    """The queue for what the scheduler could not deliver and what the functions failed on."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Own the queue."""
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            # The longest there is: nobody need look on a holiday.
            retention_period=Duration.days(14),
        )
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
            accept(self.queue, rule, "It is a dead-letter queue itself.")

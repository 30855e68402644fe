"""Who is told? One topic, to which CloudWatch may publish, with the addresses of the plant file."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.acknowledgements import accept


class Topic(Construct):
    """The topic of a plant's alarms."""

    def __init__(self, scope: Construct, construct_id: str, *, addresses: Sequence[str]) -> None:
        """Own the topic, its policy and its subscriptions."""
        super().__init__(scope, construct_id)
        # Without a key: CloudWatch may not publish to a topic that AWS's own key encrypts.
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # The rule that enforces TLS replaces the default policy, which let CloudWatch publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        for address in addresses:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))
        accept(
            self.topic,
            "Serverless-SNSRedrivePolicy",
            "The alarm's state tells what a lost e-mail said.",
        )

"""What does a person see? A dashboard, and an alarm when the sweep no longer sweeps."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.journal import HEARTBEAT, NAMESPACE, PLANT
from functions.services.catalog import SPECS
from infra.acknowledgements import accept
from infra.functions import Functions
from punchclock.plants import Plant

MINUTE = Duration.minutes(1)

SILENT = (
    "No complete sweep for five minutes: models may stay on after their shift or off in it. Look at"
    " the log of the sweep function and at the queue of failures; until it sweeps again, start and"
    " stop models by hand."
)


class Watch(Construct):
    """The dashboard and the alarm of a plant, and whom the alarm tells."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plant: Plant,
        functions: Functions,
        failures: sqs.IQueue,
    ) -> None:
        """Own the dashboard, the alarm and, where somebody is to be told, the topic."""
        super().__init__(scope, construct_id)
        beat = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=HEARTBEAT,
            dimensions_map={PLANT: plant.name},
            statistic=cloudwatch.Stats.SUM,
            period=MINUTE,
        )
        alarm = self._alarm(beat)
        if plant.notify:
            alarm.add_alarm_action(actions.SnsAction(self._topic(plant.notify)))
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            default_interval=Duration.days(1),
            widgets=[
                [_units(plant)],
                [_errors(functions.all), _graph("Complete sweeps a minute", [beat])],
                [_graph("Events that nobody handled", [_waiting(failures)])],
            ],
        )

    def _alarm(self, beat: cloudwatch.Metric) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            "Heartbeat",
            alarm_description=SILENT,
            metric=beat,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            threshold=1,
            evaluation_periods=5,
            datapoints_to_alarm=5,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    def _topic(self, addresses: Sequence[str]) -> sns.Topic:
        # Without a key: CloudWatch may not publish to a topic that AWS's own key encrypts.
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        stack = Stack.of(self)
        # The rule that enforces TLS replaces the default policy, which let CloudWatch publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )
        for address in addresses:
            topic.add_subscription(subscriptions.EmailSubscription(address))
        accept(
            topic, "Serverless-SNSRedrivePolicy", "The alarm's state tells what a lost e-mail said."
        )
        return topic


def _units(plant: Plant) -> cloudwatch.GraphWidget:
    """Draw units in service of all models, by a search: its size does not grow with the models."""
    used = {model.target.service: model.target for model in plant.models}
    searches: list[cloudwatch.IMetric] = []
    for service, target in sorted(used.items()):
        metric = SPECS[service].metric(target)
        schema = ",".join((metric.namespace, *metric.dimensions))
        searches.append(
            cloudwatch.MathExpression(
                expression=f"SEARCH('{{{schema}}} MetricName=\"{metric.name}\"', 'Average', 60)",
                label="",
                period=MINUTE,
                using_metrics={},
            )
        )
    return _graph("Units in service, all models of the account", searches, width=24)


def _errors(functions: Mapping[str, lambda_.Function]) -> cloudwatch.GraphWidget:
    errors = [
        function.metric_errors(period=MINUTE, label=name) for name, function in functions.items()
    ]
    return _graph("Errors of the functions", errors)


def _waiting(failures: sqs.IQueue) -> cloudwatch.Metric:
    return failures.metric_approximate_number_of_messages_visible(period=MINUTE)


def _graph(
    title: str, metrics: Sequence[cloudwatch.IMetric], width: int = 12
) -> cloudwatch.GraphWidget:
    axis = cloudwatch.YAxisProps(min=0)
    return cloudwatch.GraphWidget(title=title, left=metrics, width=width, left_y_axis=axis)

"""Which metrics are watched? Those that the functions send, and those of AWS about what it runs."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from functions import accounts
from functions.journal import NAMESPACE, PLANT
from infra.functions import Functions
from punchclock.plants import Plant

MINUTE = Duration.minutes(1)
FIVE_MINUTES = Duration.minutes(5)
QUARTER = Duration.minutes(15)
"""How often the timekeeper reads the meter."""
HOUR = Duration.hours(1)
SO_FAR_EVERY = Duration.hours(accounts.SO_FAR_EVERY)
"""How often the timekeeper sends what the month has cost so far."""
FORECAST_EVERY = Duration.hours(accounts.FORECAST_EVERY)
"""How often it sends what is planned for the month, and what the month will come to."""
DAY = Duration.days(1)

MAXIMUM = cloudwatch.Stats.MAXIMUM
"""For gauges and counts: where two sweeps overlap, both say the same, which must not add up."""
AVERAGE = cloudwatch.Stats.AVERAGE
SUM = cloudwatch.Stats.SUM


def own(
    plant: Plant, name: str, statistic: str, period: Duration, label: str | None = None
) -> cloudwatch.Metric:
    """Return a metric that the functions of a plant send; ``name`` is a constant of the journal."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={PLANT: plant.name},
        statistic=statistic,
        period=period,
        label=label,
    )


def errors(functions: Functions) -> cloudwatch.MathExpression:
    """Return the failed invocations of all functions together, in five minutes."""
    each = {
        name: function.metric_errors(statistic=SUM, period=FIVE_MINUTES)
        for name, function in functions.all.items()
    }
    # A function that was not called has no datapoint; arithmetic of CloudWatch takes it for 0.
    return cloudwatch.MathExpression(
        expression=" + ".join(each),
        using_metrics=each,
        period=FIVE_MINUTES,
        label="failed invocations",
    )


def failing(failures: sqs.IQueue) -> cloudwatch.Metric:
    """Return how many failed invocations and undeliverable events have come, in five minutes.

    Every function is called asynchronously and is not tried again, so each failure, of whichever
    function, is one message; only closing the plant is tried again before. It is one metric: an
    alarm on the sum of what five functions failed at would be charged as five. Source: the SQS
    guide, "Available CloudWatch metrics": what is sent to a queue counts, only what SQS itself
    moves there does not.
    """
    return failures.metric_number_of_messages_sent(statistic=SUM, period=FIVE_MINUTES)


def waiting(failures: sqs.IQueue, label: str | None = None) -> cloudwatch.Metric:
    """Return how many events wait in the queue of failures for a person to look at."""
    return failures.metric_approximate_number_of_messages_visible(
        statistic=MAXIMUM, period=MINUTE, label=label
    )

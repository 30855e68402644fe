"""When is somebody told? When one of these alarms goes off: one row each, and what to do about it.

Every alarm costs USD 0.10 a month for each metric that it looks at, so there are at most eight, on
one metric each, for the plant and not for each model: which model it is, the saved queries say.
Missing data is breaching for the heartbeat alone; the counts are sent only where there is something
to count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions import journal as metrics
from infra.functions import Functions
from infra.metrics import FORECAST_EVERY, MAXIMUM, MINUTE, QUARTER, SUM, failing, own, waiting
from infra.remedies import words
from punchclock.plants import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What alarms look at."""

    plant: Plant
    functions: Functions
    failures: sqs.IQueue


AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD

FINE = cloudwatch.TreatMissingData.NOT_BREACHING
BAD = cloudwatch.TreatMissingData.BREACHING


def _one(plant: Plant) -> float:
    del plant
    return 1


def _budget(plant: Plant) -> float | None:
    return None if plant.budget is None else float(plant.budget)


def _own(name: str, statistic: str, period: Duration, watched: Watched) -> cloudwatch.IMetric:
    return own(watched.plant, name, statistic, period)


def _failing(watched: Watched) -> cloudwatch.IMetric:
    return failing(watched.failures)


def _waiting(watched: Watched) -> cloudwatch.IMetric:
    return waiting(watched.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One alarm."""

    name: str
    metric: Callable[[Watched], cloudwatch.IMetric]
    is_: cloudwatch.ComparisonOperator
    threshold: Callable[[Plant], float | None] = _one
    """None where the plant has no such alarm."""
    m: int
    """So many datapoints over the threshold, ..."""
    n: int
    """... of so many, raise the alarm."""
    missing: cloudwatch.TreatMissingData = FINE
    says: str
    """What it means and what to do; words in braces are those of ``remedies.words``. More is in the
    runbook's section of its name."""


HEARTBEAT = "Heartbeat"
"""The alarm that tells that nothing is looked after any more."""

ROWS: Sequence[Row] = (
    Row(
        name="NotReady",
        metric=partial(_own, metrics.MODELS_LATE, MAXIMUM, MINUTE),
        is_=AT_LEAST,
        # A model that gets ready within the first minute is no reason to wake anybody.
        m=2,
        n=3,
        says="A model is not ready although its shift has begun, or its start fails: parts pass"
        " without inspection. Which and why:\n{status}\n{tries} Where a quota or the model is"
        " the reason, mend that; by hand it is started with:\n{start}",
    ),
    Row(
        name="OutsideShifts",
        metric=partial(_own, metrics.MODELS_OUTSIDE, MAXIMUM, MINUTE),
        is_=AT_LEAST,
        # A stop arrives up to a minute after the end of a shift and takes a sweep to be seen.
        m=3,
        n=5,
        says="A model is hosted although no shift wants it, and is paid for by the minute. Which"
        " and for how much an hour:\n{status}\n{ends}"
        " To stop it now:\n{off}",
    ),
    Row(
        name="CapacityLow",
        metric=partial(_own, metrics.CAPACITY_LOW, MAXIMUM, QUARTER),
        is_=AT_LEAST,
        # A model that gets ready just when the meter is read has not all its units yet; with more
        # than a hundred running models, not each is read every quarter of an hour.
        m=2,
        n=4,
        says="A model runs on fewer inference units than its least: a unit or an Availability Zone"
        ' is lost, and the next loss may stop inspection. Which: the graph "Units in service" of'
        " the dashboard. If it does not recover, restart it in a pause of the line, which takes 10"
        " to 20 minutes. This stops it:\n{off}\n{again}",
    ),
    Row(
        name=HEARTBEAT,
        metric=partial(_own, metrics.HEARTBEAT, SUM, MINUTE),
        is_=BELOW,
        m=5,
        n=5,
        missing=BAD,
        says="No complete sweep for five minutes: models may stay on after their shift or off in"
        " it. Why:\n{sweep}\nWhether it can see its models:\n{checkup}\nUntil it sweeps again,"
        " start and stop models by hand:\n{start}\n{stop}",
    ),
    Row(
        name="DeadLetters",
        metric=_waiting,
        is_=AT_LEAST,
        m=1,
        n=1,
        says="An event could not be delivered, or a function failed on it. Which and why:\n{look}"
        "\nNothing need be sent again, the sweep does what is due. Once it is understood:\n{purge}",
    ),
    Row(
        name="FunctionErrors",
        metric=_failing,
        is_=AT_LEAST,
        # One failure is in the queue; what fails time and again does not heal by itself. The
        # timekeeper alone fails four times an hour.
        m=3,
        n=12,
        says="Functions of Punchclock failed, or could not be called, in three of the last twelve"
        " periods of five minutes."
        " Why: {errors} or, for the sweep:\n{sweep}\nIf it began with a deployment, deploy what"
        " ran before.",
    ),
    Row(
        name="Budget",
        metric=partial(_own, metrics.FORECAST, MAXIMUM, FORECAST_EVERY),
        is_=ABOVE,
        threshold=_budget,
        # Sent twice a day: half a day may go without.
        m=1,
        n=2,
        says="With what is planned for the rest of it, this month will cost more than the budget"
        " of {budget}. What has cost how much: {costs}, or:\n{report}\nWhat is planned:\n{plan}\n"
        "Work fewer shifts or units, or raise the budget in {file}.",
    ),
)


class Alarms(Construct):
    """The alarms of a plant."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: Watched, topic: sns.ITopic | None
    ) -> None:
        """Own the alarms; ``topic`` is told when one goes off and when it is over."""
        super().__init__(scope, construct_id)
        said = words(watched.plant, watched.functions, watched.failures)
        found = {
            row.name: self._alarm(row, threshold, watched, said)
            for row in ROWS
            if (threshold := row.threshold(watched.plant)) is not None
        }
        self.all = list(found.values())
        self.heartbeat = found[HEARTBEAT]
        if topic is not None:
            for alarm in self.all:
                alarm.add_alarm_action(actions.SnsAction(topic))
                alarm.add_ok_action(actions.SnsAction(topic))

    def _alarm(
        self, row: Row, threshold: float, watched: Watched, said: Mapping[str, str]
    ) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            row.name,
            alarm_description=f"{row.says}\nMore: {{runbook}}#{row.name.lower()}".format_map(said),
            metric=row.metric(watched),
            comparison_operator=row.is_,
            threshold=threshold,
            datapoints_to_alarm=row.m,
            evaluation_periods=row.n,
            treat_missing_data=row.missing,
        )

"""What does a plant manager see? What runs, what it costs, what is wrong: from the top downwards.

One dashboard a plant; an account has three for nothing, each further one costs USD 3 a month.
Amounts are US dollars. What a graph shows of other times than the last day, its title says.
"""

from collections.abc import Sequence
from decimal import Decimal

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions import journal as metrics
from infra import units
from infra.functions import Functions
from infra.metrics import (
    AVERAGE,
    DAY,
    FIVE_MINUTES,
    FORECAST_EVERY,
    HOUR,
    MAXIMUM,
    MINUTE,
    QUARTER,
    SO_FAR_EVERY,
    SUM,
    errors,
    own,
    waiting,
)
from infra.queries import QUERIES, name_of
from infra.remedies import words
from punchclock.costs import Usage, two_decimals
from punchclock.plants import CURRENCY, Model, Plant

HOURS_A_MONTH = 730
"""Of an average month: 8,760 hours a year, as AWS counts."""

MONTH = "-P31D"
WEEK = "-P7D"
TODAY = "-P1D"
"""How far back a widget looks, whatever the dashboard's own range is."""


class Dashboard(Construct):
    """The dashboard of a plant."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plant: Plant,
        functions: Functions,
        failures: sqs.IQueue,
        alarms: Sequence[cloudwatch.Alarm],
    ) -> None:
        """Own the dashboard."""
        super().__init__(scope, construct_id)
        self._plant, self._functions, self._failures = plant, functions, failures
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            # Given, because CloudFormation does not say what it would make up.
            dashboard_name=Stack.of(self).stack_name,
            default_interval=Duration.days(1),
            # Else CloudWatch lengthens periods with the range, and sums are of other periods.
            period_override=cloudwatch.PeriodOverride.INHERIT,
            widgets=[
                self._now(),
                self._month(),
                self._wrong(alarms),
                self._models(),
                self._closed(),
                self._machinery(),
            ],
        )

    def _own(self, name: str, statistic: str, period: Duration, label: str) -> cloudwatch.IMetric:
        return own(self._plant, name, statistic, period, label)

    def _now(self) -> list[cloudwatch.IWidget]:
        """What runs now and costs per hour; today; the month in figures."""
        rate = self._own(metrics.COST_PER_HOUR, MAXIMUM, MINUTE, "USD an hour")
        today = cloudwatch.MathExpression(
            expression="RUNNING_SUM(rate * PERIOD(rate) / 3600)",
            using_metrics={"rate": self._own(metrics.COST_PER_HOUR, AVERAGE, FIVE_MINUTES, "rate")},
            period=FIVE_MINUTES,
            label="USD",
        )
        return [
            _figures("What runs now costs", [rate], width=5),
            _figures("In the last 24 hours", [today], width=5, start=TODAY),
            _figures("This month, USD", self._gauges(), width=14, start=TODAY),
        ]

    def _gauges(self) -> list[cloudwatch.IMetric]:
        return [
            self._own(metrics.MONTH_TO_DATE, MAXIMUM, SO_FAR_EVERY, "so far"),
            self._own(metrics.FORECAST, MAXIMUM, FORECAST_EVERY, "forecast for all of it"),
            self._own(metrics.PLANNED_MONTH, MAXIMUM, FORECAST_EVERY, "planned for all of it"),
        ]

    def _month(self) -> list[cloudwatch.IWidget]:
        """The month against plan, budget and 24/7; the day."""
        always = _line(around_the_clock(self._plant), "24/7", "#7f7f7f")
        budget = self._plant.budget
        bounds = [always] if budget is None else [_line(budget, "budget", "#d62728"), always]
        rate = self._own(metrics.COST_PER_HOUR, MAXIMUM, MINUTE, "USD an hour")
        return [
            _graph(
                "The month against plan, budget and 24/7, USD", self._gauges(), 14, MONTH, bounds
            ),
            _graph("What ran, USD an hour, last 24 hours", [rate], 10, TODAY),
        ]

    def _wrong(self, alarms: Sequence[cloudwatch.Alarm]) -> list[cloudwatch.IWidget]:
        """What a person must see to, and how."""
        counts = [
            self._own(metrics.MODELS_LATE, MAXIMUM, MINUTE, "not ready in their shift"),
            self._own(metrics.MODELS_OUTSIDE, MAXIMUM, MINUTE, "running outside their shifts"),
            self._own(metrics.CAPACITY_LOW, MAXIMUM, QUARTER, "on fewer units than their least"),
        ]
        return [
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=7, height=6),
            _graph("Models that need somebody (nothing drawn: none)", counts, 7),
            cloudwatch.TextWidget(markdown=self._help(), width=10, height=6),
        ]

    def _help(self) -> str:
        said = words(self._plant, self._functions, self._failures)
        region = self._plant.region
        insights = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#logsV2:logs-insights"
        names = ", ".join(query.title for query in QUERIES)
        folder = name_of(QUERIES[0], self._plant).rpartition("/")[0]
        return "\n".join(
            (
                f"**{self._plant.name}**: shifts are changed in `{said['file']}`.",
                "",
                f"- Saved queries ([Logs Insights]({insights}), {folder}): {names}",
                f"- What is wrong now: `{said['status']}`",
                f"- What is planned: `{said['plan']}`",
                f"- Stop a model now: `{said['off']}`",
                f"- Events that nobody handled: `{said['look']}`",
                f"- What to do about each alarm: `{said['runbook']}`",
            )
        )

    def _models(self) -> list[cloudwatch.IWidget]:
        """Each model, as AWS itself counts; how long starts took."""
        durations = [
            self._own(metrics.START_DURATION, AVERAGE, HOUR, "average"),
            self._own(metrics.START_DURATION, MAXIMUM, HOUR, "longest"),
        ]
        return [
            _graph(units.title(self._plant), units.lines(self._plant), 16),
            _graph("From asked to ready, seconds, last 7 days", durations, 8, WEEK),
        ]

    def _closed(self) -> list[cloudwatch.IWidget]:
        """What the runs that are over have cost, by the day (UTC) their timecard was closed."""
        costs = [
            self._own(metrics.RUN_COST, SUM, DAY, "all of it"),
            self._own(metrics.UNSCHEDULED_COST, SUM, DAY, "of that in no shift"),
        ]
        used = [self._own(metrics.UNIT_HOURS, SUM, DAY, "unit-hours")]
        return [
            _graph("Closed timecards, USD a day, last 31 days", costs, 12, MONTH),
            _graph("Closed timecards, unit-hours a day, last 31 days", used, 12, MONTH),
        ]

    def _machinery(self) -> list[cloudwatch.IWidget]:
        """Punchclock itself."""
        durations = [
            function.metric_duration(statistic=MAXIMUM, period=FIVE_MINUTES, label=name)
            for name, function in self._functions.all.items()
        ]
        beats = [
            self._own(metrics.HEARTBEAT, SUM, MINUTE, "complete sweeps a minute"),
            waiting(self._failures, "events that nobody handled"),
        ]
        return [
            _graph("Failed invocations of the functions", [errors(self._functions)], 8),
            _graph("Longest invocations, milliseconds", durations, 8),
            _graph("Sweeps, and events that nobody handled", beats, 8),
        ]


def around_the_clock(plant: Plant) -> Decimal:
    """Return USD of an average month in which no model stops, on the most units it works."""
    return sum((_always(model) for model in plant.models if model.enabled), Usage()).cost


def _always(model: Model) -> Usage:
    most = max((each.units for each in model.assignments), default=model.units)
    return Usage.of(most * HOURS_A_MONTH * 60, model.rate)


def _line(usd: Decimal, name: str, color: str) -> cloudwatch.HorizontalAnnotation:
    return cloudwatch.HorizontalAnnotation(
        value=float(usd), label=f"{name}: {CURRENCY} {two_decimals(usd)}", color=color
    )


def _figures(
    title: str, shown: Sequence[cloudwatch.IMetric], *, width: int, start: str | None = None
) -> cloudwatch.SingleValueWidget:
    return cloudwatch.SingleValueWidget(
        title=title, metrics=list(shown), width=width, height=4, start=start
    )


def _graph(
    title: str,
    shown: Sequence[cloudwatch.IMetric],
    width: int,
    start: str | None = None,
    bounds: Sequence[cloudwatch.HorizontalAnnotation] = (),
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=list(shown),
        width=width,
        start=start,
        left_annotations=list(bounds),
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
    )

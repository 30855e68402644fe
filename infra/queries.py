"""What can a person ask the logs? Queries of Logs Insights, saved with the stack.

Each works for whatever time range is chosen in the console. The names of events are those of the
journal; the fields are those that its lines carry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

from functions import journal as events
from infra.functions import Functions
from punchclock.plants import Plant

MODEL = "<model>"
"""Where a query has the name of a model, to be written over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question."""

    title: str
    events: tuple[str, ...]
    """Lines that it looks at, by the name of their event; none means every line."""
    steps: tuple[str, ...]
    """Commands of Logs Insights after the choice of lines; ``MODEL`` stands for a name."""

    def text(self, model: str) -> str:
        """Return it in the language of Logs Insights; ``model`` is the name to begin with."""
        named = ", ".join(f'"{event}"' for event in self.events)
        chosen = (f"filter message in [{named}]",) if named else ()
        return "\n| ".join((*chosen, *self.steps)).replace(MODEL, model)


COSTS = Query(
    title="Cost per model and month",
    events=(events.DAY,),
    steps=(
        # The months are those of the plant's walls: a day is written as 2026-11-30.
        "fields substr(day, 0, 7) as month",
        "stats sum(cost) as usd, sum(unit_hours) as hours by month, model",
        "sort month desc, usd desc",
    ),
)

RUNS = Query(
    title="Runs and what they cost",
    events=(events.TIMECARD, events.CORRECTION),
    steps=(
        "fields at, message, model, ready, stopped, units, unit_hours, cost, cost_before, card",
        "sort at desc",
    ),
)

LATE = Query(
    title="Runs that were late",
    events=(events.READY,),
    steps=(
        "filter late_seconds > 0",
        "fields at, model, late_seconds, units, card",
        "sort at desc",
    ),
)

ACTIONS = Query(
    title="Starts and stops with their reasons",
    events=(events.DECISION, events.REFUSED, events.NOT_YET, events.MISSED),
    steps=(
        "fields at, model, action, reason, message, wanted, seen, units, called_by, lag_seconds",
        "sort at desc",
    ),
)

INCIDENTS = Query(
    title="Incidents",
    events=(events.INCIDENT, events.INCIDENT_OVER),
    steps=(
        "fields at, message, model, trouble, reason, cost_per_hour, opened",
        "sort at desc",
    ),
)

HISTORY = Query(
    title="History of one model",
    events=(),
    steps=(
        f'filter model = "{MODEL}"',
        "fields at, message, action, reason, seen, trouble, late_seconds, unit_hours, cost, card",
        "sort at desc",
    ),
)

ERRORS = Query(
    title="Failed invocations",
    events=(),
    steps=(
        # Lambda's own lines: an exception that nobody caught has a type; a time-out is a status.
        'filter ispresent(errorType) or @message like /timed out|"status":"timeout"/',
        "fields @timestamp, @log, errorType, errorMessage, @message",
        "sort @timestamp desc",
    ),
)

QUERIES: Sequence[Query] = (COSTS, RUNS, LATE, ACTIONS, INCIDENTS, HISTORY, ERRORS)


def name_of(query: Query, plant: Plant) -> str:
    """Return the name that a query is saved by; the console makes folders of its parts."""
    return f"Punchclock/{plant.name}/{query.title}"


class Queries(Construct):
    """The saved queries of a plant, on the logs of its functions."""

    def __init__(
        self, scope: Construct, construct_id: str, *, plant: Plant, functions: Functions
    ) -> None:
        """Own the queries."""
        super().__init__(scope, construct_id)
        groups = [each.log_group.log_group_name for each in functions.all.values()]
        model = plant.models[0].name if plant.models else MODEL
        for query in QUERIES:
            logs.CfnQueryDefinition(
                self,
                query.title.title().replace(" ", ""),
                name=name_of(query, plant),
                query_string=query.text(model),
                log_group_names=groups,
            )

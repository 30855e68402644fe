"""Does what is deployed live? Its heartbeat, its schedules, and what nobody could handle."""

import datetime as dt
from collections.abc import Iterator

from cli.checks.findings import Finding, Patient, note, ok, wrong
from functions.journal import HEARTBEAT, NAMESPACE, PLANT
from infra.names import FAILURES_QUEUE, SWEEP_SCHEDULE, TIMEKEEPER_SCHEDULE
from punchclock.edges import edges
from punchclock.localtime import MINUTE
from punchclock.plants import Plant
from punchclock.spellings import both, listed

FRESH = dt.timedelta(minutes=5)
"""How old the last heartbeat may be: the alarm's own measure, 5 of 5 minutes."""

LOOKED_BACK = dt.timedelta(hours=3)
"""How far back a heartbeat is looked for. CloudWatch keeps it by the minute for 15 days."""

_REMEDY = "look at the sweep's schedule and log; punchclock checkup asks it now"


def heartbeat(patient: Patient) -> Iterator[Finding]:
    """Look when a sweep was last completed, by the metric that its alarm watches."""
    now = patient.now
    pages = patient.desk.client("cloudwatch").get_paginator("get_metric_data")
    metric = {
        "Namespace": NAMESPACE,
        "MetricName": HEARTBEAT,
        "Dimensions": [{"Name": PLANT, "Value": patient.plant.name}],
    }
    query = {"Id": "heart", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
    beats = [
        instant.astimezone(dt.UTC)
        for page in pages.paginate(
            MetricDataQueries=[query], StartTime=now - LOOKED_BACK, EndTime=now + MINUTE
        )
        for result in page["MetricDataResults"]
        for instant in result["Timestamps"]
    ]
    if beats:
        said = f"the last sweep was completed at {both(max(beats), patient.plant.zone)}"
        yield ok(said) if now - max(beats) <= FRESH else wrong(said, _REMEDY)
    else:
        yield wrong("no sweep was completed in three hours", _REMEDY)


def schedules(patient: Patient) -> Iterator[Finding]:
    """Look whether each edge has its schedule, enabled, beside those of sweep and timekeeper."""
    pages = patient.desk.client("scheduler").get_paginator("list_schedules")
    states = {
        each["Name"]: each["State"]
        for page in pages.paginate(GroupName=patient.stack)
        for each in page["Schedules"]
    }
    wanted = _names(patient.plant)
    missing = sorted(wanted - states.keys())
    disabled = sorted(name for name in wanted & states.keys() if states[name] != "ENABLED")
    if missing:
        yield wrong(f"not deployed: {listed(missing)}", patient.deploy)
    if disabled:
        yield wrong(
            f"disabled, so nothing fires: {listed(disabled)}",
            f"enable them in the console, in the group {patient.stack}",
        )
    more = sorted(states.keys() - wanted)
    if more:
        yield note(f"not of this plant file: {listed(more)}", patient.deploy)
    if not missing and not disabled:
        yield ok(f"{len(wanted)} schedules are enabled")


def _names(plant: Plant) -> frozenset[str]:
    found = edges(plant) if plant.mode == "act" else ()
    return frozenset({SWEEP_SCHEDULE, TIMEKEEPER_SCHEDULE, *(edge.name for edge in found)})


def failures(patient: Patient) -> Iterator[Finding]:
    """Look whether events wait that the scheduler or the functions have given up."""
    queue = patient.outputs[FAILURES_QUEUE]
    attributes = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    said = patient.desk.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=attributes
    )["Attributes"]
    waiting = sum(int(said[each]) for each in attributes)
    if waiting:
        yield wrong(
            f"{waiting} events wait that nobody could handle",
            f"read them: aws sqs receive-message --queue-url {queue}; then delete them there",
        )
    else:
        yield ok("no event was given up")

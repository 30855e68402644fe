"""What the functions measure themselves can be asked for, as from CloudWatch."""

import datetime as dt

from botocore.session import Session

from functions.journal import HEARTBEAT, NAMESPACE
from rehearsal.emulator.emulator import Emulator
from rehearsal.measured import measured
from rehearsal.server import serving
from rehearsal.world import Line

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def line(at: dt.datetime, **fields: object) -> Line:
    return Line(at=at, function="sweep", fields=fields)


def asked(lines: list[Line], namespace: str) -> list[tuple[dt.datetime, float]]:
    """Return what a real client reads in the hour before noon."""
    emulator = Emulator(now=lambda: NOON, gate=measured(lines))
    session = Session()
    session.set_credentials("stand-in", "stand-in")
    with serving(emulator.respond) as address:
        client = session.create_client(
            "cloudwatch", region_name="eu-central-1", endpoint_url=address
        )
        metric = {"Namespace": namespace, "MetricName": HEARTBEAT}
        query = {"Id": "heart", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        (found,) = client.get_metric_data(
            MetricDataQueries=[query], StartTime=NOON - 60 * MINUTE, EndTime=NOON
        )["MetricDataResults"]
    return list(zip(found["Timestamps"], found["Values"], strict=True))


def test_what_was_logged_as_a_metric_is_answered_by_the_minute_the_last_first():
    beats = [line(NOON - back * MINUTE, _aws={}, **{HEARTBEAT: [1.0]}) for back in (90, 2, 1, 0)]
    beats[2] = line(beats[2].at + dt.timedelta(seconds=30), **beats[2].fields)
    others = [line(NOON - 3 * MINUTE, message="decision"), line(NOON - MINUTE, _aws={}, Cost=[2])]
    lines = sorted([*beats, *others], key=lambda each: each.at)
    assert asked(lines, NAMESPACE) == [(NOON - MINUTE, 1.0), (NOON - 2 * MINUTE, 1.0)]


def test_the_metrics_of_others_are_the_emulators():
    assert asked([line(NOON - MINUTE, _aws={}, **{HEARTBEAT: [1.0]})], "AWS/Rekognition") == []

"""Whether what is counted in memory is what a rehearsal on the wire asks of AWS."""

import contextlib
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from bench.counters import size_of
from bench.working import metrics_of, standing, works
from functions.journal import HEARTBEAT, PowertoolsJournal
from infra.synth import Synthesis, synthesize
from punchclock.plants import Plant
from rehearsal.rehearsing import Rehearsed, rehearse
from tests.rehearsal import days

MONDAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def plant() -> Plant:
    return replace(days.plant(days.EIGHT_HOURS), budget=Decimal(6000))


@pytest.fixture(scope="module")
def synthesis(plant: Plant) -> Synthesis:
    return synthesize(plant)


@pytest.fixture(scope="module")
def rehearsed(plant: Plant, synthesis: Synthesis) -> Rehearsed:
    return rehearse(plant, synthesis, MONDAY, MONDAY + dt.timedelta(days=1))


@pytest.fixture(scope="module")
def worked(plant, synthesis, rehearsed):
    at_work = works(plant, synthesis, rehearsed.began)
    # The last thing to happen on the wire is a call of some function.
    at_work.live(rehearsed.began, rehearsed.ended)
    return at_work


def test_each_operation_is_called_as_often_as_on_the_wire(worked, rehearsed):
    """Give or take three: edges and sweeps of one minute come in another order."""
    wire, memory = rehearsed.world.cloud.calls.copy(), worked.tally.calls
    # With these the stack has opened the plant when it was made.
    assert wire.pop("dynamodb:DeleteItem") == 2
    assert set(memory) == set(wire)
    for operation, count in wire.items():
        assert abs(memory[operation] - count) <= 3, operation


def test_as_many_lines_are_written_as_on_the_wire(worked, rehearsed):
    sent = {name for line in rehearsed.world.lines for name in metrics_of(line.fields)}
    assert set(worked.tally.metric_hours) == sent
    assert len(sent) == 8


def test_a_function_is_paid_for_its_pauses_and_calls(worked):
    tally = worked.tally
    a_sweep = tally.seconds["sweep"] / tally.invocations["sweep"]
    # Two queries, a describe, what it takes by itself, and now and then a write.
    assert 0.20 < a_sweep < 0.22


def test_what_stands_is_read_from_the_template(synthesis):
    there = standing(synthesis)
    assert set(there.memory_mib) == {
        *("start_models", "stop_models", "sweep", "timekeeper", "close_plant")
    }
    assert there.memory_mib["sweep"] == 192
    assert (there.alarm_metrics, there.dashboards) == (7, 1)


def test_an_alarm_on_a_sum_is_charged_for_each_of_its_metrics(synthesis):
    def edit(template):
        (alarm, *_) = (each for _, each in days.resources(template, "AWS::CloudWatch::Alarm"))
        alarm["Metrics"] = [{"Expression": "a + b"}, {"MetricStat": {}}, {"MetricStat": {}}]

    assert standing(days.edited(synthesis, edit)).alarm_metrics == 8


def test_a_value_of_a_metric_is_found_in_its_line_with_its_dimension():
    written = io.StringIO()
    journal = PowertoolsJournal("springfield", lambda: dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    with contextlib.redirect_stdout(written):
        journal.measure(HEARTBEAT, 1, "Count")
    assert list(metrics_of(json.loads(written.getvalue()))) == ["Punchclock/Heartbeat springfield"]


def test_a_record_is_as_long_as_its_names_and_values():
    assert size_of({"pk": {"S": "open"}, "version": {"N": "12"}}) == 2 + 4 + 7 + 2

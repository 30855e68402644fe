"""What stands on standard output: one JSON line for each thing, and nothing else."""

import datetime as dt
import io
import json
from contextlib import redirect_stdout
from decimal import Decimal
from typing import Any

import pytest

from functions import journal as events
from functions.journal import PowertoolsJournal
from punchclock.decisions import Action, Trouble
from tests.functions.hall import at


@pytest.fixture
def journal() -> PowertoolsJournal:
    return PowertoolsJournal("springfield", lambda: at("04:40"))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


def test_a_line_is_json_with_its_event_its_plant_and_its_time(journal, capsys):
    journal.note(events.READY, model="paint", late_seconds=0)
    (line,) = lines(capsys)
    assert line == {
        "level": "INFO",
        "message": "ready",
        "service": "punchclock",
        "at": "2026-03-02T04:40:00Z",
        "plant": "springfield",
        "model": "paint",
        "late_seconds": 0,
    }


def test_a_line_that_asks_for_attention_is_a_warning(journal, capsys):
    journal.warn(events.INCIDENT, trouble=Trouble.LATE)
    (line,) = lines(capsys)
    assert (line["level"], line["trouble"]) == ("WARNING", "late")


def test_every_line_is_written_once_however_many_journals_there_are(journal, capsys):
    PowertoolsJournal("springfield", lambda: at("04:41"))
    journal.note(events.SEEN)
    assert len(lines(capsys)) == 1


def test_money_times_actions_and_names_are_plain_json(journal, capsys):
    journal.note(
        events.DECISION,
        action=Action.START,
        cost=Decimal("8.00"),
        scheduled_at=at("04:40:30"),
        shifts=("early", "late"),
        minutes={"metered": 3},
    )
    (line,) = lines(capsys)
    told = {key: line[key] for key in ("action", "cost", "scheduled_at", "shifts", "minutes")}
    assert told == {
        "action": "start",
        "cost": "8.00",
        "scheduled_at": "2026-03-02T04:40:30Z",
        "shifts": ["early", "late"],
        "minutes": {"metered": 3},
    }


def test_what_is_not_known_is_left_out(journal, capsys):
    journal.note(events.DECISION, lag_seconds=None, late_seconds=0)
    (line,) = lines(capsys)
    assert "lag_seconds" not in line
    assert line["late_seconds"] == 0


def test_a_time_is_told_to_the_second(journal, capsys):
    journal.note(events.SEEN, since=at("04:40:30") + dt.timedelta(microseconds=5))
    assert lines(capsys)[0]["since"] == "2026-03-02T04:40:30Z"


def test_what_has_no_place_in_a_line_is_told_to_who_wrote_it(journal, capsys):
    journal.note(events.SEEN, odd=object())
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "object has no place in a log line" in captured.err


def test_a_line_has_left_when_it_is_written(journal):
    sent = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(sent, encoding="utf-8")):
        journal.note(events.SEEN)
        assert sent.getvalue().endswith(b"}\n")


def test_events_and_metrics_are_called_what_queries_alarms_and_dashboards_know():
    assert (events.DECISION, events.READY, events.SEEN) == ("decision", "ready", "seen")
    assert (events.STOPPED, events.CALLED, events.MISSED) == ("stopped", "called", "event missed")
    assert (events.NOT_YET, events.REFUSED, events.CONFLICT) == ("not yet", "refused", "conflict")
    assert (events.INCIDENT, events.INCIDENT_OVER) == ("incident", "incident over")
    assert (events.UNTOLD, events.TIMECARD) == ("untold", "timecard")
    assert (events.DAY, events.CORRECTION) == ("day", "correction")
    assert (events.HEARTBEAT, events.COST_PER_HOUR) == ("Heartbeat", "CostPerHour")
    assert (events.MODELS_LATE, events.MODELS_OUTSIDE) == ("ModelsLate", "ModelsOutsideShifts")
    assert (events.CAPACITY_LOW, events.START_DURATION) == ("CapacityBelowMinimum", "StartDuration")
    assert (events.UNIT_HOURS, events.RUN_COST) == ("UnitHours", "RunCost")
    assert (events.UNSCHEDULED_COST, events.FORECAST) == ("UnscheduledCost", "ForecastCost")
    assert (events.MONTH_TO_DATE, events.PLANNED_MONTH) == ("MonthToDateCost", "PlannedMonthCost")


def test_a_reason_in_any_language_stays_on_its_line(journal, capsys):
    journal.note(events.REFUSED, reason="größer\nals gedacht")
    assert lines(capsys)[0]["reason"] == "größer\nals gedacht"


def test_a_metric_is_one_line_with_our_namespace_and_the_plant_as_its_one_dimension(
    journal, capsys
):
    journal.measure(events.RUN_COST, 64.0, "None")
    (line,) = lines(capsys)
    assert line == {
        "_aws": {
            "Timestamp": int(at("04:40").timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "Punchclock",
                    "Dimensions": [["plant"]],
                    "Metrics": [{"Name": "RunCost", "Unit": "None"}],
                }
            ],
        },
        "plant": "springfield",
        "RunCost": [64.0],
    }


def test_metrics_do_not_gather_from_one_invocation_to_the_next(journal, capsys):
    journal.measure(events.HEARTBEAT, 1, "Count")
    journal.measure(events.RUN_COST, 64.0, "None")
    first, second = lines(capsys)
    assert "RunCost" not in first
    assert "Heartbeat" not in second


def test_a_metric_of_a_time_long_ago_is_sent_without_a_warning(capsys):
    """A rehearsal lives in other years, and its clock is the only one."""
    long_ago = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    PowertoolsJournal("springfield", lambda: long_ago).measure(events.HEARTBEAT, 1, "Count")
    (line,) = lines(capsys)
    assert line["_aws"]["Timestamp"] == long_ago.timestamp() * 1000


def test_two_plants_are_told_apart(capsys):
    for name in ("springfield", "shelbyville"):
        PowertoolsJournal(name, lambda: at("04:40")).note(events.SEEN)
    assert [line["plant"] for line in lines(capsys)] == ["springfield", "shelbyville"]

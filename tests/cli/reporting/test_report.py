"""``report`` tells from the ledger what a month cost, for people, spreadsheets and programs."""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import requests
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.main import app
from punchclock.plants import Target
from punchclock.totals import Correction
from rehearsal.emulator.wire import Reply
from tests.cli.standins import ACCOUNT, SOMEBODY, Answering, filed, json_error, served
from tests.cli.typed import typed, written
from tests.functions.ledgers import TABLE, in_dynamodb
from tests.punchclock.months import by_hand, card, day
from tests.punchclock.worlds import at

PLANT = """
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  night: {days: daily, start: 22:00, end: 06:00}
models:
  paint: {@paint, shifts: [early]}
  weld: {@weld, shifts: [night]}
"""
RUN = card(
    "paint",
    "2026-03-02T04:40Z",
    target=Target(service="rekognition", key="paint/v1", batch="paint", address={}),
    days=(day("2026-03-02", metered=470, observed=20, shift=960, lead=16, late_stop=4),),
)
NIGHT = card(
    "weld",
    "2026-02-28T20:40Z",
    target=Target(service="rekognition", key="weld/v1", batch="weld", address={}),
    shifts=("night",),
    days=(day("2026-02-28", metered=120, shift=240), day("2026-03-01", metered=360, shift=720)),
)
TRIAL = by_hand(
    "paint",
    "2026-03-07T10:00Z",
    target=RUN.target,
    closed=None,
    days=(day("2026-03-07", metered=60, unscheduled=120),),
)


@pytest.fixture
def plant(tmp_path):
    return written(tmp_path, PLANT)


@pytest.fixture
def book():
    with mock_aws():
        yield in_dynamodb()


@pytest.fixture
def kept(book):
    """A ledger with a night from February, a run, and a person's run that is not closed."""
    for each in (NIGHT, RUN, TRIAL):
        filed(book, each)


def report(plant: Path, *words: str, env: Mapping[str, str] = MappingProxyType({})) -> Result:
    command = ["report", str(plant), "--month", "2026-03", "--table", TABLE]
    command += ["--today", "2026-06-01", *words]
    return CliRunner().invoke(app, command, env={**SOMEBODY, **env})


def answered(plant: Path, *words: str, exit_code: int = 0) -> Any:
    result = report(plant, "--json", *words)
    assert result.exit_code == exit_code, result.output
    assert not result.stderr
    return json.loads(result.stdout)


def used(hours: str, amount: str) -> dict[str, object]:
    return {"unit_hours": hours, "cost": {"amount": amount, "currency": "USD"}}


NOTHING = used("0.00", "0.00")


@pytest.mark.usefixtures("kept")
def test_the_whole_answer_by_model(plant):
    assert answered(plant) == {
        "plant": "demo",
        "timezone": "Europe/Berlin",
        "month": "2026-03",
        "by": "model",
        "open_cards": 1,
        "planned_so_far": None,
        "rows": [
            {
                "model": "paint",
                "runs": 2,
                "late_starts": 0,
                **used("18.33", "73.33"),
                "used": {
                    "shift": used("16.00", "64.00"),
                    "overtime": NOTHING,
                    "lead": used("0.27", "1.07"),
                    "late_stop": used("0.07", "0.27"),
                    "unscheduled": used("2.00", "8.00"),
                },
                "minutes": {"metered": 530, "observed": 20},
                "planned": used("352.00", "1408.00"),
                "always": used("1486.00", "5944.00"),
                "so_far": True,
            },
            {
                "model": "weld",
                "runs": 0,
                "late_starts": 0,
                **used("12.00", "48.00"),
                "used": {
                    "shift": used("12.00", "48.00"),
                    "overtime": NOTHING,
                    "lead": NOTHING,
                    "late_stop": NOTHING,
                    "unscheduled": NOTHING,
                },
                "minutes": {"metered": 360, "observed": 0},
                "planned": used("494.00", "1976.00"),
                "always": used("1486.00", "5944.00"),
                "so_far": False,
            },
        ],
        "total": {
            "runs": 2,
            "late_starts": 0,
            **used("30.33", "121.33"),
            "used": {
                "shift": used("28.00", "112.00"),
                "overtime": NOTHING,
                "lead": used("0.27", "1.07"),
                "late_stop": used("0.07", "0.27"),
                "unscheduled": used("2.00", "8.00"),
            },
            "minutes": {"metered": 890, "observed": 20},
            "planned": used("846.00", "3384.00"),
            "always": used("2972.00", "11888.00"),
            "so_far": True,
        },
        "bill": None,
    }


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("shift", ["(no shift)", "early", "night"]),
        ("model", ["paint", "weld"]),
    ],
)
def test_rows_stand_for_what_is_asked(plant, by, names):
    assert [row[by] for row in answered(plant, "--by", by)["rows"]] == names


@pytest.mark.usefixtures("kept")
def test_by_day_each_day_of_the_month_has_its_own_row(plant):
    rows = {row["day"]: row for row in answered(plant, "--by", "day")["rows"]}
    assert len(rows) == 31
    assert rows["2026-03-01"]["unit_hours"] == "12.00"
    assert rows["2026-03-07"]["so_far"]


def test_a_card_that_was_corrected_later_counts_as_corrected(plant, book):
    closed = filed(book, RUN)
    later = Correction(
        card=closed.id,
        opened=closed.opened,
        corrected=at("2026-03-03T13:00Z"),
        days=(day("2026-03-02", metered=480, shift=480),),
    )
    book.reviewed(closed, later)
    assert answered(plant)["total"]["unit_hours"] == "8.00"


def test_a_run_that_was_opened_months_ago_is_found(plant, book):
    days = tuple(day(f"2026-{month:02}-10", shift=120) for month in (1, 2, 3, 4))
    opened, ready = at("2026-01-10T04:40Z"), at("2026-01-10T05:00Z")
    filed(book, replace(RUN, opened=opened, planned_ready=ready, days=days))
    found = answered(plant)["total"]
    assert (found["runs"], found["unit_hours"]) == (0, "2.00")


@pytest.mark.usefixtures("book")
def test_an_empty_ledger_is_a_month_without_cost(plant):
    assert answered(plant)["total"]["cost"]["amount"] == "0.00"


# How it is printed


@pytest.mark.usefixtures("kept")
def test_people_read_a_table_with_its_total_and_what_is_not_known_yet(plant):
    lines = report(plant).stdout.splitlines()
    assert lines[0] == (
        "demo from Sun 2026-03-01 until Wed 2026-04-01, exclusive, on the clocks of Europe/Berlin"
    )
    by_name = {line.split("  ")[0]: line.split() for line in lines}
    assert by_name["paint"] == [
        *("paint", "2", "0", "18.33", "73.33", "0.00", "1.07", "0.27", "8.00"),
        *("530", "20", "1408.00", "5944.00", "so", "far"),
    ]
    assert by_name["in all"][2:6] == ["2", "0", "30.33", "121.33"]
    assert "cards not closed yet: 1; they count as far as they are known" in lines
    assert "USD 121.33 of USD 3384.00 planned for the month" in lines
    assert "24/7 on the same units would cost USD 11888.00; this is 99 % less" in lines


@pytest.mark.usefixtures("kept")
def test_in_the_month_the_plan_of_the_days_before_today_stands_beside_it(plant):
    found = report(plant, "--today", "2026-03-03").stdout
    assert "the month is not over; for its days before today USD 192.00 was planned" in found
    assert "% less" not in found


@pytest.mark.usefixtures("kept")
def test_a_spreadsheet_gets_a_header_and_plain_figures(plant):
    found = report(plant, "--format", "csv").stdout_bytes
    header = (
        b"model,runs,late_starts,unit_hours,cost,shift_cost,overtime_cost,lead_cost,late_stop_cost,"
        b"unscheduled_cost,currency,metered_minutes,observed_minutes,planned_unit_hours,"
        b"planned_cost,always_cost,so_far\r\n"
    )
    assert found.splitlines(keepends=True) == [
        header,
        b"paint,2,0,18.33,73.33,64.00,0.00,1.07,0.27,8.00,USD,530,20,352.00,1408.00,5944.00,yes\r\n",
        b"weld,0,0,12.00,48.00,48.00,0.00,0.00,0.00,0.00,USD,360,0,494.00,1976.00,5944.00,no\r\n",
    ]


@pytest.mark.usefixtures("kept")
def test_a_spreadsheet_by_shift_leaves_24_7_empty(plant):
    text = report(plant, "--format", "csv", "--by", "shift").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["always_cost"] for row in rows} == {""}
    assert [row["shift"] for row in rows] == ["(no shift)", "early", "night"]


@pytest.mark.usefixtures("kept")
def test_format_json_is_json(plant):
    assert json.loads(report(plant, "--format", "json").stdout) == answered(plant)


# Wrong usage


@pytest.mark.parametrize(
    "month", ["2026-3", "2026-13", "2026-00", "03-2026", "2026-03-01", "March", "", "٢٠٢٦-٠٣"]
)
def test_what_is_no_month_is_refused(plant, month):
    result = typed("report", plant, "--month", month)
    assert result.exit_code == 2
    assert "is not a month" in result.stderr


@pytest.mark.usefixtures("book")
def test_a_month_outside_the_known_years_is_refused(plant):
    result = report(plant, "--month", "2050-02")
    assert result.exit_code == 2
    assert "the days that are known" in result.stderr


def test_two_formats_are_refused(plant):
    result = report(plant, "--json", "--format", "csv")
    assert result.exit_code == 2
    assert "--json and --format csv are two answers" in result.stderr


def test_an_invalid_plant_is_told_as_json_before_anything_is_asked(tmp_path):
    broken = written(tmp_path, PLANT.replace("[night]", "[nite]"))
    result = report(broken, "--json")
    assert result.exit_code == 1
    assert [each["value"] for each in json.loads(result.stdout)["errors"]] == ["nite"]


# Beside the bill


def a_day(date: str, quantity: str, cost: str, *, estimated: bool = False) -> dict[str, Any]:
    """Return a day of hosting as Cost Explorer has it."""
    metrics = {
        "UsageQuantity": {"Amount": quantity, "Unit": "Minutes"},
        "UnblendedCost": {"Amount": cost, "Unit": "USD"},
    }
    groups = [{"Keys": ["EUC1-inferenceminutes"], "Metrics": metrics}]
    end = dt.date.fromisoformat(date) + dt.timedelta(days=1)
    period = {"Start": date, "End": end.isoformat()}
    return {"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": estimated}


def billed(*pages: dict[str, Any]) -> None:
    """Let moto's Cost Explorer answer with these pages, one a request."""
    url = "http://motoapi.amazonaws.com/moto-api/static/ce/cost-and-usage-results"
    results = [{"DimensionValueAttributes": [], **page} for page in pages]
    assert requests.post(url, json={"results": results}, timeout=5).status_code == 201


@pytest.fixture
def settled(book):
    """A ledger with one run of 980 unit-minutes."""
    return filed(book, RUN)


@pytest.mark.usefixtures("settled")
def test_a_bill_that_agrees_within_one_percent_is_fine(plant):
    billed({"ResultsByTime": [a_day("2026-03-02", "976", "65.0667")]})
    assert answered(plant, "--bill")["bill"] == {
        "from": "2026-03-01",
        "to": "2026-04-01",
        "requests": 1,
        "flagged": False,
        "services": [
            {
                "service": "rekognition",
                "usage_types": ["EUC1-inferenceminutes"],
                "ours": {"unit_minutes": "980.00", **used("16.33", "65.33")},
                "billed": {"unit_minutes": "976.00", **used("16.27", "65.07")},
                "difference": {"unit_minutes": "-4.00", "percent": "-0.41"},
                "rate": "4.00",
                "effective_rate": "4.00",
                "flagged": False,
                "reasons": [],
            }
        ],
    }


@pytest.mark.usefixtures("settled")
def test_a_bill_that_differs_exits_1_with_what_may_be_behind_it(plant):
    billed({"ResultsByTime": [a_day("2026-03-02", "1960", "130.67", estimated=True)]})
    found = report(plant, "--bill")
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert "rekognition: usage more than 1 % apart; it may be that" in lines
    assert "- days that AWS still calls an estimate: 1" in lines
    assert any("another plant" in line for line in lines)
    row = next(line for line in lines if line.startswith("rekognition  "))
    assert row.split()[1:] == [
        *("980.00", "1960.00", "50.00", "65.33", "130.67", "4.00", "4.00", "look"),
    ]


@pytest.mark.usefixtures("settled")
def test_all_pages_of_the_bill_are_read_and_counted(plant):
    billed(
        {"ResultsByTime": [a_day("2026-03-02", "480", "32.00")], "NextPageToken": "more"},
        {"ResultsByTime": [a_day("2026-03-03", "500", "33.33")]},
    )
    found = answered(plant, "--bill")["bill"]
    assert found["requests"] == 2
    assert found["services"][0]["billed"]["unit_minutes"] == "980.00"
    assert not found["flagged"]


@pytest.mark.usefixtures("settled")
def test_the_bill_is_asked_for_by_day_and_usage_type_for_this_account_without_credits(plant):
    nothing = Reply(
        status=200, content_type="application/x-amz-json-1.1", body=b'{"ResultsByTime": []}'
    )
    asked = Answering(nothing)
    with served("cost_explorer", asked) as env:
        assert report(plant, "--bill", env=env).exit_code == 1
    (request,) = asked.asked
    question = json.loads(request.body)
    assert question["TimePeriod"] == {"Start": "2026-03-01", "End": "2026-04-01"}
    assert question["Granularity"] == "DAILY"
    assert question["GroupBy"] == [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]
    assert question["Metrics"] == ["UsageQuantity", "UnblendedCost"]
    services, account, kinds = question["Filter"]["And"]
    assert services["Dimensions"]["Key"] == "SERVICE"
    assert services["Dimensions"]["Values"] == ["Amazon Lookout for Vision", "Amazon Rekognition"]
    assert account["Dimensions"] == {"Key": "LINKED_ACCOUNT", "Values": [ACCOUNT]}
    assert kinds["Not"]["Dimensions"]["Values"] == ["Credit", "Refund", "Tax"]
    assert "/us-east-1/ce/" in request.headers["authorization"]


@pytest.mark.usefixtures("settled")
def test_who_may_not_see_the_bill_is_told_so(plant):
    with served("cost_explorer", Answering(json_error("AccessDeniedException"))) as env:
        result = report(plant, "--bill", env=env)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "denies GetCostAndUsage (because): ask for that permission" in result.stderr


@pytest.mark.usefixtures("settled")
def test_in_the_month_only_the_days_that_are_over_are_compared(plant):
    billed({"ResultsByTime": []})
    found = answered(plant, "--bill", "--today", "2026-03-02", exit_code=0)["bill"]
    assert found["to"] == "2026-03-02"
    assert found["services"][0]["ours"]["unit_minutes"] == "0.00"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("today", ["2026-02-10", "2026-03-01"])
def test_a_month_of_which_no_day_is_over_has_no_bill(plant, today):
    result = report(plant, "--bill", "--today", today)
    assert result.exit_code == 2
    assert "no day of 2026-03 is over" in result.stderr


def test_a_bill_has_no_place_in_a_spreadsheet(plant):
    result = report(plant, "--bill", "--format", "csv")
    assert result.exit_code == 2
    assert "--bill has no place in CSV" in result.stderr


def test_what_the_bill_costs_is_said_where_it_is_offered():
    assert "USD 0.01" in typed("report", "--help").stdout

"""The sweep of a large plant: everybody is looked at in turn, and soon."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.turns import OTHERS
from punchclock.decisions import Trouble
from punchclock.shifts import Calendar
from tests.functions.hall import MINUTE, Hall, at, idle, model


def looked_at(hall, minutes, begin="01:00"):
    """Sweep for some minutes; return what each sweep has described."""
    found = []
    for minute in range(minutes):
        hall.lookout.described.clear()
        hall.sweep(at(begin) + minute * MINUTE)
        found.append({key for keys in hall.lookout.described for key in keys})
    return found


def test_a_hundred_and_twenty_models_are_all_looked_at_in_every_sweep():
    hall = Hall(*(idle(f"m{n:03}") for n in range(120)))
    assert [len(each) for each in looked_at(hall, 2)] == [120, 120]


@pytest.mark.parametrize("models", [121, 240, 601])
def test_any_of_n_idle_models_is_looked_at_within_n_by_120_minutes(models):
    hall = Hall(*(idle(f"m{n:03}") for n in range(models)))
    sweeps = looked_at(hall, -(-models // 120))
    assert max(len(each) for each in sweeps) <= 120
    assert len(set.union(*sweeps)) == models


def test_models_that_are_wanted_or_have_a_card_are_looked_at_in_every_sweep():
    busy = [model(f"a{n:02}") for n in range(40)]
    hall = Hall(*(idle(f"m{n:03}") for n in range(200)), *busy)
    sweeps = looked_at(hall, 3, begin="06:00")
    assert all({each.target.key for each in busy} <= sweep for sweep in sweeps)
    assert max(len(each) for each in sweeps) == 120
    assert len(set.union(*sweeps)) == 240


def test_a_model_whose_run_begins_within_minutes_is_looked_at_in_every_sweep():
    hall = Hall(*(idle(f"m{n:03}") for n in range(300)), model("paint"))
    for sweep in looked_at(hall, 5, begin="04:35"):
        assert "paint/1" in sweep
    assert not all("paint/1" in sweep for sweep in looked_at(hall, 5, begin="04:20"))


def test_more_busy_models_than_a_minute_has_calls_for_are_all_looked_at_in_turn():
    busy = [model(f"a{n:03}") for n in range(200)]
    hall = Hall(*busy, *(idle(f"m{n:03}") for n in range(60)))
    sweeps = looked_at(hall, 3, begin="06:00")
    assert {each.target.key for each in busy} <= set.union(*sweeps)
    assert max(len(each) for each in sweeps) <= 120


def test_a_full_house_hides_no_manual_start_for_long():
    hall = Hall(*(model(f"a{n:03}") for n in range(200)), *(idle(f"m{n}") for n in range(60)))
    sweeps = looked_at(hall, 60 // OTHERS, begin="06:00")
    assert {f"m{n}/1" for n in range(60)} <= set.union(*sweeps)


@pytest.mark.parametrize(
    ("last", "told"), [(dt.date(2026, 4, 30), 1), (dt.date(2026, 5, 1), 0)], ids=["59", "60"]
)
def test_a_calendar_that_ends_within_60_days_is_told_of_once(last, told):
    calendar = Calendar(name="works", last=last)
    hall = Hall(replace(model("paint"), calendar=calendar))
    for minute in ("04:00", "04:01"):
        hall.sweep(at(minute))
    found = [each for each in hall.ledger.reports if each.trouble is Trouble.EXPIRING]
    assert len(found) == told
    assert all("2026-04-30" in each.reason for each in found)
    hall.file(model("paint"))
    hall.sweep(at("04:02"))
    assert [each for each in hall.incidents(Trouble.EXPIRING) if each.closed is None] == []

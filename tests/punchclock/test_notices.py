"""What people are told of incidents, in plain words."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from punchclock.actions import Trouble
from punchclock.notices import MOST, SUBJECT_LENGTH, WORDS, notice_of
from punchclock.plants import Plant
from punchclock.ports import Incident
from tests.infra.typed import count, unknown

PLANT = Plant(
    name="springfield", timezone="Europe/Berlin", region="eu-central-1", models=(), notify=("a@b",)
)
BEGUN = dt.datetime(2026, 3, 28, 22, 30, tzinfo=dt.UTC)
"""Half an hour before midnight in Berlin, in the night in which its clocks change."""
NOW = BEGUN + dt.timedelta(hours=3)
UNSCHEDULED = Incident(
    target_id="lookoutvision:paint/1",
    model="paint",
    trouble=Trouble.UNSCHEDULED,
    reason="is running outside its shifts, by no start of ours",
    opened=BEGUN,
    cost_per_hour=Decimal(8),
)
SILENT = replace(UNSCHEDULED, trouble=Trouble.SILENT, cost_per_hour=Decimal(0), reason="no answer")


def over(incident: Incident) -> Incident:
    return replace(incident, closed=NOW)


def test_one_incident_is_told_with_its_cost_its_local_time_and_what_to_type():
    notice = notice_of(PLANT, [UNSCHEDULED], BEGUN)
    assert notice.subject == "springfield: paint is hosted although no shift wants it"
    assert notice.body == (
        "springfield at Sat 2026-03-28 23:30 (2026-03-28T22:30Z), on the clocks of Europe/Berlin\n"
        "\n"
        "paint is hosted although no shift wants it\n"
        "  since  Sat 2026-03-28 23:30 (2026-03-28T22:30Z)\n"
        "  costs  USD 8.00 per hour\n"
        "  why    is running outside its shifts, by no start of ours\n"
        "  type   punchclock hold plants/springfield.yaml paint off --until HH:MM --why"
        ' "WHY"\n'
        "  read   docs/runbook.md#unscheduled"
    )


def test_what_is_over_is_told_with_its_beginning_and_its_end():
    notice = notice_of(PLANT, [over(UNSCHEDULED)], NOW)
    assert notice.subject == "springfield: over: paint is hosted although no shift wants it"
    assert notice.body == (
        "springfield at Sun 2026-03-29 03:30 (2026-03-29T01:30Z), on the clocks of Europe/Berlin\n"
        "\n"
        "over: paint is hosted although no shift wants it\n"
        "  since  Sat 2026-03-28 23:30 (2026-03-28T22:30Z)\n"
        "  until  Sun 2026-03-29 03:30 (2026-03-29T01:30Z)"
    )


def test_what_costs_nothing_says_so():
    assert "costs  nothing that is not planned" in notice_of(PLANT, [SILENT], BEGUN).body


def test_many_are_counted_in_the_subject_and_told_one_by_one():
    notice = notice_of(PLANT, [UNSCHEDULED, SILENT, over(UNSCHEDULED)], NOW)
    assert notice.subject == (
        "springfield: 2 incidents; over: paint is hosted although no shift wants it"
    )
    assert notice.body.count("  read ") == 2
    assert notice.body.count("  until ") == 1


def test_a_plant_that_is_only_watched_is_not_told_to_say_what_nobody_would_obey():
    body = notice_of(replace(PLANT, mode="watch"), [UNSCHEDULED], BEGUN).body
    assert "hold" not in body
    assert "type   punchclock status plants/springfield.yaml" in body


@pytest.mark.parametrize("mode", ["act", "watch"])
@pytest.mark.parametrize("trouble", list(Trouble))
def test_whatever_the_trouble_there_is_a_command_that_exists(trouble, mode):
    plant = replace(PLANT, mode=mode)
    body = notice_of(plant, [replace(UNSCHEDULED, trouble=trouble)], NOW).body
    assert count(body) == 1
    assert unknown(body) == []
    assert f"docs/runbook.md#{trouble}" in body
    assert WORDS[trouble].says in body


def test_a_subject_is_one_line_of_ascii_that_sns_takes():
    for name in ("p" * 200, "Lötstellen-" * 20, "é"):
        subject = notice_of(PLANT, [replace(UNSCHEDULED, model=name)], NOW).subject
        assert len(subject) <= SUBJECT_LENGTH
        assert subject.isascii()
        assert subject.isprintable()


def test_a_storm_is_one_message_that_says_how_many_there_are():
    news = [replace(SILENT, model=f"m{n}") for n in range(1000)]
    notice = notice_of(PLANT, news, NOW)
    assert notice.subject == "springfield: 1000 incidents"
    assert notice.body.count("  read ") == MOST
    assert notice.body.endswith("and 900 more: punchclock status plants/springfield.yaml")


def test_no_body_is_longer_than_sns_takes():
    for name in ("springfield", "springfields"):
        # Of two bytes each: one of the two is cut within a letter.
        long = replace(SILENT, model="ö" * 300_000)
        body = notice_of(replace(PLANT, name=name), [long], NOW).body
        assert 256 * 1024 - 1 <= len(body.encode()) <= 256 * 1024
    alone = notice_of(PLANT, [replace(SILENT, reason="ß" * 100_000)], NOW).body
    assert len(alone) < 1000
    assert "read   docs/runbook.md#silent" in alone


SAID = {
    Trouble.LATE: ("is not ready although its shift has begun", "status", "status"),
    Trouble.STUCK: ("has been starting for too long", "hold", "status"),
    Trouble.FAILED: ("has failed", "status", "status"),
    Trouble.SHORT: ("runs on fewer units than planned", "hold", "status"),
    Trouble.OVERDUE: ("is still hosted although it was to stop", "status", "status"),
    Trouble.UNSCHEDULED: ("is hosted although no shift wants it", "hold", "status"),
    Trouble.UNTOUCHABLE: (
        "is in a state in which it cannot be started or stopped",
        "status",
        "status",
    ),
    Trouble.REFUSED: ("is refused by its service", "checkup", "checkup"),
    Trouble.SILENT: ("cannot be seen: its service does not answer", "checkup", "checkup"),
    Trouble.UNREADABLE: ("cannot be read and has no effect", "overrides", "overrides"),
    Trouble.UNPLANNED: ("has no plan any more and is off", "deploy", "deploy"),
    Trouble.CLAIMED: (
        "is another plant's: it is neither started nor stopped here",
        "deploy",
        "deploy",
    ),
    Trouble.UNHEARD: ("do not arrive", "deploy", "deploy"),
    Trouble.EXPIRING: ("has holidays for a few more weeks only", "deploy", "deploy"),
}
"""What people read of each trouble, and the command that they are given, acting and watching."""


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_is_said_in_words_with_a_command_that_the_plant_can_follow(trouble):
    said, acting, watching = SAID[trouble]
    incident = replace(UNSCHEDULED, trouble=trouble)
    told = notice_of(PLANT, [incident], NOW)
    assert told.subject == f"springfield: paint {said}"
    assert f"type   punchclock {acting} plants/springfield.yaml" in told.body
    watched = notice_of(replace(PLANT, mode="watch"), [incident], NOW)
    assert f"type   punchclock {watching} plants/springfield.yaml" in watched.body


def test_a_subject_that_just_fits_is_whole_and_a_longer_one_says_that_it_goes_on():
    said = "springfield:  has failed"
    fits = replace(UNSCHEDULED, trouble=Trouble.FAILED, model="m" * (100 - len(said)))
    longer = replace(fits, model=f"{fits.model}m")
    assert len(notice_of(PLANT, [fits], NOW).subject) == 100
    assert not notice_of(PLANT, [fits], NOW).subject.endswith("...")
    cut = notice_of(PLANT, [longer], NOW).subject
    assert cut == f"springfield: {'m' * 77} has fa..."[:97] + "..."


def test_more_incidents_than_are_told_one_by_one_are_counted_whether_begun_or_over():
    many = [replace(UNSCHEDULED, model=f"m{n}") for n in range(102)]
    told = notice_of(PLANT, [*many, *(over(each) for each in many[:103])], NOW)
    assert "and 4 more: punchclock status plants/springfield.yaml" in told.body


def test_a_long_reason_is_cut():
    told = notice_of(PLANT, [replace(UNSCHEDULED, reason="x" * 1000)], NOW)
    assert "x" * 400 in told.body
    assert "x" * 401 not in told.body

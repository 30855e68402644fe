"""What an edit changed is said key by key, in the words of the plant file."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from plantfile.reader import parse
from punchclock.diffs import diff
from punchclock.edits import Edit, edits
from punchclock.plants import Quota
from punchclock.shifts import Calendar
from tests.punchclock.worlds import model, plant

OLD = """
plant: springfield
timezone: Europe/Berlin
region: eu-central-1
notify: [a@example.com, b@example.com]
quotas: {rekognition: {running_models: 2, units_per_model: 5}}
calendars:
  alps: {closed: [2026-03-09, 2026-03-10]}
  works: {closed: [2026-03-04]}
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  late: {days: Mon-Fri, start: 14:00, end: 22:00}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [early], calendar: works}
  joints: {service: lookoutvision, project: joints, version: "1", shifts: [late], calendar: alps}
"""

FIRST = dt.date(2026, 3, 2)


def found(*changes: tuple[str, str], old: str = OLD) -> list[Edit]:
    new = old
    for said_before, says_now in changes:
        assert said_before in new
        new = new.replace(said_before, says_now)
    before, after = (parse(text.encode(), "plant.yaml") for text in (old, new))
    return edits(diff(before, after, FIRST))


def said(*changes: tuple[str, str]) -> list[tuple[str, str | None, str | None]]:
    return [(each.key, each.old, each.new) for each in found(*changes)]


def test_no_change_is_said_as_none():
    assert said() == []


def test_a_plant_that_is_new_or_gone_has_no_edits():
    old = parse(OLD.encode(), "plant.yaml")
    assert edits(diff(None, old, FIRST)) == []
    assert edits(diff(old, None, FIRST)) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (", b@example.com", "", ("notify", "a@example.com, b@example.com", "a@example.com")),
        ("Europe/Berlin", "Europe/Rome", ("timezone", "Europe/Berlin", "Europe/Rome")),
        (
            "running_models: 2",
            "running_models: 3",
            (
                "quotas.rekognition",
                "2 running models, 5 units per model",
                "3 running models, 5 units per model",
            ),
        ),
        (
            "start: 14:00, end: 22:00",
            "start: 14:00, end: 24:00",
            ("shifts.late", "Mon-Fri 14:00-22:00", "Mon-Fri 14:00-24:00"),
        ),
        (
            "start: 06:00, end: 14:00",
            "start: 06:00, end: 14:00, until: 2026-12-18",
            ("shifts.early", "Mon-Fri 06:00-14:00", "Mon-Fri 06:00-14:00 until 2026-12-18"),
        ),
        (
            "{days: Mon-Fri, start: 14:00",
            '{rrule: "FREQ=DAILY", start: 14:00',
            ("shifts.late", "Mon-Fri 14:00-22:00", "FREQ=DAILY 14:00-22:00"),
        ),
        ("shifts: [late]", "shifts: []", ("shifts", "late", None)),
        ("shifts: [late]", "shifts: [{late: {units: 3}}]", ("shifts", "late", "late on 3 units")),
        (
            "closed: [2026-03-04]",
            "closed: [2026-03-04, 2026-03-06, 2026-03-11]",
            ("calendars.works", "worked on Fri 2026-03-06, Wed 2026-03-11", "off"),
        ),
        (
            "closed: [2026-03-09, 2026-03-10]",
            "closed: []",
            ("calendars.alps", "off on Mon 2026-03-09, Tue 2026-03-10", "worked"),
        ),
    ],
)
def test_a_changed_value_is_said_as_the_file_has_it(before, after, told):
    assert said((before, after)) == [told]


def test_what_only_the_new_side_says_comes_once_and_last():
    new = ("\nmodels:", "\n  night: {days: daily, start: 22:00, end: 06:00}\nmodels:")
    late = ("start: 14:00, end: 22:00", "start: 15:00, end: 22:00")
    assert said(new, late) == [
        ("shifts.late", "Mon-Fri 14:00-22:00", "Mon-Fri 15:00-22:00"),
        ("shifts.night", None, "daily 22:00-06:00"),
    ]


def test_both_calendars_are_compared_in_the_order_of_their_names():
    works, alps = ("[2026-03-04]", "[]"), ("[2026-03-09, 2026-03-10]", "[2026-03-10]")
    assert said(works, alps) == [
        ("calendars.alps", "off on Mon 2026-03-09", "worked"),
        ("calendars.works", "off on Wed 2026-03-04", "worked"),
    ]
    assert [key for key, *_ in said(works)] == ["calendars.works"]


def test_many_calendars_are_compared_in_the_order_of_their_names():
    calendars = [Calendar(name=name) for name in "fbdace"]
    shut = [replace(each, closed=frozenset({FIRST})) for each in calendars]
    before, after = (
        plant("UTC", *(model(name=each.name, calendar=each) for each in some))
        for some in (calendars, shut)
    )
    told = [each.key[-1] for each in edits(diff(before, after, FIRST)) if "calendars" in each.key]
    assert told == list("abcdef")


def test_days_of_a_calendar_are_told_within_the_twelve_months_only():
    for day in ("2026-03-01", "2027-03-02"):
        assert said(("closed: [2026-03-04]", f"closed: [2026-03-04, {day}]")) == []
    for day in ("Mon 2026-03-02", "Mon 2027-03-01"):
        change = ("closed: [2026-03-04]", f"closed: [2026-03-04, {day[4:]}]")
        assert said(change) == [("calendars.works", f"worked on {day}", "off")]


def test_a_quota_is_said_by_what_it_limits():
    old = parse(OLD.encode(), "plant.yaml")
    limits = [Quota(), Quota(units_per_model=4), Quota(running_models=2, units_per_model=4)]
    plants = [replace(old, quotas={"rekognition": each}) for each in limits]
    assert [
        (each.old, each.new)
        for before, after in pairwise(plants)
        for each in edits(diff(before, after, FIRST))
    ] == [
        ("no limit", "4 units per model"),
        ("4 units per model", "2 running models, 4 units per model"),
    ]


def test_models_that_are_new_or_gone_have_no_edits_of_their_own():
    third = "  third: {service: lookoutvision, project: t, version: '1', shifts: [early]}\n"
    assert found(("\nmodels:\n", f"\nmodels:\n{third}")) == []
    assert found((third, ""), old=OLD + third) == []


def test_the_same_change_of_several_models_is_one_in_the_order_of_the_keys():
    units = ('version: "1"', 'version: "1", units: 3, lead: 25m')
    assert found(units) == [
        Edit(key="units", old="2", new="3", models=("boards", "joints")),
        Edit(key="lead", old="20m", new="25m", models=("boards", "joints")),
    ]

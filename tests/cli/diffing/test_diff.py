"""What ``punchclock diff`` prints, and when it says no."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from typer.testing import CliRunner

from cli.diffing import as_markdown, as_text
from cli.diffing.diff import diff
from cli.diffing.words import Answer, answer, verdict
from cli.planning.plan import plan
from cli.today import today_at
from punchclock import diffs
from punchclock.plants import Plant
from tests.punchclock.worlds import model, plant, shift

FIRST = dt.date(2026, 3, 2)
FROM = ("--from", "2026-03-02")
SAMPLE = Path(__file__).parents[3] / "plants" / "springfield.yaml"
SMALL = """\
plant: springfield
timezone: Europe/Berlin
region: eu-central-1
budget: {monthly: 1500}
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
models:
  paint: {service: lookoutvision, project: paint, version: "1", shifts: [early]}
"""
"""20 to 23 days a month at 64.00 USD: 16,704.00 USD from 2026-03-02 on."""

app = typer.Typer(rich_markup_mode=None)
app.command()(diff)
app.command()(plan)


@dataclass(frozen=True)
class Printed:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def run(*args: object) -> Printed:
    result = CliRunner().invoke(app, [str(each) for each in args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Printed(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def write(tmp_path: Path):
    def written(name: str, *changes: tuple[str, str]) -> Path:
        text = SMALL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


LONGER = ("end: 14:00", "end: 15:00")
NO_BUDGET = ("budget: {monthly: 1500}\n", "")
ROOM = ("monthly: 1500", "monthly: 1700")


def test_the_sample_plant_against_itself_is_zero_and_fine() -> None:
    found = run("diff", SAMPLE, SAMPLE, *FROM, "--json")
    assert found.code == 0
    document = found.document
    nothing = {"unit_hours": "0.00", "cost": {"amount": "0.00", "currency": "USD"}}
    assert document["difference"] == nothing
    assert {each["state"] for each in document["models"].values()} == {"same"}
    assert document["edges"] == {"added": [], "removed": []}
    assert document["edits"] == []
    assert document["advice"] == {"added": [], "removed": []}
    assert document["refusals"] == []


def test_the_readme_shows_what_the_command_prints(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    days = "late:     {days: Mon-Fri"
    assert days in text
    new = tmp_path / "new.yaml"
    new.write_text(text.replace(days, days.replace("Fri", "Sat")), encoding="utf-8")
    out = run("diff", SAMPLE, new, *FROM, "--max-increase", "5%").out
    verdict_and_table = "\n\n".join(out.split("\n\n")[:2])
    readme = (SAMPLE.parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"```\n{verdict_and_table}\n```" in readme


def test_both_sides_are_the_figures_of_plan(write) -> None:
    old, new = write("old.yaml"), write("new.yaml", LONGER)
    document = run("diff", old, new, *FROM, "--json").document
    for side, path in (("old", old), ("new", new)):
        planned = run("plan", path, *FROM, "--to", "2027-03-02", "--json").document
        assert document[side]["unit_hours"] == planned["unit_hours"]
        assert document[side]["cost"] == planned["cost"]
        assert document["models"]["paint"][side]["cost"] == planned["models"]["paint"]["cost"]


def test_without_a_date_the_twelve_months_begin_today_at_the_plant(write) -> None:
    path = write("plant.yaml")
    berlin = ZoneInfo("Europe/Berlin")
    before = today_at(berlin)
    document = run("diff", path, path, "--json").document
    assert before <= dt.date.fromisoformat(document["from"]) <= today_at(berlin)


def test_the_json_document_has_the_keys_that_are_documented(write) -> None:
    document = run("diff", write("old.yaml"), write("new.yaml", LONGER), *FROM, "--json").document
    told = (SAMPLE.parents[1] / "docs" / "diff.md").read_text(encoding="utf-8")
    for key in document:
        assert f"`{key}`" in told or f"`{key}." in told, key
    assert document["verdict"] == (
        "springfield: +2,088.00 USD over 12 months (+12.5 %), over budget in 12 months"
    )
    assert document["models"]["paint"]["difference"] == {
        "unit_hours": "522.00",
        "cost": {"amount": "2088.00", "currency": "USD"},
    }
    assert document["percent"] == "12.50"
    assert document["budget"] == {"amount": "1500.00", "currency": "USD"}
    assert document["months"][0] == {
        "month": "2026-03",
        "old": {"amount": "1408.00", "currency": "USD"},
        "new": {"amount": "1584.00", "currency": "USD"},
        "over_budget": {"amount": "84.00", "currency": "USD"},
        "refused": True,
    }
    assert document["edits"] == [
        {
            "key": "shifts.early",
            "models": [],
            "old": "Mon-Fri 06:00-14:00",
            "new": "Mon-Fri 06:00-15:00",
        }
    ]
    (added,), (removed,) = document["edges"]["added"], document["edges"]["removed"]
    assert (added["name"], removed["name"]) == ("stop-1500-mon-fri", "stop-1400-mon-fri")


def test_json_may_be_asked_for_by_format_too(write) -> None:
    path = write("plant.yaml")
    args = ("diff", path, path, *FROM)
    assert run(*args, "--format", "json").out == run(*args, "--json").out
    both = run(*args, "--json", "--format", "markdown")
    assert both.code == 2
    assert "two answers" in both.err


@pytest.mark.parametrize(
    ("limit", "code"),
    [("2088", 0), ("2087.99", 1), ("0", 1), ("12.5%", 0), ("12.5 %", 0), ("12.4%", 1), ("3000", 0)],
)
def test_an_increase_over_the_limit_is_refused(write, limit: str, code: int) -> None:
    old, new = write("old.yaml", NO_BUDGET), write("new.yaml", LONGER, NO_BUDGET)
    found = run("diff", old, new, *FROM, "--max-increase", limit)
    assert found.code == code
    assert ("refused: +2,088.00 USD is more than --max-increase allows" in found.out) is bool(code)
    assert run("diff", new, old, *FROM, "--max-increase", limit).code == 0


@pytest.mark.parametrize(
    "limit", ["-5", "-5%", "1,000", "1.000,00", "1_000", "1e3", "nan", "", "%", "5%%", "USD 5", "٣"]
)
def test_a_limit_that_is_no_amount_is_wrong_usage(write, limit: str) -> None:
    path = write("plant.yaml")
    found = run("diff", path, path, *FROM, "--max-increase", limit)
    assert found.code == 2
    assert f"{limit!r} is no increase: write an amount of USD" in found.err


def test_a_month_over_the_new_budget_is_refused(write) -> None:
    found = run("diff", write("old.yaml"), write("new.yaml", LONGER), *FROM)
    assert found.code == 1
    assert (
        "refused: 12 months over the budget of 1,500.00 USD, and further than before, most of all"
        " 2026-07 by 156.00 USD\n"
    ) in found.out
    assert "  2026-03: 1,408.00 -> 1,584.00, over by 84.00\n" in found.out
    assert run("diff", write("old.yaml"), write("new.yaml", LONGER, ROOM), *FROM).code == 0


def test_saving_money_is_not_refused_although_the_plant_stays_over_its_budget(write) -> None:
    low = ("monthly: 1500", "monthly: 100")
    longer, shorter = write("old.yaml", LONGER, low), write("new.yaml", low)
    found = run("diff", longer, shorter, *FROM)
    assert found.code == 0
    assert "over budget in 13 months, but none further than before" in found.out


@pytest.mark.parametrize("nothing", ["/dev/null", ""])
def test_no_file_is_a_plant_that_is_not_there_yet_or_no_more(write, nothing: str) -> None:
    path = write("plant.yaml", ROOM)
    new, gone = run("diff", nothing, path, *FROM, "--json"), run("diff", path, nothing, *FROM)
    assert new.code == 0
    assert new.document["old"] is None
    assert new.document["percent"] is None
    assert new.document["models"]["paint"]["state"] == "added"
    assert new.document["verdict"] == (
        "springfield: new plant, 16,704.00 USD over 12 months, within budget"
    )
    assert gone.code == 0
    assert gone.out.startswith("springfield: plant deleted, -16,704.00 USD over 12 months\n")


def test_two_sides_that_are_no_file_are_wrong_usage() -> None:
    found = run("diff", "", "/dev/null")
    assert found.code == 2
    assert "name a plant file" in found.err


def test_a_percentage_of_nothing_is_nothing(write) -> None:
    assert run("diff", "", write("new.yaml", ROOM), *FROM, "--max-increase", "50%").code == 1


def test_what_is_wrong_with_both_files_is_told_at_once(write) -> None:
    old, new = write("old.yaml", ("[early]", "[erly]")), write("new.yaml", ("Mon-Fri", "Mon-Fry"))
    found = run("diff", old, new, *FROM, "--json")
    assert found.code == 1
    assert {each["file"] for each in found.document["errors"]} == {str(old), str(new)}


def test_a_file_that_is_not_there_is_wrong_usage(write, tmp_path: Path) -> None:
    found = run("diff", tmp_path / "gone.yaml", write("plant.yaml"), *FROM)
    assert found.code == 2
    assert "gone.yaml: No such file or directory" in found.err


def test_twelve_months_that_leave_the_known_holidays_are_shortened_and_say_so(write) -> None:
    works = ("shifts:\n", "calendars: {works: {holidays: DE-BY}}\nshifts:\n")
    path = write("plant.yaml", works, ("shifts: [early]", "shifts: [early], calendar: works"))
    found = run("diff", path, path, "--from", "2036-07-01")
    assert found.code == 0
    assert "no change in cost from 2036-07-01 until 2037-01-01" in found.out
    assert "known for 2036-07-01 until 2037-01-01 only" in found.out
    outside = run("diff", path, path, "--from", "2037-01-01")
    assert outside.code == 2
    assert "nothing of the 12 months from 2037-01-01" in outside.err


def test_another_name_and_other_clocks_are_told(write) -> None:
    new = write("new.yaml", ("plant: springfield", "plant: ogdenville"), ("Berlin", "Lisbon"))
    out = run("diff", write("old.yaml"), new, *FROM).out
    assert "plant springfield becomes ogdenville: that is another stack" in out
    assert "the clocks are those of Europe/Lisbon, no longer of Europe/Berlin" in out


def test_advice_that_only_one_side_gets_is_told(write) -> None:
    idle = ("shifts:\n", "shifts:\n  spare: {days: daily, start: 22:00, end: 23:00}\n")
    old, new = write("old.yaml"), write("new.yaml", idle)
    document = run("diff", old, new, *FROM, "--json").document
    (told,) = document["advice"]["added"]
    assert told.startswith("warning: shifts.spare: ")
    assert run("diff", new, old, *FROM, "--json").document["advice"]["removed"] == [told]


def test_days_off_are_told_once_and_not_with_all_others_of_the_year(write) -> None:
    works = ("shifts: [early]", "shifts: [early], calendar: works")
    calendar = "calendars: {works: {holidays: DE-BY%s}}\nshifts:\n"
    old = write("old.yaml", works, ("shifts:\n", calendar % ""))
    new = write("new.yaml", works, ("shifts:\n", calendar % ", closed: [2026-05-04]"))
    document = run("diff", old, new, *FROM, "--json").document
    assert document["advice"] == {"added": [], "removed": []}
    (edit,) = document["edits"]
    assert (edit["key"], edit["old"]) == ("calendars.works", "worked on Mon 2026-05-04")


def answered(old: Plant | None, new: Plant | None) -> Answer:
    return answer(diffs.diff(old, new, FIRST), None, [], [])


EARLY = shift("06:00-14:00", "early", days=frozenset(range(5)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, 4, "at least +8,352.00 USD"),
        (4, None, "at most +8,352.00 USD"),
        (4, 4, ": +8,352.00 USD"),
        (None, None, ": +8,352.00 USD"),
    ],
)
def test_a_difference_is_a_bound_where_only_one_side_may_autoscale(
    before: int | None, after: int | None, said: str
) -> None:
    old = plant("Europe/Berlin", model(EARLY, max_units=before))
    new = plant("Europe/Berlin", model(EARLY, units=3, max_units=after))
    assert said in verdict(diffs.diff(old, new, FIRST))


def test_text_marks_costs_that_autoscaling_may_add_to() -> None:
    scaling = plant("Europe/Berlin", model(EARLY, max_units=4, name="paint"))
    out = list(as_text.lines(answered(None, scaling)))
    (row,) = [line for line in out if line.startswith("paint")]
    assert row.split("  ")[-1] == "at least +16,704.00"
    assert "  the service may autoscale and cost more than planned: paint" in out


def test_markdown_begins_with_its_marker_and_one_line_of_verdict(write) -> None:
    old, new = write("old.yaml"), write("new.yaml", LONGER, ROOM)
    found = run("diff", old, new, *FROM, "--format", "markdown")
    assert found.out.splitlines()[:6] == [
        "<!-- punchclock diff springfield -->",
        "**springfield: +2,088.00 USD over 12 months (+12.5 %), within budget**",
        "",
        "| model | unit-hours | cost, USD | difference, USD |",
        "| :-- | --: | --: | --: |",
        "| paint | 4,176.00 → 4,698.00 | 16,704.00 → 18,792.00 | +2,088.00 |",
    ]
    assert found.out.count("<details>") == found.out.count("</details>") == 2


def test_markdown_takes_no_name_for_more_than_itself() -> None:
    told = "a|b <script>alert(1)</script> *c* _d_ `e` [f](g) #1 \\"
    found = as_markdown.escaped(told)
    assert found == (
        r"a\|b &lt;script&gt;alert(1)&lt;/script&gt; \*c\* \_d\_ \`e\` \[f\](g) \#1 \\"
    )
    assert as_markdown.escaped("two\nlines") == "two lines"


def test_markdown_escapes_the_names_of_models_and_notes() -> None:
    odd = model(EARLY, name="a|<b>")
    old = plant("Europe/Berlin", odd)
    new = plant("Europe/Berlin", replace(odd, rate=Decimal(5)))
    out = "\n".join(as_markdown.lines(answered(old, new)))
    assert r"| a\|&lt;b&gt; |" in out
    assert r"- rate of a\|&lt;b&gt;: 4.00 → 5.00" in out
    assert "<b>" not in out


def test_a_comment_on_a_thousand_models_is_short_enough_for_a_pull_request() -> None:
    longest = "x" * 60
    old = [model(EARLY, name=f"{longest}{n:04}") for n in range(1000)]
    new = [
        replace(each, lead=dt.timedelta(minutes=n % 300), rate=Decimal(n))
        for n, each in enumerate(old)
    ]
    found = answered(plant("Europe/Berlin", *old), plant("Europe/Berlin", *new))
    out = "\n".join(as_markdown.lines(found))
    assert len(out) < 65_536
    assert "960 more models" in out
    cheapest = f"{longest}0004"
    assert cheapest not in out.split("<details>")[0]
    assert f"{longest}0999" in out.split("<details>")[0]


def test_unchanged_models_are_one_row_of_a_comment() -> None:
    models = [model(EARLY, name=name) for name in ("one", "two", "three")]
    changed = [replace(models[0], rate=Decimal(5)), *models[1:]]
    found = answered(plant("Europe/Berlin", *models), plant("Europe/Berlin", *changed))
    table = "\n".join(as_markdown.lines(found)).split("<details>")[0]
    assert "| 2 models unchanged | 8,352.00 → 8,352.00 | 33,408.00 → 33,408.00 | 0.00 |" in table
    assert "| two |" not in table

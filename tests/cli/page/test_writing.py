"""A written page is one file that asks nobody for anything, whatever stands in a plant file."""

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

from cli.page.drawing import sheet
from cli.page.sheet import Verdict
from cli.page.writing import page
from tests.cli.page.mornings import happened, morning, planned
from tests.cli.typed import SPRINGFIELD, answered, typed, written

WEEK = ("--from", "2026-03-02", "--to", "2026-03-09")
EVIL = "</script><script>alert('x')</script><b onclick=\"alert(1)\">"


class Tags(HTMLParser):
    """Everything that a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_names_and_reasons_are_text_whatever_they_hold():
    plan = planned()
    models = tuple(replace(each, model=replace(each.model, name=EVIL)) for each in plan.models[:1])
    what = replace(
        happened(),
        counted={EVIL: []},
        verdict=Verdict(replay=EVIL, violations=(EVIL,)),
    )
    tags = Tags(page(sheet(replace(plan, models=models), what)).decode())
    assert [name for name, _ in tags.tags].count("script") == 1
    assert not any(key.startswith("on") for _, attributes in tags.tags for key in attributes)
    assert sum(EVIL in text for text in tags.texts) >= 4


def test_a_page_names_no_address_and_no_file():
    text = page(morning(happened())).decode()
    assert not re.search(r"https?:|//[a-z]|@import|url\(|src=", text)
    links = {attributes["href"] for tag, attributes in Tags(text).tags if "href" in attributes}
    assert {link[0] for link in links if link} == {"#", "d"}
    assert "data:," in links


def test_the_policy_of_a_page_knows_its_style_and_its_script_and_nothing_else():
    text = page(morning(happened())).decode()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    for tag in ("style", "script"):
        [inline] = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;")
    assert not any("style" in attributes for _, attributes in Tags(text).tags)


def test_every_bar_leads_to_its_line_in_the_list():
    tags = Tags(page(morning(happened())).decode()).tags
    lines = {attributes.get("id") for tag, attributes in tags if tag == "tr"}
    bars = [attributes for _, attributes in tags if "data-run" in attributes]
    assert {bar["data-run"] for bar in bars} <= lines
    assert all(bar["href"] == f"#{bar['data-run']}" for bar in bars if "href" in bar)


def test_a_week_of_three_models_is_a_small_file(tmp_path):
    file = tmp_path / "week.html"
    assert typed("plan", SPRINGFIELD, *WEEK, "--html", file).exit_code == 0
    assert file.stat().st_size < 100_000


def test_a_plant_of_200_models_is_still_a_page(tmp_path):
    models = "\n".join(f"  model-{n}: {{@m{n}, shifts: [day, night]}}" for n in range(200))
    shifts = """
shifts:
  day: {days: Mon-Fri, start: 06:00, end: 14:00}
  night: {days: Mon-Fri, start: 22:00, end: 02:00}
models:
"""
    file = tmp_path / "many.html"
    plant = written(tmp_path, shifts + models)
    assert typed("plan", plant, *WEEK, "--html", file).exit_code == 0
    assert file.stat().st_size < 4_000_000


def test_a_plant_without_models_and_days_that_there_never_were_are_pages_too(tmp_path):
    days = ("--from", "2011-12-30", "--to", "2011-12-31")
    text = "shifts:\n  day: {days: daily, start: 08:00, end: 16:00}\nmodels:"
    for models in (" {}", "\n  a: {@a, shifts: [day]}"):
        plant = written(tmp_path, text + models)
        plant.write_text(plant.read_text().replace("Europe/Berlin", "Pacific/Apia"))
        result = typed("plan", plant, *days, "--html", "-")
        assert result.exit_code == 0
        assert "USD 0.00" in result.stdout


# As it is typed


def test_a_page_may_be_printed_to_stdout_and_then_nothing_else_is():
    result = typed("plan", SPRINGFIELD, *WEEK, "--html", "-")
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.rstrip().endswith("</html>")


def test_a_page_beside_json_goes_to_a_file(tmp_path):
    file = tmp_path / "week.html"
    told = answered("plan", SPRINGFIELD, *WEEK, "--html", file)
    assert told["models"]
    assert file.read_bytes().startswith(b"<!doctype html>")


def test_two_things_cannot_both_be_printed_to_stdout():
    result = typed("plan", SPRINGFIELD, *WEEK, "--html", "-", "--ics", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--ics - and --html - would both print to stdout" in " ".join(result.stderr.split())


def test_a_page_in_a_folder_that_is_not_there_is_wrong_usage(tmp_path):
    result = typed("plan", SPRINGFIELD, *WEEK, "--html", tmp_path / "none" / "week.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file or directory" in result.stderr


def test_a_page_is_of_one_seed(tmp_path):
    file = tmp_path / "day.html"
    result = typed("rehearse", SPRINGFIELD, *WEEK, "--seeds", "2", "--html", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not file.exists()


def test_a_plan_is_drawn_without_what_a_rehearsal_needs():
    heavy = "{'moto', 'aws_cdk', 'boto3'} & set(sys.modules)"
    program = f"import sys, cli.page.drawing, cli.page.writing; sys.exit(len({heavy}))"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")

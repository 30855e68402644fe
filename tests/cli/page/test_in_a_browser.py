"""Pages in a real browser: what they show, to whom, and what they ask of the network."""

import datetime as dt
import os
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from cli.page.writing import page
from tests import browser
from tests.browser import PHONE, asked, complaints, show
from tests.cli.page.mornings import happened, morning
from tests.cli.typed import SPRINGFIELD, answered, typed, written

AXE = Path("node_modules/axe-core/axe.min.js")
SPRING = ("--from", "2026-03-23", "--to", "2026-03-30")


@pytest.fixture(scope="module")
def chrome():
    missing = browser.missing()
    if missing and os.environ.get("PUNCHCLOCK_BROWSER") == "required":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    with browser.browsing() as found:
        yield found


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Return the page of a week of the sample plant, in which the clocks change."""
    file = tmp_path_factory.mktemp("pages") / "plan.html"
    assert typed("plan", SPRINGFIELD, *SPRING, "--html", file).exit_code == 0
    return file


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory):
    """Return the page of a morning on which much went wrong."""
    file = tmp_path_factory.mktemp("pages") / "rehearsal.html"
    file.write_bytes(page(morning(happened())))
    return file


def test_every_run_of_the_json_is_shown_and_nothing_is_complained_of(chrome, planned):
    show(chrome, planned)
    shown = asked(
        chrome,
        """return [...document.querySelectorAll("#runs ~ table tbody tr:not(.aside)")].map(
            row => [row.cells[0].innerText.trim(),
                    ...[...row.querySelectorAll("time")].map(time => time.dateTime)])""",
    )
    models = answered("plan", SPRINGFIELD, *SPRING)["models"]
    assert shown == [
        [name, run["start"], run["ready"], run["stop"]]
        for name, each in models.items()
        for run in each["runs"]
    ]
    assert complaints(chrome) == []


def test_windows_of_the_json_are_drawn_where_they_are_also_on_the_day_of_23_hours(chrome, planned):
    show(chrome, planned)
    drawn = asked(
        chrome,
        """return Object.fromEntries([...document.querySelectorAll(".week tbody tr")].map(row => [
            row.cells[0].querySelector(".name").innerText,
            [...row.querySelectorAll(".track")].map(track => {
              const whole = track.getBoundingClientRect();
              return [...track.querySelectorAll(".bar.shift")].map(bar => {
                const box = bar.getBoundingClientRect();
                return [box.left, box.right].map(edge => (edge - whole.left) / whole.width);
              });
            }),
          ]))""",
    )
    before = answered("plan", SPRINGFIELD, "--from", "2026-03-22", "--to", "2026-03-30")["models"]
    assert drawn.keys() == before.keys()
    for name, days in drawn.items():
        bars = [
            [begin + edge * (end - begin) for edge in bar]
            for (begin, end), bars in zip(pairwise(MIDNIGHTS), days, strict=True)
            for bar in bars
        ]
        windows = [
            [
                min(max(dt.datetime.fromisoformat(window[edge]), MIDNIGHTS[0]), MIDNIGHTS[-1])
                for edge in ("start", "end")
            ]
            for window in before[name]["windows"]
        ]
        expected = [window for window in windows if window[0] < window[1]]
        for one, other in zip(union(bars), expected, strict=True):
            assert abs(one[0] - other[0]) < PIXEL
            assert abs(one[1] - other[1]) < PIXEL


MIDNIGHTS = [
    dt.datetime.combine(
        dt.date(2026, 3, 23) + dt.timedelta(days=day), dt.time(), ZoneInfo("Europe/Berlin")
    ).astimezone(dt.UTC)
    for day in range(8)
]
PIXEL = dt.timedelta(minutes=15)
"""What a pixel of a week is good for."""


def union(bars):
    """Join bars that touch."""
    found: list[list[dt.datetime]] = []
    for begin, end in bars:
        if found and begin - found[-1][1] < PIXEL:
            found[-1][1] = end
        else:
            found.append([begin, end])
    return found


def test_a_page_asks_nothing_of_the_network(chrome, rehearsed):
    show(chrome, rehearsed)
    assert asked(chrome, "return performance.getEntriesByType('resource').length") == 0
    assert complaints(chrome) == []


def test_details_come_with_the_focus_and_go_with_escape(chrome, rehearsed):
    show(chrome, rehearsed)
    bar = chrome.find_element(By.CSS_SELECTOR, ".bar.shift")
    tip = chrome.find_element(By.ID, "tip")
    assert not tip.is_displayed()
    asked(chrome, "document.body.style.paddingTop = '2000px'; arguments[0].focus()", bar)
    scrolled(chrome)
    assert tip.is_displayed()
    assert "boards" in tip.text
    assert "10 min 0 s late" in tip.text
    ActionChains(chrome).send_keys(Keys.ESCAPE).perform()
    assert not tip.is_displayed()


def scrolled(chrome):
    """Let the page be drawn twice: by then it has heard of its scrolling."""
    chrome.execute_async_script(
        "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(done))"
    )


def test_details_come_with_a_pointer_and_with_a_tap(chrome, rehearsed):
    show(chrome, rehearsed, width=PHONE)
    bar = chrome.find_element(By.CSS_SELECTOR, ".bar.running")
    tip = chrome.find_element(By.ID, "tip")
    asked(chrome, "arguments[0].scrollIntoView({block: 'center'})", bar)
    scrolled(chrome)
    ActionChains(chrome).move_to_element(bar).perform()
    assert "boards" in tip.text
    ActionChains(chrome).send_keys(Keys.ESCAPE).click(bar).perform()
    assert "boards" in tip.text
    assert chrome.current_url.endswith("rehearsal.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1600, PHONE])
@pytest.mark.parametrize("kind", ["planned", "rehearsed"])
def test_a_page_keeps_the_rules_of_accessibility_and_fits_its_screen(
    chrome, kind, width, scheme, request
):
    show(chrome, request.getfixturevalue(kind), width=width, scheme=scheme)
    asked(chrome, AXE.read_text(encoding="utf-8"))
    found = asked(chrome, "return axe.run()")
    told = [
        f"{each['id']}: {node['target']}: {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
    assert told == []
    assert len(found["passes"]) > 10
    assert asked(chrome, "return document.documentElement.scrollWidth") <= width
    assert browser.picture(chrome).startswith(b"\x89PNG")


def test_one_of_many_models_is_found_by_its_name(chrome, tmp_path):
    models = "".join(f"\n  {name}: {{@{name}, shifts: [day]}}" for name in NAMES)
    shifts = "shifts:\n  day: {days: daily, start: 08:00, end: 16:00}\nmodels:"
    file = tmp_path / "many.html"
    plant = written(tmp_path, shifts + models)
    assert typed("plan", plant, *SPRING, "--html", file).exit_code == 0
    show(chrome, file)
    chrome.find_element(By.CSS_SELECTOR, "#find input").send_keys("Weld")
    rows = chrome.find_elements(By.CSS_SELECTOR, ".chart tbody tr")
    assert [row.text.split()[0] for row in rows if row.is_displayed()] == ["weld-a", "weld-b"]


NAMES = ["weld-a", "weld-b", *(f"paint-{number}" for number in range(12))]


def test_a_page_can_be_printed(chrome, planned):
    show(chrome, planned)
    assert browser.paper(chrome).startswith(b"%PDF")

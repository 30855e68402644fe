"""What the texts tell people to open and to type: is it there?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.main import app

ROOT = Path(__file__).parents[1]
TEXTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def said(pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield what the texts say that a pattern is looking for."""
    for file in TEXTS:
        for found in re.findall(pattern, file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            yield file, found


def anchors(file: Path) -> set[str]:
    """Return the anchors of a text's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}


def test_every_link_within_the_repository_leads_somewhere():
    links = [each for each in said(r"\]\(([^)\s]+)\)") if "://" not in each[1]]
    assert len(links) > 20
    for file, link in links:
        place, _, anchor = link.partition("#")
        target = (file.parent / place) if place else file
        assert target.exists(), f"{file}: {link}"
        assert not anchor or anchor in anchors(target), f"{file}: {link}"


def test_every_page_is_listed():
    index = ROOT / "docs" / "README.md"
    listed = re.findall(r"\]\(([^)\s]+)\)", index.read_text(encoding="utf-8"))
    pages = {*(ROOT / "docs").rglob("*.md")} - {index}
    assert {index.parent / each for each in listed} == pages


@pytest.mark.parametrize(
    ("pattern", "known"),
    [
        (
            r"(?:^ {4,}|`)make (?:--silent )?([a-z-]+)",
            set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)),
        ),
        (
            r"(?:^ {4,}|`)punchclock ([a-z]+)",
            {each.name or each.callback.__name__ for each in app.registered_commands},  # type: ignore[union-attr]
        ),
    ],
)
def test_every_command_that_a_text_names_is_there(pattern, known):
    named = list(said(pattern))
    assert len(named) > 10
    for file, name in named:
        assert name in known, f"{file}: {name}"


def test_every_file_that_a_text_names_is_there():
    named = list(said(r"`((?:tests|infra|functions|rehearsal|punchclock|cli|bench)/[\w/.]+\.py)`"))
    assert named
    for file, name in named:
        assert (ROOT / name).is_file(), f"{file}: {name}"

"""How does a diff look as a comment on a pull request?

It begins with a comment that readers do not see, always the same for a plant: whoever posts it
finds its last one by it, and replaces it.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from cli.diffing.words import (
    Answer,
    amount,
    cost,
    counted,
    difference,
    hours,
    keyed,
    named,
    over_budget,
    verdict,
)
from punchclock.diffs import ModelDiff
from punchclock.edges import Edge
from punchclock.forecasts import Figures, total
from punchclock.plants import CURRENCY
from punchclock.spellings import listed

MOST_ROWS = 40
"""Rows of the table, and of each folded part: GitHub takes comments of 65,536 characters."""
LONGEST = 300
"""Characters of a cell or line."""

_MARKS = re.compile(r"([\\`*_{}\[\]|~#$])")
"""What Markdown may take for more than itself."""


def lines(found: Answer) -> Iterator[str]:
    """Yield the lines of a comment."""
    yield f"<!-- punchclock diff {found.diff.plant.name} -->"
    yield f"**{escaped(verdict(found.diff))}**"
    for each in found.refusals:
        yield ""
        yield f"**Refused:** {escaped(each)}"
    yield ""
    yield from _table(found)
    sections = {
        "What the file says": [_edit(found, place) for place in range(len(found.edits))],
        "Edges": [*_edges("removed", found.diff.removed), *_edges("added", found.diff.added)],
        "Months over budget": list(_months(found)),
        "Notes": list(found.notes),
        "What validate says now": list(found.new_advice),
        "What validate says no longer": list(found.old_advice),
    }
    for title, told in sections.items():
        yield from _folded(title, told)


def escaped(text: str) -> str:
    """Write a text so that neither Markdown nor HTML takes it for more, on one line."""
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return _MARKS.sub(r"\\\1", html.escape(text, quote=False))


def _table(found: Answer) -> Iterator[str]:
    diff = found.diff
    yield _line(["model", "unit-hours", f"cost, {CURRENCY}", f"difference, {CURRENCY}"])
    yield "| :-- | --: | --: | --: |"
    told = sorted((each for each in diff.models if each.state != "same"), key=_weight)
    told, rest = told[:MOST_ROWS], [*told[MOST_ROWS:]]
    for each in sorted(told, key=lambda each: each.name):
        yield _row(named(each), each.before, each.after)
    same = sum(each.state == "same" for each in diff.models)
    if rest:
        before, after = total(each.before for each in rest), total(each.after for each in rest)
        yield _row(counted(len(rest), "more model"), before, after)
    if same:
        unchanged = total(each.before for each in diff.models if each.state == "same")
        yield _row(f"{counted(same, 'model')} unchanged", unchanged, unchanged)
    yield _row("all models", diff.before, diff.after, mark="**")


def _weight(each: ModelDiff) -> tuple[object, ...]:
    return -abs(each.after.usage.cost - each.before.usage.cost), each.name


def _row(name: str, before: Figures, after: Figures, mark: str = "") -> str:
    cells = (
        name,
        " → ".join(hours(before, after)),
        f"{cost(before)} → {cost(after)}",
        difference(before, after),
    )
    return _line([f"{mark}{escaped(cell)}{mark}" for cell in cells])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _edit(found: Answer, place: int) -> str:
    edit = found.edits[place]
    return f"{keyed(edit)}: {edit.old or 'nothing'} → {edit.new or 'nothing'}"


def _edges(what: str, edges: Iterable[Edge]) -> Iterator[str]:
    for edge in edges:
        yield f"{what}: {edge.name}, {edge.cron}, for {listed(edge.models)}"


def _months(found: Answer) -> Iterator[str]:
    for month in over_budget(found.diff):
        before, after = amount(month.old.cost), amount(month.new.cost)
        over = f"over by {amount(month.excess)} {CURRENCY}"
        yield f"{month.first:%Y-%m}: {before} → {after}, {over}"


def _folded(title: str, told: Sequence[str]) -> Iterator[str]:
    if not told:
        return
    yield ""
    yield f"<details><summary>{title} ({len(told):,})</summary>"
    yield ""
    yield from (f"- {escaped(each)}" for each in told[:MOST_ROWS])
    if len(told) > MOST_ROWS:
        yield f"- and {len(told) - MOST_ROWS:,} more"
    yield ""
    yield "</details>"

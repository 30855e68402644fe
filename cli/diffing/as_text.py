"""How does a diff look on a terminal?"""

from collections.abc import Iterable, Iterator

from cli.columns import aligned
from cli.diffing.words import (
    Answer,
    amount,
    cost,
    difference,
    hours,
    keyed,
    named,
    over_budget,
    verdict,
)
from punchclock.edges import Edge
from punchclock.forecasts import Figures
from punchclock.plants import CURRENCY
from punchclock.spellings import listed


def lines(found: Answer) -> Iterator[str]:
    """Yield the lines of a diff."""
    yield verdict(found.diff)
    yield from (f"refused: {each}" for each in found.refusals)
    sections = {
        "": _costs(found),
        "What the file says": _edits(found),
        "Edges": _edges(found),
        f"Months over budget, {CURRENCY}": _months(found),
        "Notes": (f"  {each}" for each in found.notes),
        "What validate says now": (f"  {each}" for each in found.new_advice),
        "What it says no longer": (f"  {each}" for each in found.old_advice),
    }
    for title, section in sections.items():
        told = list(section)
        if told:
            yield ""
            yield from [title] if title else []
            yield from told


def _costs(found: Answer) -> Iterator[str]:
    diff = found.diff
    rows = [_row(named(each), each.before, each.after) for each in diff.models]
    rows.append(_row("all models", diff.before, diff.after))
    numbers = ("hours old", "hours new", "cost old", "cost new", "difference")
    title = (
        f"Unit-hours and {CURRENCY} from {diff.period.first} until {diff.period.end}, exclusive,"
        f" on the clocks of {diff.plant.timezone}"
    )
    yield from aligned(title, ("model", *numbers), rows, numbers)


def _row(name: str, before: Figures, after: Figures) -> tuple[str, ...]:
    return (name, *hours(before, after), cost(before), cost(after), difference(before, after))


def _edits(found: Answer) -> Iterator[str]:
    for edit in found.edits:
        yield f"  {keyed(edit)}: {edit.old or 'nothing'} -> {edit.new or 'nothing'}"


def _edges(found: Answer) -> Iterator[str]:
    yield from _marked("-", found.diff.removed)
    yield from _marked("+", found.diff.added)


def _marked(mark: str, edges: Iterable[Edge]) -> Iterator[str]:
    for edge in edges:
        yield f"  {mark} {edge.name}  {edge.cron}  {listed(edge.models)}"


def _months(found: Answer) -> Iterator[str]:
    for month in over_budget(found.diff):
        before, after = amount(month.old.cost), amount(month.new.cost)
        yield f"  {month.first:%Y-%m}: {before} -> {after}, over by {amount(month.excess)}"

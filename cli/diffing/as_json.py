"""How does a diff look to programs? Its keys are described in ``docs/diff.md``."""

from cli.diffing.words import Answer, verdict
from punchclock.costs import money, two_decimals
from punchclock.diffs import ModelDiff, Month
from punchclock.edges import Edge
from punchclock.edits import Edit
from punchclock.forecasts import Figures


def document(found: Answer) -> dict[str, object]:
    """Return a diff as JSON has it."""
    diff = found.diff
    return {
        "plant": diff.plant.name,
        "timezone": diff.plant.timezone,
        "from": diff.period.first.isoformat(),
        "to": diff.period.end.isoformat(),
        "verdict": verdict(diff),
        "refusals": list(found.refusals),
        "models": {each.name: _model(each) for each in diff.models},
        **_figures(diff.before, diff.after, old=diff.old is not None, new=diff.new is not None),
        "percent": None if diff.percent is None else two_decimals(diff.percent),
        "budget": money(diff.new.budget) if diff.new and diff.new.budget is not None else None,
        "months": [_month(each) for each in diff.months],
        "edges": {
            "added": [_edge(each) for each in diff.added],
            "removed": [_edge(each) for each in diff.removed],
        },
        "edits": [_edit(each) for each in found.edits],
        "notes": list(found.notes),
        "advice": {"added": list(found.new_advice), "removed": list(found.old_advice)},
    }


def _model(each: ModelDiff) -> dict[str, object]:
    sides = {"old": each.old is not None, "new": each.new is not None}
    return {
        "state": each.state,
        "was": each.was,
        **_figures(each.before, each.after, **sides),
    }


def _figures(before: Figures, after: Figures, *, old: bool, new: bool) -> dict[str, object]:
    more = {
        "unit_hours": two_decimals(after.usage.unit_hours - before.usage.unit_hours),
        "cost": money(after.usage.cost - before.usage.cost),
    }
    return {
        "old": _side(before) if old else None,
        "new": _side(after) if new else None,
        "difference": more,
    }


def _side(figures: Figures) -> dict[str, object]:
    return {**figures.usage.as_json(), "at_least": figures.at_least}


def _month(month: Month) -> dict[str, object]:
    return {
        "month": f"{month.first:%Y-%m}",
        "old": money(month.old.cost),
        "new": money(month.new.cost),
        "over_budget": money(month.excess),
        "refused": month.is_worse,
    }


def _edge(edge: Edge) -> dict[str, object]:
    return {
        "name": edge.name,
        "kind": edge.kind,
        "cron": edge.cron,
        "shifts": list(edge.shifts),
        "models": list(edge.models),
    }


def _edit(edit: Edit) -> dict[str, object]:
    return {"key": edit.key, "models": list(edit.models), "old": edit.old, "new": edit.new}

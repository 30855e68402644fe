"""What is said of an edit, on a terminal as in a pull request: the verdict, and what refuses it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from punchclock.diffs import Diff, Limit, ModelDiff, Month, cents
from punchclock.edits import Edit, edits
from punchclock.forecasts import Figures
from punchclock.plants import CURRENCY
from punchclock.spellings import listed

_TENTH = Decimal("0.1")
_SCALES = {
    (False, False): "",
    (False, True): "at least ",
    (True, False): "at most ",
    # What autoscaling adds on both sides is not known, and neither is which adds more.
    (True, True): "",
}
"""How to take a difference, by whether autoscaling may add to the old side and to the new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A diff with all that is said of it."""

    diff: Diff
    edits: tuple[Edit, ...]
    notes: tuple[str, ...]
    """About the comparison."""
    new_advice: tuple[str, ...]
    """What ``validate`` says of NEW and not of OLD, one line each."""
    old_advice: tuple[str, ...]
    """What it says no longer."""
    refusals: tuple[str, ...]
    """Why the edit is refused; empty where it is not."""


def answer(
    found: Diff, limit: Limit | None, new_advice: Collection[str], old_advice: Collection[str]
) -> Answer:
    """Return all that is said of a diff, with the advice on its two sides."""
    return Answer(
        diff=found,
        edits=tuple(edits(found)),
        notes=tuple(_notes(found)),
        new_advice=tuple(each for each in new_advice if each not in old_advice),
        old_advice=tuple(each for each in old_advice if each not in new_advice),
        refusals=tuple(_refusals(found, limit)),
    )


def verdict(found: Diff) -> str:
    """Return the one line that says it all."""
    parts = [f"{found.plant.name}: {_change(found)}", _budget(found)]
    return ", ".join(part for part in parts if part)


def amount(value: Decimal) -> str:
    """Write USD for people: ``1,204.00``."""
    return f"{cents(value):,}"


def signed(value: Decimal) -> str:
    """Write a difference for people: ``+1,204.00``, ``-3.50``, ``0.00``."""
    return f"{cents(value):+,}" if cents(value) else "0.00"


def cost(figures: Figures) -> str:
    """Write what a side costs."""
    return ("at least " if figures.at_least else "") + amount(figures.usage.cost)


def difference(before: Figures, after: Figures) -> str:
    """Write what a side costs more or less than the other."""
    change = signed(after.usage.cost - before.usage.cost)
    return _SCALES[before.at_least, after.at_least] + change


def hours(before: Figures, after: Figures) -> tuple[str, str]:
    """Write the unit-hours of both sides."""
    one, other = (amount(each.usage.unit_hours) for each in (before, after))
    return one, other


def named(each: ModelDiff) -> str:
    """Write a model's name, with its old one, or what has become of it."""
    if each.was is not None:
        return f"{each.name} (was {each.was})"
    return f"{each.name} ({each.state})" if each.state in {"added", "removed"} else each.name


def keyed(edit: Edit) -> str:
    """Write where a value stands in the plant file."""
    return f"{edit.key} of {listed(edit.models)}" if edit.models else edit.key


def percent(found: Diff) -> str | None:
    """Write the increase in percent; None where there was nothing before."""
    if found.percent is None:
        return None
    return f"{found.percent.quantize(_TENTH, ROUND_HALF_UP) + 0:+}"


def over_budget(found: Diff) -> list[Month]:
    """Return the months whose planned cost is over the new budget."""
    return [month for month in found.months if month.excess]


def _change(found: Diff) -> str:
    before, after = found.before, found.after
    span = _span(found)
    if found.old is None:
        return f"new plant, {cost(after)} {CURRENCY} {span}"
    if found.new is None:
        return f"plant deleted, {difference(before, after)} {CURRENCY} {span}"
    if not found.increase and before.at_least == after.at_least:
        return f"no change in cost {span} ({cost(after)} {CURRENCY})"
    share = percent(found)
    told = f"{difference(before, after)} {CURRENCY} {span}"
    return f"{told} ({share} %)" if share else told


def _span(found: Diff) -> str:
    period = found.period
    if period.is_whole:
        return "over 12 months"
    return f"from {period.first} until {period.end}"


def _budget(found: Diff) -> str:
    if found.new is None or found.new.budget is None:
        return ""
    over = over_budget(found)
    if not over:
        return "within budget"
    told = f"over budget in {counted(len(over), 'month')}"
    return (
        told if any(month.is_worse for month in over) else f"{told}, but none further than before"
    )


def counted(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def _refusals(found: Diff, limit: Limit | None) -> Iterator[str]:
    before = found.before.usage
    if limit is not None and found.increase > limit.allowed(before):
        allowed = f"{amount(limit.allowed(before))} {CURRENCY}"
        if limit.is_percent:
            allowed += f", {limit.value} % of {amount(before.cost)} {CURRENCY}"
        yield f"{signed(found.increase)} {CURRENCY} is more than --max-increase allows: {allowed}"
    worse = [month for month in found.months if month.is_worse]
    if worse and found.new is not None and found.new.budget is not None:
        most = max(worse, key=lambda month: month.excess)
        yield (
            f"{counted(len(worse), 'month')} over the budget of {amount(found.new.budget)}"
            f" {CURRENCY}, and further than before, most of all {most.first:%Y-%m} by"
            f" {amount(most.excess)} {CURRENCY}"
        )


def _notes(found: Diff) -> Iterator[str]:
    old, new, period = found.old, found.new, found.period
    if not period.is_whole:
        yield (
            f"holidays and zones are known for {period.first} until {period.end} only, and the"
            f" rest of the 12 months from {period.asked[0]} is left out"
        )
    if old is not None and new is not None and old.name != new.name:
        yield (
            f"plant {old.name} becomes {new.name}: that is another stack, and the one of"
            f" {old.name} is to be destroyed"
        )
    if old is not None and new is not None and old.timezone != new.timezone:
        yield (
            f"the clocks are those of {new.timezone}, no longer of {old.timezone}: the same wall"
            " times are other instants, and every edge is another"
        )
    scaling = [each.name for each in found.models if each.before.at_least or each.after.at_least]
    if scaling:
        yield f"the service may autoscale and cost more than planned: {listed(scaling)}"

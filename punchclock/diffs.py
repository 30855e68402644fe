"""What does an edit of a plant file change in hours, money and edges in the coming 12 months?

Cost is planned minutes from ready to stop at the model's rate, in whole months and in all: the same
function as the plan's (law of money). A model that may autoscale costs at least that.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress
from typing import Literal, TypeVar

from punchclock.costs import Usage, two_decimals
from punchclock.edges import Edge, edges
from punchclock.forecasts import Figures, Forecast, forecasts, stretch_sums, total
from punchclock.periods import Period, coming_year
from punchclock.plants import Model, Plant

T = TypeVar("T")

State = Literal["same", "changed", "added", "removed", "renamed"]

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDiff:
    """One model, old and new; None on the side that has not got it."""

    old: Model | None
    new: Model | None
    before: Figures
    after: Figures

    @property
    def name(self) -> str:
        """Its name, the new one if it has one; unique in a diff."""
        return _either(self.old, self.new).name

    @property
    def was(self) -> str | None:
        """Its old name where the same hosted model has another now."""
        return self.old.name if self.state == "renamed" and self.old else None

    @property
    def state(self) -> State:
        """What has become of it."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        if self.old.name != self.new.name:
            return "renamed"
        same = self.old == self.new and self.before == self.after
        return "same" if same else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A whole calendar month: before the first day as OLD plans it, from then on old or new."""

    first: dt.date
    old: Usage
    new: Usage
    old_budget: Decimal | None
    new_budget: Decimal | None

    @property
    def excess(self) -> Decimal:
        """USD by which the new plan is over the new budget; 0 without a budget."""
        return _excess(self.new, self.new_budget)

    @property
    def is_worse(self) -> bool:
        """Whether it is further over the budget than it was before the edit."""
        return self.excess > _excess(self.old, self.old_budget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What an edit changes; None stands for no plant: its file is new, or deleted."""

    old: Plant | None
    new: Plant | None
    period: Period
    models: tuple[ModelDiff, ...]
    """Ascending by name."""
    months: tuple[Month, ...]
    """Every calendar month that shares a day with the period, ascending."""
    added: tuple[Edge, ...]
    removed: tuple[Edge, ...]
    """Edges of one side only, ascending by name."""

    @property
    def plant(self) -> Plant:
        """The new plant, or the old one where there is no new."""
        return _either(self.old, self.new)

    @property
    def before(self) -> Figures:
        """All models of the old plant together."""
        return total(each.before for each in self.models)

    @property
    def after(self) -> Figures:
        """All models of the new plant together."""
        return total(each.after for each in self.models)

    @property
    def increase(self) -> Decimal:
        """USD more in the period, as it is shown: in whole cents."""
        return cents(self.after.usage.cost - self.before.usage.cost)

    @property
    def percent(self) -> Decimal | None:
        """The increase in percent of the old cost; None where that was nothing."""
        cost = self.before.usage.cost
        return 100 * (self.after.usage.cost - cost) / cost if cost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much dearer an edit may make a period."""

    value: Decimal
    is_percent: bool = False
    """Of the old cost; else it is USD."""

    def allowed(self, old: Usage) -> Decimal:
        """Return USD, in whole cents."""
        return cents(old.cost * self.value / 100 if self.is_percent else self.value)


def diff(old: Plant | None, new: Plant | None, first: dt.date) -> Diff:
    """Compare two plants over the 12 months from a local date on; one of them may be None.

    Each side's days begin at its own midnight. Raises ``OutOfRange`` where none of the 12 months is
    known; where only some are, the period is shorter.
    """
    period = coming_year([each for each in (old, new) if each is not None], first)
    before, after = forecasts(old, period), forecasts(new, period)
    fired, fires = _edges(old), _edges(new)
    return Diff(
        old=old,
        new=new,
        period=period,
        models=tuple(_models(old, new, before, after)),
        months=tuple(_months(old, new, period, before, after)),
        added=tuple(edge for key, edge in fires.items() if key not in fired),
        removed=tuple(edge for key, edge in fired.items() if key not in fires),
    )


def cents(amount: Decimal) -> Decimal:
    """Round an amount as it is shown, so that what is judged is what people see."""
    return Decimal(two_decimals(amount))


def _models(
    old: Plant | None,
    new: Plant | None,
    before: Mapping[str, Forecast],
    after: Mapping[str, Forecast],
) -> list[ModelDiff]:
    found = [
        ModelDiff(
            old=one,
            new=other,
            before=before[one.name].figures if one else Figures(),
            after=after[other.name].figures if other else Figures(),
        )
        for one, other in _pairs(old, new)
    ]
    return sorted(found, key=lambda each: each.name)


def _pairs(old: Plant | None, new: Plant | None) -> Iterator[tuple[Model | None, Model | None]]:
    """Yield models of one name, then the same hosted model under another name, then the rest."""
    olds = {model.name: model for model in old.models} if old else {}
    news = {model.name: model for model in new.models} if new else {}
    gone = {each.target.id: each for name, each in olds.items() if name not in news}
    for name, model in news.items():
        yield olds.get(name) or gone.pop(model.target.id, None), model
    yield from ((model, None) for model in gone.values())


def _months(
    old: Plant | None,
    new: Plant | None,
    period: Period,
    before: Mapping[str, Forecast],
    after: Mapping[str, Forecast],
) -> Iterator[Month]:
    was, is_now = stretch_sums(before, period), stretch_sums(after, period)
    # What lies before the period is past: no edit changes it.
    then = [
        past if day < period.first else planned
        for day, past, planned in zip(period.bounds, was, is_now, strict=False)
    ]
    for first in period.months:
        here = [day.replace(day=1) == first for day in period.bounds[:-1]]
        yield Month(
            first=first,
            old=sum(compress(was, here), Usage()),
            new=sum(compress(then, here), Usage()),
            old_budget=old.budget if old else None,
            new_budget=new.budget if new else None,
        )


def _excess(usage: Usage, budget: Decimal | None) -> Decimal:
    return _NOTHING if budget is None else max(_NOTHING, cents(usage.cost) - budget)


def _edges(plant: Plant | None) -> dict[tuple[str, ...], Edge]:
    """Return edges by what they are: a wall time of another zone is another edge."""
    found = edges(plant) if plant else ()
    return {(plant.timezone if plant else "", edge.kind, edge.cron): edge for edge in found}


def _either(old: T | None, new: T | None) -> T:
    found = new if new is not None else old
    if found is None:
        message = "a diff has two sides, and one of them at least is something"
        raise ValueError(message)
    return found

"""Which values of a plant file did an edit change, key by key?

Only values that both sides have: what a new or deleted plant or model says is all new, or all gone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from punchclock.costs import two_decimals
from punchclock.diffs import Diff
from punchclock.localtime import DAY
from punchclock.plants import Model, Plant, Quota
from punchclock.shifts import Calendar, Shift, spell_days
from punchclock.spellings import spelled
from punchclock.workdays import known_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One value, old and new; None where a side does not say it."""

    key: str
    """As in the plant file, dotted; of a model its last part only, for example ``lead``."""
    old: str | None
    new: str | None
    models: tuple[str, ...] = ()
    """New names of the models with this very change, ascending; empty for one of the plant."""


def edits(found: Diff) -> list[Edit]:
    """Return the values that differ: the plant's, its shifts', its calendars', its models'."""
    old, new = found.old, found.new
    if old is None or new is None:
        return []
    return [
        *_differing(_of_plant(old), _of_plant(new)),
        *_differing(_of_shifts(old), _of_shifts(new)),
        *_calendars(found, old, new),
        *_models(found),
    ]


_PLANT: Mapping[str, Callable[[Plant], str | None]] = {
    "plant": lambda plant: plant.name,
    "timezone": lambda plant: plant.timezone,
    "region": lambda plant: plant.region,
    "account": lambda plant: plant.account,
    "mode": lambda plant: plant.mode,
    "budget.monthly": lambda plant: _amount(plant.budget),
    "notify": lambda plant: ", ".join(plant.notify) or None,
    "on_destroy": lambda plant: plant.on_destroy,
}

_MODEL: Mapping[str, Callable[[Model], str | None]] = {
    "service": lambda model: model.target.service,
    "hosted model": lambda model: model.target.key,
    "shifts": lambda model: ", ".join(_worked(model)) or None,
    "units": lambda model: _bounds(model.units, model.max_units),
    "rate": lambda model: _amount(model.rate),
    "lead": lambda model: spelled(model.lead),
    "bridge": lambda model: spelled(model.bridge),
    "calendar": lambda model: model.calendar.name if model.calendar else None,
    "enabled": lambda model: "true" if model.enabled else "false",
    "manual_runs": lambda model: _manual(model.manual_runs),
}


def _differing(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[Edit]:
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            yield Edit(key=key, old=old.get(key), new=new.get(key))


def _of_plant(plant: Plant) -> dict[str, str | None]:
    quotas = {f"quotas.{name}": _quota(quota) for name, quota in plant.quotas.items()}
    return {key: spell(plant) for key, spell in _PLANT.items()} | quotas


def _of_shifts(plant: Plant) -> dict[str, str | None]:
    return {f"shifts.{shift.name}": _shift(shift) for shift in plant.shifts}


def _shift(shift: Shift) -> str:
    end = "24:00" if shift.overnight and shift.end == dt.time() else f"{shift.end:%H:%M}"
    parts = (
        shift.rrule or spell_days(shift.days),
        f"{shift.start:%H:%M}-{end}",
        f"every {shift.every} weeks" if shift.every > 1 else "",
        f"from {shift.first}" if shift.first else "",
        f"until {shift.last}" if shift.last else "",
    )
    return " ".join(part for part in parts if part)


def _calendars(found: Diff, old: Plant, new: Plant) -> Iterator[Edit]:
    """Yield the days of the period on which a calendar of both sides has come to say otherwise."""
    before, after = _in_use(old), _in_use(new)
    for name in sorted(before.keys() & after.keys()):
        one, other = before[name], after[name]
        if one == other:
            continue
        closed, opened = list[str](), list[str]()
        for day in _days(found, one, other):
            if (one.closure(day) is None) != (other.closure(day) is None):
                (closed if one.closure(day) is None else opened).append(f"{day:%a %Y-%m-%d}")
        if closed:
            yield Edit(key=f"calendars.{name}", old="worked on " + ", ".join(closed), new="off")
        if opened:
            yield Edit(key=f"calendars.{name}", old="off on " + ", ".join(opened), new="worked")


def _in_use(plant: Plant) -> dict[str, Calendar]:
    return {model.calendar.name: model.calendar for model in plant.models if model.calendar}


def _days(found: Diff, *calendars: Calendar) -> Iterator[dt.date]:
    day = max(found.period.first, *(known_days(each)[0] for each in calendars))
    while day < found.period.end:
        yield day
        day += DAY


def _models(found: Diff) -> list[Edit]:
    """Return the changes of models, those that are alike as one."""
    alike: dict[tuple[str, str | None, str | None], list[str]] = defaultdict(list)
    for each in found.models:
        if each.old is not None and each.new is not None:
            for key, spell in _MODEL.items():
                old, new = spell(each.old), spell(each.new)
                if old != new:
                    alike[key, old, new].append(each.name)
    order = list(_MODEL)
    return [
        Edit(key=key, old=old, new=new, models=tuple(names))
        for (key, old, new), names in sorted(
            alike.items(), key=lambda each: order.index(each[0][0])
        )
    ]


def _worked(model: Model) -> list[str]:
    return [
        each.shift.name if each.units == model.units else f"{each.shift.name} on {each.units} units"
        for each in model.assignments
    ]


def _bounds(least: int, most: int | None) -> str:
    return f"{least}" if most is None else f"{least} to {most}"


def _manual(stop_after: dt.timedelta | None) -> str:
    return "leave" if stop_after is None else f"stop after {spelled(stop_after)}"


def _quota(quota: Quota) -> str:
    limits = {
        "running models": quota.running_models,
        "units per model": quota.units_per_model,
    }
    told = [f"{most} {what}" for what, most in limits.items() if most is not None]
    return ", ".join(told) or "no limit"


def _amount(amount: Decimal | None) -> str | None:
    """Write an amount of USD with at least two decimals, so that 4 and 4.00 are the same."""
    if amount is None:
        return None
    exact = f"{amount.normalize():f}"
    return exact if Decimal(two_decimals(amount)) != amount else two_decimals(amount)

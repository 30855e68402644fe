"""Which plant does a valid file describe?"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from functions.services.spec import Spec
from plantfile.calendars import calendar
from plantfile.entries import (
    Bounds,
    ModelEntry,
    QuotaEntry,
    StopAfter,
    worked,
)
from plantfile.schema import PlantFile
from plantfile.times import ShiftEntry
from punchclock.plants import MIN_UNITS, Assignment, Model, Plant, Quota, Target
from punchclock.shifts import Shift

LEAD = dt.timedelta(minutes=20)
BRIDGE = dt.timedelta(minutes=30)
GRACE = dt.timedelta(minutes=60)
"""What holds where neither a model nor the file says it; units are then ``MIN_UNITS``."""

EVERY_DAY = frozenset(range(7))

T = TypeVar("T")


def plant(file: PlantFile, targets: Mapping[str, Target], specs: Mapping[str, Spec]) -> Plant:
    """Return the domain's plant; ``targets`` are what its models host, by name."""
    builder = _Builder(file, specs)
    return Plant(
        name=file.plant,
        timezone=file.timezone,
        region=file.region,
        account=file.account,
        mode=file.mode,
        models=tuple(
            builder.model(name, each, targets[name]) for name, each in file.models.items()
        ),
        shifts=tuple(builder.shifts.values()),
        quotas={name: _quota(spec, file) for name, spec in specs.items()},
        budget=file.budget.monthly if file.budget else None,
        notify=tuple(file.notify),
        on_destroy=file.on_destroy,
    )


def shift(name: str, entry: ShiftEntry) -> Shift:
    """Return the shift that an entry describes."""
    return Shift(
        name=name,
        start=entry.start,
        end=entry.end.time,
        overnight=entry.end.time <= entry.start,
        days=entry.days if entry.days is not None else EVERY_DAY,
        first=entry.first,
        last=entry.until,
        every=entry.every or 1,
        rrule=entry.rrule,
    )


class _Builder:
    """Makes models that share their shifts and calendars."""

    def __init__(self, file: PlantFile, specs: Mapping[str, Spec]) -> None:
        self._defaults = file.defaults
        self._manual_runs = file.manual_runs
        self._rates = {name: _rate(spec, file) for name, spec in specs.items()}
        self._calendars = {name: calendar(name, each) for name, each in file.calendars.items()}
        self.shifts = {name: shift(name, each) for name, each in file.shifts.items()}

    def model(self, name: str, entry: ModelEntry, target: Target) -> Model:
        defaults = self._defaults
        bounds = _bounds(entry.units or defaults.units or MIN_UNITS)
        days_off = _either(entry.calendar, defaults.calendar, "")
        manual_runs = _either(entry.manual_runs, defaults.manual_runs, self._manual_runs)
        return Model(
            name=name,
            target=target,
            assignments=tuple(
                Assignment(shift=self.shifts[worked_shift], units=units or bounds.min)
                for worked_shift, units in map(worked, entry.shifts)
            ),
            rate=self._rates[entry.service],
            units=bounds.min,
            max_units=bounds.max,
            lead=_either(entry.lead, defaults.lead, LEAD),
            bridge=_either(entry.bridge, defaults.bridge, BRIDGE),
            calendar=self._calendars.get(days_off),
            enabled=entry.enabled,
            manual_runs=_grace(manual_runs),
        )


def _either(own: T | None, default: T | None, built_in: T) -> T:
    if own is not None:
        return own
    return default if default is not None else built_in


def _bounds(units: int | Bounds) -> Bounds:
    return units if isinstance(units, Bounds) else Bounds(min=units)


def _grace(manual_runs: StopAfter | str | None) -> dt.timedelta | None:
    if manual_runs is None:
        return GRACE
    return manual_runs.stop_after if isinstance(manual_runs, StopAfter) else None


def _rate(spec: Spec, file: PlantFile) -> Decimal:
    written: Decimal | None = getattr(file.rates, spec.name, None)
    # A service without a price is refused before, where a model uses it.
    return written if written is not None else spec.rate or Decimal(0)


def _quota(spec: Spec, file: PlantFile) -> Quota:
    written: QuotaEntry | None = getattr(file.quotas, spec.name, None)
    if written is None:
        return spec.quota
    return Quota(
        running_models=_either(written.running_models, spec.quota.running_models, None),
        units_per_model=_either(written.units_per_model, spec.quota.units_per_model, None),
    )

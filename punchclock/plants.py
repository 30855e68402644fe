"""What a plant file says, as values that cannot be invalid."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from punchclock.errors import InvalidPlant
from punchclock.shifts import Calendar, Shift

MIN_UNITS = 2
"""Production models run on at least two inference units, so that the loss of one unit or of one
Availability Zone leaves one at work. Source: AWS, "Running your trained model"."""

OnDestroy = Literal["stop", "leave"]
"""What becomes of running models when the plant's stack is destroyed."""

CURRENCY = "USD"
"""The currency of every rate: AWS publishes these prices in US dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A hosted model as its service addresses it: enough to observe, start and stop it."""

    service: str
    """Name of the service in the catalog, for example ``rekognition``."""
    key: str
    """What is unique to the hosted model within its service, account and region."""
    batch: str
    """Targets of one service with the same batch are described in one call."""
    address: Mapping[str, str] = field(hash=False)
    """The service's own names for it, for example project and version."""

    @property
    def id(self) -> str:
        """Unique within an account and region, whatever the plant file calls the model."""
        return f"{self.service}:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A shift that a model works, and with how many units."""

    shift: Shift
    units: int

    def __post_init__(self) -> None:
        require_units(self.units, f"shift {self.shift.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A hosted model and the shifts it works."""

    name: str
    target: Target
    assignments: tuple[Assignment, ...]
    rate: Decimal
    """USD per unit-hour."""
    units: int = MIN_UNITS
    max_units: int | None = None
    """The service may autoscale up to it; None means no autoscaling."""
    lead: dt.timedelta = dt.timedelta(minutes=20)
    """How long before a window the start is asked for."""
    bridge: dt.timedelta = dt.timedelta(minutes=30)
    """Windows no further apart than this are one run."""
    calendar: Calendar | None = None
    enabled: bool = True
    """A disabled model is always off."""
    manual_runs: dt.timedelta | None = dt.timedelta(minutes=60)
    """When a run that a person began is stopped; None leaves it."""

    def __post_init__(self) -> None:
        require_units(self.units, f"model {self.name}")
        most = max([self.units, *(each.units for each in self.assignments)])
        if self.max_units is not None and self.max_units < most:
            message = f"model {self.name}: max units {self.max_units} is under {most}"
            raise InvalidPlant(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What an account may run at once; None where no limit is known."""

    running_models: int | None = None
    units_per_model: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One plant file: one site, one account and region, one stack."""

    name: str
    timezone: str
    region: str
    models: tuple[Model, ...]
    account: str | None = None
    """Pins where the plant may be deployed."""
    mode: Literal["act", "watch"] = "act"
    shifts: tuple[Shift, ...] = ()
    """All shifts of the file, worked or not."""
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    budget: Decimal | None = None
    """USD per calendar month."""
    notify: tuple[str, ...] = ()
    """E-mail addresses that are told."""
    on_destroy: OnDestroy = "stop"

    @property
    def zone(self) -> ZoneInfo:
        """The IANA zone of the plant's walls."""
        return ZoneInfo(self.timezone)

    def model(self, name: str) -> Model | None:
        """Return the model of that name, or None."""
        return next((model for model in self.models if model.name == name), None)


def require_units(units: int, where: str) -> None:
    """Raise ``InvalidPlant`` for fewer than two units: in file, adapter and command."""
    if units < MIN_UNITS:
        message = f"{where}: {units} units; at least {MIN_UNITS} are needed to outlive a failure"
        raise InvalidPlant(message)

"""What may be written of models, their defaults and quotas?

The docstrings below the fields are the descriptions that editors show, through the JSON Schema.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from plantfile.faults import fault
from plantfile.names import CalendarName, ShiftName
from plantfile.problems import shown
from plantfile.words import Amount, Duration
from punchclock.plants import MIN_UNITS

SINGLE, SEVERAL = "=one", "=several"
"""Tags of the two forms that some values have: one word, or a mapping. No place in the file."""


class Entry(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


def form_of(value: object) -> str:
    """Return the tag of the form that a value has."""
    return SEVERAL if isinstance(value, dict) else SINGLE


def _units(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"{shown(value)} is not a number of units: write a whole number, without quotes"
        raise fault(message)
    if value < MIN_UNITS:
        message = f"{value} is too few: at least {MIN_UNITS} units, so that one may fail"
        raise fault(message)
    return value


def _running(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        message = (
            f"{shown(value)} is not a number of models: write a whole number from 1, without quotes"
        )
        raise fault(message)
    return value


Units = Annotated[
    int, BeforeValidator(_units), WithJsonSchema({"type": "integer", "minimum": MIN_UNITS})
]


class Bounds(Entry):
    """Units to start with, and up to which the service may autoscale."""

    min: Units
    """Inference units that it starts with."""
    max: Units | None = None
    """Units that the service may autoscale up to."""

    @field_validator("max")
    @classmethod
    def _not_under_min(cls, most: int | None, info: ValidationInfo) -> int | None:
        least = info.data.get("min")
        if most is not None and least is not None and most < least:
            message = f"max {most} is under min {least}: {least} or more would do"
            raise fault(message)
        return most


ModelUnits = Annotated[
    Annotated[Units, Tag(SINGLE)] | Annotated[Bounds, Tag(SEVERAL)], Discriminator(form_of)
]


class StopAfter(Entry):
    """How long a run that a person began may last outside the model's shifts."""

    stop_after: Duration
    """It is stopped after this time, for example 60m."""


ManualRuns = Annotated[
    Annotated[Literal["leave"], Tag(SINGLE)] | Annotated[StopAfter, Tag(SEVERAL)],
    Discriminator(form_of),
]


class Defaults(Entry):
    """What holds for models that do not say it themselves."""

    units: Units | None = None
    """Inference units, at least 2."""
    lead: Duration | None = None
    """How long before a shift the start is asked for, for example 20m."""
    bridge: Duration | None = None
    """Pauses up to this long between two shifts are run through."""
    calendar: CalendarName | None = None
    """A calendar of this file."""
    manual_runs: ManualRuns | None = None
    """What becomes of runs that a person began."""


class QuotaEntry(Entry):
    """What the account may run at once."""

    running_models: (
        Annotated[int, BeforeValidator(_running), WithJsonSchema({"type": "integer", "minimum": 1})]
        | None
    ) = None
    """Models that may run at the same time."""
    units_per_model: Units | None = None
    """Units that one model may have."""


class Budget(Entry):
    """What the models may cost."""

    monthly: Amount
    """USD per calendar month."""


class ShiftUnits(Entry):
    """What differs in this shift."""

    units: Units
    """Inference units in this shift."""


def _one_key(value: object) -> object:
    if isinstance(value, dict) and len(value) != 1:
        message = "one shift per item: write it as {night: {units: 3}}"
        raise fault(message)
    return value


WorkedShift = Annotated[
    Annotated[ShiftName, Tag(SINGLE)]
    | Annotated[
        dict[ShiftName, ShiftUnits],
        Field(min_length=1, max_length=1),
        BeforeValidator(_one_key),
        Tag(SEVERAL),
    ],
    Discriminator(form_of),
]


class ModelEntry(Entry):
    """A hosted model and the shifts it works."""

    service: str
    """Which service hosts it."""
    units: ModelUnits | None = None
    """Inference units: a number, or {min: 2, max: 4} to let the service autoscale."""
    shifts: list[WorkedShift]
    """Names of shifts, or {night: {units: 3}} where one needs other units."""
    calendar: CalendarName | None = None
    """A calendar of this file."""
    lead: Duration | None = None
    """How long before a shift the start is asked for, for example 20m."""
    bridge: Duration | None = None
    """Pauses up to this long between two shifts are run through."""
    manual_runs: ManualRuns | None = None
    """What becomes of runs that a person began."""
    enabled: bool = True
    """false: the model is always off."""


def worked(item: str | dict[str, ShiftUnits]) -> tuple[str, int | None]:
    """Return the name of a worked shift, and its own units where it has them."""
    if isinstance(item, str):
        return item, None
    ((name, own),) = item.items()
    return name, own.units

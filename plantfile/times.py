"""What may be written under calendars and shifts?

The docstrings below the fields are the descriptions that editors show, through the JSON Schema.
"""

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from plantfile.entries import Entry
from plantfile.faults import UP, fault
from plantfile.names import Holidays
from plantfile.recurrences import checked
from plantfile.words import Date, Dates, Days, End, Finish, Start, Weeks


class CalendarEntry(Entry):
    """Days on which no shift starts, and their exceptions."""

    holidays: Holidays | None = None
    """Public holidays: a country, or country-subdivision, for example DE-BY."""
    closed: list[Dates] = Field(default=[])
    """Dates and ranges of dates, for example 2026-12-28..2026-12-31."""
    open: list[Dates] = Field(default=[])
    """Dates that are worked although they are a holiday or closed."""


class ShiftEntry(Entry):
    """Hours on certain days: either days or rrule says which."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["days"]}, {"required": ["rrule"]}],
            "dependentRequired": {"every": ["days", "from"]},
        }
    )

    start: Start
    """When it starts, on the plant's clock."""
    end: Finish
    """When it ends: earlier than its start is the next day, 24:00 is midnight at the day's end."""
    first: Date | None = Field(default=None, alias="from")
    """The first date on which it may start."""
    until: Date | None = None
    """The last date on which it may start."""
    days: Days | None = None
    """Mon-Fri, Sat, "Mon,Wed,Fri", [Mon, Wed, Fri], Fri-Mon or daily."""
    every: Weeks | None = None
    """For example 2 weeks, counted from the week of `from`."""
    rrule: Annotated[str | None, WithJsonSchema({"type": "string"})] = Field(
        default=None, validate_default=True, examples=["FREQ=MONTHLY;BYDAY=1SU"]
    )
    """A recurrence rule of RFC 5545 instead of days."""

    @field_validator("end")
    @classmethod
    def _some_length(cls, end: End, info: ValidationInfo) -> End:
        start: dt.time | None = info.data.get("start")
        if start == end.time and not end.midnight:
            message = f"start and end are both {end.time:%H:%M}: a whole day is 00:00 to 24:00"
            raise fault(message)
        return end

    @field_validator("until")
    @classmethod
    def _not_before_from(cls, until: dt.date | None, info: ValidationInfo) -> dt.date | None:
        first: dt.date | None = info.data.get("first")
        if until is not None and first is not None and until < first:
            message = f"{until} is before from {first}: {first} or later would do"
            raise fault(message)
        return until

    @field_validator("every")
    @classmethod
    def _counted_from(cls, every: int | None, info: ValidationInfo) -> int | None:
        if every is not None and info.data.get("first", ...) is None:
            message = "needs 'from: <date>': weeks are counted from the Monday of its week"
            raise fault(message)
        return every

    @field_validator("rrule", mode="before")
    @classmethod
    def _one_day_rule(cls, rule: object, info: ValidationInfo) -> str | None:
        days = info.data.get("days", ...)
        if rule is None:
            if days is None:
                message = "is missing: say on which days, with 'days' or with 'rrule'"
                raise fault(message, UP, "days")
            return None
        if days is not None:
            message = "days and rrule both say on which days: keep one"
            raise fault(message)
        if info.data.get("every") is not None:
            message = "every and rrule do not go together: write INTERVAL=… in the rule"
            raise fault(message)
        return checked(rule, anchored=info.data.get("first", ...) is not None)

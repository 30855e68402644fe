"""A plant as JSON, the way it travels to Lambda, where there is neither YAML nor pydantic.

Shifts and calendars are written once and named by the models that use them: a plant of thousands of
models has a handful of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from punchclock import codec
from punchclock.plants import Assignment, Model, Plant
from punchclock.shifts import Calendar, Shift


def dump(plant: Plant) -> dict[str, object]:
    """Return a plant as JSON has it."""
    shifts = {each.shift.name: each.shift for model in plant.models for each in model.assignments}
    shifts |= {shift.name: shift for shift in plant.shifts}
    calendars = {model.calendar.name: model.calendar for model in plant.models if model.calendar}
    return {
        "plant": codec.dump(replace(plant, models=(), shifts=())),
        "listed": [shift.name for shift in plant.shifts],
        "shifts": codec.dump(shifts),
        "calendars": codec.dump(calendars),
        "models": [_dump_model(model) for model in plant.models],
    }


def load(data: Mapping[str, Any]) -> Plant:
    """Return the plant that ``dump`` has written."""
    shifts = {name: codec.load(Shift, each) for name, each in data["shifts"].items()}
    calendars = {name: codec.load(Calendar, each) for name, each in data["calendars"].items()}
    plant = codec.load(Plant, data["plant"])
    return replace(
        plant,
        shifts=tuple(shifts[name] for name in data["listed"]),
        models=tuple(_load_model(each, shifts, calendars) for each in data["models"]),
    )


def _dump_model(model: Model) -> dict[str, object]:
    return {
        "model": codec.dump(replace(model, assignments=(), calendar=None)),
        "assignments": [[each.shift.name, each.units] for each in model.assignments],
        "calendar": model.calendar.name if model.calendar else None,
    }


def _load_model(
    data: Mapping[str, Any], shifts: Mapping[str, Shift], calendars: Mapping[str, Calendar]
) -> Model:
    return replace(
        codec.load(Model, data["model"]),
        assignments=tuple(
            Assignment(shift=shifts[name], units=units) for name, units in data["assignments"]
        ),
        calendar=calendars.get(data["calendar"]),
    )

"""What does an edited plant file change in mid-shift? The edits that a rehearsal deploys."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from punchclock.plants import Assignment, Model, Plant, Quota
from punchclock.shifts import Shift

ANY = 99
"""More units than a model would be given."""

MOVED = dt.timedelta(minutes=45)


def edited(plant: Plant) -> dict[str, Plant]:
    """Return the plant after each edit, by the edit's name; an edit takes each model in turn."""
    return {
        name: edit(plant, plant.models[place % len(plant.models)])
        for place, (name, edit) in enumerate(_EDITS.items())
    }


def _removed(plant: Plant, model: Model) -> Plant:
    rest = tuple(each for each in plant.models if each is not model)
    return replace(plant, models=rest) if rest else plant


def _moved(plant: Plant, model: Model) -> Plant:
    assignments = tuple(replace(each, shift=_later(each.shift)) for each in model.assignments)
    return _with(plant, model, replace(model, assignments=assignments))


def _resized(plant: Plant, model: Model) -> Plant:
    quota = plant.quotas.get(model.target.service, Quota())
    most = min(each for each in (model.max_units, quota.units_per_model, ANY) if each)
    assignments = tuple(
        replace(each, units=min(each.units + 1, most)) for each in model.assignments
    )
    return _with(plant, model, replace(model, assignments=assignments))


def _shortened(plant: Plant, model: Model) -> Plant:
    shifts = [
        Shift(name=f"trial-{hour}", start=dt.time(hour), end=dt.time(hour, 40))
        for hour in range(0, 24, 2)
    ]
    assignments = tuple(Assignment(shift=each, units=model.units) for each in shifts)
    short = dt.timedelta(minutes=10)
    return _with(plant, model, replace(model, assignments=assignments, lead=short, bridge=short))


def _renamed(plant: Plant, model: Model) -> Plant:
    return _with(plant, model, replace(model, name=f"{model.name}-again"))


def _watched(plant: Plant, model: Model) -> Plant:
    del model
    return replace(plant, mode="watch")


def _with(plant: Plant, old: Model, new: Model) -> Plant:
    return replace(plant, models=tuple(new if each is old else each for each in plant.models))


def _later(shift: Shift) -> Shift:
    start, end = (_moved_time(time) for time in (shift.start, shift.end))
    # An end that passes midnight makes the shift one that ends on the next day.
    return replace(shift, start=start, end=end, overnight=end <= start)


def _moved_time(time: dt.time) -> dt.time:
    moved = dt.datetime.combine(dt.date.min, time) + MOVED
    return moved.time()


_EDITS: Mapping[str, Callable[[Plant, Model], Plant]] = {
    "model removed": _removed,
    "shift moved": _moved,
    "units changed": _resized,
    "shifts shortened": _shortened,
    "model renamed": _renamed,
    "mode switched": _watched,
}

"""How does a plan look to people? Windows, runs and costs, each a table."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from cli.columns import RULE, aligned
from punchclock import localtime
from punchclock.costs import Usage, two_decimals
from punchclock.localtime import MINUTE
from punchclock.plans import ModelPlan, Plan, around_the_clock, shown_end, span
from punchclock.plants import CURRENCY, Plant
from punchclock.spellings import both
from punchclock.timetables import Run
from punchclock.transitions import Change, changes
from punchclock.windows import Window

Rows = list[Sequence[str]]


def lines(planned: Plan) -> Iterator[str]:
    """Yield the lines of a plan."""
    plant = planned.plant
    found = _changes(planned)
    days = f"{planned.first:%a %Y-%m-%d} until {planned.end:%a %Y-%m-%d}, exclusive"
    yield f"{plant.name} from {days}, on the clocks of {plant.timezone}"
    for change in found:
        yield f"* {_told(change, plant.zone)}"
    for table in (_windows(planned, found), _runs(planned), _costs(planned)):
        yield ""
        yield from table
    yield ""
    yield _compared(planned)


def _changes(planned: Plan) -> list[Change]:
    """Return the changes of the clocks from the first day to the end of the last window shown."""
    begin, end = span(planned.plant, planned.first, planned.end)
    ends = (shown_end(each.start, each.end) for model in planned.models for each in model.windows)
    return list(changes(planned.plant.zone, begin, max([end, *filter(None, ends)])))


def _told(change: Change, zone: ZoneInfo) -> str:
    way = "forward" if change.after > change.before else "back"
    return (
        f"the clocks go {way} from {change.left:%H:%M} to {change.reached:%H:%M}"
        f" at {both(change.at, zone)}"
    )


def _windows(planned: Plan, found: list[Change]) -> Iterator[str]:
    rows: Rows = []
    for each in planned.models:
        rows += [_window(planned.plant, each, window, found) for window in each.windows]
        rows += [RULE] if each.windows else []
    columns = ("model", "from", "to", "from UTC", "to UTC", "units", "paid hours", "", "shifts")
    yield from aligned("When models must be ready", columns, rows[:-1], ("units", "paid hours"))


def _window(plant: Plant, planned: ModelPlan, window: Window, found: list[Change]) -> Sequence[str]:
    edges = (window.start, shown_end(window.start, window.end))
    return (
        planned.model.name,
        *(_local(edge, plant.zone) for edge in edges),
        *(_local(edge, dt.UTC) for edge in edges),
        str(window.units),
        _hours(*edges),
        "*" if _is_marked(window, found, plant.zone) else "",
        ", ".join(window.shifts),
    )


def _is_marked(window: Window, found: list[Change], zone: ZoneInfo) -> bool:
    """Whether the clocks change on one of the days of a window."""
    days = [localtime.day_of(edge, zone) for edge in (window.start, window.end)]
    return any(days[0] <= localtime.day_of(change.at, zone) <= days[1] for change in found)


def _runs(planned: Plan) -> Iterator[str]:
    rows: Rows = []
    for each in planned.models:
        rows += [_run(planned.plant, each, run) for run in each.runs]
        rows += [RULE] if each.runs else []
    numbers = ("units", "paid hours", "unit-hours", f"cost {CURRENCY}")
    columns = ("model", "asked", "ready", "stop", "asked UTC", "ready UTC", "stop UTC", *numbers)
    yield from aligned("What the service is asked to do", columns, rows[:-1], numbers)


def _run(plant: Plant, planned: ModelPlan, run: Run) -> Sequence[str]:
    stop = shown_end(run.start, run.stop)
    edges = (run.start, run.ready, stop)
    figures = ("-", "-")
    if stop is not None:
        usage = Usage.of(run.units * ((stop - run.ready) // MINUTE), planned.model.rate)
        figures = (two_decimals(usage.unit_hours), two_decimals(usage.cost))
    return (
        planned.model.name,
        *(_local(edge, plant.zone) for edge in edges),
        *(_local(edge, dt.UTC) for edge in edges),
        str(run.units),
        _hours(run.ready, stop),
        *figures,
    )


def _costs(planned: Plan) -> Iterator[str]:
    rows: Rows = [
        _cost(each.model.name, each.usage, _always(planned, each)) for each in planned.models
    ]
    rows.append(_cost("all models", planned.usage, _always_all(planned)))
    numbers = ("unit-hours", f"cost {CURRENCY}", f"24/7 {CURRENCY}")
    title = f"What it costs from {planned.first} until {planned.end}, minutes outside left out"
    yield from aligned(title, ("model", *numbers), rows, numbers)


def _cost(name: str, usage: Usage, always: Usage) -> Sequence[str]:
    figures = (usage.unit_hours, usage.cost, always.cost)
    return (name, *(two_decimals(each) for each in figures))


def _always(planned: Plan, each: ModelPlan) -> Usage:
    begin, end = span(planned.plant, planned.first, planned.end)
    return around_the_clock(each.model, each.runs, begin, end)


def _always_all(planned: Plan) -> Usage:
    return sum((_always(planned, each) for each in planned.models), Usage())


def _compared(planned: Plan) -> str:
    cost, always = planned.usage.cost, _always_all(planned).cost
    told = f"24/7 on the same units would cost {CURRENCY} {two_decimals(always)}"
    if always <= 0:
        return told
    less = 100 * (always - cost) / always
    return f"{told}; this plan costs {CURRENCY} {two_decimals(cost)}, {less:.0f} % less"


def _local(instant: dt.datetime | None, zone: dt.tzinfo) -> str:
    return "-" if instant is None else f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _hours(begin: dt.datetime, end: dt.datetime | None) -> str:
    return "-" if end is None else two_decimals(Decimal((end - begin) // MINUTE) / 60)

"""How does a plan, or a rehearsal of it, become the values of a page?"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from cli.page import spans, weeks
from cli.page.happened import Happened
from cli.page.lines import lines
from cli.page.sheet import Bill, Cell, Day, Kind, Line, Row, Sheet, Span, Week
from punchclock import plans
from punchclock.costs import Usage
from punchclock.localtime import DAY
from punchclock.plans import ModelPlan, Plan, around_the_clock, paid_unit_minutes
from punchclock.timecards import Timecard
from punchclock.workdays import Workdays

_FARTHEST = 3 * DAY
"""An occurrence ends at most this long after its own day."""

Bills = Mapping[tuple[str, dt.date], Bill]
"""By model and local day."""


def sheet(planned: Plan, happened: Happened | None = None) -> Sheet:
    """Return the page of a plan, with what happened drawn over it where something has."""
    listed = lines(planned, happened)
    end = _last_shown(planned, happened)
    drawn = _drawn(planned, happened, listed, end)
    zone = planned.plant.zone
    blocks = (weeks.dates(*block, zone) for block in weeks.blocks(planned.first, end))
    found = tuple(_week(planned, happened, drawn, dates) for dates in blocks if dates)
    bills = tuple((each.model, _whole(planned, each, happened)) for each in planned.models)
    kinds = {span.kind for each in drawn.values() for span in each}
    return Sheet(
        plant=planned.plant.name,
        timezone=planned.plant.timezone,
        zone=zone,
        first=planned.first,
        end=planned.end,
        weeks=found,
        lines=tuple(listed),
        bills=bills,
        bill=_together(bill for _, bill in bills),
        kinds=tuple(kind for kind in Kind if kind in kinds),
        verdict=None if happened is None else happened.verdict,
    )


def _last_shown(planned: Plan, happened: Happened | None) -> dt.date:
    """Return the day after the last shown: a rehearsal shows where its runs end, a day more."""
    if happened is None:
        return planned.end
    finish = plans.span(planned.plant, planned.first, planned.end)[1]
    goes_on = any(run.stop > finish for each in planned.models for run in each.runs)
    return planned.end + DAY if goes_on else planned.end


def _drawn(
    planned: Plan, happened: Happened | None, listed: Sequence[Line], end: dt.date
) -> dict[str, list[Span]]:
    """Return what is drawn of each model that has a run."""
    zone = planned.plant.zone
    within = plans.span(planned.plant, planned.first, end)
    workdays = Workdays(zone)
    found: dict[str, list[Span]] = {}
    for model, group in groupby(listed, key=lambda line: line.model):
        worked = workdays.between(model, planned.first - _FARTHEST, end)
        found[model.name] = [
            span
            for line in group
            for span in (
                *spans.planned(line, worked, within, zone),
                *(spans.happened(line, happened.ended, zone) if happened else ()),
            )
            if span.begin < within[1] and span.end > within[0]
        ]
    return found


def _week(
    planned: Plan,
    happened: Happened | None,
    drawn: Mapping[str, Sequence[Span]],
    dates: Sequence[dt.date],
) -> Week:
    bills = {
        (each.model.name, day): _bill(planned, each, happened, day)
        for each in planned.models
        for day in dates
    }
    days = [_day(planned, day, len(dates), bills) for day in dates]
    rows = tuple(_row(each, drawn.get(each.model.name, ()), days, bills) for each in planned.models)
    return Week(days=tuple(days), rows=rows, bill=_together(row.bill for row in rows))


def _day(planned: Plan, day: dt.date, days: int, bills: Bills) -> Day:
    zone = planned.plant.zone
    within = plans.span(planned.plant, day, day + DAY)
    models = [each.model for each in planned.models]
    return Day(
        day=day,
        begin=within[0],
        end=within[1],
        asked=day < planned.end,
        closures=tuple(weeks.closures(models, day)),
        ticks=tuple(weeks.ticks(day, within, days, zone)),
        marks=tuple(weeks.marks(within, zone)),
        bill=_together(bills[model.name, day] for model in models),
    )


def _row(planned: ModelPlan, drawn: Sequence[Span], days: Sequence[Day], bills: Bills) -> Row:
    model = planned.model
    cells = tuple(
        Cell(
            day=day,
            closure=weeks.closure(model.calendar, day.day),
            bars=tuple(weeks.bars(drawn, (day.begin, day.end))),
        )
        for day in days
    )
    return Row(model=model, cells=cells, bill=_together(bills[model.name, d.day] for d in days))


def _bill(planned: Plan, each: ModelPlan, happened: Happened | None, day: dt.date) -> Bill:
    """Return what a model costs on a local day."""
    begin, end = plans.span(planned.plant, day, day + DAY)
    asked = day < planned.end
    runs = each.touching if happened is None else each.runs
    return Bill(
        planned=Usage.of(paid_unit_minutes(runs, begin, end), each.model.rate),
        happened=None
        if happened is None
        else _together_used(happened.counted[each.model.name], day),
        always=around_the_clock(each.model, each.runs, begin, end) if asked else Usage(),
    )


def _whole(planned: Plan, each: ModelPlan, happened: Happened | None) -> Bill:
    """Return what a model costs in all, as ``--json`` has it."""
    begin, end = plans.span(planned.plant, planned.first, planned.end)
    always = around_the_clock(each.model, each.runs, begin, end)
    if happened is None:
        return Bill(planned=each.usage, happened=None, always=always)
    return Bill(
        planned=Usage.of(paid_unit_minutes(each.runs, begin, happened.ended), each.model.rate),
        happened=sum((card.usage for card in happened.counted[each.model.name]), Usage()),
        always=always,
    )


def _together_used(cards: Iterable[Timecard], day: dt.date) -> Usage:
    return sum(
        (
            Usage.of(sum(each.unit_minutes.values(), Decimal(0)), card.rate)
            for card in cards
            for each in card.days
            if each.day == day
        ),
        Usage(),
    )


def _together(bills: Iterable[Bill]) -> Bill:
    return sum(bills, Bill())

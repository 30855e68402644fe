"""How does a report look, to people, to spreadsheets and to programs?"""

import csv
import io
from collections.abc import Iterator, Sequence

from cli.columns import RULE, aligned
from punchclock.costs import Usage, two_decimals
from punchclock.plants import CURRENCY
from punchclock.reports import Report, Row
from punchclock.timecards import Basis, Purpose

OVERHEADS = (Purpose.OVERTIME, Purpose.LEAD, Purpose.LATE_STOP, Purpose.UNSCHEDULED)
"""What is paid for beside the shifts."""


def document(report: Report) -> dict[str, object]:
    """Return a report as JSON has it."""
    so_far = report.planned_so_far
    return {
        "plant": report.plant.name,
        "timezone": report.plant.timezone,
        "month": f"{report.first:%Y-%m}",
        "by": report.by.value,
        "open_cards": len(report.total.tally.open_cards),
        "planned_so_far": None if so_far is None else so_far.as_json(),
        "rows": [{report.by.value: row.name, **_figures(row)} for row in report.rows],
        "total": _figures(report.total),
    }


def _figures(row: Row) -> dict[str, object]:
    tally = row.tally
    return {
        "runs": tally.runs,
        "late_starts": tally.late_starts,
        **tally.usage.as_json(),
        "used": {each.value: tally.use(each).as_json() for each in Purpose},
        "minutes": {each.value: tally.known(each) for each in Basis},
        "planned": row.planned.as_json(),
        "always": None if row.always is None else row.always.as_json(),
        "so_far": tally.so_far,
    }


def spreadsheet(report: Report) -> str:
    """Return the rows, without their total, as CSV of RFC 4180 with a header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [report.by.value, *_cells(report.total)])
    writer.writeheader()
    writer.writerows({report.by.value: row.name, **_cells(row)} for row in report.rows)
    return out.getvalue()


def _cells(row: Row) -> dict[str, object]:
    tally = row.tally
    return {
        "runs": tally.runs,
        "late_starts": tally.late_starts,
        "unit_hours": two_decimals(tally.usage.unit_hours),
        "cost": two_decimals(tally.usage.cost),
        **{f"{each}_cost": two_decimals(tally.use(each).cost) for each in Purpose},
        "currency": CURRENCY,
        **{f"{each}_minutes": tally.known(each) for each in Basis},
        "planned_unit_hours": two_decimals(row.planned.unit_hours),
        "planned_cost": two_decimals(row.planned.cost),
        "always_cost": "" if row.always is None else two_decimals(row.always.cost),
        "so_far": "yes" if tally.so_far else "no",
    }


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report for people."""
    plant = report.plant
    days = f"{report.first:%a %Y-%m-%d} until {report.end:%a %Y-%m-%d}, exclusive"
    title = f"{plant.name} from {days}, on the clocks of {plant.timezone}"
    numbers = (
        "runs",
        "late",
        "unit-hours",
        f"cost {CURRENCY}",
        *(f"{each.value.replace('_', ' ')} {CURRENCY}" for each in OVERHEADS),
        *(f"{each.value} min" for each in Basis),
        f"planned {CURRENCY}",
        f"24/7 {CURRENCY}",
    )
    rows = [_line(row, row.name) for row in report.rows]
    total = _line(report.total, "in all")
    yield from aligned(title, (report.by.value, *numbers, ""), [*rows, RULE, total], numbers)
    yield ""
    yield from _remarks(report)


def _line(row: Row, name: str) -> Sequence[str]:
    tally = row.tally
    return (
        name,
        str(tally.runs),
        str(tally.late_starts),
        two_decimals(tally.usage.unit_hours),
        two_decimals(tally.usage.cost),
        *(two_decimals(tally.use(each).cost) for each in OVERHEADS),
        *(str(tally.known(each)) for each in Basis),
        two_decimals(row.planned.cost),
        "-" if row.always is None else two_decimals(row.always.cost),
        "so far" if tally.so_far else "",
    )


def _remarks(report: Report) -> Iterator[str]:
    total = report.total
    still = len(total.tally.open_cards)
    if still:
        yield f"cards not closed yet: {still}; they count as far as they are known"
    if report.planned_so_far is not None:
        until = _amount(report.planned_so_far)
        yield f"the month is not over; for its days before today {until} was planned"
    yield f"{_amount(total.tally.usage)} of {_amount(total.planned)} planned for the month"
    if total.always is not None and total.always.cost > 0:
        told = f"24/7 on the same units would cost {_amount(total.always)}"
        # Half a month against a whole one would flatter.
        over = report.planned_so_far is None
        yield f"{told}; this is {_less(total.tally.usage, total.always)}" if over else told


def _amount(usage: Usage) -> str:
    return f"{CURRENCY} {two_decimals(usage.cost)}"


def _less(usage: Usage, always: Usage) -> str:
    percent = 100 * (always.cost - usage.cost) / always.cost
    return f"{abs(percent):.0f} % {'less' if percent >= 0 else 'more'}"

"""How is a page written? By a template, into one file that asks nobody for anything.

A policy in the page forbids every request, and all styles and scripts but its own. Where bars lie
is said by classes, because that policy refuses ``style`` attributes.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from cli.output import rfc3339
from cli.page.sheet import WORDS, Bill, Day, Place, Sheet
from cli.page.spans import lateness
from punchclock.costs import Usage, two_decimals
from punchclock.localtime import DAY
from punchclock.plants import CURRENCY
from punchclock.spellings import spelled

MOST_MODELS = 12
"""More than these are not seen at once: a page then has a field to find one."""


def page(sheet: Sheet) -> bytes:
    """Return a page of HTML, in UTF-8."""
    environment = _environment()
    style = environment.get_template("page.css").render(rules=list(_rules(sheet)))
    script = environment.get_template("page.js").render()
    written = environment.get_template("page.html").render(
        sheet=sheet,
        zone=sheet.zone,
        style=Markup(style),  # noqa: S704 - our own, and names of places and numbers
        script=Markup(script),  # noqa: S704 - our own
        policy=_policy(style, script),
        grids=_grids(sheet),
    )
    return written.encode()


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    """Return what a Content-Security-Policy knows an inline text by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _rules(sheet: Sheet) -> Iterator[str]:
    """Yield the rules of the style sheet that say where things lie."""
    for place in sorted(set(_places(sheet)), key=lambda place: (place.left, place.width)):
        yield f".{place.name}{{left:{place.left / 100:g}%;width:{place.width / 100:g}%}}"
    for lines, name in _grids(sheet).items():
        layers = ",".join(
            f"linear-gradient(var(--grid) 0 0) {left / 100:g}% 0/1px 100% no-repeat"
            for left in lines
        )
        yield f".{name}{{background:{layers}}}"


def _places(sheet: Sheet) -> Iterator[Place]:
    for week in sheet.weeks:
        for day in week.days:
            yield from (tick.place for tick in day.ticks)
            yield from (mark.place for mark in day.marks)
            yield meter(day.bill)
        yield meter(week.bill)
        for row in week.rows:
            yield meter(row.bill)
            yield from (bar.place for cell in row.cells for bar in cell.bars)
    yield from (meter(bill) for _, bill in sheet.bills)
    yield meter(sheet.bill)


def _grids(sheet: Sheet) -> dict[tuple[int, ...], str]:
    """Name each way in which the hours of a day lie: those of a clock change lie otherwise."""
    ways = {grid(day) for week in sheet.weeks for day in week.days}
    return {lines: f"g{number}" for number, lines in enumerate(sorted(ways))}


def grid(day: Day) -> tuple[int, ...]:
    """Return where the hours of a day lie, its beginning left out."""
    return tuple(tick.place.left for tick in day.ticks if tick.place.left)


def meter(bill: Bill) -> Place:
    """Return how much of 24/7 is paid, as a bar."""
    return Place(left=0, width=min(10_000, 100 * (bill.share or 0)))


def amount(value: Decimal) -> str:
    """Return USD as people read them."""
    return f"{Decimal(two_decimals(value)):,}"


def cost(usage: Usage) -> str:
    """Return what a usage costs, with its currency."""
    return f"{CURRENCY} {amount(usage.cost)}"


def moment(instant: dt.datetime | None, zone: ZoneInfo) -> Markup:
    """Return an instant: local for people, UTC beside it and for programs."""
    if instant is None:
        return Markup("&ndash;")
    return Markup('<time datetime="{}">{} <small>{}</small></time>').format(
        rfc3339(instant),
        f"{instant.astimezone(zone):%a %d %b %H:%M}",
        f"{instant.astimezone(dt.UTC):%H:%MZ}",
    )


def short(day: dt.date) -> str:
    """Return a day as in ``2 Mar``."""
    return f"{day.day} {day:%b}"


def lengthy(day: dt.date) -> str:
    """Return a day as in ``Mon 2 March 2026``."""
    return f"{day:%a} {day.day} {day:%B %Y}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cli.page"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= {
        "amount": amount,
        "cost": cost,
        "grid": grid,
        "lateness": lateness,
        "lengthy": lengthy,
        "meter": meter,
        "moment": moment,
        "short": short,
        "spelled": spelled,
    }
    environment.globals |= {"words": WORDS, "one_day": DAY, "most_models": MOST_MODELS}
    return environment

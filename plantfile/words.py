"""How are times, dates, durations, weekdays and amounts written?

Each word is a type with its own reader and its own place in the JSON Schema.
"""

import datetime as dt
import re
from calendar import month_name, monthrange
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from plantfile.faults import Fault, fault, faults
from plantfile.problems import Path, shown
from plantfile.suggestions import did_you_mean
from punchclock.shifts import FIRST_DAY, LAST_DAY, WEEKDAYS

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DURATION = re.compile(r"(?=.)(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")
_EVERY = re.compile(r"([1-9][0-9]{0,2}) weeks?")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_DAYS = rf"daily|{_WEEKDAY}(?:-{_WEEKDAY})?(?:, ?{_WEEKDAY}(?:-{_WEEKDAY})?)*"

LONGEST_DURATION = dt.timedelta(days=7)
"""More than a week between two shifts or before one is a slip of the pen."""


def _pattern(text: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": f"^(?:{text})$", "examples": list(examples)}
    )


def _clock(value: object) -> dt.time:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        message = f"{shown(value)} is not a time: write 00:00 to 23:59, for example 06:00"
        raise fault(message)
    return dt.time(int(found[1]), int(found[2]))


def _start(value: object) -> dt.time:
    if value == "24:00":
        message = "a shift cannot start at 24:00: write 00:00 and the day after"
        raise fault(message)
    return _clock(value)


class End(NamedTuple):
    """A time that may be the midnight at a day's end."""

    time: dt.time
    midnight: bool
    """Whether it was written 24:00."""


def _end(value: object) -> End:
    return End(dt.time(), True) if value == "24:00" else End(_clock(value), False)  # noqa: FBT003 - named in End


def _date(value: object) -> dt.date:
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        message = f"{shown(value)} is not a date: write it as 2026-12-24"
        raise fault(message)
    year, month, day = (int(each) for each in found.groups())
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        message = f"{value} is outside the years {FIRST_DAY.year} to {LAST_DAY.year}"
        raise fault(message)
    if not 1 <= month <= len(month_name) - 1:
        message = f"{value} is not a date: there is no month {month:02}"
        raise fault(message)
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        message = f"{value} is not a date: {month_name[month]} {year} has {days} days"
        raise fault(message)
    return dt.date(year, month, day)


class Span(NamedTuple):
    """Dates from the first to the last, both inclusive."""

    first: dt.date
    last: dt.date


def _dates(value: object) -> Span:
    if not isinstance(value, str) or ".." not in value:
        day = _date(value)
        return Span(day, day)
    begin, end = (_date(each.strip()) for each in value.split("..", 1))
    if end < begin:
        message = f"{shown(value)} ends before it begins: the earlier date comes first"
        raise fault(message)
    return Span(begin, end)


def _duration(value: object) -> dt.timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        message = f"{shown(value)} is not a duration: write it as 45s, 20m, 2h or 1h30m"
        raise fault(message)
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    duration = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if duration > LONGEST_DURATION:
        message = f"{value} is longer than a week: at most {LONGEST_DURATION.days * 24}h would do"
        raise fault(message)
    return duration


def _every(value: object) -> int:
    found = _EVERY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        message = f"{shown(value)} is not a rhythm: write it as '2 weeks'"
        raise fault(message)
    return int(found[1])


def _days(value: object) -> frozenset[int]:
    if value == "daily":
        return frozenset(range(7))
    spans: list[tuple[object, Path]] = []
    if isinstance(value, list):
        spans = [(each, (place,)) for place, each in enumerate(value)]
    elif isinstance(value, str):
        spans = [(each.strip(), ()) for each in value.split(",")]
    if not spans:
        message = "names no days: write Mon-Fri, 'Mon,Wed', [Mon, Wed] or daily"
        raise fault(message)
    wrong = [Fault(_no_day(each), at) for each, at in spans if _span(each) is None]
    if wrong:
        raise faults(wrong)
    return frozenset(day for each, _ in spans for day in _span(each) or ())


def _span(value: object) -> list[int] | None:
    names = value.split("-") if isinstance(value, str) else []
    if not 1 <= len(names) <= 2 or any(name not in WEEKDAYS for name in names):  # noqa: PLR2004 - first and last
        return None
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _no_day(value: object) -> str:
    names = value.split("-") if isinstance(value, str) else [str(value)]
    odd = next((name for name in names if name not in WEEKDAYS), "")
    hint = did_you_mean(odd[:3], WEEKDAYS)
    return f"{shown(value)} is not a day, nor a span such as Mon-Fri{hint}"


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        hint = "without sign of currency, thousands separators or quotes"
        message = f"{shown(value)} is not an amount: write it as 6000 or 4.50, {hint}"
        raise fault(message)
    if not 0 <= value < _TOO_MUCH:
        message = f"{value} is not an amount: 0 or more and less than {_TOO_MUCH} would do"
        raise fault(message)
    return Decimal(value)


_TOO_MUCH = 1_000_000_000


def _email(value: object) -> str:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        message = f"{shown(value)} is not an e-mail address: write it as line-leads@example.com"
        raise fault(message)
    return value


Start = Annotated[dt.time, BeforeValidator(_start), _pattern(_CLOCK.pattern, "06:00")]
Finish = Annotated[
    End, BeforeValidator(_end), _pattern(rf"{_CLOCK.pattern}|24:00", "14:00", "24:00")
]
Date = Annotated[dt.date, BeforeValidator(_date), _pattern(_DATE.pattern, "2026-12-24")]
Dates = Annotated[
    Span,
    BeforeValidator(_dates),
    _pattern(
        rf"{_DATE.pattern}(?: ?\.\. ?{_DATE.pattern})?", "2026-12-24", "2026-12-28..2026-12-31"
    ),
]
Duration = Annotated[
    dt.timedelta,
    BeforeValidator(_duration),
    _pattern(_DURATION.pattern, "20m", "1h30m", "45s", "0m"),
]
Weeks = Annotated[int, BeforeValidator(_every), _pattern(_EVERY.pattern, "2 weeks")]
Days = Annotated[
    frozenset[int],
    BeforeValidator(_days),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^(?:{_DAYS})$"},
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "string", "pattern": f"^{_WEEKDAY}(?:-{_WEEKDAY})?$"},
                },
            ],
            "examples": ["Mon-Fri", "Sat", "Mon,Wed,Fri", "daily"],
        }
    ),
]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": _TOO_MUCH}),
]
Email = Annotated[
    str, BeforeValidator(_email), WithJsonSchema({"type": "string", "format": "email"})
]
Text = Annotated[str, Field(min_length=1)]

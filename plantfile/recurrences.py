"""Which recurrence rules may a shift have? RFC 5545's, whose parts say days and nothing else."""

import datetime as dt
import re
from collections.abc import Mapping

from dateutil.rrule import rrulestr

from plantfile.faults import fault
from plantfile.problems import shown
from plantfile.suggestions import did_you_mean

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")

_NUMBERS: Mapping[str, range] = {
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(-31, 32),
    "BYYEARDAY": range(-366, 367),
    "BYWEEKNO": range(-53, 54),
    "BYSETPOS": range(-366, 367),
    "BYEASTER": range(-80, 250),
}
"""Whole numbers that each part may hold; only BYEASTER, days after Easter Sunday, may hold 0. They
stay in Easter's year, because beyond it dateutil misses a day, or fails."""

_INSTEAD = {
    "UNTIL": "write 'until: <date>' beside the rule",
    "COUNT": "write 'until: <date>' beside the rule",
    "DTSTART": "write 'from: <date>' beside the rule",
    "BYHOUR": "the hours are the shift's start and end",
    "BYMINUTE": "the hours are the shift's start and end",
    "BYSECOND": "the hours are the shift's start and end",
}

_KNOWN = ("FREQ", "INTERVAL", "WKST", "BYDAY", *_NUMBERS)
_FIX_THE_DAY = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYEASTER"}
_ONLY_YEARLY = {"BYEASTER", "BYYEARDAY", "BYWEEKNO"}
_LONGEST = 500


def checked(rule: object, *, anchored: bool) -> str:
    """Return a rule in capitals; ``anchored`` when the shift says the date it counts from.

    Raises a fault for whatever dateutil would refuse, misread, or never come back from.
    """
    if not isinstance(rule, str) or len(rule) > _LONGEST:
        message = f"{shown(rule)} is not a rule: write it as FREQ=MONTHLY;BYDAY=1SU"
        raise fault(message)
    parts = _parts(rule.upper())
    for name, value in parts.items():
        _check(name, value, parts)
    counts = int(parts.get("INTERVAL", "1")) > 1
    fixed = parts["FREQ"] == "DAILY" or _FIX_THE_DAY & parts.keys()
    if not anchored and (counts or not fixed):
        message = f"{shown(rule)} needs 'from: <date>': nothing else says which days it counts from"
        raise fault(message)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rrulestr(text, dtstart=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - dateutil's days have no zone
    except (ValueError, TypeError) as error:
        message = f"{shown(rule)} is not a rule: {str(error) or 'unreadable'}"
        raise fault(message) from error
    return text


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rule.removesuffix(";").split(";"):
        name, equals, value = (each.strip() for each in part.partition("="))
        if name in _INSTEAD or name.split(":")[0] in _INSTEAD:
            message = f"{shown(part)} does not belong in a rule: {_INSTEAD[name.split(':')[0]]}"
            raise fault(message)
        if not equals or not value or name not in _KNOWN:
            hint = did_you_mean(name, _KNOWN) or ", for example FREQ=MONTHLY;BYDAY=1SU"
            message = f"{shown(part)} is not a part of a rule: write NAME=value{hint}"
            raise fault(message)
        if name in parts:
            message = f"{name} stands twice in the rule: keep one"
            raise fault(message)
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        said = f"FREQ={parts['FREQ']}" if "FREQ" in parts else "no FREQ"
        message = f"{said} in the rule: it begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
        raise fault(message)
    return parts


def _check(name: str, value: str, parts: Mapping[str, str]) -> None:
    frequency = parts["FREQ"]
    if name == "INTERVAL" and not re.fullmatch(r"[1-9][0-9]{0,2}", value):
        message = f"INTERVAL={value}: a whole number from 1 to 999 would do"
        raise fault(message)
    if name == "BYDAY":
        _check_days(value, frequency)
    if name in _NUMBERS:
        _check_numbers(name, value)
    if name in _ONLY_YEARLY and frequency != "YEARLY":
        message = f"{name} goes with FREQ=YEARLY only, not with {frequency}"
        raise fault(message)
    if name == "BYMONTHDAY" and frequency == "WEEKLY":
        message = "BYMONTHDAY does not go with FREQ=WEEKLY; FREQ=MONTHLY would do"
        raise fault(message)


def _check_days(value: str, frequency: str) -> None:
    for each in value.split(","):
        found = _DAY.fullmatch(each)
        if found is None or (found[1] is not None and int(found[1]) == 0):
            message = f"BYDAY={each} is no weekday: MO, 1SU or -1FR would do"
            raise fault(message)
        if found[1] is not None and frequency not in {"MONTHLY", "YEARLY"}:
            message = f"BYDAY={each} counts within a month: FREQ=MONTHLY would do, not {frequency}"
            raise fault(message)


def _check_numbers(name: str, value: str) -> None:
    allowed = _NUMBERS[name]
    for each in value.split(","):
        number = int(each) if re.fullmatch(r"[+-]?[0-9]{1,3}", each) else None
        if number is None or number not in allowed or (number == 0 and name != "BYEASTER"):
            but = "" if name == "BYEASTER" else ", and not 0"
            message = f"{name}={each}: {allowed[0]} to {allowed[-1]} would do{but}"
            raise fault(message)

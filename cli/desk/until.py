"""Until when? A time of day or an instant, as people type it, at the plant."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from punchclock import localtime
from punchclock.localtime import DAY
from punchclock.overrides import LONGEST
from punchclock.shifts import FIRST_DAY, LAST_DAY
from punchclock.spellings import both
from punchclock.transitions import fired


@dataclass(frozen=True, slots=True)
class End:
    """A time of day or an instant, as typed; without an offset it is on the plant's walls."""

    time: dt.time | None = None
    moment: dt.datetime | None = None


_TIME = re.compile(r"\d\d?:\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_NEXT_MORNING = dt.timedelta(hours=12)
"""How far ahead a time of day may be tomorrow's: whoever types 21:40 at 21:50 means no day."""

_WOULD_DO = "23:30, or 2026-03-02T23:30 for another day, would do"


def an_end(text: str) -> End:
    """Read a time of day or an instant as it is typed; 24:00 is midnight."""
    try:
        if _TIME.fullmatch(text):
            return End(time=dt.time.fromisoformat("00:00" if text == "24:00" else text.zfill(5)))
        if _MOMENT.fullmatch(text):
            moment = dt.datetime.fromisoformat(text.upper())
            if not FIRST_DAY < moment.date() < LAST_DAY:
                raise typer.BadParameter(f"{text!r} is no time that anybody plans; {_WOULD_DO}")
            return End(moment=moment)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: {error}; {_WOULD_DO}") from error
    raise typer.BadParameter(f"{text!r} is not a time; {_WOULD_DO}")


Until = Annotated[
    End,
    typer.Option(
        "--until",
        parser=an_end,
        metavar="TIME",
        help="23:30 at the plant, 2026-03-02T23:30, or with Z or an offset;"
        f" {LONGEST.days} days ahead at most.",
    ),
]


def resolved(until: End, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant, in UTC; of a time that the clocks show twice, the second.

    Raises ``BadParameter`` for what is over, too far ahead, or skipped by the plant's clocks.
    """
    instant = _instant(until, now, zone)
    if instant <= now:
        raise typer.BadParameter(
            f"--until {both(instant, zone)} is over; it is {both(now, zone)} now"
        )
    if instant > now + LONGEST:
        raise typer.BadParameter(
            f"--until {both(instant, zone)} is more than {LONGEST.days} days ahead;"
            " what lasts longer belongs in the plant file"
        )
    return instant


def _instant(until: End, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if until.moment is not None:
        local = until.moment.tzinfo is None
        return _shown(until.moment, zone) if local else until.moment.astimezone(dt.UTC)
    time = until.time or localtime.MIDNIGHT
    today = localtime.day_of(now, zone)
    if localtime.ending(today, time, zone) > now:
        return _shown(dt.datetime.combine(today, time), zone)
    tomorrow = dt.datetime.combine(today + DAY, time)
    if _shown(tomorrow, zone) > now + _NEXT_MORNING:
        raise typer.BadParameter(
            f"--until {time:%H:%M} is over; it is {both(now, zone)} now."
            f" For tomorrow {tomorrow:%Y-%m-%dT%H:%M} would do"
        )
    return _shown(tomorrow, zone)


def _shown(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if fired(wall, zone) is None:
        moved = localtime.starting(wall.date(), wall.time(), zone).astimezone(zone)
        raise typer.BadParameter(
            f"the clocks of {zone.key} skip {wall:%Y-%m-%d %H:%M}; {moved:%H:%M} would do"
        )
    return localtime.ending(wall.date(), wall.time(), zone)

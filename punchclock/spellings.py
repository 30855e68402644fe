"""How are instants, durations and names written in a sentence?"""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

_MOST_NAMES = 5


def listed(names: Collection[str]) -> str:
    """Write names on one line, shortened where there are many."""
    shown = list(names)[:_MOST_NAMES]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def both(instant: dt.datetime, zone: ZoneInfo) -> str:
    """Write an instant in local time and UTC: ``Mon 2026-03-02 05:40 (2026-03-02T04:40Z)``."""
    local = instant.astimezone(zone)
    return f"{local:%a %Y-%m-%d %H:%M} ({instant:%Y-%m-%dT%H:%MZ})"


def spelled(length: dt.timedelta) -> str:
    """Write a duration as a plant file does: ``1h30m``, ``45s``, ``0m``."""
    minutes, seconds = divmod(length // dt.timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{value}{unit}" for value, unit in parts if value) or "0m"

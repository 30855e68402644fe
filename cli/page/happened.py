"""What has happened, that a page draws over its plan?"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.page.sheet import Verdict
from punchclock.timecards import Timecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Timecards, and what they came to."""

    counted: Mapping[str, Sequence[Timecard]]
    """Those whose cost counts, by model: those of runs that begin in the planned days."""
    cards: Sequence[Timecard]
    """All, counted or not."""
    ended: dt.datetime
    """Where what is still open is cut off."""
    verdict: Verdict

"""What does a page show? Everything that the template prints, as values.

Costs of a plan are those of ``plan --json``: minutes within the planned days, whichever run they
belong to. Costs of a rehearsal are those of ``rehearse --json``: the runs that begin in the
rehearsed days, to their end.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from punchclock.costs import Usage
from punchclock.plans import shown_end
from punchclock.plants import Model
from punchclock.timecards import Timecard
from punchclock.timetables import Run

Edge = tuple[dt.datetime | None, dt.datetime | None]
"""When something was planned, and when it happened."""


NOTHING = Usage()


class Kind(StrEnum):
    """What a bar stands for; also its class in the style sheet."""

    LEAD = "lead"
    """Planned: asked for, not wanted yet."""
    SHIFT = "shift"
    OVERTIME = "overtime"
    """Planned, and no shift of the plant file."""
    PAUSE = "pause"
    """Planned: between two windows of one run, run through."""
    STARTING = "starting"
    """Happened: asked for, not ready yet."""
    LATE = "late"
    """Happened: wanted, and not ready."""
    RUNNING = "running"
    STOPPING = "stopping"
    UNSCHEDULED = "unscheduled"
    """Happened: a person's run outside every planned one."""


WORDS = {
    Kind.LEAD: "lead: starting up, ready by the shift",
    Kind.SHIFT: "shift: must be ready",
    Kind.OVERTIME: "overtime",
    Kind.PAUSE: "joined pause: too short to stop",
    Kind.STARTING: "was starting",
    Kind.LATE: "late: wanted, not ready",
    Kind.RUNNING: "was running",
    Kind.STOPPING: "was stopping",
    Kind.UNSCHEDULED: "ran outside the plan",
}
"""The legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time of one kind: half-open, UTC."""

    kind: Kind
    begin: dt.datetime
    end: dt.datetime
    key: str
    """The line of the list of runs that has the details."""
    counts: bool
    """Whether that is one of those that ``--json`` lists."""
    units: int
    label: str = ""
    """What is written into it; empty for what only looks."""
    told: str = ""
    """What is read out."""
    flag: str = ""
    """What went wrong, in words: colour and place alone would not tell everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies in a day, in hundredths of a percent of its length."""

    left: int
    width: int

    @property
    def name(self) -> str:
        """Its class in the style sheet."""
        return f"p{self.left}-{self.width}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The part of a span that lies in one day."""

    span: Span
    place: Place
    opens: bool
    """Whether the span begins in this day; otherwise it goes on from the day before."""
    closes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A change of the clocks: a line, or the hours that they show twice."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """An hour on the ruler of a day."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What something costs."""

    planned: Usage = NOTHING
    happened: Usage | None = None
    """None in a plan: nothing has happened yet."""
    always: Usage = NOTHING
    """The same units around the clock."""

    @property
    def usage(self) -> Usage:
        """What counts: what happened, or else what is planned."""
        return self.planned if self.happened is None else self.happened

    @property
    def share(self) -> int | None:
        """Percent of what 24/7 would cost; None where that is nothing."""
        return round(100 * self.usage.cost / self.always.cost) if self.always.cost else None

    def __add__(self, other: "Bill") -> "Bill":
        """Return both together."""
        happened = [each for each in (self.happened, other.happened) if each is not None]
        return Bill(
            planned=self.planned + other.planned,
            happened=sum(happened, NOTHING) if happened else None,
            always=self.always + other.always,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One column: a local day."""

    day: dt.date
    begin: dt.datetime
    end: dt.datetime
    asked: bool
    """Whether it was asked for; a rehearsal shows the day after too, where its runs end."""
    closures: tuple[str, ...]
    """Names of holidays, "closed", and what is worked all the same."""
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    bill: Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One model on one day."""

    day: Day
    closure: str | None
    """Why no shift of the model starts on this day."""
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One model in one week."""

    model: Model
    cells: tuple[Cell, ...]
    bill: Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One block: a calendar week, or fewer days."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    bill: Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list of runs: what was planned, what happened, or both."""

    key: str
    model: Model
    run: Run | None
    """None for a person's run."""
    card: Timecard | None
    counts: bool
    """Whether it is one of those that ``--json`` lists."""
    note: str
    """What is not plain in it; may be empty."""
    shifts: tuple[str, ...]
    """Names of all shifts that it is for, ascending."""
    planned: Usage | None
    """From ready to stop; None for a person's run, and for one that does not end within a year."""

    @property
    def asked(self) -> Edge:
        """When its start was to be asked for, and was."""
        return self.run.start if self.run else None, self.card.asked if self.card else None

    @property
    def ready(self) -> Edge:
        """When it had to be ready, and was."""
        return self.run.ready if self.run else None, self.card.ready if self.card else None

    @property
    def stop(self) -> Edge:
        """When it had to stop, unless that is more than a year away, and did."""
        return (
            shown_end(self.run.start, self.run.stop) if self.run else None,
            self.card.stopped if self.card else None,
        )

    @property
    def units(self) -> int | None:
        """How many it was to hold, or else held."""
        if self.run is not None:
            return self.run.units
        return self.card.held_units if self.card else None

    @property
    def in_time(self) -> bool:
        """Whether it was ready when it was wanted; a person's run is never late."""
        if self.card is None:
            return False
        return self.run is None or (self.card.ready is not None and not self.card.late_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rehearsal came to."""

    replay: str
    """The command that shows it again."""
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole page."""

    plant: str
    timezone: str
    zone: ZoneInfo
    first: dt.date
    end: dt.date
    """The day after the last."""
    weeks: tuple[Week, ...]
    lines: tuple[Line, ...]
    bills: tuple[tuple[Model, Bill], ...]
    bill: Bill
    kinds: tuple[Kind, ...]
    """Those that occur, in the order of the legend."""
    verdict: Verdict | None
    """None for a plan."""

"""How do windows, runs and overrides look to programs, whichever command tells of them?"""

from cli.output import rfc3339
from punchclock.overrides import Override
from punchclock.plans import shown_end
from punchclock.timetables import Run
from punchclock.windows import Window


def window_json(window: Window) -> dict[str, object]:
    """Return a window as JSON has it; ``end`` is null where none is near."""
    return {
        "start": rfc3339(window.start),
        "end": rfc3339(shown_end(window.start, window.end)),
        "units": window.units,
        "shifts": list(window.shifts),
    }


def run_json(run: Run) -> dict[str, object]:
    """Return a run as JSON has it; ``stop`` is null where none is near."""
    return {
        "start": rfc3339(run.start),
        "ready": rfc3339(run.ready),
        "stop": rfc3339(shown_end(run.start, run.stop)),
        "units": run.units,
    }


def override_json(said: Override) -> dict[str, object]:
    """Return an override as JSON has it."""
    back = said.cancelled
    return {
        "id": said.id,
        "model": said.model,
        "kind": said.kind.value,
        "made": rfc3339(said.made),
        "until": rfc3339(said.until),
        "who": said.who,
        "why": said.why,
        "day": None if said.day is None else said.day.isoformat(),
        "shift": said.shift,
        "cancelled": None
        if back is None
        else {"made": rfc3339(back.made), "who": back.who, "why": back.why},
    }

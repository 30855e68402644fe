"""How does a plan look in a calendar programme? One event per window, in UTC."""

import datetime as dt

from icalendar import Calendar, Event

from cli.output import local, rfc3339
from punchclock.plans import ENDLESS, Plan, shown_end, span
from punchclock.plants import Model, Plant
from punchclock.timetables import Run, Timetable, timetables
from punchclock.windows import Window


def calendar(planned: Plan, now: dt.datetime) -> bytes:
    """Return a plan as an iCalendar of RFC 5545; ``now`` is when it says it was made.

    The same window has the same UID each time, so that importing it again replaces it.
    """
    plant = planned.plant
    found = Calendar()
    found.add("prodid", "-//punchclock//plan//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Punchclock {plant.name}")
    tables = timetables(plant)
    for each in planned.models:
        table = tables[each.model.name]
        # Asked for at once, what each window asks below is a look-up.
        table.runs(*span(plant, planned.first, planned.end))
        for window in each.windows:
            found.add_component(_event(plant, each.model, window, table, now))
    return bytes(found.to_ical())


def _event(plant: Plant, model: Model, window: Window, table: Timetable, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{window.start:%Y%m%dT%H%M%SZ}-{model.name}@{plant.name}.punchclock")
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", window.start)
    event.add("dtend", shown_end(window.start, window.end) or window.start + ENDLESS)
    shifts = ", ".join(window.shifts)
    event.add("summary", f"{model.name}: {shifts} ({window.units} units)")
    run = table.run_at(window.start)
    event.add("description", "\n".join(_details(plant, window, run)))
    # It says when a machine works; nobody is busy because of it.
    event.add("transp", "TRANSPARENT")
    return event


def _details(plant: Plant, window: Window, run: Run | None) -> list[str]:
    lines = []
    if shown_end(window.start, window.end) is None:
        lines.append("does not end within a year")
    if run is not None:
        stop = shown_end(run.start, run.stop)
        edges = {"asked for": run.start, "ready by": run.ready, "stopped": stop}
        lines += [
            f"{what}: {local(instant, plant.zone)} ({rfc3339(instant)})"
            for what, instant in edges.items()
            if instant is not None
        ]
        lines.append(f"units of the run: {run.units}")
        if len(run.windows) > 1:
            lines.append(f"windows in the run: {len(run.windows)}")
    return lines

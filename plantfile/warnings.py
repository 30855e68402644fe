"""What must a person know who deploys a plant that is valid all the same?"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

from functions.services.catalog import SPECS
from functions.services.spec import Spec
from plantfile.nodes import Mapping as Words
from plantfile.places import find
from plantfile.problems import Problem
from plantfile.reader import Reading
from punchclock.advice.survey import advise


def warnings(reading: Reading, specs: Mapping[str, Spec] = SPECS) -> Iterator[Problem]:
    """Yield one warning for each service in use that has one, where the file first names it."""
    warned = set()
    for model in reading.plant.models:
        service = model.target.service
        message = specs[service].warning
        if message is not None and service not in warned:
            warned.add(service)
            place = find(reading.root, ("models", model.name, "service"))
            yield replace(place.problem(reading.file, message), severity="warning")


def advice(reading: Reading, today: dt.date) -> list[Problem]:
    """Return all warnings and notes about a plant from a local date on, by their place."""
    found = list(warnings(reading))
    for each in advise(reading.plant, today, _calendars(reading)):
        problem = find(reading.root, each.path).problem(reading.file, each.message)
        found.append(replace(problem, severity=each.severity))
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _calendars(reading: Reading) -> tuple[str, ...]:
    """Return the names of all calendars of a file, used or not."""
    section = find(reading.root, ("calendars",)).node
    return tuple(section.entries) if isinstance(section, Words) else ()

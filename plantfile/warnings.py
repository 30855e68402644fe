"""What must a person know who deploys a plant that is valid all the same?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from functions.services.catalog import SPECS
from functions.services.spec import Spec
from plantfile.places import find
from plantfile.problems import Problem
from plantfile.reader import Reading


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

"""Which plant does this file describe, or what is wrong with it?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from functions.services.catalog import SPECS
from functions.services.spec import Spec
from plantfile import build, crosschecks, messages
from plantfile.names import Surroundings
from plantfile.nodes import Mapping as Words
from plantfile.nodes import Node, compose, value_of
from plantfile.places import find
from plantfile.problems import InvalidFile, Problem, shown
from plantfile.schema import PlantFile, plant_file
from plantfile.source import decoded, text_of
from punchclock.plants import Plant, Target

MOST_PROBLEMS = 10_000
"""Problems of one kind that are told at once; nobody reads more, a hostile file has more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A plant with the words that describe it."""

    plant: Plant
    file: str
    root: Node

    def problem(self, path: tuple[str | int, ...], message: str) -> Problem:
        """Return a problem of a value, at its place in the file."""
        return find(self.root, path).problem(self.file, message, of_key=True)


def read(path: Path | str, specs: Mapping[str, Spec] = SPECS) -> Plant:
    """Return the plant of a file; ``specs`` are the model services that it may use.

    Raises ``InvalidFile`` with all that is wrong, and ``OSError`` where the file cannot be opened.
    """
    return read_words(Path(path), specs).plant


def read_all(paths: Iterable[Path | str], specs: Mapping[str, Spec] = SPECS) -> list[Plant]:
    """Return the plants of several files, in their order.

    Raises like ``read``, with the problems of all files; one plant in two files, and one hosted
    model in two files of the same account and region, are among them.
    """
    readings, error = read_apart(paths, specs)
    if error is not None:
        raise error
    return [reading.plant for reading in readings]


def read_apart(
    paths: Iterable[Path | str], specs: Mapping[str, Spec] = SPECS
) -> tuple[list[Reading], InvalidFile | None]:
    """Return the readings of the files that hold, and all that is wrong with the others.

    So one broken file keeps no other from being deployed. Of two files that name one plant or one
    hosted model, the first holds. Raises ``OSError`` where a file cannot be opened.
    """
    readings: list[Reading] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            readings.append(read_words(Path(path), specs))
        except InvalidFile as error:
            problems += error.problems
    between = [*_twice(readings), *_shared(readings)]
    problems += between
    broken = {problem.file for problem in between}
    kept = [reading for reading in readings if reading.file not in broken]
    return kept, InvalidFile(problems) if problems else None


def parse(data: bytes, name: str, specs: Mapping[str, Spec] = SPECS) -> Plant:
    """Return the plant of bytes; ``name`` stands for the file. Raises ``InvalidFile``."""
    return _reading(decoded(data, name), name, specs).plant


def read_words(path: Path, specs: Mapping[str, Spec] = SPECS) -> Reading:
    """Return the plant of a file with the places of its words. Raises like ``read``."""
    return _reading(text_of(path), str(path), specs)


def _reading(text: str, name: str, specs: Mapping[str, Spec]) -> Reading:
    root, problems = compose(text, name)
    data = value_of(root)
    if not isinstance(root, Words) or not isinstance(data, dict):
        message = "is not a plant file: it begins with 'plant: <name>', keys with their values"
        raise InvalidFile([*problems, find(root, ()).problem(name, message)])
    around = crosschecks.surroundings(data, specs)
    file, error = _validated(data, around)
    hosted, findings = crosschecks.targets(data, specs)
    problems += islice(messages.problems(error, root, name, specs), MOST_PROBLEMS)
    for path, said in islice([*findings, *crosschecks.findings(data, around)], MOST_PROBLEMS):
        problems.append(find(root, path).problem(name, said))
    if problems or file is None:
        raise InvalidFile(problems)
    return Reading(build.plant(file, hosted, specs), name, root)


def _validated(
    data: Mapping[str, object], around: Surroundings
) -> tuple[PlantFile | None, ValidationError | None]:
    try:
        kind = plant_file(tuple(around.specs.values()))
        return kind.model_validate(data, context=around), None
    except ValidationError as error:
        return None, error


def _twice(readings: Iterable[Reading]) -> Iterator[Problem]:
    """Yield the plants that have a file already: each has one stack, named after it."""
    first: dict[str, Reading] = {}
    for reading in readings:
        other = first.setdefault(reading.plant.name, reading)
        if other is not reading:
            message = f"{shown(reading.plant.name)} is the plant of {other.file} already: rename it"
            yield reading.problem(("plant",), message)


def _shared(readings: Iterable[Reading]) -> Iterator[Problem]:
    first: dict[tuple[str, str | None, str], tuple[Reading, str]] = {}
    for reading in readings:
        for model in reading.plant.models:
            key = (reading.plant.region, _account(reading.plant, model.target), model.target.id)
            other, name = first.setdefault(key, (reading, model.name))
            if other is not reading:
                message = (
                    f"is the same hosted model as {shown(name)} in {other.file}, in the same"
                    " account and region: keep one of them"
                )
                yield reading.problem(("models", model.name), message)


def _account(plant: Plant, target: Target) -> str | None:
    """Return the account that hosts a target, as far as the file says."""
    arns = (each.split(":") for each in target.address.values() if each.startswith("arn:"))
    return plant.account or next((arn[4] for arn in arns if len(arn) > 4), None)  # noqa: PLR2004 - arn:partition:service:region:account

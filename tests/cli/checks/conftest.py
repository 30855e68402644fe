"""A plant for the doctor to look at; other modules have files and plants of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.synth import Synthesis, synthesize
from plantfile.reader import read
from punchclock.plants import Plant
from tests.cli.checks.patients import PLANT, Ward, patient


@pytest.fixture(scope="session")
def file(tmp_path_factory) -> Path:
    found: Path = tmp_path_factory.mktemp("plant") / "plant.yaml"
    found.write_text(PLANT)
    return found


@pytest.fixture(scope="session")
def plant(file: Path) -> Plant:
    return read(file)


@pytest.fixture(scope="session")
def synthesis(plant: Plant) -> Synthesis:
    return synthesize(plant)


@pytest.fixture(scope="module")
def deployed(file: Path, plant: Plant, synthesis: Synthesis) -> Iterator[Ward]:
    with patient(file, plant, synthesis) as found:
        yield found


@pytest.fixture
def ward(deployed: Ward) -> Ward:
    """A deployment that is well; its models, cards and clock are the whole module's."""
    deployed.heal()
    return deployed


@pytest.fixture
def own(file: Path, plant: Plant, synthesis: Synthesis) -> Iterator[Ward]:
    """One to do with as one likes; not in a module that has a ``ward``, as there is one moto."""
    with patient(file, plant, synthesis) as found:
        yield found

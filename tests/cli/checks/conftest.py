"""A plant for the doctor to look at; other modules have files and plants of their own."""

from collections.abc import Iterator

import pytest

from punchclock.plants import Plant
from tests.cli.checks.patients import PLANT, Ward, patient
from tests.cli.desks import Prepared, prepared


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Prepared:
    file = tmp_path_factory.mktemp("plant") / "plant.yaml"
    file.write_text(PLANT)
    return prepared(file)


@pytest.fixture(scope="session")
def plant(demo: Prepared) -> Plant:
    return demo.plant


@pytest.fixture(scope="module")
def deployed(demo: Prepared) -> Iterator[Ward]:
    with patient(demo) as found:
        yield found


@pytest.fixture
def ward(deployed: Ward) -> Ward:
    """A deployment that is well; its models, cards and clock are the whole module's."""
    deployed.heal()
    return deployed


@pytest.fixture
def own(demo: Prepared) -> Iterator[Ward]:
    """One to do with as one likes; not in a module that has a ``ward``, as there is one moto."""
    with patient(demo) as found:
        yield found

"""An emulator with a clock that is moved by hand, and real boto3 clients that it answers."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from functions.services import descriptions
from rehearsal.emulator.emulator import Emulator
from rehearsal.emulator.hosting import HostedModel, Pace
from tests.rehearsal.emulator.emulated import Hand, lookout, rekognition


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def emulator(clock: Hand) -> Emulator:
    """Every start takes ten minutes, every stop two."""
    return Emulator(now=clock, pace=Pace(start=(10, 10), stop=(2, 2)))


@pytest.fixture
def boards(emulator: Emulator) -> HostedModel:
    return emulator.add(lookout())


@pytest.fixture
def paint(emulator: Emulator) -> HostedModel:
    return emulator.add(rekognition())


@pytest.fixture(scope="session")
def loader() -> Loader:
    """Read the large descriptions of services once."""
    made = Session()
    descriptions.add(made)
    found: Loader = made.get_component("data_loader")
    return found


@pytest.fixture
def session(emulator: Emulator, loader: Loader) -> Session:
    made = Session()
    made.set_credentials("AKIDEXAMPLE", "not-a-secret")
    made.register_component("data_loader", loader)
    made.get_component("event_emitter").register_first("before-send", emulator.answer)
    return made


@pytest.fixture
def client(session: Session) -> Callable[[str], Any]:
    """Make a client of a service that the emulator answers, without retries."""

    def make(service: str) -> Any:
        config = boto3.session.Config(retries={"total_max_attempts": 1})
        return boto3.Session(botocore_session=session).client(
            service, region_name="eu-central-1", config=config
        )

    return make

"""Real clients whose answers are written down beforehand."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.stub import Stubber

from functions.services import clients


@functools.cache
def session() -> botocore.session.Session:
    """One for all, because reading what botocore knows of a service is slow."""
    made = botocore.session.Session()
    made.set_credentials("AKIDEXAMPLE", "not-a-secret")
    return made


@contextmanager
def stubbed(service: str) -> Iterator[tuple[Any, Stubber]]:
    """Yield a client as the functions have it, and what it is answered."""
    client = session().create_client(service, region_name="eu-central-1", config=clients.ONCE)
    with Stubber(client) as stubber:
        yield client, stubber

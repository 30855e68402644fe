"""Which model services are there?

A service is added with one module beside this one, one line here, and the contract suite.
"""

from typing import TYPE_CHECKING

from functions.services import clients, descriptions, lookoutvision, rekognition
from functions.services.spec import Spec
from punchclock.ports import Service

if TYPE_CHECKING:
    from botocore.session import Session

_ALL = (
    (lookoutvision.SPEC, lookoutvision.LookoutVision),
    (rekognition.SPEC, rekognition.Rekognition),
)

SPECS: dict[str, Spec] = {spec.name: spec for spec, _ in _ALL}
"""Every model service by its name in the plant file."""


def services(session: "Session", region: str, endpoint: str | None = None) -> dict[str, Service]:
    """Return the adapter of every model service, by name."""
    return {name: service(name, session, region, endpoint) for name in SPECS}


def service(name: str, session: "Session", region: str, endpoint: str | None = None) -> Service:
    """Return the adapter of one model service.

    ``session`` is botocore's, which makes the clients; ``endpoint`` is a URL to ask instead of AWS.
    """
    descriptions.add(session)
    reader, actor = (
        session.create_client(name, region_name=region, endpoint_url=endpoint, config=config)
        for config in (clients.PATIENT, clients.ONCE)
    )
    return _ADAPTERS[name](reader, actor)


_ADAPTERS = {spec.name: adapter for spec, adapter in _ALL}

"""A clock that is moved by hand, and models to emulate."""

import datetime as dt
from dataclasses import dataclass

from punchclock.plants import Target

MORNING = dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC)
PAINT = "arn:aws:rekognition:eu-central-1:123456789012:project/paint"


@dataclass
class Hand:
    """The hand of a clock."""

    at: dt.datetime = MORNING

    def __call__(self) -> dt.datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += dt.timedelta(**span)


def lookout(version: int = 1, project: str = "circuit-boards") -> Target:
    key = f"{project}/{version}"
    address = {"project": project, "version": str(version)}
    return Target(service="lookoutvision", key=key, batch=key, address=address)


def rekognition(version: int = 1) -> Target:
    project = f"{PAINT}/1768035000000"
    arn = f"{PAINT}/version/paint.{version}/176803560000{version}"
    address = {"project_version_arn": arn, "project_arn": project}
    return Target(service="rekognition", key=arn, batch=project, address=address)

"""What the tests of the fault rehearsal share: two models, and days that are synthesized once."""

import datetime as dt
from functools import cache

from plantfile.reader import parse
from rehearsal.faults.kinds import KINDS
from rehearsal.faults.running import Stage, stage_of

PAIR = b"""
plant: pair
timezone: Europe/Berlin
region: eu-central-1
defaults: {calendar: works}
calendars: {works: {holidays: DE-BY}}
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  night: {days: Sun-Thu, start: 22:00, end: 06:00}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [early]}
  paint:
    service: rekognition
    project_version_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/p/17680
    project_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/17680
    shifts: [{night: {units: 3}}]
"""

ALL = tuple(KINDS)


@cache
def stage(first: str, end: str) -> Stage:
    """Return the pair's stage of some days, with every edition of its file."""
    return stage_of(
        parse(PAIR, "pair.yaml"), dt.date.fromisoformat(first), dt.date.fromisoformat(end), ALL
    )


def crowd() -> Stage:
    """Return the stage of a day of sixty models, each of its own project."""
    head, _, models = PAIR.partition(b"models:\n")
    boards = models.partition(b"\n")[0].decode()
    many = (
        boards.replace("boards:", f"boards-{n}:").replace("circuit-boards", f"circuit-boards-{n}")
        for n in range(60)
    )
    text = head + b"models:\n" + "\n".join(many).encode()
    tuesday = dt.date(2026, 3, 24)
    return stage_of(parse(text, "crowd.yaml"), tuesday, tuesday + dt.timedelta(days=1), ())

"""Plants of two sizes, synthesized once: it takes seconds."""

import datetime as dt
from decimal import Decimal

import pytest

from functions.services.catalog import SPECS
from infra.synth import Synthesis, synthesize
from punchclock.plants import Assignment, Model, Plant, Target
from punchclock.shifts import Shift

WEEKDAYS = frozenset(range(5))
SHIFTS = (
    Shift(name="early", start=dt.time(6), end=dt.time(14), days=WEEKDAYS),
    Shift(name="late", start=dt.time(14), end=dt.time(22), days=WEEKDAYS),
    Shift(name="night", start=dt.time(22), end=dt.time(6), overnight=True, days=WEEKDAYS),
    Shift(name="audit", start=dt.time(8), end=dt.time(10), rrule="FREQ=MONTHLY;BYDAY=1SU"),
)


def target(number: int) -> Target:
    """Return a hosted model, on both services in turn."""
    if number % 2:
        return SPECS["lookoutvision"].target({"project": f"boards-{number}", "version": "1"})
    project = f"arn:aws:rekognition:eu-central-1:123456789012:project/paint-{number}"
    version = f"{project}/version/paint-{number}.2026-01-10T09.00.00/1768035600000"
    keys = {"project_version_arn": version, "project_arn": f"{project}/1768035000000"}
    return SPECS["rekognition"].target(keys)


def plant_of(count: int, **more: object) -> Plant:
    """Return a plant with so many models, all on all shifts."""
    assignments = tuple(Assignment(shift=shift, units=2) for shift in SHIFTS)
    models = tuple(
        Model(name=f"model-{n}", target=target(n), assignments=assignments, rate=Decimal(4))
        for n in range(count)
    )
    return Plant(
        name="springfield",
        timezone="Europe/Berlin",
        region="eu-central-1",
        models=models,
        shifts=SHIFTS,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def small() -> Synthesis:
    return synthesize(plant_of(2, notify=("line-leads@example.com",), budget=Decimal(6000)))


@pytest.fixture(scope="session")
def large() -> Synthesis:
    return synthesize(plant_of(2000, notify=("line-leads@example.com",), budget=Decimal(6000)))


@pytest.fixture(scope="session")
def watched() -> Synthesis:
    return synthesize(plant_of(2, mode="watch", account="123456789012"))

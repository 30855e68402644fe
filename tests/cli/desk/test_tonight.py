"""Tonight, typed against ``emulate --run``: a program of its own, over HTTP, in time that runs."""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.typed import answered

PLANT = """
plant: tonight
timezone: Europe/Berlin
region: eu-central-1
shifts: {late: {days: daily, start: 21:40, end: 22:00}}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [late]}
"""
AT = "2026-03-02T21:20:30+01:00"
"""Half a minute into the lead."""
SPEED = "200"
"""An hour of the plant's takes eighteen seconds."""
PATIENCE_SECONDS = 120
STOP = dt.datetime(2026, 3, 2, 21, 20, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Evening:
    """A plant that lives on at an address."""

    file: Path
    address: str

    def status(self) -> Any:
        """Return what is seen of the model."""
        found = answered("status", self.file, "--endpoint", self.address)
        return {**found["models"]["boards"], "at": dt.datetime.fromisoformat(found["at"])}

    def watch(self, last: Callable[[Any], bool]) -> list[Any]:
        """Return what is seen, up to the first of which something is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        seen = [self.status()]
        while not last(seen[-1]):
            assert time.monotonic() < deadline, seen[-1]
            seen.append(self.status())
        return seen


@pytest.fixture
def evening(tmp_path) -> Iterator[Evening]:
    file = tmp_path / "plant.yaml"
    file.write_text(PLANT)
    words = ["emulate", str(file), "--run", "--at", AT, "--speed", SPEED]
    program = [sys.executable, "-c", "from cli.main import main; main()", *words]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Evening(file, process.stdout.readline().strip())
        finally:
            process.terminate()


def test_overtime_keeps_the_model_on_without_a_restart_and_ends_by_itself(evening: Evening):
    told = answered(
        *("overtime", evening.file, "boards", "--until", "22:20", "--why", "late batch"),
        *("--endpoint", evening.address),
    )
    assert told["override"]["until"] == "2026-03-02T21:20:00Z"
    before = evening.watch(lambda seen: seen["seen"] == "running")
    assert before[-1]["at"] < STOP
    after = evening.watch(lambda seen: seen["seen"] == "stopped")
    # Had it been restarted, it would not be seen running since the same instant all the time.
    assert len({seen["since"] for seen in after if seen["seen"] == "running"}) == 1
    assert after[-1]["at"] >= STOP
    assert after[-1]["override"] is None
    listed = answered("overrides", evening.file, "--endpoint", evening.address)
    assert [each["in_force"] for each in listed["overrides"]] == [False]

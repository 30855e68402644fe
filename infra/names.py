"""What is a plant's stack called, and what does it tell of itself?

Known without the CDK, so that a command finds what was deployed without loading it.
"""

import tomllib
from pathlib import Path

from punchclock.plants import Plant
from punchclock.rosters import STACK

LEDGER_TABLE = "LedgerTable"
"""The stack's output that names the table of timecards."""
SWEEP_FUNCTION = "SweepFunction"
"""The stack's output that names the function to ask for a checkup."""
HEARTBEAT_ALARM = "HeartbeatAlarm"
"""The stack's output with the ARN of the alarm that a deployment is rolled back on."""
DESK_POLICY = "DeskPolicy"
"""The stack's output with the ARN of the policy for people on the line."""
NOTIFY_TOPIC = "NotifyTopic"
"""The stack's output with the ARN of the topic of those who are told; none where nobody is."""

FAILURES_QUEUE = "FailuresQueue"
"""The stack's output with the URL of the queue for what nobody could handle."""

SWEEP_SCHEDULE = "sweep"
TIMEKEEPER_SCHEDULE = "timekeeper"
"""The two schedules of every plant; the others are named after the edges."""

APP_TAG, APP = "app", "punchclock"
"""The tag by which every stack of ours is found, whatever plant files there still are."""
PLANT_TAG = "plant"
VERSION_TAG = "version"


def stack_name(plant: Plant) -> str:
    """Return the name of a plant's stack."""
    return f"{STACK}{plant.name}"


def version() -> str:
    """Return the version of Punchclock that is deployed: that of this checkout."""
    project = Path(__file__).parents[1] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])

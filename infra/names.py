"""What is a plant's stack called, and what does it tell of itself?

Known without the CDK, so that a command finds what was deployed without loading it.
"""

from punchclock.plants import Plant

LEDGER_TABLE = "LedgerTable"
"""The stack's output that names the table of timecards."""


def stack_name(plant: Plant) -> str:
    """Return the name of a plant's stack."""
    return f"punchclock-{plant.name}"

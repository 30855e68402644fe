"""What does each command look like when it is typed? Shown at the end of its ``--help``."""

from collections.abc import Mapping, Sequence

EXAMPLES: Mapping[str, Sequence[str]] = {
    "validate": (
        "punchclock validate plants/springfield.yaml",
        "punchclock validate plants/*.yaml --json",
    ),
    "plan": (
        "punchclock plan plants/springfield.yaml --from 2026-03-02 --to 2026-03-09",
        "punchclock plan plants/springfield.yaml --from 2026-03-02 --to 2026-03-09 --ics week.ics",
    ),
    "diff": (
        "git show origin/main:plants/springfield.yaml > old.yaml",
        "punchclock diff old.yaml plants/springfield.yaml --max-increase 5%",
    ),
    "explain": (
        "punchclock explain plants/springfield.yaml paint 2026-03-02T05:45",
        "punchclock explain plants/springfield.yaml paint 2026-03-02T22:30 --ledger",
    ),
    "rehearse": (
        "punchclock rehearse plants/springfield.yaml --from 2026-03-02 --to 2026-03-03",
        "punchclock rehearse plants/springfield.yaml --from 2026-03-28 --to 2026-03-30 --seeds 5",
    ),
    "status": (
        "punchclock status plants/springfield.yaml --watch",
        "punchclock status plants/springfield.yaml --endpoint http://127.0.0.1:4599",
    ),
    "overtime": (
        'punchclock overtime plants/springfield.yaml paint --until 23:30 --why "late batch"',
        "punchclock overtime plants/springfield.yaml paint --until 2026-03-07T12:00 --why audit",
    ),
    "skip": (
        'punchclock skip plants/springfield.yaml paint 2026-03-03 --why "inventory"',
        'punchclock skip plants/springfield.yaml paint 2026-03-03 night --why "no material"',
    ),
    "hold": (
        'punchclock hold plants/springfield.yaml paint off --until 16:00 --why "new camera"',
        'punchclock hold plants/springfield.yaml paint on --until 16:00 --why "trying it out"',
    ),
    "overrides": ("punchclock overrides plants/springfield.yaml",),
    "cancel": (
        "punchclock cancel plants/springfield.yaml paint",
        'punchclock cancel plants/springfield.yaml 3f9a2c7b10 --why "done early"',
    ),
    "report": (
        "punchclock report plants/springfield.yaml --month 2026-03",
        "punchclock report plants/springfield.yaml --month 2026-03 --by shift --format csv",
    ),
    "emulate": (
        "punchclock emulate plants/springfield.yaml --port 4599 --speed 60",
        "punchclock emulate plants/springfield.yaml --run --at 2026-03-02T20:45:00Z",
    ),
    "plants": ("punchclock plants plants/*.yaml --json",),
    "deploy": ("punchclock deploy plants/springfield.yaml",),
    "checkup": ("punchclock checkup plants/springfield.yaml",),
    "doctor": (
        "punchclock doctor plants/springfield.yaml",
        "punchclock doctor plants/springfield.yaml --endpoint http://127.0.0.1:4599",
    ),
    "orphans": ("punchclock orphans plants/*.yaml",),
}
"""Lines to type, by command."""


def epilog(command: str) -> str:
    """Return the end of a command's help."""
    # A backspace on a line of its own keeps click from joining the lines that follow.
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in EXAMPLES[command])])

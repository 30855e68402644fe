"""``docs/faults.md`` says what the tables in the code say."""

from pathlib import Path

import pytest

from rehearsal.faults.defects import DEFECTS
from rehearsal.faults.invariants import INVARIANTS
from rehearsal.faults.kinds import KINDS

PAGE = (Path(__file__).parents[1] / "docs" / "faults.md").read_text(encoding="utf-8")

ROWS = [
    *(f"| `{name}` | {kind.what} | {kind.scope} |" for name, kind in KINDS.items()),
    *(f"| `{name}` | {each.why} |" for name, each in INVARIANTS.items()),
    *(f"| `{name}` | {each.what} |" for name, each in DEFECTS.items()),
]


@pytest.mark.parametrize("row", ROWS)
def test_the_page_has_every_fault_invariant_and_defect(row):
    assert row in PAGE


def test_the_page_has_nothing_else():
    assert sum(line.startswith("| `") for line in PAGE.splitlines()) == len(ROWS)

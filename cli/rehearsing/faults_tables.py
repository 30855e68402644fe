"""What a rehearsal with faults has shown, for people."""

from collections.abc import Mapping
from typing import Any

import typer

from cli.output import console, table
from rehearsal.faults.invariants import INVARIANTS
from rehearsal.faults.kinds import KINDS


def show(told: Mapping[str, Any], seeds: range) -> None:
    """Print how often each fault struck, what must not have happened, and how to see it again."""
    out = console()
    struck = table("What struck", "fault", "times", "what it does")
    for kind, times in told["faults"].items():
        struck.add_row(kind, f"{times}", KINDS[kind].what)
    out.print(struck)
    for each in told["violations"]:
        typer.echo(
            f"violation: {each['name']}: {each['model'] or '-'}: {each['at']}: {each['reason']}"
        )
        if each["history"]:
            invariant = INVARIANTS.get(each["name"])
            typer.echo(f"  why it matters: {invariant.why if invariant else '-'}")
            for line in each["history"]:
                typer.echo(f"  {line}")
        typer.echo(f"  again with: {each['replay']}")
    many = f"seeds {seeds.start} to {seeds.stop - 1}" if len(seeds) > 1 else f"seed {seeds.start}"
    where = f"{told['plant']} from {told['from']} to {told['to']}, {many}"
    count = len(told["violations"])
    typer.echo(f"{count} violations: {where}" if count else f"no violations: {where}")

"""Try every mutant of the domain and the functions, and say how many the tests notice.

What was found out stays true while the mutant's module and the tests that said so are the same: a
run that was interrupted goes on, and a new test shows at once. Run it as ``make mutation``, or for
some modules as ``make mutation MODULE="punchclock/windows.py punchclock/costs.py"``.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.mutation.baseline import FOLDERS, Baseline
from bench.mutation.mutants import Mutant, mutants
from bench.mutation.records import Record
from bench.mutation.trials import Trials

GOAL_PERCENT = 90
EXPLAINED = Path("docs/mutation.md")
KEPT = Path("build/mutation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of mutants."""

    of: str
    """A module or a package."""
    total: int
    explained: int
    """How many cannot matter; nobody tries them, and they count as missed."""
    survivors: tuple[Mutant, ...]
    """The others that no test notices: what is left to do."""

    @property
    def killed(self) -> int:
        """How many the tests notice."""
        return self.total - self.explained - len(self.survivors)

    @property
    def percent(self) -> float:
        """How many were killed, of all; where there are none, there is nothing to miss."""
        return 100 * self.killed / self.total if self.total else 100.0

    def __str__(self) -> str:
        """Return a line of the table that ``HEAD`` begins."""
        left = len(self.survivors)
        return (
            f"{self.percent:6.1f} %  {self.total:7}  {self.killed:6}  {self.explained:9}"
            f"  {left:4}  {self.of}"
        )


HEAD = "   score  mutants  killed  explained  left"


def main() -> int:
    """Try the mutants and print the scores; 1 where the goal is missed."""
    asked = argparse.ArgumentParser(description="do the tests notice when the code is wrong?")
    asked.add_argument("modules", nargs="*", type=Path)
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = asked.parse_args()
    modules = options.modules or [
        path for package in FOLDERS for path in sorted(Path(package).rglob("*.py"))
    ]
    KEPT.mkdir(parents=True, exist_ok=True)
    packages = dict.fromkeys(module.parts[0] for module in modules)
    baselines = {package: Baseline.of(package, KEPT, options.jobs) for package in packages}
    scores = []
    print(HEAD)
    for module in modules:
        score = _score(module, baselines[module.parts[0]], options.jobs)
        scores.append(score)
        print(score, flush=True)
        for mutant in score.survivors:
            print(f"    {module}:{mutant.line}: {mutant.id}")
    totals = [_sum(package, scores) for package in packages]
    print(f"\nThe explained cannot matter ({EXPLAINED}); they are not tried, and count as missed.")
    print(HEAD, *totals, sep="\n")
    return int(any(total.percent < GOAL_PERCENT for total in totals))


def _score(module: Path, baseline: Baseline, jobs: int) -> Score:
    source = module.read_text(encoding="utf-8")
    every = tuple(mutants(source))
    explained = set(EXPLAINED.read_text(encoding="utf-8").splitlines())
    tried = [each for each in every if f"- {module}: {each.id}" not in explained]
    record = Record.of(module, source, baseline, KEPT)
    known = record.verdicts(tried)
    trials = Trials(module=module, baseline=baseline, jobs=jobs, tell=record.tell)
    trials.hold([each for each in tried if each.id not in known])
    # Another process has told what it found out to the file alone.
    noticed = Record.of(module, source, baseline, KEPT).verdicts(tried)
    return Score(
        of=str(module),
        total=len(every),
        explained=len(every) - len(tried),
        survivors=tuple(each for each in tried if not noticed[each.id]),
    )


def _sum(package: str, scores: Sequence[Score]) -> Score:
    own = [each for each in scores if Path(each.of).parts[0] == package]
    return Score(
        of=package,
        total=sum(each.total for each in own),
        explained=sum(each.explained for each in own),
        survivors=tuple(mutant for each in own for mutant in each.survivors),
    )


if __name__ == "__main__":
    sys.exit(main())

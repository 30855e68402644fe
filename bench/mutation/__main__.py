"""Try every mutant of the domain and the functions, and say how many the tests notice.

What was killed stays killed while its module is the same, and what survived is tried again: a run
that was interrupted goes on, and a new test shows at once. Run it as ``make mutation``, or for some
modules as ``make mutation MODULE="punchclock/windows.py punchclock/costs.py"``.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.mutation.baseline import FOLDERS, Baseline
from bench.mutation.mutants import Mutant, mutants
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
    survivors: tuple[Mutant, ...]

    @property
    def percent(self) -> float:
        """How many were killed; where there are none, there is nothing to miss."""
        return 100 - 100 * len(self.survivors) / max(1, self.total)

    def __str__(self) -> str:
        killed = self.total - len(self.survivors)
        return f"{self.percent:5.1f} %  {killed:5} of {self.total:5}  {self.of}"


class _Record:
    """Which mutants of a module have been killed, in a file, for the module as it is."""

    def __init__(self, module: Path, source: str) -> None:
        self._path = KEPT / f"{'.'.join(module.with_suffix('').parts)}.json"
        self._digest = hashlib.sha256(source.encode()).hexdigest()

    def killed(self) -> set[str]:
        """Return the ids of the killed."""
        told = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        return set(told["killed"]) if told.get("source") == self._digest else set()

    def kill(self, mutant: Mutant) -> None:
        """Write one more down, for this process and all others."""
        told = {"source": self._digest, "killed": sorted(self.killed() | {mutant.id})}
        self._path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


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
    explained = EXPLAINED.read_text(encoding="utf-8")
    packages = dict.fromkeys(module.parts[0] for module in modules)
    baselines = {package: Baseline.of(package, KEPT) for package in packages}
    scores = []
    for module in modules:
        score = _score(module, baselines[module.parts[0]], options.jobs)
        scores.append(score)
        print(score, flush=True)
        for mutant in score.survivors:
            if f"{module}: {mutant.id}" not in explained:
                print(f"    {module}:{mutant.line}: {mutant.id}")
    totals = [_sum(package, scores) for package in FOLDERS]
    print(f"\nSurvivors that cannot matter are explained in {EXPLAINED}.")
    print(*totals, sep="\n")
    return int(any(total.percent < GOAL_PERCENT for total in totals))


def _score(module: Path, baseline: Baseline, jobs: int) -> Score:
    source = module.read_text(encoding="utf-8")
    record = _Record(module, source)
    every = tuple(mutants(source))
    before = record.killed()
    trials = Trials(module=module, baseline=baseline, jobs=jobs, kill=record.kill)
    trials.hold([each for each in every if each.id not in before])
    killed = record.killed()
    survivors = tuple(each for each in every if each.id not in killed)
    return Score(of=str(module), total=len(every), survivors=survivors)


def _sum(package: str, scores: Sequence[Score]) -> Score:
    own = [each for each in scores if Path(each.of).parts[0] == package]
    survivors = tuple(mutant for each in own for mutant in each.survivors)
    return Score(of=package, total=sum(each.total for each in own), survivors=survivors)


if __name__ == "__main__":
    sys.exit(main())

"""What do the tests reach, and how long do they take, while nothing is wrong?"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest

from bench.mutation.processes import ended_well, fork

FOLDERS = {"punchclock": "tests/punchclock", "functions": "tests/functions"}
"""Where the tests of a package lie."""

QUIETLY = (
    *("-q", "-x", "--no-header", "--no-summary", "--show-capture=no", "--tb=no"),
    *("-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutation"),
    # What is already imported cannot be rewritten, and need not be.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""How pytest is called: the first failure is all there is to know."""

_LEAST_SECONDS = 1.0
_MOST_SECONDS, _MOST_ALONE = 2.0, 8.0
"""Seconds that the tests of other modules may take, beside tests of the module's own or alone."""


@dataclass(slots=True)
class _Stopwatch:
    """A pytest plugin that measures tests."""

    seconds: dict[str, float] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is true of a package's tests."""

    seconds: Mapping[str, float]
    """How long each test takes, by its name."""
    reached: Mapping[str, Mapping[str, Sequence[str]]]
    """Names of the tests that reach a line, by its module and number."""

    @classmethod
    def of(cls, package: str, folder: Path) -> "Baseline":
        """Return what was measured last, or measure it; ``folder`` keeps it.

        Raises ``RuntimeError`` where a test fails.
        """
        kept = folder / f"{package}.baseline"
        digest = _digest([*FOLDERS, FOLDERS[package]])
        known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        if known.get("digest") != digest:
            known = {"digest": digest, **_measure(package, folder)}
            kept.write_text(json.dumps(known), encoding="utf-8")
        return cls(seconds=known["seconds"], reached=known["reached"])

    def tests(self, module: Path, line: int) -> list[list[str]]:
        """Return the tests that reach a line: those of the module's own file, then others.

        First come those that are quick, and that reach much of the module. A line that runs on
        import is reached by any test, for all we know.
        """
        lines = self.reached.get(str(module), {})
        found = lines.get(str(line)) or (self.seconds if lines else ())
        reach = Counter(name for names in lines.values() for name in names)
        names = sorted(found, key=lambda name: self._time(name) / (1 + reach[name]))
        own = f"tests/{module.parent}/test_{module.stem}.py::"
        first = [name for name in names if name.startswith(own)]
        others = [name for name in names if not name.startswith(own)]
        most = _MOST_SECONDS if first else _MOST_ALONE
        return [stage for stage in (first, self._affordable(others, most)) if stage]

    def limit_seconds(self, test: str) -> float:
        """Return how much processor time a test may take; an endless loop takes more."""
        return _LEAST_SECONDS + 5 * self._time(test)

    def _time(self, name: str) -> float:
        return self.seconds.get(name, 0.0)

    def _affordable(self, names: Sequence[str], most_seconds: float) -> list[str]:
        """Return the quickest tests that a trial has time for."""
        left, chosen = most_seconds, list[str]()
        for name in names:
            left -= self._time(name)
            if left < 0:
                break
            chosen.append(name)
        return chosen


def _measure(package: str, folder: Path) -> dict[str, object]:
    """Run a package's tests once; return what each takes, and what it reaches."""
    data, times = folder / f"{package}.coverage", folder / f"{package}.seconds"
    data.unlink(missing_ok=True)

    def run() -> int:
        os.environ["COVERAGE_FILE"] = str(data)
        watch = _Stopwatch()
        arguments = [*QUIETLY, "--cov", "--cov-context=test", "--cov-report=", FOLDERS[package]]
        code = pytest.main(arguments, plugins=[watch])
        times.write_text(json.dumps(watch.seconds), encoding="utf-8")
        return int(code)

    if not ended_well(os.waitpid(fork(run), 0)[1]):
        raise RuntimeError(f"a test of {package} fails without any mutant: run make test")
    found = coverage.CoverageData(str(data))
    found.read()
    reached = {}
    for file in found.measured_files():
        module = Path(file).relative_to(Path.cwd())
        if module.parts[0] in FOLDERS:
            reached[str(module)] = {
                line: sorted({each.partition("|")[0] for each in contexts if each})
                for line, contexts in found.contexts_by_lineno(file).items()
            }
    return {"seconds": json.loads(times.read_text(encoding="utf-8")), "reached": reached}


def _digest(folders: Collection[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()

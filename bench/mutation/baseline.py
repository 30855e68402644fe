"""What do the tests reach, and how long do they take, while nothing is wrong?

Each test file is measured in a process of its own, and again only where it, what it shares with
others, or a module that it imports has changed since.
"""

import ast
import hashlib
import json
import os
import time
from collections import ChainMap, Counter, defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, Self

import coverage
import pytest

from bench.mutation.processes import be_silent

FOLDERS = {"punchclock": "tests/punchclock", "functions": "tests/functions"}
"""Where the tests of a package lie."""

QUIETLY = (
    *("-q", "-x", "--no-header", "--no-summary", "--show-capture=no", "--tb=no"),
    *("-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutation"),
    # What is already imported cannot be rewritten, and need not be.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
"""How pytest is called: the first failure is all there is to know."""

_CONFTEST = Path("tests/conftest.py")
_LEAST_SECONDS = 1.0
_MOST_SECONDS, _MOST_ALONE = 2.0, 8.0
"""Seconds that the tests of other modules may take, beside tests of the module's own or alone."""


@dataclass(slots=True)
class _Stopwatch:
    """A pytest plugin that measures the processor time of tests: others may use the machine too."""

    seconds: dict[str, float] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        begun = time.process_time()
        done = yield
        self.seconds[item.nodeid] = time.process_time() - begun
        return done


class _Measured(NamedTuple):
    """What is known of a test file."""

    digests: Mapping[str, str]
    """Of each file that this stands on, by its path."""
    seconds: Mapping[str, float]
    reached: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is true of a package's tests."""

    seconds: Mapping[str, float]
    """How much processor time each test takes, by its name."""
    reached: Mapping[str, Mapping[str, Sequence[str]]]
    """Names of the tests that reach a line, by its module and number."""
    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each test function with all that is not a test, by its file and name."""

    @classmethod
    def of(cls, package: str, folder: Path, jobs: int) -> Self:
        """Return what was measured last, or measure it; ``folder`` keeps it.

        Raises ``RuntimeError`` where a test fails.
        """
        files = sorted(Path(FOLDERS[package]).rglob("*.py"))
        tests = [each for each in files if each.name.startswith("test_")]
        shared = [_CONFTEST, *(each for each in files if each not in tests)]
        known = {each: _known(_kept(folder, each)) for each in tests}
        missing = [each for each, found in known.items() if found is None]
        with ProcessPoolExecutor(jobs, get_context("spawn"), max_tasks_per_child=1) as processes:
            known |= zip(
                missing,
                processes.map(partial(_measure, shared=shared, folder=folder), missing),
                strict=True,
            )
        found = [each for each in known.values() if each is not None]
        return cls(
            seconds=dict(ChainMap(*(dict(each.seconds) for each in found))),
            reached=_united(each.reached for each in found),
            digests={str(each): digests_of(each, _digest(shared)) for each in tests},
        )

    def tests(self, module: Path, line: int) -> list[list[str]]:
        """Return the tests that reach a line: those of the module's own file, then others.

        First come those that are quick, and that reach much of the module. A line that runs on
        import is reached by any test, for all we know.
        """
        lines = self.reached.get(str(module), {})
        reach = Counter(name for names in lines.values() for name in names)
        found = self._reaching(module, line)
        names = sorted(found, key=lambda name: self._time(name) / (1 + reach[name]))
        own = self._own(module)
        first = [name for name in names if _file(name) in own]
        others = [name for name in names if _file(name) not in own]
        most = _MOST_SECONDS if first else _MOST_ALONE
        return [stage for stage in (first, self._affordable(others, most)) if stage]

    def digest(self, test: str) -> str:
        """Return what changes with a test, or with what it shares with others."""
        name = test.partition("::")[2].partition("[")[0]
        return self.digests.get(_file(test), {}).get(name, "")

    def reaching_digest(self, module: Path, line: int) -> str:
        """Return what changes with the tests that reach a line, whatever time they take."""
        names = sorted(self._reaching(module, line))
        told = [*names, *sorted({self.digest(name) for name in names})]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def limit_seconds(self, test: str) -> float:
        """Return how much processor time a test may take; an endless loop takes more."""
        return _LEAST_SECONDS + 5 * self._time(test)

    def _reaching(self, module: Path, line: int) -> Collection[str]:
        lines = self.reached.get(str(module), {})
        return lines.get(str(line)) or (self.seconds if lines else ())

    def _own(self, module: Path) -> Collection[str]:
        """Return the test files of a module, or else that of the folder that it is in.

        Those of ``sweep.py`` are ``test_sweep.py`` and, say, ``test_sweep_turns.py``.
        """
        folder = module.parent
        mirrored = f"tests/{folder}/test_{module.stem}"
        of_folder = f"tests/{folder.parent}/test_{folder.name}.py"
        found = [each for each in self.digests if each.startswith((f"{mirrored}.", f"{mirrored}_"))]
        return found or [of_folder]

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


def _known(kept: Path) -> _Measured | None:
    """Return what was measured of a test file, where all that it stands on is the same."""
    if not kept.exists():
        return None
    found = _Measured(*json.loads(kept.read_text(encoding="utf-8")))
    same = all(
        Path(path).exists() and _digest([Path(path)]) == digest
        for path, digest in found.digests.items()
    )
    return found if same else None


def _measure(tests: Path, shared: Sequence[Path], folder: Path) -> _Measured:
    """Run the tests of a file once; return what each takes, and what it reaches."""
    be_silent()
    kept = _kept(folder, tests)
    data = kept.with_suffix(".coverage")
    os.environ["COVERAGE_FILE"] = str(data)
    watch = _Stopwatch()
    arguments = [*QUIETLY, "--cov", "--cov-context=test", "--cov-report=", str(tests)]
    if pytest.main(arguments, plugins=[watch]) != pytest.ExitCode.OK:
        raise RuntimeError(f"a test of {tests} fails without any mutant: run make test")
    found = coverage.CoverageData(str(data))
    found.read()
    modules = {Path(each).relative_to(Path.cwd()): each for each in found.measured_files()}
    measured = _Measured(
        digests={str(each): _digest([each]) for each in (tests, *shared, *modules)},
        seconds=watch.seconds,
        reached={
            str(module): {
                str(line): sorted({each.partition("|")[0] for each in contexts if each})
                for line, contexts in found.contexts_by_lineno(file).items()
            }
            for module, file in modules.items()
            if module.parts[0] in FOLDERS
        },
    )
    data.unlink()
    kept.write_text(json.dumps(measured), encoding="utf-8")
    return measured


def _united(
    parts: Iterable[Mapping[str, Mapping[str, Sequence[str]]]],
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        for module, lines in part.items():
            for line, names in lines.items():
                found[module][line] += names
    return found


def _file(test: str) -> str:
    return test.partition("::")[0]


def _kept(folder: Path, tests: Path) -> Path:
    return folder / f"{'.'.join(tests.with_suffix('').parts)}.baseline"


def digests_of(file: Path, shared: str) -> dict[str, str]:
    """Return a digest for each test function of a file: no other test has a part in it."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    tests = [
        each for each in body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    ]
    rest = "\n".join(ast.unparse(each) for each in body if each not in tests)
    return {
        each.name: hashlib.sha256(f"{shared}{rest}{ast.unparse(each)}".encode()).hexdigest()
        for each in tests
    }


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()

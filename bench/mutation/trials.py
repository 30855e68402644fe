"""Which mutants do the tests notice? Each is tried in a process of its own, forked from one.

Starting pytest and importing the tests takes longer than most trials. It is done once for each
module: a fork then changes one function in its place, and runs the tests that reach the changed
line until one fails. What happens on import cannot be changed afterwards; these few mutants are
imported in the place of their module.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import mmap
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from bench.mutation.baseline import QUIETLY, Baseline
from bench.mutation.mutants import Mutant
from bench.mutation.processes import ended_well, fork

_MEMORY_BYTES = 4 << 30
_IMPORTED = ("boto3", "dateutil.rrule", "hypothesis.strategies", "moto")
"""What no mutant changes and most tests import: once, before the processes that do begin."""
_WAITING_SECONDS = 30.0
"""How long a test may take beyond its processor time: a mutant may wait for what never comes."""


class _Slate:
    """What a process tells the one that began it, even if it is ended: the test that it runs."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, mmap.PAGESIZE)

    @property
    def test(self) -> str:
        """The name of the test; empty where there was none yet."""
        self._shared.seek(0)
        return self._shared.readline().decode().strip()

    @test.setter
    def test(self, name: str) -> None:
        self._shared.seek(0)
        self._shared.write(f"{name}\n".encode()[: mmap.PAGESIZE])


Begin = Callable[[Mutant, Sequence[str], _Slate], int]
"""Begins to run tests with a mutant; returns the id of the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """The trials of one module's mutants."""

    module: Path
    baseline: Baseline
    jobs: int
    """How many are held at once."""
    tell: Callable[[Mutant, str], None]
    """Is told of each mutant, in whichever process, and of the test that has noticed it; the name
    is empty where none has."""

    def hold(self, mutants: Sequence[Mutant]) -> None:
        """Try mutants.

        Raises ``RuntimeError`` where pytest cannot collect the module's tests.
        """
        for name in _IMPORTED:
            importlib.import_module(name)
        # What is told here, a fork knows too; not the other way about.
        self.try_each([each for each in mutants if each.function is None], self._import)
        of_functions = [each for each in mutants if each.function is not None]
        if of_functions and not ended_well(os.waitpid(fork(lambda: self._run(of_functions)), 0)[1]):
            raise RuntimeError(f"{self.module}: its mutants cannot be tried")

    def try_each(self, mutants: Sequence[Mutant], begin: Begin) -> None:
        """Run the tests that reach a mutant, for each, some at once."""
        waiting = [(each, self._stages(each)) for each in reversed(mutants)]
        running: dict[int, tuple[Mutant, list[list[str]], _Slate]] = {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant, stages = waiting.pop()
                if stages:
                    slate = _Slate()
                    running[begin(mutant, stages[0], slate)] = (mutant, stages[1:], slate)
                else:
                    self.tell(mutant, "")
            if running:
                process, status = os.wait()
                mutant, stages, slate = running.pop(process)
                if ended_well(status):
                    waiting.append((mutant, stages))
                else:
                    self.tell(mutant, slate.test or "before any test")

    def _run(self, mutants: Sequence[Mutant]) -> int:
        """Collect the tests once, and try each mutant in a fork of what has been collected."""
        tests = {test for each in mutants for stage in self._stages(each) for test in stage}
        return int(pytest.main([*QUIETLY, *_files(tests)], plugins=[_Forking(self, mutants)]))

    def _import(self, mutant: Mutant, tests: Sequence[str], slate: _Slate) -> int:
        def run() -> int:
            code = compile(mutant.source, str(self.module), "exec")
            sys.meta_path.insert(0, _Substitute(self.module, code))
            watch = _Watching(self.baseline, tests, slate)
            return int(pytest.main([*QUIETLY, *_files(tests)], plugins=[watch]))

        return fork(run)

    def _stages(self, mutant: Mutant) -> list[list[str]]:
        return self.baseline.tests(self.module, mutant.line)


def replace_function(module: ModuleType, mutant: Mutant) -> None:
    """Let a mutant's function do what the mutant does, wherever it has been imported to."""
    name = mutant.function or ""
    found: object = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, classmethod | staticmethod):
            found = found.__func__
        found = inspect.unwrap(found) if callable(found) else found
    (code,) = _codes(compile(mutant.source, str(module.__file__), "exec"), name)
    if not isinstance(found, FunctionType):
        raise TypeError(f"{name} of {module.__name__} is no function")
    found.__code__ = code


def _codes(code: CodeType, name: str) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if each.co_qualname == name:
                yield each
            else:
                yield from _codes(each, name)


class _Born(Exception):
    """Leads a new process out of the loop of its parent."""

    def __init__(self, mutant: Mutant, tests: Sequence[str], slate: _Slate) -> None:
        super().__init__(mutant.id)
        self.mutant = mutant
        self.tests = tests
        self.slate = slate


@dataclass(frozen=True, slots=True)
class _Forking:
    """A pytest plugin that runs what has been collected for many mutants, each in a fork."""

    trials: Trials
    mutants: Sequence[Mutant]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Return True where all has been tried, and None in a fork, which goes on to its tests."""
        try:
            self.trials.try_each(self.mutants, self._begin)
        except _Born as born:
            module = importlib.import_module(_dotted(self.trials.module))
            replace_function(module, born.mutant)
            watch = _Watching(self.trials.baseline, born.tests, born.slate)
            watch.pytest_collection_modifyitems(session.items)
            session.config.pluginmanager.register(watch)
            return None
        return True

    def _begin(self, mutant: Mutant, tests: Sequence[str], slate: _Slate) -> int:
        process = os.fork()
        if not process:
            raise _Born(mutant, tests, slate)
        return process


@dataclass(frozen=True, slots=True)
class _Watching:
    """A pytest plugin that runs some tests only, in their order, and ends those that do not end."""

    baseline: Baseline
    names: Sequence[str]
    slate: _Slate

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        places = {name: place for place, name in enumerate(self.names)}
        chosen = (item for item in items if item.nodeid in places)
        items[:] = sorted(chosen, key=lambda item: places[item.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        self.slate.test = nodeid
        # Nobody handles the signals, which end the process.
        limit = self.baseline.limit_seconds(nodeid)
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.setitimer(signal.ITIMER_REAL, limit + _WAITING_SECONDS)


class _Substitute(importlib.abc.MetaPathFinder):
    """Finds other code where a module is asked for."""

    def __init__(self, module: Path, code: CodeType) -> None:
        self._module = module
        self._code = code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if name != _dotted(self._module):
            return None
        loader = _Loader(name, self._module, self._code)
        return importlib.util.spec_from_file_location(name, self._module, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads code that is no file's."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        super().__init__(name, str(path))
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self._code


def _files(tests: Iterable[str]) -> list[str]:
    return sorted({test.partition("::")[0] for test in tests})


def _dotted(module: Path) -> str:
    return ".".join(module.with_suffix("").parts)

"""What is known of a module's mutants, so that nothing is tried twice?

A verdict holds while what it was found with is the same: of the killed, the module and the test
that noticed; of the others, the module and all tests that reach the changed line.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench.mutation.baseline import Baseline
from bench.mutation.mutants import Mutant


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The verdicts on the mutants of one module, in a file."""

    file: Path
    module: Path
    source: str
    """The module's digest."""
    baseline: Baseline
    _verdicts: dict[str, list[str]] = field(default_factory=dict)
    """The test that noticed, or nothing, and the digest of what the verdict stands on; by id."""

    @classmethod
    def of(cls, module: Path, source: str, baseline: Baseline, folder: Path) -> Self:
        """Return the record of a module with its source; ``folder`` keeps it."""
        file = folder / f"{'.'.join(module.with_suffix('').parts)}.json"
        digest = hashlib.sha256(source.encode()).hexdigest()
        told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        known = told["verdicts"] if told.get("source") == digest else {}
        return cls(file=file, module=module, source=digest, baseline=baseline, _verdicts=known)

    def verdicts(self, mutants: Iterable[Mutant]) -> Mapping[str, bool]:
        """Return whether a test notices a mutant, by its id, for those of which it is known."""
        found = {}
        for each in mutants:
            test, digest = self._verdicts.get(each.id, ("", ""))
            if digest == self._digest(each, test):
                found[each.id] = bool(test)
        return found

    def tell(self, mutant: Mutant, test: str) -> None:
        """Write down which test has noticed a mutant; an empty name is none."""
        self._verdicts[mutant.id] = [test, self._digest(mutant, test)]
        told = {"source": self.source, "verdicts": self._verdicts}
        self.file.write_text(json.dumps(told, ensure_ascii=False, indent=0), encoding="utf-8")

    def _digest(self, mutant: Mutant, test: str) -> str:
        if test:
            return self.baseline.digest(test)
        return self.baseline.reaching_digest(self.module, mutant.line)

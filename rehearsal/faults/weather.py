"""Which faults are afoot now, and whom do they strike? Every strike is counted."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from rehearsal.clocks import Clock
from rehearsal.faults.script import Fault


@dataclass(slots=True, kw_only=True)
class Weather:
    """The faults of one rehearsal as time passes."""

    script: Sequence[Fault]
    seed: int
    now: Clock
    strikes: Counter[str] = field(default_factory=Counter)
    """How often each kind struck."""
    _afoot: dict[str, list[Fault]] = field(default_factory=dict)
    _occasions: Counter[str] = field(default_factory=Counter)
    """How many of each kind there were at the instant that was asked about last."""
    _instant: dt.datetime | None = None

    def change(self, now: dt.datetime) -> None:
        """Let begin and end what begins and ends by an instant."""
        self._afoot = {}
        for fault in self.script:
            if fault.begin <= now < fault.end:
                self._afoot.setdefault(fault.kind, []).append(fault)

    @property
    def afoot(self) -> frozenset[str]:
        """The kinds of which a fault is afoot."""
        return frozenset(self._afoot)

    def fault(self, kind: str, victim: str | None = None) -> Fault | None:
        """Return a fault of a kind that is afoot for a victim, or None."""
        for each in self._afoot.get(kind, ()):
            if each.victim is None or victim is None or each.victim == victim:
                return each
        return None

    def strikes_now(self, kind: str, victim: str | None = None, share: float = 1.0) -> Fault | None:
        """Return the fault that strikes this time, and count it; None where none does.

        ``share`` is how many of the occasions a fault of the kind strikes.
        """
        if not self._afoot:
            return None
        fault = self.fault(kind, victim)
        if fault is None or (share < 1.0 and self.random(kind).random() >= share):
            return None
        self.strikes[kind] += 1
        return fault

    def random(self, kind: str) -> Random:
        """Return the chances of a kind on one occasion.

        They depend on the instant and on nothing that happened before, so that leaving out what
        changes nothing leaves them as they were.
        """
        now = self.now()
        if now != self._instant:
            self._instant = now
            self._occasions.clear()
        self._occasions[kind] += 1
        return Random(f"{self.seed}/{kind}/{now.isoformat()}/{self._occasions[kind]}")

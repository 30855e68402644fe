"""What is kept of the calls that functions make? What they asked for, saw and brought about."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from punchclock.actions import Action
from punchclock.observations import Observation, State
from rehearsal.clocks import Clock
from rehearsal.faults import ports
from rehearsal.faults.history import SWEEP, Ask, History
from rehearsal.faults.ports import Call

_READS = frozenset({"book", "orders", "entries", "reviews", "closed_cards"})


@dataclass(slots=True, kw_only=True)
class Witness:
    """Writes down in a history what invariants will ask for."""

    history: History
    now: Clock
    _seen: dict[str, dict[str, State]] = field(default_factory=dict)
    """What each function was last told that a model does."""
    _just_seen: list[tuple[str, dt.datetime]] = field(default_factory=list)
    """What the function that runs has seen, by target id, as far as it could be noted."""

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """Watch one function, perhaps in the midst of another, for as long as the block lasts."""
        outer, self._just_seen = self._just_seen, []
        try:
            yield
        finally:
            self._just_seen = outer

    def request(self, call: Call) -> None:
        """Count a call, whatever becomes of it."""
        self.history.calls[call.name] += 1
        if call.port == ports.SERVICE:
            self.history.requests.setdefault(call.name, []).append(self.now())

    def ask(self, call: Call, outcome: str, *, effective: bool) -> None:
        """Keep a start or stop that a service was asked for."""
        target = call.args[0].id
        units, most = call.args[1:3] if call.operation == "start" else (0, None)
        self.history.asks.append(
            Ask(
                at=self.now(),
                function=call.function,
                target=target,
                action=Action(call.operation),
                units=units,
                most=most,
                seen=self._seen.get(call.function, {}).get(target),
                outcome=outcome,
                effective=effective,
            )
        )

    def observed(self, call: Call, result: Mapping[str, Observation]) -> None:
        """Keep what a function was told that models do."""
        states = {target: each.state for target, each in result.items()}
        self._seen.setdefault(call.function, {}).update(states)
        if call.function == SWEEP:
            for target in states:
                self.history.observed.setdefault(target, []).append(self.now())
                self._just_seen.append((target, self.now()))

    def unsee(self, targets: Collection[str]) -> None:
        """Forget what a sweep has seen and could not note: nobody will ever know of it."""
        for target, at in self._just_seen:
            if target in targets:
                self.history.observed[target].remove(at)
        self._just_seen = [each for each in self._just_seen if each[0] not in targets]

    def effect(self, call: Call, result: object) -> bool:
        """Keep what a call has done, told of or not; return whether anything is otherwise now."""
        if call.port != ports.LEDGER:
            return call.port == ports.COLLEAGUES
        if call.operation == "report" and result:
            # What somebody else has opened or closed first is not written.
            self.history.reports.append((self.now(), call.args[0]))
        elif call.operation == "close":
            self.history.told.append(call.args[0])
        elif call.operation == "hear":
            self.history.heard.setdefault(call.args[0], []).append(self.now())
        elif call.operation == "write" and call.args[0].attempts:
            card = call.args[0]
            taken = max(card.attempts - card.forgiven, 1)
            self.history.attempts.setdefault(card.target.id, []).append((self.now(), taken))
        return call.operation not in _READS

"""What may befall a call on its way through a port, and on its way back?

Every port of every function is wrapped in a ``Gated``: each call of it passes the functions here.
They hold for ports in memory and for the real adapters alike.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from functions.site import Site
from punchclock.errors import (
    NotYet,
    PunchclockError,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.localtime import MINUTE
from punchclock.observations import Observation, State
from rehearsal.emulator.hosting import HostedModel, Phase, Stage
from rehearsal.faults.weather import Weather

SERVICE, LEDGER, METER, COLLEAGUES = "service", "ledger", "meter", "colleagues"
NOTICES, STACK, NEIGHBOURS = "notices", "stack", "neighbours"


class Died(BaseException):
    """The execution environment is gone: no function can catch this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a port."""

    function: str
    port: str
    place: str
    """Which one of its kind: a service's name; the port itself where there is only one."""
    operation: str
    args: tuple[Any, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.place}:{self.operation}"


Through = Callable[[Call, Callable[[], Any]], Any]
"""Carries a call out, or lets it fail."""


class Gated:
    """A port whose every call passes through one function."""

    def __init__(
        self, inner: object, *, function: str, port: str, place: str, through: Through
    ) -> None:
        """Wrap a port."""
        self._inner = inner
        self._function = function
        self._port = port
        self._place = place
        self._through = through

    def __getattr__(self, operation: str) -> Any:  # noqa: ANN401 - whatever the port has
        """Return the port's own operation, made to pass through."""
        method = getattr(self._inner, operation)

        def passed(*args: Any) -> Any:  # noqa: ANN401
            call = Call(
                function=self._function,
                port=self._port,
                place=self._place,
                operation=operation,
                args=args,
            )
            return self._through(call, lambda: method(*args))

        setattr(self, operation, passed)
        return passed


def gated(site: Site, function: str, through: Through) -> Site:
    """Return a site whose every port lets its calls pass through a function."""

    def gate(port: str, inner: object, place: str = "") -> Any:  # noqa: ANN401 - any port
        return Gated(inner, function=function, port=port, place=place or port, through=through)

    return replace(
        site,
        services={name: gate(SERVICE, service, name) for name, service in site.services.items()},
        ledger=gate(LEDGER, site.ledger),
        meter=gate(METER, site.meter),
        colleagues=gate(COLLEAGUES, site.colleagues),
        notices=gate(NOTICES, site.notices),
        neighbours=gate(NEIGHBOURS, site.neighbours),
        stack=gate(STACK, site.stack),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """How a fault lets calls of a port fail."""

    kind: str
    error: type[PunchclockError]
    says: str
    share: float = 1.0
    """How many of the calls."""


FAILING: Mapping[str, Sequence[Failing]] = {
    SERVICE: (
        Failing(kind="endpoint-silent", error=ServiceSilent, says="does not answer"),
        Failing(kind="throttled", error=Throttled, says="is asked too often", share=0.5),
        Failing(kind="broken", error=ServiceSilent, says="has an error of its own", share=0.5),
    ),
    LEDGER: (
        Failing(kind="ledger-throttled", error=Throttled, says="is asked too often", share=0.67),
    ),
    METER: (Failing(kind="metrics-silent", error=ServiceSilent, says="does not answer"),),
    NEIGHBOURS: (Failing(kind="claims-silent", error=ServiceSilent, says="do not answer"),),
    NOTICES: (Failing(kind="notices-silent", error=ServiceSilent, says="does not answer"),),
}
"""By port, in the order in which they are looked for."""


def before(weather: Weather, call: Call, hosted: Mapping[str, HostedModel]) -> None:
    """Let a call fail on its way there, by raising what its adapter would raise."""
    for each in FAILING.get(call.port, ()):
        if weather.strikes_now(each.kind, call.place, each.share):
            raise each.error(f"{call.place} {each.says}")
    if call.port == SERVICE and call.operation in {"start", "stop"}:
        _before_action(weather, call, hosted[call.args[0].id])


def _before_action(weather: Weather, call: Call, model: HostedModel) -> None:
    target = call.args[0].id
    if weather.strikes_now("model-deleted", target):
        raise Refused(f"there is no model {target}")
    if weather.strikes_now("model-retrained", target):
        raise NotYet(f"{target} is in training")
    if weather.strikes_now("actions-denied", call.place):
        raise Refused(f"not authorized to {call.operation} {target}")
    if call.operation == "start" and weather.strikes_now("quota-used-up", call.place):
        raise QuotaReached("the account runs as many models as it may")
    if call.operation == "stop" and (fault := weather.fault("stops-refused", target)):
        if model.phase is Phase.RUNNING:
            # The service has just begun to update it.
            _update(model, max(fault.end, model.now() + MINUTE))
        if model.phase in {Phase.STARTING, Phase.UPDATING}:
            weather.strikes_now("stops-refused", target)
            raise NotYet(f"{target} is {model.phase}")


def after(weather: Weather, call: Call, result: Any, now: dt.datetime) -> Any:  # noqa: ANN401
    """Change an answer on its way back, or lose it."""
    if call.port == SERVICE:
        if weather.strikes_now("timed-out", call.place, 0.5):
            raise ServiceSilent(f"{call.place}: no answer in time")
        if call.operation == "observe":
            return {target: _seen(weather, target, each) for target, each in result.items()}
    elif call.port == LEDGER:
        if weather.strikes_now("ledger-timed-out", share=0.3):
            raise ServiceSilent("DynamoDB: no answer in time")
    elif call.port == METER:
        return {target: _metered(weather, points, now) for target, points in result.items()}
    return result


def _seen(weather: Weather, target: str, observation: Observation) -> Observation:
    if weather.strikes_now("model-deleted", target):
        return Observation(state=State.MISSING, word="not found")
    if weather.strikes_now("model-retrained", target):
        return Observation(state=State.TRAINING, word="TRAINING_IN_PROGRESS")
    return observation


def _metered(
    weather: Weather, points: Mapping[dt.datetime, Decimal], now: dt.datetime
) -> Mapping[dt.datetime, Decimal]:
    late = weather.fault("metrics-late")
    if late is not None:
        behind = now - (1 + 4 * late.chance) * 60 * MINUTE
        found = {minute: units for minute, units in points.items() if minute < behind}
        weather.strikes["metrics-late"] += found != points
        points = found
    gaps = [
        each
        for each in weather.script
        if each.kind == "metrics-missing"
        and points
        and each.begin <= max(points)
        and min(points) < each.end
    ]
    if gaps:
        found = {
            minute: units
            for minute, units in points.items()
            if not any(gap.begin <= minute < gap.end for gap in gaps)
        }
        weather.strikes["metrics-missing"] += found != points
        points = found
    return points


def begin_to_start(weather: Weather, model: HostedModel) -> None:
    """Let a start that was just taken be slow, fail or hang."""
    target, now = model.target.id, model.now()
    if model.phase is not Phase.STARTING:
        return
    if weather.strikes_now("starts-hang", target):
        model.enter(Stage(phase=Phase.STARTING, begin=now))
    elif weather.strikes_now("starts-fail", target):
        taken = weather.random("starts-fail").randint(1, 10) * MINUTE
        model.enter(
            Stage(phase=Phase.STARTING, begin=now), Stage(phase=Phase.FAILED, begin=now + taken)
        )
    elif weather.strikes_now("starts-slow", target):
        taken = weather.random("starts-slow").randint(1, 35) * MINUTE
        units = model.min_units or 0
        model.enter(
            Stage(phase=Phase.STARTING, begin=now),
            Stage(phase=Phase.RUNNING, begin=now + taken, units=units),
        )


def befall(weather: Weather, kind: str, model: HostedModel, until: dt.datetime) -> None:
    """Let happen what begins with a fault and needs no call."""
    running = model.phase is Phase.RUNNING
    hosted = running or model.phase in {Phase.STARTING, Phase.UPDATING}
    if kind == "self-updates" and running:
        _update(model, until)
    elif kind == "running-fails" and running:
        model.enter(Stage(phase=Phase.FAILED, begin=model.now()))
    elif kind == "person-stops" and (running or model.phase is Phase.STARTING):
        model.stop()
    elif kind in {"model-deleted", "model-retrained"} and hosted:
        # What is deleted or trained anew is out of service.
        model.enter(Stage(phase=Phase.STOPPED, begin=model.now()))
    else:
        return
    if kind in {"self-updates", "running-fails", "person-stops"}:
        weather.strikes[kind] += 1


def _update(model: HostedModel, until: dt.datetime) -> None:
    now = model.now()
    units = next(stage.units for stage in reversed(model.stages) if stage.begin <= now)
    model.enter(
        Stage(phase=Phase.UPDATING, begin=now, units=units),
        Stage(phase=Phase.RUNNING, begin=until, units=units),
    )

"""What can go wrong? The table of faults: how often, how long, to whom, and what it excuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Whom a fault befalls."""

    PLANT = "plant"
    MODEL = "model"
    SERVICE = "service"


class Duty(StrEnum):
    """What Punchclock owes a plant, and cannot be asked for while some faults last."""

    START = "start"
    STOP = "stop"
    TELL = "tell"
    """To open an incident, and to close it."""
    COUNT = "count"
    """To know every billed minute."""


NOTHING: frozenset[Duty] = frozenset()
ACTING = frozenset({Duty.START, Duty.STOP})
WORKING = ACTING | {Duty.TELL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault."""

    what: str
    """What it does, for people."""
    scope: Scope = Scope.PLANT
    minutes: tuple[int, int]
    """How long it lasts, from least to most."""
    daily: float = 0.08
    """How likely it is on one day."""
    excuses: frozenset[Duty] = NOTHING
    """What cannot be done while it lasts. Whatever a sweep can mend excuses nothing."""


KINDS: Mapping[str, Kind] = {
    "events-lost": Kind(what="edges' events never arrive", minutes=(120, 1440), daily=0.25),
    "events-late": Kind(
        what="edges' events arrive up to six hours late", minutes=(120, 1440), daily=0.25
    ),
    "events-repeated": Kind(what="events arrive several times", minutes=(120, 1440), daily=0.25),
    "events-reordered": Kind(what="events overtake each other", minutes=(120, 1440), daily=0.25),
    "functions-overlap": Kind(what="functions run in the midst of others", minutes=(30, 360)),
    "functions-die": Kind(
        what="a function dies after any of its calls", minutes=(5, 60), excuses=WORKING
    ),
    "sweep-silent": Kind(what="no sweep for an hour", minutes=(60, 60), excuses=WORKING),
    "throttled": Kind(
        what="a service takes half of the calls",
        scope=Scope.SERVICE,
        minutes=(5, 90),
        excuses=WORKING,
    ),
    "broken": Kind(
        what="a service answers half of the calls with an error of its own",
        scope=Scope.SERVICE,
        minutes=(5, 90),
        excuses=WORKING,
    ),
    "timed-out": Kind(
        what="calls have their effect and no answer",
        scope=Scope.SERVICE,
        minutes=(5, 90),
        excuses=WORKING,
    ),
    "endpoint-silent": Kind(
        what="a service does not answer at all",
        scope=Scope.SERVICE,
        minutes=(30, 360),
        excuses=ACTING,
    ),
    "answers-slow": Kind(
        what="a service takes up to eight seconds for each answer",
        scope=Scope.SERVICE,
        minutes=(30, 360),
    ),
    "calls-between-lost": Kind(
        what="what the sweep calls for never arrives", minutes=(5, 60), excuses=ACTING
    ),
    "starts-slow": Kind(
        what="starts take from 1 to 35 minutes", scope=Scope.MODEL, minutes=(60, 600)
    ),
    "starts-fail": Kind(what="starts fail", scope=Scope.MODEL, minutes=(10, 120)),
    "starts-hang": Kind(what="starts never end", scope=Scope.MODEL, minutes=(10, 60), daily=0.05),
    "running-fails": Kind(what="a running model fails", scope=Scope.MODEL, minutes=(1, 1)),
    "stops-refused": Kind(
        what="stops are refused: the service is updating the model",
        scope=Scope.MODEL,
        minutes=(10, 120),
    ),
    "self-updates": Kind(
        what="the service updates a running model", scope=Scope.MODEL, minutes=(1, 20)
    ),
    "person-starts": Kind(
        what="a person starts a model", scope=Scope.MODEL, minutes=(1, 1), daily=0.2
    ),
    "person-stops": Kind(what="a person stops a model", scope=Scope.MODEL, minutes=(1, 1)),
    "person-overrides": Kind(
        what="a person says overtime, skip or hold at the desk, and may take it back",
        scope=Scope.MODEL,
        minutes=(15, 600),
        daily=0.2,
    ),
    "model-deleted": Kind(
        what="the service knows no such model",
        scope=Scope.MODEL,
        minutes=(20, 300),
        daily=0.04,
        excuses=ACTING,
    ),
    "model-retrained": Kind(
        what="a model is in training",
        scope=Scope.MODEL,
        minutes=(20, 300),
        daily=0.04,
        excuses=ACTING,
    ),
    "quota-used-up": Kind(
        what="the account's quota is used up",
        scope=Scope.SERVICE,
        minutes=(10, 120),
        excuses=frozenset({Duty.START}),
    ),
    "actions-denied": Kind(
        what="AWS denies starts and stops: a policy was changed",
        scope=Scope.SERVICE,
        minutes=(10, 120),
        excuses=ACTING,
    ),
    "metrics-late": Kind(what="datapoints come hours late", minutes=(60, 360)),
    "metrics-missing": Kind(what="datapoints never come", minutes=(10, 240)),
    "metrics-silent": Kind(what="CloudWatch does not answer", minutes=(15, 240)),
    "ledger-throttled": Kind(
        what="DynamoDB takes two thirds of the calls", minutes=(5, 60), excuses=WORKING
    ),
    "ledger-timed-out": Kind(
        what="DynamoDB does what it is asked and does not say so", minutes=(5, 60), excuses=WORKING
    ),
    "notices-silent": Kind(what="nobody can be told of incidents", minutes=(15, 240)),
    "claims-silent": Kind(
        what="CloudFormation does not say what other plants claim", minutes=(120, 1440), daily=0.2
    ),
    "clocks-apart": Kind(what="functions' clocks are seconds apart", minutes=(120, 1440)),
    "redeployed": Kind(
        what="an edited plant file is deployed, and later the old one again",
        minutes=(30, 900),
        daily=0.15,
    ),
}
"""By name, in the order in which people are shown them."""

ALL = "all"

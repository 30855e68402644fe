"""Can whoever asks see every model, and what do the services say of each?

The adapters are those of the functions, the credentials are the caller's: ``checkup`` asks what the
functions themselves see.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from cli.aws.obstacles import denied
from cli.checks.findings import Finding, Level, Patient, note, ok, unseen, wrong
from functions.rollcall import BESIDE_A_SWEEP
from functions.services.catalog import SPECS
from punchclock.errors import PunchclockError, ServiceSilent, Throttled
from punchclock.observations import HOSTED, Observation, State
from punchclock.plants import Model

Pause = Callable[[float], None]


def models(patient: Patient, pause: Pause = time.sleep) -> Iterator[Finding]:
    """Describe every model, slowly beside the sweep, and judge what is said of it."""
    if not patient.desk.endpoint:
        yield from _ended(patient)
    services = patient.desk.services()
    silent: dict[str, ServiceSilent] = {}
    for number, (service, some) in zip(count(), _batches(patient), strict=False):
        if service in silent:
            yield from _not_described(some, silent[service])
            continue
        if number and not patient.desk.endpoint:
            pause(1 / BESIDE_A_SWEEP)
        try:
            seen = services[service].observe([model.target for model in some])
        except PunchclockError as error:
            if isinstance(error, ServiceSilent):
                silent[service] = error
            yield from _not_described(some, error)
        else:
            yield from (_judged(model, seen[model.target.id]) for model in some)


def _ended(patient: Patient) -> Iterator[Finding]:
    for service in sorted({model.target.service for model in patient.plant.models}):
        warning = SPECS[service].warning
        if warning:
            yield note(warning, "move its models to another service")


def _batches(patient: Patient) -> Iterator[tuple[str, list[Model]]]:
    """Yield models that are described in one call."""
    found: dict[tuple[str, str], list[Model]] = defaultdict(list)
    for model in patient.plant.models:
        found[model.target.service, model.target.batch].append(model)
    return ((service, some) for (service, _), some in found.items())


def _not_described(some: Sequence[Model], error: PunchclockError) -> Iterator[Finding]:
    for model in some:
        if denied(error):
            needs = ", ".join(SPECS[model.target.service].observe.actions)
            yield unseen(f"{model.name} needs {needs}", "see docs/doctor.md for the policy")
        elif isinstance(error, Throttled):
            yield unseen(f"{model.name}: asked too often", "ask again in a minute")
        else:
            yield wrong(
                f"{model.name} cannot be described: {error}",
                f"look whether {model.target.service} is served in its region, and at the network",
            )


_TROUBLES: Mapping[State, tuple[Level, str]] = {
    State.MISSING: (
        Level.WRONG,
        "look at its keys in the plant file, at the region, and whether it was deleted",
    ),
    State.DELETING: (Level.WRONG, "take it out of the plant file, or name its successor"),
    State.TRAINING: (Level.WRONG, "name a version whose training has succeeded"),
    State.UNKNOWN: (Level.WRONG, "nothing touches it: look at it in the service's console"),
    State.FAILED: (Level.WRONG, "it is started again when it is wanted; look at what is said"),
    State.UPDATING: (Level.NOTE, "wait: the service is changing it by itself"),
}
"""What would do; a model in any other state can be started and stopped."""


def _judged(model: Model, seen: Observation) -> Finding:
    message = f" ({seen.message})" if seen.message else ""
    units = f" on {seen.units} units" if seen.units and seen.state in HOSTED else ""
    said = f"{model.name} is {seen.state.value}{units}: {model.target.service} says"
    said = f"{said} {seen.word}{message}"
    level, remedy = _TROUBLES.get(seen.state, (Level.OK, ""))
    if level is Level.OK and units and seen.units is not None and seen.units < model.units:
        return note(
            f"{said}; the plant file wants {model.units} units",
            "it changes when it is started next; stop it first where that cannot wait",
        )
    return Finding(level=level, said=said, remedy=remedy) if remedy else ok(said)

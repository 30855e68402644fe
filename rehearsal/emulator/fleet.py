"""Which models are there, and what may an account run at once?"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from punchclock.plants import Quota, Target
from rehearsal.emulator.hosting import OCCUPYING, STARTABLE, Clock, HostedModel, Meter, Pace
from rehearsal.emulator.refusals import Kind, Trouble


@dataclass(slots=True, kw_only=True)
class Fleet:
    """The models of one account and region, by service and by the service's own key."""

    now: Clock
    seed: int = 0
    pace: Pace = field(default_factory=Pace)
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    """By service; a limit of None, and a service that is not here, means no limit."""
    _meters: dict[tuple[str, frozenset[tuple[str, str]]], HostedModel] = field(default_factory=dict)
    _models: dict[str, dict[str, HostedModel]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[HostedModel]:
        """Yield every model, by service, in the order in which they were added."""
        return (model for models in self._models.values() for model in models.values())

    def add(self, target: Target, key: str, meter: Meter) -> HostedModel:
        """Take a model in under its service's own name for it; a second time changes nothing."""
        models = self._models.setdefault(target.service, {})
        if key not in models:
            models[key] = HostedModel(
                target=target,
                meter=meter,
                now=self.now,
                pace=self.pace,
                random=Random(f"{self.seed}:{target.id}"),
            )
            self._meters[meter.namespace, frozenset(meter.dimensions.items())] = models[key]
        return models[key]

    def find(self, service: str, key: str) -> HostedModel:
        """Return the model of that name. Raises ``Trouble`` (UNKNOWN)."""
        model = self._models.get(service, {}).get(key)
        if model is None:
            raise Trouble(Kind.UNKNOWN, f"no model {key}")
        return model

    def of(self, service: str) -> list[HostedModel]:
        """Return a service's models in the order in which they were added."""
        return list(self._models.get(service, {}).values())

    def metered(self, namespace: str, dimensions: Mapping[str, str]) -> HostedModel | None:
        """Return the model whose units in service CloudWatch keeps there, or None."""
        return self._meters.get((namespace, frozenset(dimensions.items())))

    def start(self, model: HostedModel, units: int, max_units: int | None) -> None:
        """Begin to start a model as a client would. Raises ``Trouble`` (BUSY, QUOTA)."""
        if model.phase in STARTABLE:
            self._allow(model, max(units, max_units or 0))
        model.start(units, max_units)

    def billed_unit_minutes(
        self, begin: dt.datetime | None = None, end: dt.datetime | None = None
    ) -> dict[str, int]:
        """Return the bill by target id: unit-minutes of minutes that begin within [begin, end)."""
        return {each.target.id: each.billed_unit_minutes(begin, end) for each in self}

    def _allow(self, model: HostedModel, units: int) -> None:
        service = model.target.service
        quota = self.quotas.get(service, Quota())
        if quota.units_per_model and units > quota.units_per_model:
            message = f"{units} inference units; at most {quota.units_per_model} per model"
            raise Trouble(Kind.QUOTA, message)
        running = sum(each.phase in OCCUPYING for each in self.of(service))
        if quota.running_models and running >= quota.running_models:
            message = f"{running} models are running; at most {quota.running_models} at a time"
            raise Trouble(Kind.QUOTA, message)

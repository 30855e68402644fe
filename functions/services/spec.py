"""What Punchclock must know of a model service before it calls it: one value per service.

The plant file reads its keys, rates and quotas from here, the stack its permissions, the sweep its
metric. A service is added with one module beside this one and one line in ``catalog``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from punchclock.plants import Quota, Target

Scope = Literal["model", "project", "account"]
"""How wide a resource of a policy is: one hosted model, its whole project, the whole account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a model in the plant file that the service needs to find the model."""

    name: str
    pattern: re.Pattern[str]
    """What its whole text must match."""
    hint: str
    """What would do, with an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where ARNs lie. Values may be CloudFormation tokens."""

    partition: str
    region: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """IAM actions of one verb of the port, and the resources they apply to."""

    actions: tuple[str, ...]
    arn: Callable[[Target | None, Scope, Account], str]
    """The resource for a target in a scope; no target is needed for the account's scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Where CloudWatch keeps the units in service of a target, by the minute, statistic Average."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One model service."""

    name: str
    """Its name in the plant file; also the name of its client and of its rate."""
    keys: tuple[Key, ...]
    target: Callable[[Mapping[str, str]], Target]
    """Make a target of the keys of the plant file, which have matched their patterns.

    Raises ``InvalidPlant`` where the keys do not belong together.
    """
    metric: Callable[[Target], Metric]
    observe: Grants
    start: Grants
    stop: Grants
    rate: Decimal | None
    """USD per unit-hour; None where the plant file must say."""
    quota: Quota
    """The defaults of an AWS account."""
    quota_codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What Service Quotas calls the fields of ``quota``; one that it does not know is left out."""
    reversible_stop: bool = True
    """Whether a stopped model can be started again as it was; a stop that deletes is narrowed."""
    warning: str | None = None
    """What a person who uses it against real AWS must be told."""

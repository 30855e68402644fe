"""How thoroughly are properties searched? ``check``, or another by --hypothesis-profile."""

import datetime as dt

from hypothesis import HealthCheck, Phase, settings

_SLOW_TO_BUILD = [HealthCheck.too_slow, HealthCheck.data_too_large]
"""A random plant is a large value, and its zone is scanned minute by minute: both are meant."""

settings.register_profile(
    "check", max_examples=60, deadline=None, suppress_health_check=_SLOW_TO_BUILD, derandomize=True
)
settings.register_profile(
    "soak", max_examples=3000, deadline=None, suppress_health_check=_SLOW_TO_BUILD
)
# Nothing that a person may write keeps anybody waiting.
settings.register_profile(
    "fuzz", settings.get_profile("soak"), max_examples=1000, deadline=dt.timedelta(seconds=30)
)
# A mutant is noticed or not: what is the smallest example of it, nobody asks.
settings.register_profile(
    "mutation",
    settings.get_profile("check"),
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("check")

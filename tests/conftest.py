"""How thoroughly are properties searched? ``check``, or ``soak`` by --hypothesis-profile."""

from hypothesis import HealthCheck, settings

_SLOW_TO_BUILD = [HealthCheck.too_slow, HealthCheck.data_too_large]
"""A random plant is a large value, and its zone is scanned minute by minute: both are meant."""

settings.register_profile(
    "check", max_examples=60, deadline=None, suppress_health_check=_SLOW_TO_BUILD, derandomize=True
)
settings.register_profile(
    "soak", max_examples=3000, deadline=None, suppress_health_check=_SLOW_TO_BUILD
)
settings.load_profile("check")

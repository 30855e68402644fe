"""How patient is a client of AWS?

An adapter of a model service is given two clients, because botocore fixes the number of attempts
when a client is made: a ``reader`` that asks again by itself, and an ``actor`` that asks once.
"""

from botocore.config import Config

PATIENT = Config(
    connect_timeout=1, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2}
)
"""For reads: at most about ten seconds for a service that is silent."""

ONCE = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}
)
"""For starts and stops: the sweep is the retry, and botocore's ``standard`` mode would take a quota
for throttling and ask again. It waits longer, because without the answer nobody knows whether the
service has acted."""

BRIEF = Config(
    connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}
)
"""For what a sweep asks before it looks after its models, and can do without for a minute."""

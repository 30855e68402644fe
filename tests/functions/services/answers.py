"""What do the services answer, and what is to be made of it?

Written from the facts about AWS, not from the adapters' own tables.
"""

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from punchclock.errors import (
    NotYet,
    PunchclockError,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import State

ERRORS: dict[str, list[tuple[str, int, type[PunchclockError]]]] = {
    "lookoutvision": [
        ("AccessDeniedException", 403, Refused),
        ("ConflictException", 409, NotYet),
        ("InternalServerException", 500, ServiceSilent),
        ("ServiceQuotaExceededException", 402, QuotaReached),
        ("ThrottlingException", 429, Throttled),
        ("ValidationException", 400, Refused),
    ],
    "rekognition": [
        ("AccessDeniedException", 400, Refused),
        ("InternalServerError", 500, ServiceSilent),
        ("InvalidParameterException", 400, Refused),
        ("LimitExceededException", 400, QuotaReached),
        ("ProvisionedThroughputExceededException", 400, Throttled),
        ("ResourceInUseException", 400, NotYet),
        ("ThrottlingException", 400, Throttled),
    ],
}
"""What a service answers, with its status, and what a caller is to make of it."""

GENERAL = [
    ("ExpiredTokenException", 403, Refused),
    ("UnrecognizedClientException", 400, Refused),
    ("ServiceUnavailable", 503, ServiceSilent),
    ("SlowDown", 429, Throttled),
]
"""What any service of AWS may answer."""

SILENCES = [
    ConnectTimeoutError(endpoint_url="https://example"),
    EndpointConnectionError(endpoint_url="https://example"),
    ReadTimeoutError(endpoint_url="https://example"),
]

WORDS: dict[str, dict[str, State]] = {
    "lookoutvision": {
        "TRAINING": State.TRAINING,
        "TRAINED": State.STOPPED,
        "TRAINING_FAILED": State.TRAINING,
        "STARTING_HOSTING": State.STARTING,
        "HOSTED": State.RUNNING,
        "HOSTING_FAILED": State.FAILED,
        "STOPPING_HOSTING": State.STOPPING,
        "SYSTEM_UPDATING": State.UPDATING,
        "DELETING": State.DELETING,
    },
    "rekognition": {
        "TRAINING_IN_PROGRESS": State.TRAINING,
        "TRAINING_COMPLETED": State.STOPPED,
        "TRAINING_FAILED": State.TRAINING,
        "STARTING": State.STARTING,
        "RUNNING": State.RUNNING,
        "FAILED": State.FAILED,
        "STOPPING": State.STOPPING,
        "STOPPED": State.STOPPED,
        "DELETING": State.DELETING,
        "COPYING_IN_PROGRESS": State.TRAINING,
        "COPYING_COMPLETED": State.STOPPED,
        "COPYING_FAILED": State.TRAINING,
        "DEPRECATED": State.TRAINING,
        "EXPIRED": State.TRAINING,
    },
}

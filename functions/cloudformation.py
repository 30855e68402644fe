"""What CloudFormation asks of a custom resource, and how it is answered.

Source: the CloudFormation user guide, "Custom resource request and response reference".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import urllib3

from functions.colleagues import queue
from punchclock.errors import Refused, ServiceSilent

PHYSICAL_ID = "punchclock-closing"
"""The same for ever: with another one, CloudFormation would delete what it has in mid-shift."""

LONGEST_REASON = 1_000
"""Characters; CloudFormation takes 4 KB of answer in all."""

PATIENCE = urllib3.Timeout(connect=5, read=10)

AGAIN = urllib3.Retry(total=4, backoff_factor=1, status_forcelist=(500, 502, 503, 504))
"""An answer that does not arrive keeps a stack waiting until its time is out."""


class Asked(StrEnum):
    """What CloudFormation is doing with the resource."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


class Status(StrEnum):
    """How it went."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of CloudFormation."""

    asked: Asked
    url: str
    """Where the answer goes; CloudFormation has signed it."""
    function: str
    """The name of the function that was asked."""
    echo: Mapping[str, str]
    """What an answer repeats: the ids of stack, request and resource."""

    @classmethod
    def of(cls, event: object) -> "Request | None":
        """Read an event; None for what CloudFormation has not sent."""
        fields = event if isinstance(event, Mapping) else {}
        texts = {name: fields.get(name) for name in _READ}
        known = {name: text for name, text in texts.items() if isinstance(text, str)}
        if len(known) < len(_READ) or known["RequestType"] not in set(Asked):
            return None
        if not known["ResponseURL"].startswith("https://"):
            return None
        return cls(
            asked=Asked(known["RequestType"]),
            url=known["ResponseURL"],
            function=known["ServiceToken"].rpartition(":")[2],
            echo={name: known[name] for name in _ECHOED},
        )

    def answer(self, status: Status, reason: str) -> Mapping[str, str]:
        """Return the document that answers it."""
        return {
            **self.echo,
            "PhysicalResourceId": PHYSICAL_ID,
            "Status": status.value,
            "Reason": reason[:LONGEST_REASON],
        }


_ECHOED = ("StackId", "RequestId", "LogicalResourceId")
_READ = (*_ECHOED, "RequestType", "ResponseURL", "ServiceToken")


class CloudFormation:
    """CloudFormation behind the port ``Stack``."""

    def __init__(
        self,
        functions: Any,  # noqa: ANN401 - clients are made at run time
        retries: urllib3.Retry = AGAIN,
    ) -> None:
        """Go on with a Lambda client, and answer with as many attempts."""
        self._functions = functions
        self._retries = retries

    def answer(self, url: str, document: Mapping[str, str]) -> None:
        """Put the answer where the request said. Raises ``ServiceSilent`` or ``Refused``."""
        # Signed without a content type: any that is sent would break the signature.
        headers = {"Content-Type": ""}
        body = json.dumps(document).encode()
        with urllib3.PoolManager(timeout=PATIENCE, retries=self._retries) as pool:
            try:
                answer = pool.request("PUT", url, body=body, headers=headers)
            except urllib3.exceptions.HTTPError as error:
                raise ServiceSilent(f"CloudFormation was not told: {error}") from error
        if answer.status != HTTPStatus.OK:
            raise Refused(f"CloudFormation was not told: HTTP status {answer.status}")

    def go_on(self, function: str, event: Mapping[str, object]) -> None:
        """Call a function with an event; return when the call is queued."""
        queue(self._functions, function, event)

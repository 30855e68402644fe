"""The sweep's way to the two functions that may act: asynchronous, queued when it returns."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from punchclock.decisions import Action
from punchclock.errors import ServiceSilent

PERMISSIONS = ("lambda:InvokeFunction",)

_MOST = 500
"""Targets in one call: an asynchronous event may have 256 KB, and an ARN some 130 characters."""


class LambdaColleagues:
    """Calls functions by name."""

    def __init__(self, client: Any, functions: Mapping[Action, str]) -> None:  # noqa: ANN401 - boto3 makes clients at run time
        """Call with a boto3 Lambda client the functions that carry out an action."""
        self._client = client
        self._functions = functions

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Ask for an action on hosted models. Raises ``ServiceSilent`` when it cannot be queued."""
        for begin in range(0, len(target_ids), _MOST):
            payload = json.dumps({"targets": list(target_ids[begin : begin + _MOST])})
            try:
                self._client.invoke(
                    FunctionName=self._functions[action],
                    InvocationType="Event",
                    Payload=payload.encode(),
                )
            except (ClientError, HTTPClientError) as error:
                message = f"{action} of {len(target_ids)} models could not be queued: {error}"
                raise ServiceSilent(message) from error

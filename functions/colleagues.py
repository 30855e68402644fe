"""The sweep's way to the two functions that may act: asynchronous, queued when it returns."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from functions.services.refusals import Meanings, translated
from punchclock.decisions import Action
from punchclock.errors import Throttled

PERMISSIONS = ("lambda:InvokeFunction",)

MEANINGS: Meanings = {"TooManyRequestsException": Throttled}
"""What Lambda's errors mean, where their HTTP status does not say it."""

MOST = 400
"""Targets in one call: an asynchronous event may have 256 KB, and an id up to 523 characters."""


class LambdaColleagues:
    """Calls functions by name."""

    def __init__(self, client: Any, functions: Mapping[Action, str]) -> None:  # noqa: ANN401 - clients are made at run time
        """Call with a Lambda client the functions that carry out an action."""
        self._client = client
        self._functions = functions

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        """Ask for an action on hosted models.

        Raises ``ServiceSilent``, ``Throttled`` or ``Refused`` when it cannot be queued.
        """
        for begin in range(0, len(target_ids), MOST):
            event = {"targets": list(target_ids[begin : begin + MOST])}
            queue(self._client, self._functions[action], event)


def queue(client: Any, function: str, event: Mapping[str, object]) -> None:  # noqa: ANN401 - likewise
    """Call a function by name with an event; return when Lambda has queued the call.

    Raises ``ServiceSilent``, ``Throttled`` or ``Refused``.
    """
    with translated(MEANINGS):
        client.invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )

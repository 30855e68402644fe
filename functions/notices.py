"""The way to the people whom the plant file names: a topic of SNS, which sends them e-mail."""

from typing import Any

from functions.services.refusals import Meanings, translated
from punchclock.errors import Throttled
from punchclock.ports import Notice

PERMISSIONS = ("sns:Publish",)

MEANINGS: Meanings = {"Throttled": Throttled, "Throttling": Throttled}
"""What SNS's errors mean, where their HTTP status does not say it."""


class SnsNotices:
    """Publishes to one topic."""

    def __init__(self, client: Any, topic: str) -> None:  # noqa: ANN401 - clients are made at run time
        """Publish with an SNS client to a topic, by its ARN."""
        self._client = client
        self._topic = topic

    def send(self, notice: Notice) -> None:
        """Pass a message on; it is sent when SNS has taken it.

        Raises ``ServiceSilent``, ``Throttled`` or ``Refused``.
        """
        with translated(MEANINGS):
            self._client.publish(TopicArn=self._topic, Subject=notice.subject, Message=notice.body)


class Nobody:
    """Where the plant file names nobody, or CloudFormation is told instead."""

    def send(self, notice: Notice) -> None:
        """Let a message go."""

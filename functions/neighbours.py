"""What do the plants next door claim? Their stacks' templates say so, and CloudFormation tells it.

Source: the API reference of CloudFormation, ListStacks and GetTemplateSummary.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from functions.services.refusals import Meanings, code, translated
from punchclock.errors import ServiceSilent, Throttled
from punchclock.rosters import CLAIMS, STACK, Claimed

LISTS = ("cloudformation:ListStacks",)
"""IAM action that finds the stacks; CloudFormation knows no resource for it but ``*``."""

READS = ("cloudformation:GetTemplateSummary",)
"""IAM action that reads what they claim."""

LIVING = (
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
)
"""Statuses of stacks whose functions may be there and at work, if only to stop their models; not of
those that have nothing, not yet or no more. Source: the CloudFormation user guide, "Stack status
codes"."""

PATIENCE = dt.timedelta(seconds=4)
"""For how long calls are begun: a sweep has 55 seconds, and most belong to its models."""

MEANINGS: Meanings = {"Throttling": Throttled, "ThrottlingException": Throttled}
"""What CloudFormation's errors mean, where their HTTP status does not say it."""

_NO_SUCH_TEMPLATE = "ValidationError"
"""CloudFormation's word for a stack that has gone since it was listed."""

Edition = tuple[str, str, dt.datetime | None]
"""What a stack is deployed with: its id, its status and when it was last updated."""

_NONE: Edition = ("", "", None)


class StackNeighbours:
    """Reads the stacks of an account and region that are named as ours is."""

    def __init__(
        self, client: Callable[[], Any], stack: str, now: Callable[[], dt.datetime]
    ) -> None:
        """Take what gives a CloudFormation client, because few sweeps ask; and our stack's name."""
        self._client = client
        self._stack = stack
        self._now = now
        self._known: dict[Edition, frozenset[str]] = {}
        """What was read, so that many plants are read in several turns, and none twice."""

    def claimed(self) -> Claimed:
        """Return what the stacks of other plants claim; not final where there was no time for all.

        Raises ``ServiceSilent``, ``Throttled`` or ``Refused``.
        """
        until = self._now() + PATIENCE
        with translated(MEANINGS):
            client = self._client()
            stacks = dict(self._listed(client, until))
            _, own, _ = stacks.pop(self._stack, _NONE)
            self._known = {each: self._known[each] for each in stacks.values() & self._known.keys()}
            for name, edition in stacks.items():
                if edition not in self._known and self._now() < until:
                    self._known[edition] = _claims(client, name)
        told = {name: self._known[each] for name, each in stacks.items() if each in self._known}
        return Claimed(stacks=told, final=told.keys() == stacks.keys() and not _is_changing(own))

    def _listed(self, client: Any, until: dt.datetime) -> Iterator[tuple[str, Edition]]:  # noqa: ANN401 - likewise
        pages = client.get_paginator("list_stacks").paginate(StackStatusFilter=list(LIVING))
        for page in pages:
            for each in page.get("StackSummaries", ()):
                if each["StackName"].startswith(STACK):
                    yield each["StackName"], _edition(each)
            if self._now() >= until:
                raise ServiceSilent("CloudFormation takes too long to list all stacks")


class Alone:
    """Where nobody asks who else is there."""

    def claimed(self) -> Claimed:
        """Know of nobody."""
        return Claimed(stacks={})


def claims_of(summary: Mapping[str, Any]) -> frozenset[str]:
    """Return what a stack claims, from the summary of its template: see ``rosters.claim``.

    Whoever names a stack as ours are may write anything there: what is not as our templates say it
    claims nothing.
    """
    try:
        said = json.loads(summary.get("Metadata", "{}"))
    except ValueError:
        return frozenset()
    claims = said.get(CLAIMS) if isinstance(said, dict) else None
    listed = claims if isinstance(claims, list) else []
    return frozenset(each for each in listed if isinstance(each, str))


def _edition(listed: Mapping[str, Any]) -> Edition:
    return listed["StackId"], listed["StackStatus"], listed.get("LastUpdatedTime")


def _is_changing(status: str) -> bool:
    return status.endswith("_IN_PROGRESS")


def _claims(client: Any, name: str) -> frozenset[str]:  # noqa: ANN401 - clients are made at run time
    try:
        return claims_of(client.get_template_summary(StackName=name))
    except ClientError as error:
        if code(error) != _NO_SUCH_TEMPLATE:
            raise
        return frozenset()

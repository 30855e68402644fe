"""The composition root: the only place that reads the environment and the clock."""

import datetime as dt
import functools
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import botocore.session

from functions.cloudformation import CloudFormation
from functions.colleagues import LambdaColleagues
from functions.journal import PowertoolsJournal
from functions.ledger import DynamoLedger
from functions.meter import CloudWatchMeter
from functions.neighbours import Alone, StackNeighbours
from functions.notices import Nobody, SnsNotices
from functions.services import catalog, clients
from functions.site import Site
from punchclock import compiled
from punchclock.decisions import Action
from punchclock.plants import Plant
from punchclock.timetables import timetables

ACTIONS = {
    Action.START: "PUNCHCLOCK_START_FUNCTION",
    Action.STOP: "PUNCHCLOCK_STOP_FUNCTION",
}
"""Environment variables that name the functions which may act; only the sweep has them."""

TOPIC = "PUNCHCLOCK_TOPIC"
"""Environment variable with the ARN of the topic of those who are told; only the functions that
open incidents have it, and none where the plant file names nobody."""

STACK = "PUNCHCLOCK_STACK"
"""Environment variable with the name of the plant's stack; only the sweep has it, which asks what
the other plants' stacks claim."""


def compose(
    environ: Mapping[str, str],
    session: botocore.session.Session,
    now: Callable[[], dt.datetime],
    pause: Callable[[float], None],
) -> Site:
    """Build what a function works with.

    ``environ`` has PUNCHCLOCK_PLANT (path of the compiled plant in the asset, which lies in
    LAMBDA_TASK_ROOT), PUNCHCLOCK_TABLE and, for some, ``TOPIC``, ``STACK`` and the names of
    ``ACTIONS``.
    Clients are botocore's own: what boto3 adds to them nobody here uses, and every cold start would
    load it.
    """
    plant = _plant(Path(environ.get("LAMBDA_TASK_ROOT", "."), environ["PUNCHCLOCK_PLANT"]))
    client = functools.partial(session.create_client, region_name=plant.region)
    functions = client("lambda")
    return Site(
        plant=plant,
        timetables=timetables(plant),
        services=catalog.services(session, plant.region),
        ledger=DynamoLedger(client("dynamodb"), environ["PUNCHCLOCK_TABLE"]),
        meter=CloudWatchMeter(client("cloudwatch")),
        journal=PowertoolsJournal(plant.name, now),
        colleagues=LambdaColleagues(
            functions,
            {action: environ[name] for action, name in ACTIONS.items() if name in environ},
        ),
        notices=(
            SnsNotices(client("sns", config=clients.PATIENT), environ[TOPIC])
            if TOPIC in environ
            else Nobody()
        ),
        neighbours=(
            StackNeighbours(
                # Made by the first sweep that asks: most days have none.
                functools.cache(lambda: client("cloudformation", config=clients.BRIEF)),
                environ[STACK],
                now,
            )
            if STACK in environ
            else Alone()
        ),
        stack=CloudFormation(functions),
        now=now,
        pause=pause,
    )


def function(
    work: Callable[[Site, object], object],
) -> Callable[[object, object], object]:
    """Make a Lambda handler of a function of a site and an event, its ``__wrapped__``."""

    @functools.wraps(work)
    def handler(event: object, context: object) -> object:
        del context
        return work(_site(), event)

    return handler


@functools.cache
def _site() -> Site:
    """One site for all invocations of an execution environment."""
    return compose(os.environ, botocore.session.Session(), _now, time.sleep)


def _plant(path: Path) -> Plant:
    return compiled.load(json.loads(path.read_text(encoding="utf-8")))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

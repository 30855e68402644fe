"""A shift with the real runtime: the asset, in processes of its own, under AWS's runtime client."""

import datetime as dt
import heapq
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from functions.ledger import DynamoLedger
from infra.synth import synthesize
from punchclock.timecards import Timecard
from rehearsal.clocks import VirtualClock
from rehearsal.cloud import Cloud
from rehearsal.describing import describe
from rehearsal.emulator.hosting import HostedModel, Phase
from rehearsal.emulator.wire import Reply, Request, write_json
from rehearsal.live import by_moto
from rehearsal.schedules import firings
from rehearsal.server import serving
from rehearsal.standing import deployed, emulator_of
from rehearsal.template import ACCOUNT, CustomResource, Deployment, Schedule, rendered
from rehearsal.world import Mail, name_of
from tests.rehearsal import days
from tests.rehearsal.lambdas import Lambdas, running

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="awslambdaric has wheels for Linux only"
)

BRIEF = """
plant: brief
timezone: Europe/Berlin
region: eu-central-1
defaults: {lead: 15m, bridge: 0m}
shifts:
  brief: {days: daily, start: 08:00, end: 08:06}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [brief]}
  paint:
    service: rekognition
    project_version_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/p/17680
    project_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/17680
    shifts: [{brief: {units: 3}}]
"""
BEGIN = dt.datetime(2026, 3, 2, 6, 40, tzinfo=dt.UTC)
READY = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)
STOP = dt.datetime(2026, 3, 2, 7, 6, tzinfo=dt.UTC)
END = dt.datetime(2026, 3, 2, 7, 46, tzinfo=dt.UTC)
"""Four minutes to stop, a quarter of an hour to settle, two equal readings a quarter apart."""

EDGE, SWEEP = dt.timedelta(seconds=10), dt.timedelta(seconds=30)
"""After which the scheduler delivers. Each function has done its work before the next is called."""


@dataclass(slots=True, kw_only=True)
class Machine:
    """A plant on this machine: its functions, and the AWS that they call."""

    deployment: Deployment
    lambdas: Lambdas
    clock: VirtualClock
    mail: Mail
    address: str
    answers: list[Mapping[str, Any]] = field(default_factory=list)
    """What CloudFormation was answered."""
    invoked: set[str] = field(default_factory=set)
    """Modules of the functions that have handled an event."""

    def live(self, begin: dt.datetime, end: dt.datetime) -> None:
        """Fire what is scheduled in [begin, end), and deliver what functions ask of each other."""
        due = heapq.merge(*(_deliveries(each, begin, end) for each in self.deployment.schedules))
        for at, _, schedule in due:
            self._deliver(until=at)
            event = rendered(schedule, f"{at:%Y-%m-%dT%H:%M:00Z}")
            self._invoke(at, self.deployment.functions[schedule.target].name, event)

    def ask(self, custom: CustomResource, kind: str) -> Mapping[str, Any]:
        """Let CloudFormation ask about a resource; return the answer."""
        event = {
            "RequestType": kind,
            "ServiceToken": custom.function,
            "ResponseURL": f"{self.address.replace('http:', 'https:')}/cloudformation",
            "StackId": f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/punchclock-brief/0",
            "RequestId": kind,
            "LogicalResourceId": custom.key,
            "ResourceType": custom.kind,
        }
        self._invoke(self.clock.now(), self.deployment.functions[custom.function].name, event)
        while not self.answers and self.mail.waiting:
            self._deliver(until=self.mail.waiting)
        return self.answers.pop()

    def _deliver(self, until: dt.datetime) -> None:
        for at, name, event in self.mail.collect(until):
            self._invoke(at, name, event)

    def _invoke(self, at: dt.datetime, name: str, event: object) -> None:
        self.clock.set(at)
        self.lambdas.invoke(name, event)
        self.invoked.add(name_of(self.lambdas.runtimes[name].function))


def _deliveries(
    schedule: Schedule, begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, str, Schedule]]:
    for due in firings(schedule.expression, schedule.timezone, begin, end):
        yield due + (SWEEP if schedule.name == "sweep" else EDGE), schedule.name, schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What was lived through, and what it left behind."""

    machine: Machine
    hosted: Mapping[str, HostedModel]
    cards: Mapping[str, Timecard]
    """The closed ones, by model."""
    made: Mapping[str, Any]
    destroyed: Mapping[str, Any]
    lines: list[Mapping[str, Any]]
    asset: Path


@pytest.fixture(scope="module")
def morning(tmp_path_factory) -> Iterator[Morning]:
    plant = days.plant(BRIEF)
    synthesis = synthesize(plant)
    deployment = deployed(plant, synthesis)
    clock = VirtualClock(BEGIN)
    emulator = emulator_of(plant, clock.now, seed=3)
    hosted = {model.name: emulator.add(model.target) for model in plant.models}
    mail = Mail(clock.now)
    answers: list[Mapping[str, Any]] = []

    def aws(request: Request) -> Reply | None:
        if request.path == "/cloudformation":
            answers.append(json.loads(request.body))
            return Reply(status=200, content_type="text/plain", body=b"")
        if request.path.endswith("/invocations"):
            mail.post(request.path.split("/")[-2], request.body)
            return Reply(status=202, content_type="application/json", body=write_json({}))
        return (
            emulator.respond(request)
            or describe(request, deployment)
            or by_moto(request, plant.region)
        )

    with mock_aws(), serving(aws) as address:
        cloud = Cloud(deployment=deployment, emulator=emulator, now=clock.now, called=mail.post)
        cloud.create_resources()
        room = tmp_path_factory.mktemp("lambdas")
        with running(deployment.functions, synthesis.asset, clock, address, room) as lambdas:
            machine = Machine(
                deployment=deployment,
                lambdas=lambdas,
                clock=clock,
                mail=mail,
                address=address,
                answers=answers,
            )
            [closing] = deployment.customs.values()
            made = machine.ask(closing, "Create")
            machine.live(BEGIN, END)
            ledger = DynamoLedger(cloud.client("dynamodb"), deployment.table)
            cards = {card.model: card for card in ledger.closed_cards("2026-03")}
            destroyed = machine.ask(closing, "Delete")
            yield Morning(
                machine=machine,
                hosted=hosted,
                cards=cards,
                made=made,
                destroyed=destroyed,
                lines=lambdas.lines(),
                asset=synthesis.asset,
            )


@pytest.mark.parametrize(("name", "units"), [("boards", 2), ("paint", 3)])
def test_a_shift_starts_becomes_ready_stops_and_is_billed(morning, name, units):
    card, hosted = morning.cards[name], morning.hosted[name]
    assert [stage.phase for stage in hosted.stages][-4:] == [
        Phase.STARTING,
        Phase.RUNNING,
        Phase.STOPPING,
        Phase.STOPPED,
    ]
    assert card.ready <= READY
    assert STOP <= card.stop_asked <= STOP + dt.timedelta(minutes=2)
    assert card.units == units
    assert card.usage.unit_minutes == hosted.billed_unit_minutes()
    assert card.usage.unit_minutes > 6 * units


def test_every_function_of_the_template_has_worked(morning):
    functions = morning.machine.deployment.functions.values()
    assert morning.machine.invoked == {name_of(each) for each in functions}
    assert len(functions) >= 5


def test_the_cost_of_each_run_is_a_line_in_the_log(morning):
    costs = {line["model"]: line["cost"] for line in morning.lines if line["message"] == "timecard"}
    assert costs == {name: f"{card.usage.cost:.2f}" for name, card in morning.cards.items()}


def test_cloudformation_is_answered_when_the_stack_is_made_and_destroyed(morning):
    assert (morning.made["Status"], morning.destroyed["Status"]) == ("SUCCESS", "SUCCESS")


def test_nothing_is_written_into_the_asset(morning):
    assert not list(morning.asset.rglob("*.pyc"))

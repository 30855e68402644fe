"""A plant that is deployed and well, and of which any answer of AWS can be made another."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from botocore.session import Session
from typer.testing import CliRunner, Result

from cli.aws.reaching import Desk
from cli.checks.findings import Level, Patient
from cli.checks.table import CHECKS, Looked, looked
from cli.main import app
from functions.journal import HEARTBEAT
from functions.services.catalog import services
from plantfile.reader import read
from punchclock.plants import Plant
from punchclock.timecards import Basis, Day, Origin, Purpose, Timecard
from rehearsal.describing import describe
from rehearsal.emulator.wire import Reply, Request
from rehearsal.live import Life
from rehearsal.measured import measured
from rehearsal.server import Respond
from rehearsal.standing import deployed
from rehearsal.template import ACCOUNT, Deployment, Statement
from rehearsal.world import Line
from tests.cli.desks import Counter, Prepared, counter
from tests.cli.standins import SOMEBODY, filed, json_error, subscribed, xml_error

ARN = f"arn:aws:rekognition:eu-central-1:{ACCOUNT}:project/line"
PLANT = f"""
plant: demo
timezone: Europe/Berlin
region: eu-central-1
account: "{ACCOUNT}"
notify: [line-leads@example.com]
shifts: {{early: {{days: daily, start: 06:00, end: 14:00}}}}
models:
  paint:
    {{service: rekognition, project_version_arn: "{ARN}/version/a/1", project_arn: "{ARN}/1",
      shifts: [early]}}
  seams:
    {{service: rekognition, project_version_arn: "{ARN}/version/b/2", project_arn: "{ARN}/1",
      shifts: [early]}}
"""

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
YESTERDAY = dt.date(2026, 3, 3)
_BEGAN = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)
_READY = dt.datetime(2026, 3, 3, 6, 0, tzinfo=dt.UTC)

_SIGNED = {"monitoring": "cloudwatch"}
"""Services that sign by another name than that of their permissions."""

QUOTAS = {"L-5E225387": 2.0, "L-4FA65ECB": 5.0}


@dataclass(kw_only=True)
class Ward:
    """What stands between the doctor and a deployment."""

    whole: Deployment
    """What the template deploys."""
    deployment: Deployment = field(init=False)
    """What is there."""
    answers: dict[str, Callable[[Request], Reply]] = field(init=False)
    """What is answered instead, by ``service:Operation``."""
    asked: set[str] = field(default_factory=set)
    """Every ``service:Operation`` that was asked for."""
    quotas: dict[str, float] = field(init=False)
    """What applies to the account, by code."""
    defaults: dict[str, float] = field(init=False)
    given_up: int = field(init=False)
    lines: list[Line] = field(default_factory=list)
    counter: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.heal()

    def heal(self) -> None:
        """Let all be well, as far as this stands before the deployment."""
        self.deployment = self.whole
        self.answers = {}
        self.says("sns:ListSubscriptionsByTopic", subscribed("line-leads@example.com"))
        self.quotas, self.defaults = dict(QUOTAS), {}
        self.given_up = 0
        self.lines[:] = [beat(NOW - dt.timedelta(minutes=1))]
        self.asked.clear()

    def through(self, life: Life) -> Respond:
        """Stand before a deployment."""

        def respond(request: Request) -> Reply | None:
            operation = named(request)
            self.asked.add(operation)
            if operation in self.answers:
                return self.answers[operation](request)
            return (
                self._quota(operation, request)
                or describe(request, self.deployment, self.given_up)
                or life.respond(request)
            )

        return respond

    def says(self, operation: str, reply: Reply) -> None:
        """Let an operation be answered so."""
        self.answers[operation] = lambda _: reply

    def denies(self, action: str) -> None:
        """Take a permission from whoever asks."""
        forms = {"cloudformation", "iam", "sns"}
        refuse = xml_error if action.partition(":")[0] in forms else json_error
        code = "AuthorizationError" if action.startswith("sns:") else "AccessDeniedException"
        self.says(action, refuse(code, "not authorized", 403))

    def deployed(self, **changes: Any) -> None:
        """Let something else be deployed than the template says."""
        self.deployment = replace(self.deployment, **changes)

    def role(self, part: str, change: Callable[[tuple[Statement, ...]], Any]) -> None:
        """Change the statements of the role whose name has a part."""
        roles = {
            arn: replace(role, statements=tuple(change(role.statements))) if part in arn else role
            for arn, role in self.deployment.roles.items()
        }
        assert roles != self.deployment.roles
        self.deployed(roles=roles)

    def type(self, *words: str, file: Path | None = None, **env: str | None) -> Result:
        """Return what the doctor says of the plant, as if this were AWS."""
        there = {**SOMEBODY, "AWS_ENDPOINT_URL": self.counter.address, **env}
        line = ["doctor", str(file or self.counter.file), *words]
        return CliRunner().invoke(app, line, env=there)

    def found(self, file: Path | None = None, code: int | None = None) -> Mapping[str, Any]:
        """Return the doctor's findings by check."""
        result = self.type("--json", file=file)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        document = json.loads(result.stdout)
        expected = int(document["level"] == "wrong") if code is None else code
        assert result.exit_code == expected
        found: Mapping[str, Any] = document["checks"]
        return found

    def sick(self, check: str, file: Path | None = None) -> list[tuple[str, str, str]]:
        """Return what is not well in one check, by itself: level, what is said, remedy."""
        findings = self.look(check, file).findings
        return [(one.level, one.said, one.remedy) for one in findings if one.level is not Level.OK]

    def look(self, check: str, file: Path | None = None) -> Looked:
        """Make one check, of a stand-in."""
        file = file or self.counter.file
        plant = read(file)
        desk = Desk(plant=plant, endpoint=self.counter.address)
        (wanted,) = (each for each in CHECKS if each.name == check)
        return looked(wanted, Patient(plant=plant, desk=desk, file=file))

    def _quota(self, operation: str, request: Request) -> Reply | None:
        values = {
            "servicequotas:GetServiceQuota": self.quotas,
            "servicequotas:GetAWSDefaultServiceQuota": self.defaults,
        }.get(operation)
        if values is None:
            return None
        value = values.get(json.loads(request.body)["QuotaCode"])
        if value is None:
            return json_error("NoSuchResourceException", "there is no such quota")
        body = json.dumps({"Quota": {"Value": value}}).encode()
        return Reply(status=200, content_type="application/x-amz-json-1.1", body=body)


def named(request: Request) -> str:
    """Return ``service:Operation`` of a request, as a permission has it."""
    service = request.headers["authorization"].split("/")[3]
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    form = [each for each in request.body.split(b"&") if each.startswith(b"Action=")]
    path = request.path.rpartition("/operation/")[2].strip("/")
    operation = target or (form[0].decode().partition("=")[2] if form else "")
    operation = operation or {"schedules": "ListSchedules"}.get(path, path)
    if "/models/" in request.path:
        operation = "DescribeModel"
    return f"{_SIGNED.get(service, service)}:{operation}"


@contextmanager
def patient(of: Prepared) -> Iterator[Ward]:
    """Deploy a plant that has worked since three days ago and is well."""
    ward = Ward(whole=deployed(of.plant, of.synthesis))

    def through(life: Life) -> Respond:
        life.emulator.gate = measured(ward.lines)
        return ward.through(life)

    with counter(of, _BEGAN, through) as desk:
        ward.counter = desk
        desk.ledger.begin(_BEGAN)
        minutes = _worked(of.plant, desk)
        for model in of.plant.models:
            filed(desk.ledger, card(of.plant, model.name, minutes[model.name]))
        desk.clock.at = NOW
        yield ward


def _worked(plant: Plant, desk: Counter) -> Mapping[str, int]:
    """Let each model be in service yesterday; return its unit-minutes, as it is billed."""
    found = services(_session(), plant.region, desk.address)
    for verb, at in (("start", _READY), ("stop", _READY + dt.timedelta(hours=8))):
        desk.clock.at = at
        for model in plant.models:
            service = found[model.target.service]
            if verb == "start":
                service.start(model.target, 2, None, f"start-{model.name}")
            else:
                service.stop(model.target, f"stop-{model.name}")
    desk.clock.at = NOW
    emulator = desk.life.emulator
    return {
        model.name: sum(emulator.model(model.target).unit_minutes(_BEGAN, NOW).values())
        for model in plant.models
    }


def _session() -> Session:
    session = Session()
    session.set_credentials("stand-in", "stand-in")
    return session


def card(plant: Plant, name: str, unit_minutes: int, closed: dt.datetime | None = NOW) -> Timecard:
    """Make the card of a model that has worked yesterday."""
    model = plant.model(name)
    assert model is not None
    day = Day(
        day=YESTERDAY,
        minutes={Basis.METERED: unit_minutes // 2},
        unit_minutes={Purpose.SHIFT: Decimal(unit_minutes)},
    )
    return Timecard(
        model=name,
        target=model.target,
        rate=model.rate,
        units=2,
        max_units=None,
        origin=Origin.PLANNED,
        opened=_READY,
        days=(day,),
        read=NOW,
        closed=closed,
    )


def beat(at: dt.datetime) -> Line:
    """Make the line by which a sweep sends its heartbeat."""
    return Line(at=at, function="sweep", fields={"_aws": {}, HEARTBEAT: [1.0]})


def edited(folder: Path, before: str, after: str) -> Path:
    """Write the plant file with an edit that is not deployed."""
    assert before in PLANT
    file = folder / "plant.yaml"
    file.write_text(PLANT.replace(before, after))
    return file

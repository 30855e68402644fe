"""An AWS account that plants are deployed in: small, but real clients speak to it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from cli.deploying.cdk import CdkFailed
from infra.names import APP, APP_TAG, HEARTBEAT_ALARM, PLANT_TAG, SWEEP_FUNCTION
from rehearsal.emulator.wire import Reply, Request
from rehearsal.server import serving
from tests.cli.standins import ACCOUNT, xml_error

ALARM = f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:heart"
OUTPUTS = {SWEEP_FUNCTION: "sweep", HEARTBEAT_ALARM: ALARM}
FINE = {"paint": {"state": "stopped", "seen": "STOPPED", "units": 2}}


@dataclass
class Deployed:
    """One stack."""

    plant: str
    template: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=lambda: OUTPUTS)
    app: str = APP
    status: str = "UPDATE_COMPLETE"


@dataclass
class Account:
    """CloudFormation, Lambda, CloudWatch and STS of one account."""

    number: str = ACCOUNT
    stacks: dict[str, Deployed] = field(default_factory=dict)
    alarm: str = "OK"
    """The state of every alarm."""
    models: Any = field(default_factory=lambda: FINE)
    """What a checkup answers; an exception's text where it is one."""
    most: int = 100
    """So many models are looked at in one invocation."""
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        """Answer a request of whichever service."""
        if "/functions/" in request.path:
            return self._invoke(json.loads(request.body))
        if "x-amz-target" in request.headers:
            alarms = {"MetricAlarms": [{"AlarmName": "heart", "StateValue": self.alarm}]}
            return Reply(
                status=200,
                content_type="application/x-amz-json-1.0",
                body=json.dumps(alarms).encode(),
            )
        words = {key: value[0] for key, value in parse_qs(request.body.decode()).items()}
        self.asked.append(words["Action"])
        said = getattr(self, f"_{words['Action'].lower()}")(words)
        return said if isinstance(said, Reply) else _xml(words["Action"], said)

    def _invoke(self, event: Mapping[str, Any]) -> Reply:
        self.asked.append("Invoke")
        assert event["check"] is True
        headers: dict[str, str] = {}
        answer: dict[str, Any] = {}
        if isinstance(self.models, Exception):
            headers = {"X-Amz-Function-Error": "Unhandled"}
            answer = {"errorMessage": str(self.models)}
        elif self.models is not None:
            end = event["skip"] + self.most
            some = dict(list(self.models.items())[event["skip"] : end])
            answer = {"models": some, "next": end if end < len(self.models) else None}
        return Reply(
            status=200,
            content_type="application/json",
            headers=headers,
            body=json.dumps(answer).encode(),
        )

    def _getcalleridentity(self, words: Mapping[str, str]) -> str:
        del words
        arn = f"arn:aws:sts::{self.number}:assumed-role/Line/anna"
        return f"<Account>{self.number}</Account><Arn>{arn}</Arn>"

    def _describestacks(self, words: Mapping[str, str]) -> str | Reply:
        name = words.get("StackName")
        if name is not None and name not in self.stacks:
            return xml_error("ValidationError", f"Stack with id {name} does not exist")
        shown = [name] if name else sorted(self.stacks)
        members = "".join(_stack(each, self.stacks[each]) for each in shown)
        return f"<Stacks>{members}</Stacks>"

    def _gettemplate(self, words: Mapping[str, str]) -> str:
        text = json.dumps(self.stacks[words["StackName"]].template)
        return f"<TemplateBody>{escape(text)}</TemplateBody>"

    def _gettemplatesummary(self, words: Mapping[str, str]) -> str:
        metadata = self.stacks[words["StackName"]].template.get("Metadata")
        return f"<Metadata>{escape(json.dumps(metadata))}</Metadata>" if metadata else ""


@dataclass
class Hand:
    """What stands for the CDK: it writes assemblies and deploys them into an account."""

    account: Account
    template: Mapping[str, Any]
    """What the plant file makes now."""
    models: Any = None
    """What a checkup answers once this is deployed; None: the same as before."""
    outputs: Mapping[str, str] = field(default_factory=lambda: OUTPUTS)
    refuses: bool = False
    deployed: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    """The folder and the words of each deployment."""
    _before: Any = None

    def synthesize(self, file: Path, folder: Path) -> None:
        """Write an assembly."""
        del file
        folder.mkdir(parents=True)
        written(folder, "punchclock-demo", self.template)

    def deploy(self, folder: Path, stack: str, watch: Sequence[str]) -> None:
        """Deploy an assembly."""
        if self.refuses:
            raise CdkFailed("cdk deploy ended with 1")
        self.deployed.append((folder.name, watch))
        text = (folder / f"{stack}.template.json").read_text()
        self.account.stacks[stack] = Deployed("demo", json.loads(text), self.outputs)
        if folder.name == "old":
            self.account.models = self._before
        elif self.models is not None:
            self._before, self.account.models = self.account.models, self.models


def written(folder: Path, stack: str, template: Mapping[str, Any]) -> None:
    """Write the assembly of one stack, as far as going back looks at it."""
    bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-eu-central-1"
    place = {"here": {"bucketName": bucket, "objectKey": "abc.json"}}
    entry = {"source": {"path": f"{stack}.template.json"}, "destinations": place}
    code = {"source": {"path": "asset.def"}, "destinations": {}}
    properties = {
        "templateFile": f"{stack}.template.json",
        "stackTemplateAssetObjectUrl": f"s3://{bucket}/abc.json",
        "tags": {"version": "2"},
    }
    artifacts = {
        f"{stack}.assets": {"properties": {"file": f"{stack}.assets.json"}},
        stack: {"properties": properties, "additionalMetadataFile": "more.json"},
        "Tree": {"properties": {"file": "tree.json"}},
    }
    for name, document in {
        f"{stack}.template.json": template,
        f"{stack}.assets.json": {"version": "1", "files": {"def": code, "abc": entry}},
        "manifest.json": {"version": "1", "artifacts": artifacts},
    }.items():
        (folder / name).write_text(json.dumps(document))


@contextmanager
def reached(account: Account) -> Iterator[dict[str, str]]:
    """Serve an account; yield the environment in which clients reach it."""
    with serving(account) as address:
        yield {"AWS_ENDPOINT_URL": address}


def _stack(name: str, stack: Deployed) -> str:
    tags = {APP_TAG: stack.app, PLANT_TAG: stack.plant}
    outputs = _members(stack.outputs, "OutputKey", "OutputValue")
    return (
        f"<member><StackName>{name}</StackName>"
        f"<StackStatus>{stack.status}</StackStatus><Outputs>{outputs}</Outputs>"
        f"<Tags>{_members(tags, 'Key', 'Value')}</Tags></member>"
    )


def _members(pairs: Mapping[str, str], key: str, value: str) -> str:
    return "".join(
        f"<member><{key}>{one}</{key}><{value}>{other}</{value}></member>"
        for one, other in pairs.items()
    )


def _xml(action: str, said: str) -> Reply:
    body = f"<{action}Response><{action}Result>{said}</{action}Result></{action}Response>"
    return Reply(status=200, content_type="text/xml", body=body.encode())

"""How does Rekognition Custom Labels speak? JSON 1.1, the operation in a header."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from punchclock.plants import Target
from rehearsal.emulator import units
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import HostedModel, Meter, Phase
from rehearsal.emulator.refusals import Kind, Refusal, Trouble
from rehearsal.emulator.wire import Call, Reply, Request, Result, page, read_json, write_json

NAME = "rekognition"

_TARGET = "RekognitionService."
_CONTENT = "application/x-amz-json-1.1"

_WORDS = {
    Phase.NEW: "TRAINING_COMPLETED",
    Phase.STARTING: "STARTING",
    Phase.RUNNING: "RUNNING",
    # It has no word for an update of its own.
    Phase.UPDATING: "RUNNING",
    Phase.STOPPING: "STOPPING",
    Phase.STOPPED: "STOPPED",
    Phase.FAILED: "FAILED",
}


@dataclass(slots=True, kw_only=True)
class Rekognition:
    """The service's side of the wire."""

    fleet: Fleet

    codes: ClassVar[Mapping[Kind, tuple[str, int]]] = {
        Kind.BUSY: ("ResourceInUseException", 400),
        Kind.QUOTA: ("LimitExceededException", 400),
        Kind.UNKNOWN: ("ResourceNotFoundException", 400),
        Kind.INVALID: ("InvalidParameterException", 400),
        Kind.PAGE: ("InvalidPaginationTokenException", 400),
        Kind.DENIED: ("AccessDeniedException", 400),
        # The service's own description calls these two its fault.
        Kind.THROTTLED: ("ThrottlingException", 500),
        Kind.BROKEN: ("InternalServerError", 500),
    }

    def add(self, target: Target) -> HostedModel:
        """Take in a project version by its ARN."""
        arn = target.address["project_version_arn"]
        _, project, _, version, _ = arn.split("/")
        dimensions = {"ProjectName": project, "VersionName": version}
        return self.fleet.add(
            target, arn, Meter(namespace="AWS/Rekognition", dimensions=dimensions)
        )

    def recognize(self, request: Request) -> Call | None:
        """Tell an operation by the header that names it."""
        service, _, operation = request.headers.get("x-amz-target", "").partition(".")
        if f"{service}." != _TARGET or operation not in _OPERATIONS:
            return None
        params = read_json(request.body)
        return Call(service=NAME, operation=operation, params=params, request=request)

    def execute(self, call: Call) -> Result:
        """Do it. Raises ``Trouble``."""
        return _OPERATIONS[call.operation](self, call.params)

    def reply(self, call: Call, result: Result) -> Reply:
        """Write a result."""
        del call
        return Reply(status=200, content_type=_CONTENT, body=write_json(result))

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Write an error."""
        del request
        body = write_json({"__type": refusal.code, "Message": refusal.message})
        return Reply(status=refusal.status, content_type=_CONTENT, body=body)

    def start(self, params: Mapping[str, object]) -> Result:
        """Begin to start a project version. There is no token: every call counts."""
        model = self.fleet.find(NAME, str(params.get("ProjectVersionArn")))
        least, most = units.asked(params)
        self.fleet.start(model, least, most)
        return {"Status": _WORDS[model.phase]}

    def stop(self, params: Mapping[str, object]) -> Result:
        """Begin to stop a project version."""
        model = self.fleet.find(NAME, str(params.get("ProjectVersionArn")))
        model.stop()
        return {"Status": _WORDS[model.phase]}

    def describe_versions(self, params: Mapping[str, object]) -> Result:
        """Describe a project's versions, newest first."""
        models = self._project(params.get("ProjectArn"))
        names = params.get("VersionNames")
        if isinstance(names, list):
            models = [each for each in models if _version(each) in names]
        found, token = page(models, params.get("NextToken"), params.get("MaxResults"))
        return {"ProjectVersionDescriptions": [_described(each) for each in found], **_more(token)}

    def describe_projects(self, params: Mapping[str, object]) -> Result:
        """Describe the projects that have a version here."""
        projects = {each.target.address["project_arn"]: each for each in self.fleet.of(NAME)}
        names = params.get("ProjectNames")
        arns = [
            arn
            for arn in sorted(projects)
            if not isinstance(names, list) or arn.split("/")[1] in names
        ]
        found, token = page(arns, params.get("NextToken"), params.get("MaxResults"))
        described = [
            {
                "ProjectArn": arn,
                "CreationTimestamp": projects[arn].created,
                "Status": "CREATED",
                "Feature": "CUSTOM_LABELS",
            }
            for arn in found
        ]
        return {"ProjectDescriptions": described, **_more(token)}

    def _project(self, arn: object) -> Sequence[HostedModel]:
        models = [each for each in self.fleet.of(NAME) if each.target.address["project_arn"] == arn]
        if not models:
            raise Trouble(Kind.UNKNOWN, f"no project {arn}")
        return sorted(models, key=_age, reverse=True)


_OPERATIONS: dict[str, Callable[[Rekognition, Mapping[str, object]], Result]] = {
    "StartProjectVersion": Rekognition.start,
    "StopProjectVersion": Rekognition.stop,
    "DescribeProjectVersions": Rekognition.describe_versions,
    "DescribeProjects": Rekognition.describe_projects,
}


def _version(model: HostedModel) -> str:
    return model.target.address["project_version_arn"].split("/")[3]


def _age(model: HostedModel) -> int:
    # The digits that end the ARN are the milliseconds of its creation.
    return int(model.target.address["project_version_arn"].rpartition("/")[2])


def _described(model: HostedModel) -> dict[str, object]:
    phase = model.phase
    return {
        "ProjectVersionArn": model.target.address["project_version_arn"],
        "CreationTimestamp": _age(model) / 1000,
        "Status": _WORDS[phase],
        "StatusMessage": f"The model is {phase}.",
        "Feature": "CUSTOM_LABELS",
        **units.told(model),
    }


def _more(token: str | None) -> dict[str, object]:
    return {} if token is None else {"NextToken": token}

"""How does Lookout for Vision speak? REST with JSON bodies.

Written from the service's API as it was, not from our own description of it in ``functions``: what
that gets wrong, a rehearsal shows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import unquote

from punchclock.plants import Target
from rehearsal.emulator import units
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import HostedModel, Meter, Phase
from rehearsal.emulator.refusals import Kind, Refusal, Trouble
from rehearsal.emulator.tokens import Reused, TokenBook
from rehearsal.emulator.wire import (
    Call,
    Reply,
    Request,
    Result,
    page,
    read_json,
    write_json,
)

NAME = "lookoutvision"

_PROJECTS = r"/2020-11-20/projects"
_PROJECT = rf"{_PROJECTS}/(?P<ProjectName>[^/]+)"
_MODEL = rf"{_PROJECT}/models/(?P<ModelVersion>[^/]+)"
_ROUTES = tuple(
    (operation, method, re.compile(path))
    for operation, method, path in (
        ("DescribeModel", "GET", _MODEL),
        ("StartModel", "POST", rf"{_MODEL}/start"),
        ("StopModel", "POST", rf"{_MODEL}/stop"),
        ("ListModels", "GET", rf"{_PROJECT}/models"),
        ("DescribeProject", "GET", _PROJECT),
        ("ListProjects", "GET", _PROJECTS),
    )
)
_BEGUN = frozenset({"StartModel", "StopModel"})
_FROM_QUERY = {"maxResults": "MaxResults", "nextToken": "NextToken"}
_PATTERNS = {
    "ProjectName": re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}"),
    "ModelVersion": re.compile(r"[1-9][0-9]{0,9}|latest"),
    "ClientToken": re.compile(r"[a-zA-Z0-9-]{1,64}"),
}

_WORDS = {
    Phase.NEW: "TRAINED",
    Phase.STARTING: "STARTING_HOSTING",
    Phase.RUNNING: "HOSTED",
    Phase.UPDATING: "SYSTEM_UPDATING",
    Phase.STOPPING: "STOPPING_HOSTING",
    Phase.STOPPED: "TRAINED",
    Phase.FAILED: "HOSTING_FAILED",
}


@dataclass(slots=True, kw_only=True)
class LookoutVision:
    """The service's side of the wire."""

    fleet: Fleet
    region: str
    account: str
    _tokens: TokenBook = field(init=False)

    codes: ClassVar[Mapping[Kind, tuple[str, int]]] = {
        Kind.BUSY: ("ConflictException", 409),
        Kind.QUOTA: ("ServiceQuotaExceededException", 402),
        Kind.UNKNOWN: ("ResourceNotFoundException", 404),
        Kind.INVALID: ("ValidationException", 400),
        Kind.PAGE: ("ValidationException", 400),
        Kind.DENIED: ("AccessDeniedException", 403),
        Kind.THROTTLED: ("ThrottlingException", 429),
        Kind.BROKEN: ("InternalServerException", 500),
    }

    def __post_init__(self) -> None:
        self._tokens = TokenBook(self.fleet.now)

    def add(self, target: Target) -> HostedModel:
        """Take in a model by its project and version."""
        project, version = target.address["project"], target.address["version"]
        dimensions = {"ProjectName": project, "ModelVersion": version}
        meter = Meter(namespace="AWS/LookoutVision", dimensions=dimensions)
        return self.fleet.add(target, f"{project}/{version}", meter)

    def recognize(self, request: Request) -> Call | None:
        """Tell an operation by method and path."""
        if not request.path.startswith(_PROJECTS):
            return None
        for operation, method, path in _ROUTES:
            found = path.fullmatch(request.path.rstrip("/"))
            if found and method == request.method:
                params = {**_params(request), **_unquoted(found.groupdict())}
                return Call(service=NAME, operation=operation, params=params, request=request)
        return None

    def execute(self, call: Call) -> Result:
        """Do it. Raises ``Trouble`` or ``Refusal``."""
        for key, pattern in _PATTERNS.items():
            value = call.params.get(key)
            if value is not None and not pattern.fullmatch(str(value)):
                raise Trouble(Kind.INVALID, f"{key}: {value} does not match {pattern.pattern}")
        return _OPERATIONS[call.operation](self, call.params)

    def reply(self, call: Call, result: Result) -> Reply:
        """Write a result: 202 where something has only begun."""
        status = 202 if call.operation in _BEGUN else 200
        return Reply(status=status, content_type="application/json", body=write_json(result))

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Write an error."""
        del request
        return Reply(
            status=refusal.status,
            content_type="application/json",
            headers={"x-amzn-ErrorType": refusal.code},
            body=write_json({"Message": refusal.message}),
        )

    def list_projects(self, params: Mapping[str, object]) -> Result:
        """List the projects that have a model here."""
        names = list(dict.fromkeys(each.target.address["project"] for each in self.fleet.of(NAME)))
        found, token = page(names, params.get("NextToken"), params.get("MaxResults"))
        return {"Projects": [self._project(name) for name in found], **_more(token)}

    def describe_project(self, params: Mapping[str, object]) -> Result:
        """Describe a project."""
        name = self._models(params)[0].target.address["project"]
        return {"ProjectDescription": {**self._project(name), "Datasets": []}}

    def list_models(self, params: Mapping[str, object]) -> Result:
        """List a project's models."""
        found, token = page(self._models(params), params.get("NextToken"), params.get("MaxResults"))
        return {"Models": [self._listed(model) for model in found], **_more(token)}

    def describe_model(self, params: Mapping[str, object]) -> Result:
        """Describe a model; its units are those of its latest start."""
        model = self._find(params)
        return {"ModelDescription": {**self._listed(model), **units.told(model)}}

    def start_model(self, params: Mapping[str, object]) -> Result:
        """Begin to start a model."""
        model = self._find(params)
        least, most = units.asked(params)

        def act() -> Result:
            self.fleet.start(model, least, most)
            return {"Status": _WORDS[model.phase]}

        return self._once("StartModel", params, act)

    def stop_model(self, params: Mapping[str, object]) -> Result:
        """Begin to stop a model."""
        model = self._find(params)

        def act() -> Result:
            model.stop()
            return {"Status": _WORDS[model.phase]}

        return self._once("StopModel", params, act)

    def _once(
        self, operation: str, params: Mapping[str, object], act: Callable[[], Result]
    ) -> Result:
        token = params.get("ClientToken")
        if token is None:
            return act()
        try:
            return self._tokens.once(operation, token, params, act)
        except Reused as error:
            # The API only says that an error occurs; a conflict is the one of its errors that fits.
            raise Trouble(Kind.BUSY, str(error)) from error

    def _find(self, params: Mapping[str, object]) -> HostedModel:
        return self.fleet.find(NAME, f"{params['ProjectName']}/{params['ModelVersion']}")

    def _models(self, params: Mapping[str, object]) -> list[HostedModel]:
        name = params["ProjectName"]
        models = [each for each in self.fleet.of(NAME) if each.target.address["project"] == name]
        if not models:
            raise Trouble(Kind.UNKNOWN, f"no project {name}")
        return models

    def _project(self, name: str) -> dict[str, object]:
        arn = f"{self._home}:project/{name}"
        created = min(each.created for each in self._models({"ProjectName": name}))
        return {"ProjectArn": arn, "ProjectName": name, "CreationTimestamp": created}

    def _listed(self, model: HostedModel) -> dict[str, object]:
        project, version = model.target.address["project"], model.target.address["version"]
        phase = model.phase
        return {
            "CreationTimestamp": model.created,
            "ModelVersion": version,
            "ModelArn": f"{self._home}:model/{project}/{version}",
            "Status": _WORDS[phase],
            "StatusMessage": f"The model is {phase}.",
        }

    @property
    def _home(self) -> str:
        return f"arn:aws:lookoutvision:{self.region}:{self.account}"


_OPERATIONS: dict[str, Callable[[LookoutVision, Mapping[str, object]], Result]] = {
    "ListProjects": LookoutVision.list_projects,
    "DescribeProject": LookoutVision.describe_project,
    "ListModels": LookoutVision.list_models,
    "DescribeModel": LookoutVision.describe_model,
    "StartModel": LookoutVision.start_model,
    "StopModel": LookoutVision.stop_model,
}


def _params(request: Request) -> dict[str, object]:
    found = read_json(request.body) if request.body else {}
    for name, value in request.query.items():
        found[_FROM_QUERY.get(name, name)] = value
    token = request.headers.get("x-amzn-client-token")
    return found if token is None else {**found, "ClientToken": token}


def _unquoted(named: Mapping[str, str]) -> dict[str, object]:
    return {key: unquote(value) for key, value in named.items()}


def _more(token: str | None) -> dict[str, object]:
    return {} if token is None else {"NextToken": token}

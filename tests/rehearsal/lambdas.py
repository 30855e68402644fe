"""Lambda on this machine: functions of a template, each in a process of its own.

A process has AWS's own runtime client, the asset, what the template puts into the environment, and
nothing else of ours. It is served the Runtime API, which names its next event and takes its answer.
Source: the Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
"""

import datetime as dt
import json
import queue
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from rehearsal.clocks import VirtualClock
from rehearsal.emulator.wire import Reply, Request
from rehearsal.server import serving
from rehearsal.template import Function
from rehearsal.world import name_of

RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")
"""What Lambda's Python brings beside the standard library and boto3."""

BOOTSTRAP = """
import sys
asset, runtime, clock, handler = sys.argv[1:]
sys.path[:0] = [asset, runtime]
from awslambdaric.__main__ import main
import datetime, types, urllib.request, urllib3, zoneinfo
from functions import compose
assert not zoneinfo.TZPATH, "zone rules come from the machine"
def ask(path):
    with urllib.request.urlopen(clock + path) as answer:
        return answer.read().decode()
# Time is virtual, and CloudFormation is near; all else in this process is as it is in Lambda.
compose._now = lambda: datetime.datetime.fromisoformat(ask("/now"))
compose.time = types.SimpleNamespace(sleep=lambda seconds: ask(f"/pause/{seconds}"))
send = urllib3.PoolManager.request
def near(pool, method, url, **more):
    return send(pool, method, url.replace("https://127.0.0.1", "http://127.0.0.1"), **more)
urllib3.PoolManager.request = near
main(["awslambdaric", handler])
"""

PATIENCE_SECONDS = 60
"""A process that has not answered by then has died or hangs."""

_TAKEN = Reply(status=202, content_type="application/json", body=b'{"status": "OK"}')


class Failed(Exception):
    """An invocation ended with an error, or a process could not begin."""


@dataclass(slots=True, kw_only=True)
class Runtime:
    """The Runtime API of one function."""

    function: Function
    clock: VirtualClock
    log: Path
    """What the function writes."""
    _events: "queue.Queue[object]" = field(default_factory=queue.Queue)
    _answers: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)
    _number: int = 0

    def invoke(self, event: object) -> Any:
        """Have an event handled; return the answer. Raises ``Failed``."""
        self._events.put(event)
        try:
            kind, answer = self._answers.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            said = self.log.read_text(encoding="utf-8")
            raise Failed(f"{self.function.handler} has not answered: {said}") from None
        if kind != "response":
            raise Failed(f"{self.function.handler}: {answer}")
        return answer

    def end(self) -> None:
        """Let nobody wait for another event."""
        self._events.put(None)

    def respond(self, request: Request) -> Reply:
        """Answer the runtime client, and whoever asks what time it is."""
        part = request.path.removeprefix("/2018-06-01/runtime/")
        if part == "invocation/next":
            return self._next()
        if part == "/now":
            return _said(self.clock.now().isoformat())
        if part.startswith("/pause/"):
            self.clock.pause(float(part.removeprefix("/pause/")))
            return _said("")
        self._answers.put((part.rpartition("/")[2], json.loads(request.body or b"null")))
        return _TAKEN

    def _next(self) -> Reply:
        event = self._events.get()
        self._number += 1
        deadline = self.clock.now() + dt.timedelta(seconds=self.function.timeout_seconds)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-0000-0000-{self._number:012}",
            "Lambda-Runtime-Deadline-Ms": f"{deadline.timestamp() * 1000:.0f}",
            "Lambda-Runtime-Invoked-Function-Arn": self.function.arn,
        }
        return Reply(
            status=410 if event is None else 200,
            content_type="application/json",
            headers=headers,
            body=json.dumps(event).encode(),
        )


@dataclass(slots=True, kw_only=True)
class Lambdas:
    """The functions of a plant, running."""

    runtimes: Mapping[str, Runtime]
    """By the function's name in AWS."""

    def invoke(self, name: str, event: object) -> Any:
        """Have a function handle an event; return its answer. Raises ``Failed``."""
        return self.runtimes[name].invoke(event)

    def lines(self) -> list[Mapping[str, Any]]:
        """Return the JSON lines of all functions that say something, metrics apart."""
        written = "".join(each.log.read_text(encoding="utf-8") for each in self.runtimes.values())
        found = [json.loads(line) for line in written.splitlines()]
        return [line for line in found if "message" in line]


@contextmanager
def running(
    functions: Mapping[str, Function], asset: Path, clock: VirtualClock, endpoint: str, room: Path
) -> Iterator[Lambdas]:
    """Run functions by ARN for as long as the block lasts; they call AWS at an endpoint."""
    runtime = _runtime_packages(room / "runtime")
    runtimes = {
        each.name: Runtime(function=each, clock=clock, log=room / f"{name_of(each)}.log")
        for each in functions.values()
    }
    with ExitStack() as stack:
        for each in runtimes.values():
            address = stack.enter_context(serving(each.respond))
            stack.callback(each.end)
            environment = _environment(each.function, address, endpoint, asset)
            arguments = [str(asset), str(runtime), address, each.function.handler]
            log = stack.enter_context(each.log.open("wb"))
            process = subprocess.Popen(
                # Nothing of this environment's Python, of its user or of its packages; no bytecode.
                [sys.executable, "-I", "-S", "-B", "-c", BOOTSTRAP, *arguments],
                env=environment,
                cwd=asset,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield Lambdas(runtimes=runtimes)


def _environment(function: Function, address: str, endpoint: str, asset: Path) -> Mapping[str, str]:
    """What the template says, what Lambda sets beside it, and where AWS is found instead.

    Source: the Lambda developer guide, "Defined runtime environment variables".
    """
    region = function.arn.split(":")[3]
    return {
        "AWS_ACCESS_KEY_ID": "ASIAREHEARSAL",
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.14",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": "rehearsal",
        "AWS_LAMBDA_RUNTIME_API": address.removeprefix("http://"),
        "AWS_REGION": region,
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_SESSION_TOKEN": "rehearsal",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": str(asset),
        "LANG": "en_US.UTF-8",
        "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        **function.environment,
        "AWS_ENDPOINT_URL": endpoint,
    }


def _runtime_packages(folder: Path) -> Path:
    """Make a folder with the runtime client and what it needs, and nothing else."""
    folder.mkdir()
    for name in RUNTIME:
        found = distribution(name)
        for top in {each.parts[0] for each in found.files or () if each.parts[0] != ".."}:
            if not top.endswith((".dist-info", "__pycache__")):
                (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def _said(text: str) -> Reply:
    return Reply(status=200, content_type="text/plain", body=text.encode())

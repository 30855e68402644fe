"""How does a request find its service, and what may come between?"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from punchclock.plants import Quota, Target
from rehearsal.emulator import lookoutvision, rekognition
from rehearsal.emulator.cloudwatch import CloudWatch
from rehearsal.emulator.fleet import Fleet
from rehearsal.emulator.hosting import MINUTE, Clock, HostedModel, Pace
from rehearsal.emulator.lookoutvision import LookoutVision
from rehearsal.emulator.refusals import Refusal, Trouble
from rehearsal.emulator.rekognition import Rekognition
from rehearsal.emulator.series import Archive
from rehearsal.emulator.wire import Call, Front, Reply, Request, Result

Gate = Callable[[Call, Callable[[], Result]], Result]
"""What stands between a call and its effect: given the call and the act that carries it out.

It may refuse before the act or after it, by raising ``Trouble`` (in the service's own words) or
``Refusal`` (a code of its own choice); raise what a client's own HTTP layer raises, which is then
what the client meets; or act and add something to it.
"""

LOST = "lost"
"""The error of a call whose answer never arrived, whether it was carried out or not."""

QUOTAS = {
    "lookoutvision": Quota(units_per_model=5),
    "rekognition": Quota(running_models=2, units_per_model=5),
}
"""The defaults of an AWS account."""


def open_gate(call: Call, act: Callable[[], Result]) -> Result:
    """Let every call through."""
    del call
    return act()


class Emulator:
    """The model services of one account and region, and their metric."""

    def __init__(
        self,
        *,
        now: Clock,
        seed: int = 0,
        pace: Pace | None = None,
        metric_delay: dt.timedelta = MINUTE,
        quotas: Mapping[str, Quota] = QUOTAS,
        region: str = "eu-central-1",
        account: str = "123456789012",
        gate: Gate = open_gate,
    ) -> None:
        """Stand up with no models."""
        self.fleet = Fleet(now=now, seed=seed, pace=pace or Pace(), quotas=quotas)
        self.gate = gate
        self.calls: list[Call] = []
        """Every call, in the order in which they were answered."""
        lookout = LookoutVision(fleet=self.fleet, region=region, account=account)
        custom_labels = Rekognition(fleet=self.fleet)
        self._homes: dict[str, LookoutVision | Rekognition] = {
            lookoutvision.NAME: lookout,
            rekognition.NAME: custom_labels,
        }
        self._models: dict[str, HostedModel] = {}
        archive = Archive(fleet=self.fleet, delay=metric_delay)
        self._fronts: tuple[Front, ...] = (lookout, custom_labels, CloudWatch(archive=archive))
        self._lock = threading.RLock()

    def add(self, target: Target) -> HostedModel:
        """Take in a trained model, never started. Raises ``KeyError`` for other services."""
        model = self._homes[target.service].add(target)
        self._models[target.id] = model
        return model

    def model(self, target: Target) -> HostedModel:
        """Return a model that was taken in. Raises ``KeyError`` for others."""
        return self._models[target.id]

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        """Answer what a botocore client is about to send; None for what is not meant for us.

        To be registered as the first handler of ``before-send``.
        """
        return answered(request, self.respond)

    def respond(self, request: Request) -> Reply | None:
        """Answer an HTTP request; None for what is not meant for us."""
        with self._lock:
            for front in self._fronts:
                reply = self._through(front, request)
                if reply is not None:
                    number = UUID(int=len(self.calls))
                    return replace(
                        reply, headers={**reply.headers, "x-amzn-RequestId": str(number)}
                    )
        return None

    def _through(self, front: Front, request: Request) -> Reply | None:
        try:
            call = front.recognize(request)
        except Refusal as error:
            return front.refuse(request, error)
        if call is None:
            return None
        call = replace(call, at=self.fleet.now())
        code = LOST
        try:
            result = self.gate(call, lambda: front.execute(call))
            code = ""
        except (Trouble, Refusal) as error:
            refusal = _refusal(front, error)
            code = refusal.code
            return front.refuse(request, refusal)
        finally:
            self.calls.append(replace(call, error=code))
        return front.reply(call, result)


class _Raw(BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Any:  # noqa: ANN401 - urllib3's interface
        """Yield the body at once."""
        yield self.read()


def answered(
    request: AWSPreparedRequest, respond: Callable[[Request], Reply | None]
) -> AWSResponse | None:
    """Let somebody answer what a botocore client is about to send, or say with None: not for me."""
    reply = respond(_received(request))
    if reply is None:
        return None
    headers = {"Content-Type": reply.content_type, **reply.headers}
    return AWSResponse(request.url, reply.status, headers, _Raw(reply.body))


def _refusal(front: Front, error: Trouble | Refusal) -> Refusal:
    if isinstance(error, Refusal):
        return error
    code, status = front.codes[error.kind]
    return Refusal(code, error.message, status)


def _received(request: AWSPreparedRequest) -> Request:
    url = urlsplit(request.url)
    return Request(
        method=request.method,
        path=url.path,
        query=dict(parse_qsl(url.query)),
        headers={name.lower(): _text(value) for name, value in request.headers.items()},
        body=_bytes(request.body),
    )


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(body: object) -> bytes:
    if body is None or isinstance(body, bytes | bytearray):
        return bytes(body or b"")
    return body.encode() if isinstance(body, str) else bytes(body.read())  # type: ignore[attr-defined]

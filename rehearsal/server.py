"""How is the emulator reached over HTTP? One local port for all services, for any AWS client."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from rehearsal.emulator.wire import Reply, Request, write_json

Respond = Callable[[Request], Reply | None]
"""Answers a request, or says with None that it is not meant for it."""

_HOST = "127.0.0.1"
_REGRET = "this operation is not emulated here"
_NOT_OURS = Reply(
    status=404,
    content_type="application/x-amz-json-1.1",
    headers={"x-amzn-ErrorType": "UnknownOperationException"},
    body=write_json({"__type": "UnknownOperationException", "message": _REGRET}),
)
_NOT_OURS_EITHER = Reply(
    status=404,
    content_type="text/xml",
    body=(
        "<ErrorResponse><Error><Code>InvalidAction</Code>"
        f"<Message>{_REGRET}</Message></Error></ErrorResponse>"
    ).encode(),
)
"""For clients that send a form and read XML."""


def serve(respond: Respond, *, port: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; tell the address once it can be reached.

    Runs in the main thread. Port 0 takes a free one. Raises ``OSError`` where the port is taken.
    """
    ended = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serving(respond, port=port) as address:
            for number in before:
                signal.signal(number, lambda *_: ended.set())
            announce(address)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def serving(respond: Respond, *, port: int = 0) -> Iterator[str]:
    """Serve in the background for as long as the block lasts, and yield the address."""
    server = _Server(respond, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Clients keep their connections; a server that ends does not wait for them.
    block_on_close = False

    def __init__(self, respond: Respond, port: int) -> None:
        super().__init__((_HOST, port), _Handler)
        self.respond = respond


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, at once: else each answer waits for an acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    server: _Server
    _METHODS: ClassVar[tuple[str, ...]] = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.removeprefix("do_") in self._METHODS:
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        form = "form" in request.headers.get("content-type", "")
        self._send(self.server.respond(request) or (_NOT_OURS_EITHER if form else _NOT_OURS))

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        headers = {
            "Date": self.date_time_string(),
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
        }
        for name, value in {**headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Keep quiet: the emulator keeps a list of calls."""

"""How CloudFormation is answered, over a real socket, and how a function goes on."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import urllib3

from functions import cloudformation
from functions.cloudformation import (
    AGAIN,
    PATIENCE,
    PHYSICAL_ID,
    CloudFormation,
    Request,
    Status,
)
from punchclock.errors import Refused, ServiceSilent, Throttled
from tests.functions.hall import asked
from tests.functions.stubs import stubbed

ONCE = urllib3.Retry(total=1, status_forcelist=(503,))


class Bucket(HTTPServer):
    """Where CloudFormation has its answers put."""

    statuses: list[int]
    open: threading.Event
    """Nobody is answered before this is set."""
    taken: list[tuple[str, str | None, bytes]]


class _Put(BaseHTTPRequestHandler):
    server: Bucket

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.open.wait(timeout=5)
        self.server.taken.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its own name
        del format, args


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket(("127.0.0.1", 0), _Put) as server:
        server.statuses, server.taken = [], []
        server.open = threading.Event()
        server.open.set()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.open.set()
        server.shutdown()
        thread.join()


def put(bucket: Bucket, *statuses: int) -> None:
    bucket.statuses = list(statuses)
    url = f"http://127.0.0.1:{bucket.server_port}/answer?X-Amz-Signature=a%2Fb"
    CloudFormation(None, ONCE).answer(url, {"Status": "SUCCESS"})


def test_an_answer_is_put_where_it_was_asked_for_without_a_content_type(bucket):
    put(bucket, 200)
    [(path, content_type, body)] = bucket.taken
    assert path == "/answer?X-Amz-Signature=a%2Fb"
    assert (content_type, json.loads(body)) == ("", {"Status": "SUCCESS"})


def test_an_answer_that_did_not_arrive_is_sent_again(bucket):
    put(bucket, 503, 200)
    assert len(bucket.taken) == 2


def test_an_answer_that_never_arrives_is_silence(bucket):
    with pytest.raises(ServiceSilent, match="CloudFormation was not told"):
        put(bucket, 503, 503)


def test_nobody_waits_longer_than_has_been_said_for_cloudformation(bucket, monkeypatch):
    monkeypatch.setattr(cloudformation, "PATIENCE", urllib3.Timeout(connect=5, read=0.05))
    bucket.open.clear()
    with pytest.raises(ServiceSilent, match="timed out"):
        put(bucket, 200, 200)


def test_an_answer_that_is_not_wanted_any_more_is_refused(bucket):
    with pytest.raises(Refused, match="HTTP status 403"):
        put(bucket, 403)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://[", "ftp://x/y"])
def test_an_odd_address_is_silence(url):
    with pytest.raises(ServiceSilent, match="CloudFormation was not told"):
        CloudFormation(None, ONCE).answer(url, {})


def test_a_long_reason_is_cut_to_what_an_answer_may_have():
    request = Request.of(asked("Delete"))
    assert request is not None
    document = request.answer(Status.FAILED, "no " * 3_000)
    assert len(document["Reason"]) == 1_000
    assert len(json.dumps(document).encode()) < 4_096


def test_the_id_of_the_resource_is_the_one_that_stacks_have_been_deployed_with():
    assert PHYSICAL_ID == "punchclock-closing"


def test_an_answer_is_tried_five_times_within_two_minutes_where_aws_fails():
    assert (PATIENCE.connect_timeout, PATIENCE.read_timeout) == (5, 10)
    assert (AGAIN.total, AGAIN.backoff_factor) == (4, 1)
    assert AGAIN.status_forcelist == (500, 502, 503, 504)


def test_a_function_goes_on_by_its_name_without_waiting_for_itself():
    call = {
        "FunctionName": "close-plant",
        "InvocationType": "Event",
        "Payload": json.dumps({"until": "soon"}).encode(),
    }
    with stubbed("lambda") as (client, stubber):
        stubber.add_response("invoke", {"StatusCode": 202}, call)
        CloudFormation(client).go_on("close-plant", {"until": "soon"})
        stubber.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
        with pytest.raises(Throttled):
            CloudFormation(client).go_on("close-plant", {})

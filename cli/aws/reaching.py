"""How does a command reach the AWS account that a plant is deployed in?

Through the credentials of whoever types it, in the plant's region, after a look at whose account
that is. What keeps it from there is told in one sentence with the remedy: see ``obstacles``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from cli.aws.obstacles import Unreachable, obstacles
from cli.reading import USAGE
from cli.today import now
from infra.names import LEDGER_TABLE, stack_name

if TYPE_CHECKING:
    import boto3
    from botocore.client import BaseClient
    from botocore.session import Session

    from functions.ledger import DynamoLedger
    from punchclock.plants import Plant
    from punchclock.ports import Service


def an_address(text: str) -> str:
    """Read the URL of an endpoint as it is typed."""
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return text
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an address: {error}") from error
    raise typer.BadParameter(f"{text!r} is not an address; http://127.0.0.1:4599 would do")


Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        parser=an_address,
        metavar="URL",
        help="Ask a stand-in at this address instead of AWS; it is shown no credentials.",
    ),
]
Table = Annotated[
    str | None,
    typer.Option(
        "--table", metavar="NAME", help="The ledger's table, where the plant's stack is gone."
    ),
]


_WEB_PAGES = (b"<!doctype html", b"<html")
_A_BEGINNING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who types a command, and when, as AWS knows it."""

    who: str
    """The ARN of a user, or of a role's session."""
    account: str
    at: dt.datetime
    """What AWS's clock shows, to the second: all that people say is put in order by it."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One plant's AWS, as a command reaches it."""

    plant: "Plant"
    endpoint: str | None = None
    named_table: str | None = None

    def client(
        self, service: str, region: str | None = None, patience_seconds: int = 30
    ) -> "BaseClient":
        """Return a client of a service in the plant's region, or in another."""
        from botocore.config import Config

        retries = {"mode": "standard", "total_max_attempts": 3}
        client = self._session.client(
            service,
            region_name=region or self.plant.region,
            endpoint_url=self.endpoint,
            config=Config(connect_timeout=5, read_timeout=patience_seconds, retries=retries),
        )
        client.meta.events.register("before-parse", self._refuse_web_page)
        return client

    def services(self) -> "Mapping[str, Service]":
        """Return the adapters of the model services, with the caller's own credentials."""
        from functions.services import catalog

        return catalog.services(self._core, self.plant.region, self.endpoint)

    @cached_property
    def caller(self) -> Caller:
        """Whose credentials are used; nobody needs a permission to ask that."""
        said = self.client("sts").get_caller_identity()
        shown = said["ResponseMetadata"]["HTTPHeaders"].get("date")
        at = parsedate_to_datetime(shown) if shown else now()
        return Caller(
            who=str(said["Arn"]),
            account=str(said["Account"]),
            at=at.astimezone(dt.UTC).replace(microsecond=0),
        )

    @cached_property
    def account(self) -> str:
        """Whose credentials are used: the number of the AWS account."""
        return self.caller.account

    @cached_property
    def table(self) -> str:
        """The name of the ledger's table, from the plant's stack where nobody has named it."""
        return self.named_table or self._output(LEDGER_TABLE)

    def ledger(self) -> "DynamoLedger":
        """Return the plant's ledger."""
        from functions.ledger import DynamoLedger

        return DynamoLedger(self.client("dynamodb"), self.table)

    def require_account(self) -> None:
        """Raise ``Unreachable`` where the plant file names another account; a stand-in has none."""
        wanted = self.plant.account
        if wanted and not self.endpoint and self.account != wanted:
            raise Unreachable(
                f"the credentials are of account {self.account}, the plant is in {wanted}:"
                " log in there, for example with AWS_PROFILE"
            )

    def _refuse_web_page(self, response_dict: Mapping[str, Any], **_: object) -> None:
        """Refuse what no service of AWS has answered: a proxy's page to log in at, say.

        botocore looks for a result in whatever comes with a good status.
        """
        body = response_dict["body"]
        begins = body[:_A_BEGINNING].lstrip().lower() if isinstance(body, bytes) else b""
        if response_dict["status_code"] == HTTPStatus.OK and begins.startswith(_WEB_PAGES):
            where = self.endpoint or "what stands between here and AWS"
            raise Unreachable(
                f"{where} answers with a web page, as no service of AWS does: look at the network,"
                " the proxy and --endpoint"
            )

    @cached_property
    def _session(self) -> "boto3.Session":
        import boto3

        return boto3.Session(botocore_session=self._core)

    @cached_property
    def _core(self) -> "Session":
        from botocore.session import Session

        core = Session()
        if self.endpoint:
            # A stand-in believes everybody; real credentials are nothing that it should see.
            core.set_credentials("stand-in", "stand-in")
        return core

    @cached_property
    def outputs(self) -> Mapping[str, str] | None:
        """What the plant's stack tells of itself; None where there is no such stack."""
        from botocore.exceptions import ClientError

        stack = stack_name(self.plant)
        try:
            found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            # CloudFormation's word for a stack that it does not know.
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return None
        outputs = [each for one in found for each in one.get("Outputs", ())]
        return {each["OutputKey"]: str(each["OutputValue"]) for each in outputs}

    def _output(self, name: str) -> str:
        stack = stack_name(self.plant)
        value = (self.outputs or {}).get(name)
        if value is None:
            what = "is not there" if self.outputs is None else f"has no output {name}"
            raise Unreachable(
                f"the stack {stack} {what} in this account in {self.plant.region}: deploy it"
                f" (cdk deploy {stack}), or name the ledger's table with --table"
            )
        return value


@contextmanager
def desk_of(plant: "Plant", endpoint: str | None, table: str | None) -> Iterator[Desk]:
    """Reach a plant's AWS for as long as the block lasts, in its own account.

    What keeps the command from it is one sentence on stderr, and ends it with the exit code.
    """
    desk = Desk(plant=plant, endpoint=endpoint, named_table=table)
    with _telling(desk):
        desk.require_account()
        yield desk


@contextmanager
def desk_at(plant: "Plant", endpoint: str | None) -> Iterator[Desk]:
    """Reach AWS like ``desk_of``, but in whatever account the credentials are of."""
    desk = Desk(plant=plant, endpoint=endpoint)
    with _telling(desk):
        _ = desk.caller
        yield desk


@contextmanager
def _telling(desk: Desk) -> Iterator[None]:
    try:
        with obstacles(desk.plant, desk.endpoint):
            yield
    except Unreachable as error:
        typer.echo(f"punchclock: {desk.plant.name}: {error}", err=True)
        raise typer.Exit(USAGE) from error

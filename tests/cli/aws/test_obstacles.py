"""What keeps a command from a plant's AWS is one sentence with the remedy, and exit 2."""

from pathlib import Path

import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.main import app
from rehearsal.emulator.wire import Reply
from rehearsal.server import serving
from tests.cli.standins import (
    ACCOUNT,
    NOBODY,
    SOMEBODY,
    Answering,
    Stacks,
    json_error,
    served,
    xml_error,
)
from tests.cli.typed import written
from tests.functions.ledgers import TABLE, in_dynamodb

PLANT = """
shifts: {early: {days: Mon-Fri, start: 06:00, end: 14:00}}
models:
  paint: {@paint, shifts: [early]}
"""
WITHOUT_ARN = """
shifts: {early: {days: Mon-Fri, start: 06:00, end: 14:00}}
models:
  paint: {service: lookoutvision, project: paint, version: "1", shifts: [early]}
"""
CLOSED = "http://127.0.0.1:1"
"""Where nobody listens."""


@pytest.fixture
def plant(tmp_path):
    return written(tmp_path, PLANT)


@pytest.fixture
def pinned(tmp_path):
    return written(tmp_path, f'account: "{ACCOUNT}"\n{PLANT}')


@pytest.fixture
def table():
    """AWS with a ledger's table."""
    with mock_aws():
        in_dynamodb()
        yield


def report(plant: Path, *words: str, env: dict[str, str | None]) -> Result:
    command = ["report", str(plant), "--month", "2026-03", "--json", *words]
    return CliRunner().invoke(app, command, env=env)


def sentence(result: Result) -> str:
    """Return the one line that a command which could not do its work has said."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    assert not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("punchclock: demo: ")
    return line


# The table


@pytest.mark.usefixtures("table")
def test_the_table_is_the_one_that_the_plant_s_stack_names(plant):
    outputs = {"DashboardUrl": "https://…", "LedgerTable": TABLE}
    with served("cloudformation", Stacks({"punchclock-demo": outputs})) as env:
        assert report(plant, env={**SOMEBODY, **env}).exit_code == 0


@pytest.mark.usefixtures("table")
def test_a_table_that_is_named_is_not_looked_up(plant):
    env = {**SOMEBODY, "AWS_ENDPOINT_URL_CLOUDFORMATION": CLOSED}
    assert report(plant, "--table", TABLE, env=env).exit_code == 0


def test_a_plant_that_is_not_deployed_there_says_how_to_deploy_it(plant):
    with served("cloudformation", Stacks({"punchclock-other": {}})) as env:
        said = sentence(report(plant, env={**SOMEBODY, **env}))
    assert "punchclock-demo is not there in this account in eu-central-1" in said
    assert "cdk deploy punchclock-demo" in said
    assert "--table" in said


def test_a_stack_of_an_older_kind_says_what_it_lacks(plant):
    with served("cloudformation", Stacks({"punchclock-demo": {"Other": "x"}})) as env:
        said = sentence(report(plant, env={**SOMEBODY, **env}))
    assert "punchclock-demo has no output LedgerTable" in said


@pytest.mark.usefixtures("table")
def test_a_table_that_is_not_there_points_at_region_and_table(plant):
    said = sentence(report(plant, "--table", "nonsense", env=SOMEBODY))
    assert "the table is not there in this account in eu-central-1" in said
    assert "--table" in said


# The account


@pytest.mark.usefixtures("table")
def test_credentials_of_the_plant_s_account_are_taken(pinned):
    assert report(pinned, "--table", TABLE, env=SOMEBODY).exit_code == 0


@pytest.mark.usefixtures("table")
def test_credentials_of_another_account_are_refused_before_anything_is_read(tmp_path):
    other = written(tmp_path, f'account: "999999999999"\n{WITHOUT_ARN}')
    said = sentence(report(other, "--table", TABLE, env=SOMEBODY))
    assert f"the credentials are of account {ACCOUNT}, the plant is in 999999999999" in said
    assert "AWS_PROFILE" in said


@pytest.mark.usefixtures("table")
def test_nobody_is_asked_whose_credentials_they_are_when_the_plant_names_no_account(plant):
    env = {**SOMEBODY, "AWS_ENDPOINT_URL_STS": CLOSED}
    assert report(plant, "--table", TABLE, env=env).exit_code == 0


# Credentials


def test_without_credentials_it_says_how_to_log_in(pinned):
    said = sentence(report(pinned, env=dict(NOBODY)))
    assert "there are no AWS credentials" in said
    assert f"log in to account {ACCOUNT}" in said


def test_half_of_the_credentials_are_none(plant):
    said = sentence(report(plant, env={**NOBODY, "AWS_ACCESS_KEY_ID": "AKIDREAL"}))
    assert "there are no AWS credentials, or not all of them" in said


def test_a_profile_that_is_not_there_is_named(plant):
    said = sentence(report(plant, env={**NOBODY, "AWS_PROFILE": "nonsense"}))
    assert "The config profile (nonsense) could not be found" in said
    assert "aws configure list-profiles" in said


def test_a_single_sign_on_that_is_over_says_how_to_log_in_again(plant, tmp_path):
    config = tmp_path / "config"
    config.write_text(
        "[default]\nsso_start_url = https://nowhere.example\nsso_region = eu-central-1\n"
        "sso_account_id = 123456789012\nsso_role_name = reader\n"
    )
    said = sentence(report(plant, env={**NOBODY, "AWS_CONFIG_FILE": str(config)}))
    assert "the AWS credentials cannot be had" in said
    assert "aws sso login" in said


def test_a_broken_configuration_is_told(plant, tmp_path):
    config = tmp_path / "config"
    config.write_text("[default\nnonsense")
    said = sentence(report(plant, env={**SOMEBODY, "AWS_CONFIG_FILE": str(config)}))
    assert f"Unable to parse config file: {config}" in said


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ExpiredToken", "the AWS credentials have expired: log in"),
        ("InvalidClientTokenId", "does not take the credentials (InvalidClientTokenId): log in"),
        (
            "AccessDenied",
            "AWS in eu-central-1 denies GetCallerIdentity (because): ask for that permission",
        ),
        ("SomethingNew", "AWS in eu-central-1 refuses GetCallerIdentity (SomethingNew): because"),
    ],
)
def test_what_sts_refuses_is_told_with_its_remedy(pinned, code, expected):
    with served("sts", Answering(xml_error(code, status=403))) as env:
        assert expected in sentence(report(pinned, env={**SOMEBODY, **env}))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (json_error("ExpiredTokenException"), "the AWS credentials have expired: log in"),
        (
            json_error("UnrecognizedClientException"),
            "AWS in eu-central-1 does not take the credentials",
        ),
        (
            json_error("AccessDeniedException", "not authorized to perform: dynamodb:Query"),
            "denies Query (not authorized to perform: dynamodb:Query): ask for that permission",
        ),
        (
            json_error("ThrottlingException"),
            "AWS in eu-central-1 is asked too often (Query): try again",
        ),
        (
            json_error("InternalServerError", status=500),
            "AWS in eu-central-1 cannot answer Query just now (InternalServerError): try again",
        ),
        (
            Reply(status=404, content_type="text/html", body=b"<html>no such page"),
            "AWS in eu-central-1 refuses Query (404)",
        ),
    ],
)
def test_what_the_ledger_refuses_is_told_with_its_remedy(plant, reply, expected):
    with served("dynamodb", Answering(reply)) as env:
        said = sentence(report(plant, "--table", TABLE, env={**SOMEBODY, **env}))
    assert expected in said


def test_a_network_that_leads_nowhere_is_told(plant):
    said = sentence(report(plant, env={**SOMEBODY, "AWS_ENDPOINT_URL": CLOSED}))
    assert "no answer from AWS in eu-central-1" in said
    assert "look at network, proxy, the file's region, --endpoint" in said


# A stand-in


def test_a_stand_in_is_asked_instead_of_aws_and_shown_no_credentials(pinned):
    empty = Reply(status=200, content_type="application/x-amz-json-1.0", body=b'{"Items": []}')
    stand_in = Answering(empty)
    with serving(stand_in) as address:
        result = report(pinned, "--table", TABLE, "--endpoint", address, env=SOMEBODY)
    assert result.exit_code == 0, result.stderr
    signed = {each.headers["authorization"] for each in stand_in.asked}
    assert signed
    assert all("Credential=stand-in/" in each for each in signed)


def test_a_stand_in_needs_no_credentials(plant):
    empty = Reply(status=200, content_type="application/x-amz-json-1.0", body=b'{"Items": []}')
    with serving(Answering(empty)) as address:
        words = ("--table", TABLE, "--endpoint", address)
        assert report(plant, *words, env=dict(NOBODY)).exit_code == 0


def test_a_stand_in_that_knows_no_stacks_says_to_name_the_table(plant):
    with serving(lambda _: None) as address:
        said = sentence(report(plant, "--endpoint", address, env=SOMEBODY))
    assert f"{address} does not serve DescribeStacks" in said
    assert "--table" in said


def test_a_stand_in_that_is_not_there_is_named(plant):
    said = sentence(report(plant, "--endpoint", CLOSED, env=SOMEBODY))
    assert f"no answer from {CLOSED}" in said


@pytest.mark.parametrize("text", ["localhost:4599", "ftp://here", "http://", "http://a:b", ""])
def test_what_is_no_address_is_refused_with_one_that_is(plant, text):
    result = report(plant, "--endpoint", text, env=SOMEBODY)
    assert result.exit_code == 2
    assert "is not an address" in result.stderr

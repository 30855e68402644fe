"""``punchclock rehearse`` and ``punchclock emulate`` as they are typed."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import botocore.session
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.rehearsing import as_json
from functions.ledger import DynamoLedger
from functions.services import descriptions
from tests.rehearsal import days

DAY = ["--from", "2026-03-02", "--to", "2026-03-03"]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plants") / "seed.yaml"
    path.write_text(days.EIGHT_HOURS, encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_day_in_json_is_one_document_as_the_contract_has_it_and_a_page_shows_the_same(
    plant, tmp_path
):
    page = tmp_path / "day.html"
    result = run("rehearse", plant, *DAY, "--json", "--html", page)
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert {key: document[key] for key in ("plant", "from", "to", "seed", "violations")} == {
        "plant": "seed",
        "from": "2026-03-02",
        "to": "2026-03-03",
        "seed": 1,
        "violations": [],
    }
    boards = document["models"]["boards"]
    [card] = boards["timecards"]
    assert card["late_seconds"] == 0
    assert card["basis"]["metered"] > 480
    assert boards["unit_hours"] == boards["billed_unit_hours"] == card["unit_hours"]
    assert document["calls"]["lookoutvision:StartModel"] == 1
    assert document["faults"] == {}
    drawn = page.read_text(encoding="utf-8")
    for edge in ("asked", "ready", "stopped"):
        assert f'<time datetime="{card[edge]}">' in drawn
    assert f"USD {card['cost']['amount']}" in drawn
    assert "No violations" in drawn


def test_several_seeds_add_up_and_leave_the_models_out():
    one = {
        "plant": "seed",
        "from": "2026-03-02",
        "to": "2026-03-03",
        "seed": 1,
        "violations": [{"name": "denied"}],
        "models": {"boards": {}},
        "calls": {"dynamodb:Query": 3, "rekognition:StopProjectVersion": 1},
        "faults": {},
    }
    other = {**one, "seed": 2, "violations": [], "calls": {"dynamodb:Query": 4}}
    both = as_json.together([one, other])
    assert both["calls"] == {"dynamodb:Query": 7, "rekognition:StopProjectVersion": 1}
    assert both["violations"] == [{"name": "denied"}]
    assert both["seed"] == 1
    assert "models" not in both


@pytest.mark.parametrize("command", ["rehearse", "emulate"])
def test_a_plant_that_does_not_hold_is_refused_with_its_place(tmp_path, command):
    path = tmp_path / "bad.yaml"
    path.write_text(days.EIGHT_HOURS.replace("08:00", "8am"), encoding="utf-8")
    result = run(command, path, *(DAY if command == "rehearse" else ()))
    assert result.exit_code == 1
    assert f"{path}:6:" in result.stderr


@pytest.mark.parametrize("command", ["rehearse", "emulate"])
def test_a_file_that_is_not_there_is_wrong_usage(command):
    result = run(command, "nowhere.yaml", *(DAY if command == "rehearse" else ()))
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.stderr


def test_the_emulator_serves_until_it_is_interrupted(plant):
    words = [sys.executable, "-c", "from cli.main import main; main()", "emulate", str(plant)]
    with subprocess.Popen([*words, "--speed", "600"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        session = botocore.session.Session()
        session.set_credentials("emulate", "emulate")
        descriptions.add(session)
        client = session.create_client(
            "lookoutvision", region_name="eu-central-1", endpoint_url=address
        )
        found = client.describe_model(ProjectName="circuit-boards", ModelVersion="1")
        client.close()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    assert found["ModelDescription"]["Status"] == "TRAINED"


def test_a_plant_that_runs_there_starts_its_models_and_keeps_its_ledger(plant):
    words = [sys.executable, "-c", "from cli.main import main; main()", "emulate", str(plant)]
    begin = ["--speed", "600", "--run", "--at", "2026-03-02T07:35:00Z"]
    with subprocess.Popen([*words, *begin], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        session = botocore.session.Session()
        session.set_credentials("emulate", "emulate")
        descriptions.add(session)
        models, tables = (
            session.create_client(name, region_name="eu-central-1", endpoint_url=address)
            for name in ("lookoutvision", "dynamodb")
        )
        for _ in range(200):
            found = models.describe_model(ProjectName="circuit-boards", ModelVersion="1")
            if found["ModelDescription"]["Status"] == "HOSTED":
                break
            time.sleep(0.1)
        [table] = tables.list_tables()["TableNames"]
        cards = DynamoLedger(tables, table).book().cards
        for client in (models, tables):
            client.close()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    assert found["ModelDescription"]["Status"] == "HOSTED"
    assert found["ModelDescription"]["MinInferenceUnits"] == 2
    assert [card.model for card in cards.values()] == ["boards"]

"""What the functions of a plant run."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import asset
from punchclock import compiled
from tests.infra.conftest import plant_of

PROGRAM = """
import json, sys, zoneinfo
import boto3, botocore
from functions import start_models, stop_models, sweep, timekeeper
from functions.services import catalog
for name in ("cloudwatch", "dynamodb", "lambda", "sns", "sts"):
    boto3.Session(region_name="eu-central-1").client(name)
catalog.services(botocore.session.Session(), "eu-central-1")
zoneinfo.ZoneInfo("Europe/Berlin")
modules = (start_models, stop_models, sweep, timekeeper)
print(json.dumps({
    "handlers": [each.handler.__module__ for each in modules],
    "from": sorted({module.__file__ for module in (boto3, botocore, sweep)}),
    "forbidden": sorted({"yaml", "ruamel", "pydantic", "aws_cdk", "holidays"} & set(sys.modules)),
}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> asset.Asset:
    return asset.build(plant_of(2), tmp_path_factory.mktemp("room"))


def test_the_functions_and_their_clients_run_with_nothing_but_the_asset(built):
    environment = {
        "PYTHONPATH": str(built.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONTZPATH": "",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    ran = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM],
        env=environment,
        cwd=built.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["handlers"][2] == "functions.sweep"
    assert all(Path(each).is_relative_to(built.path) for each in said["from"])
    assert said["forbidden"] == []


def test_the_plant_in_the_asset_is_the_plant(built):
    text = (built.path / asset.PLANT).read_text(encoding="utf-8")
    assert compiled.load(json.loads(text)) == plant_of(2)


def test_the_asset_is_at_most_five_megabytes_when_zipped(built):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in contents(built.path):
            archive.write(built.path / name, name)
    assert len(packed.getvalue()) <= 5_000_000


def test_the_same_plant_makes_the_same_asset_anywhere(built, tmp_path):
    again = asset.build(plant_of(2), tmp_path)
    assert again.digest == built.digest
    assert contents(again.path) == contents(built.path)


def test_another_plant_makes_another_asset_of_the_same_libraries(built):
    other = asset.build(plant_of(3), built.path.parent)
    assert other.digest != built.digest
    assert (other.path / "botocore/client.py").samefile(built.path / "botocore/client.py")


def test_an_asset_that_is_there_already_is_not_made_again(built):
    before = built.path.stat().st_mtime_ns
    assert asset.build(plant_of(2), built.path.parent) == built
    assert built.path.stat().st_mtime_ns == before


def test_nothing_that_is_not_run_is_taken_along(built):
    names = contents(built.path)
    assert not [name for name in names if name.endswith(".pyc") or ".dist-info/" in name]
    taken = {name.split("/")[2] for name in names if name.startswith("botocore/data/")}
    assert taken >= asset.SERVICES
    assert "ec2" not in taken


def test_a_library_that_is_not_the_pinned_one_is_refused(tmp_path):
    pins = tmp_path / "requirements-asset.txt"
    pins.write_text("boto3==1.0.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(asset.WrongVersion, match=r"boto3 .* is installed, but .* pins 1\.0\.0"):
        asset.build(plant_of(1), tmp_path, pins=pins)


def test_a_library_that_is_missing_is_named(tmp_path):
    pins = tmp_path / "requirements-asset.txt"
    pins.write_text("no-such-library==1.0.0\n", encoding="utf-8")
    with pytest.raises(asset.WrongVersion, match=r"no-such-library 1\.0\.0 .* is not installed"):
        asset.build(plant_of(1), tmp_path, pins=pins)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

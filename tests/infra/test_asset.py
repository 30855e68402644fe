"""What the functions of a plant run."""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution, distribution, version
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.loaders import Loader

from functions.compose import compose
from infra import asset, parcel, pieces
from punchclock import compiled
from tests.infra.conftest import plant_of
from tests.infra.templates import function

ALONE = """
import json, sys, zoneinfo
import botocore
from functions import compose
modules = json.loads(sys.argv[1])
for name in modules:
    assert callable(__import__(name, fromlist=["handler"]).handler)
site = compose._site()
zoneinfo.ZoneInfo("Europe/Berlin")
print(json.dumps({
    "services": sorted(site.services),
    "from": sorted({sys.modules[name].__file__ for name in ("botocore", "functions", *modules)}),
    "loaded": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""

ELSEWHERE = """
import json, os, sys
os.umask(0o077)
from infra import asset
from punchclock import compiled
built = asset.build(compiled.load(json.loads(sys.argv[1])))
print(json.dumps([str(built.path), built.digest]))
"""

FOREIGN = frozenset({"yaml", "pydantic", "aws_cdk", "holidays", "boto3", "typer", "plantfile"})
"""What has no business in Lambda."""

DESCRIBED = sorted(pieces.SERVICES - {"lookoutvision"})
"""Services whose descriptions are botocore's."""


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> asset.Asset:
    return asset.build(plant_of(2), tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def handlers(small) -> list[str]:
    """The modules of the functions that the template deploys from the asset."""
    return [
        handler.rpartition(".")[0]
        for resource in small.template["Resources"].values()
        if (handler := resource.get("Properties", {}).get("Handler", "")).startswith("functions.")
    ]


def test_the_functions_and_their_clients_run_with_nothing_but_the_asset(built, handlers):
    said = alone(built.path, handlers)
    assert len(handlers) >= 4
    assert said["services"] == ["lookoutvision", "rekognition"]
    assert all(Path(each).is_relative_to(built.path) for each in said["from"])
    assert not FOREIGN & set(said["loaded"])


def test_nothing_of_the_desk_of_the_tests_or_of_the_stacks_is_taken_along(built):
    tops = {name.partition("/")[0] for name in contents(built.path)}
    assert tops >= {"functions", "punchclock", "botocore", "tzdata", asset.PLANT}
    assert not tops & {*FOREIGN, "cli", "infra", "rehearsal", "tests", "bench", "cdk_nag", "moto"}


def test_the_plant_in_the_asset_is_the_plant(built):
    text = (built.path / asset.PLANT).read_text(encoding="utf-8")
    assert compiled.load(json.loads(text)) == plant_of(2)


def test_the_asset_is_at_most_five_megabytes_when_zipped(built):
    assert len(parcel.zipped(built.path)) <= parcel.BOUND_BYTES == 5_000_000


def test_another_checkout_umask_zone_and_day_make_the_same_bytes(built, tmp_path):
    checkout = tmp_path / "elsewhere"
    for package in (*pieces.PACKAGES, "infra", "plantfile"):
        shutil.copytree(pieces.ROOT / package, checkout / package)
    shutil.copy(pieces.PINS, checkout)
    # What editors and earlier runs leave behind.
    (checkout / "functions" / ".sweep.py.swp").write_text("x", encoding="utf-8")
    (checkout / "functions" / "notes.txt").write_text("x", encoding="utf-8")
    for path in checkout.rglob("*"):
        os.utime(path, (1, 1))
    plant = json.dumps(compiled.dump(plant_of(2)))
    surroundings = {**os.environ, "PYTHONPATH": str(checkout), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    path, digest = said_by([sys.executable, "-c", ELSEWHERE, plant], surroundings, tmp_path)
    assert Path(path).is_relative_to(checkout)
    assert digest == built.digest
    assert contents(Path(path)) == contents(built.path)
    assert parcel.zipped(Path(path)) == parcel.zipped(built.path)
    # Lambda is another user than the one who has built.
    assert {each.stat().st_mode & 0o777 for each in Path(path).rglob("*")} == {0o755, 0o644}


def test_another_plant_makes_another_asset_of_the_same_libraries(built):
    other = asset.build(plant_of(3), built.path.parent)
    assert other.digest != built.digest
    assert (other.path / "botocore/client.py").samefile(built.path / "botocore/client.py")


def test_an_asset_that_is_there_already_is_not_made_again(built):
    before = built.path.stat().st_mtime_ns
    assert asset.build(plant_of(2), built.path.parent) == built
    assert built.path.stat().st_mtime_ns == before


@pytest.mark.parametrize("place", ["functions/__pycache__/sweep.cpython-314.pyc", "punchclock/x"])
def test_an_asset_in_which_something_has_run_is_made_anew(tmp_path, place):
    room = tmp_path / "room"
    first = asset.build(plant_of(1), room)
    (first.path / place).parent.mkdir(exist_ok=True)
    (first.path / place).write_bytes(b"left behind")
    assert place in contents(first.path)
    assert asset.build(plant_of(1), room) == first
    assert place not in contents(first.path)
    assert sorted(each.name for each in room.iterdir()) == sorted(
        [first.path.name, *(each.name for each in room.glob("common-*"))]
    )


def test_an_asset_that_was_edited_is_made_anew_although_it_shares_its_files(tmp_path):
    first = asset.build(plant_of(1), tmp_path)
    edited = first.path / "functions" / "sweep.py"
    text = edited.read_bytes()
    edited.write_bytes(text.replace(b"s", b"z"))
    assert asset.build(plant_of(1), tmp_path) == first
    assert edited.read_bytes() == text


def test_nothing_that_is_not_run_is_taken_along(built):
    names = contents(built.path)
    assert not [name for name in names if name.endswith(".pyc") or ".dist-info/" in name]


def test_botocore_describes_the_services_that_are_called_and_no_others(built, small):
    session = Counting()
    session.set_credentials("AKIDEXAMPLE", "not-a-secret")
    sweep = function(small, "sweep")["Environment"]["Variables"]
    there = {**sweep, "LAMBDA_TASK_ROOT": str(built.path)}
    site = compose(there, session, midnight, no_time)
    # Its client is made when it is asked, which is seldom.
    assert "cloudformation" not in session.asked
    session.get_component("event_emitter").register("before-send.cloudformation", nobody)
    assert site.neighbours.claimed().stacks == {}
    described = {
        name.split("/")[2]
        for name in contents(built.path)
        if name.startswith("botocore/data/") and name.count("/") > 2
    }
    assert described == session.asked - {"lookoutvision"}


def midnight() -> dt.datetime:
    return dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def no_time(seconds: float) -> None:
    del seconds


def nobody(request: AWSPreparedRequest, **_: object) -> AWSResponse:
    """Answer that there are no stacks."""
    said = b"<ListStacksResponse><ListStacksResult/></ListStacksResponse>"
    return AWSResponse(request.url, 200, {}, Body(said))


class Body(io.BytesIO):
    """A response's body as botocore streams it."""

    def stream(self) -> list[bytes]:
        return [self.read()]


class Counting(botocore.session.Session):  # type: ignore[misc]
    """A session that knows which services it has made clients of."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def create_client(self, service_name: str, *args: Any, **more: Any) -> Any:
        self.asked.add(service_name)
        return super().create_client(service_name, *args, **more)


@pytest.mark.parametrize("service", DESCRIBED)
def test_of_a_description_nothing_but_the_prose_is_missing(built, service):
    whole, cut = (loader.load_service_model(service, "service-2") for loader in loaders(built))
    assert len(json.dumps(cut)) < len(json.dumps(whole)) / 2
    assert cut["shapes"].keys() == whole["shapes"].keys()
    for name, operation in whole["operations"].items():
        del operation["documentation"]
        assert shallow(cut["operations"][name]) == shallow(operation)


def shallow(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """All of an operation but its errors, which have prose of their own in some services."""
    return {
        key: {name: value for name, value in said.items() if name != "documentation"}
        if isinstance(said, dict)
        else said
        for key, said in operation.items()
        if key != "errors"
    }


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "cn-north-1"])
@pytest.mark.parametrize("service", DESCRIBED)
def test_a_client_finds_the_endpoint_that_it_would_find_with_all_of_the_data(
    built, service, region
):
    whole, cut = (endpoint(loader, service, region) for loader in loaders(built))
    assert cut == whole


def loaders(built: asset.Asset) -> tuple[Loader, Loader]:
    """Read all of botocore's data, and those in the asset."""
    data = str(built.path / "botocore" / "data")
    return Loader(), Loader(extra_search_paths=[data], include_default_search_paths=False)


def endpoint(loader: Loader, service: str, region: str) -> str:
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "not-a-secret")
    session.register_component("data_loader", loader)
    client = session.create_client(service, region_name=region)
    found: str = client.meta.endpoint_url
    return found


@pytest.mark.parametrize(
    ("pin", "message"),
    [
        ("botocore==1.0.0", r"botocore .* is installed, but .* pins 1\.0\.0; make setup"),
        ("no-such-library==1.0.0", r"no-such-library 1\.0\.0 .* is not installed; make setup"),
        (f"mypy=={version('mypy')}", "mypy .* has compiled parts"),
    ],
)
def test_a_library_that_is_not_as_it_is_pinned_is_refused(tmp_path, pin, message):
    pins = tmp_path / "requirements-asset.txt"
    pins.write_text(f"{pin} \\\n    --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(pieces.WrongVersion, match=message):
        asset.build(plant_of(1), tmp_path, pins=pins)


def test_a_library_that_was_edited_where_it_is_installed_is_refused(tmp_path, monkeypatch):
    home, name = distribution("six"), "punchclock_six"
    record = f"{name}.py,{digest_of(home, 'six.py')},10\n"
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    for file, text in (
        ("METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"),
        ("WHEEL", "Root-Is-Purelib: true\n"),
        ("RECORD", record),
    ):
        (info / file).write_text(text, encoding="utf-8")
    (tmp_path / f"{name}.py").write_text("edited", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    pins = tmp_path / "requirements-asset.txt"
    pins.write_text(f"{name}==1.0\n", encoding="utf-8")
    with pytest.raises(pieces.WrongVersion, match="is not as it was installed; make clean setup"):
        asset.build(plant_of(1), tmp_path, pins=pins)


def digest_of(home: Distribution, place: str) -> str:
    """Return what a RECORD says of a file."""
    lines = (home.read_text("RECORD") or "").splitlines()
    return next(line.split(",")[1] for line in lines if line.startswith(f"{place},"))


def test_make_asset_tells_hash_and_size(capsys):
    assert parcel.main([str(pieces.ROOT / "plants" / "springfield.yaml")]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"springfield: [0-9a-f]{64}, [0-9.]+ of 5 MB zipped, /.*", line)


def test_make_asset_says_what_is_wrong_with_a_file(tmp_path, capsys):
    file = tmp_path / "broken.yaml"
    file.write_text("plant: [\n", encoding="utf-8")
    assert parcel.main([str(file)]) == 1
    assert "broken.yaml:" in capsys.readouterr().err


def alone(folder: Path, modules: list[str]) -> Any:
    """Compose a function with nothing to import but an asset; return what there is to tell."""
    surroundings = {
        "LAMBDA_TASK_ROOT": str(folder),
        "PUNCHCLOCK_PLANT": asset.PLANT,
        "PUNCHCLOCK_TABLE": "ledger",
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONTZPATH": "",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    return said_by([sys.executable, "-S", "-c", ALONE, json.dumps(modules)], surroundings, folder)


def said_by(command: list[str], surroundings: Mapping[str, str], folder: Path) -> Any:
    ran = subprocess.run(
        command, env=surroundings, cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""What the asset is made of, under which licences, and what is known against it."""

import json
import re
from collections.abc import Iterator

import pytest

from infra.audit import UNKNOWN, verdict
from infra.materials import main, materials
from infra.pieces import PINS


def pinned() -> Iterator[str]:
    for line in PINS.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9.-]+)==(\S+)", line):
            yield f"pkg:pypi/{match[1]}@{match[2]}"


def test_the_list_of_materials_has_every_library_of_the_asset_and_no_other():
    found = json.loads(materials())
    assert {each["purl"] for each in found["components"]} == set(pinned())
    assert all(each["licenses"] for each in found["components"])
    assert found["metadata"]["component"]["name"] == "punchclock"
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    depends = {each["ref"]: each.get("dependsOn") for each in found["dependencies"]}
    assert set(depends["punchclock"]) == set(pinned())


def test_one_commit_makes_one_list(tmp_path):
    file = tmp_path / "deep" / "sbom.json"
    assert main([str(file)]) == 0
    assert file.read_text(encoding="utf-8") == materials()


def test_a_list_that_cannot_be_written_is_said_in_one_line(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


FINE = {"name": "six", "version": "1.17.0", "vulns": []}
BAD = {
    "name": "urllib3",
    "version": "2.0.0",
    "vulns": [{"id": "GHSA-x", "fix_versions": ["2.0.7"]}, {"id": "GHSA-y", "fix_versions": []}],
}
SKIPPED = {"name": "moto", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("found", "lines", "code"),
    [
        ([FINE], ["1 packages, no known vulnerability"], 0),
        (
            [FINE, BAD],
            [
                "urllib3 2.0.0: GHSA-x, mended in 2.0.7",
                "urllib3 2.0.0: GHSA-y, mended in no release yet",
            ],
            1,
        ),
    ],
)
def test_an_audit_tells_what_is_known(found, lines, code):
    assert verdict({"dependencies": found}) == (lines, code)


def test_an_audit_that_nobody_answers_is_no_clean_bill():
    lines, code = verdict({"dependencies": [SKIPPED]})
    assert code == UNKNOWN
    assert lines[0].startswith("nothing could be found out about 1 of 1 packages (moto")


def test_what_is_known_to_be_bad_counts_more_than_what_is_not_known():
    lines, code = verdict({"dependencies": [SKIPPED, BAD]})
    assert code == 1
    assert lines[-1].startswith("nothing could be found out about 1 of 2")

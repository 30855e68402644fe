"""The pipeline: workflows that GitHub understands, that nobody can turn against us."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import infra  # noqa: F401 - it names the Node that comes with the package

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCKS = ("requirements-dev.txt", "package-lock.json")
ZIZMOR = Path(sys.executable).parent / "zizmor"

BROKEN = """
name: broken
on: push
permissionz: {}
jobs:
  one:
    runs-on: ubuntu-24.04
    needs: nobody
    steps:
      - run: echo ${{ nothing.known }}
"""
CARELESS = """
name: careless
on: pull_request_target
jobs:
  one:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - run: echo ${{ github.event.pull_request.title }}
"""


def understood(*files: Path) -> subprocess.CompletedProcess[str]:
    """Let GitHub's own parser read workflows."""
    return ran(os.environ["JSII_NODE"], ".ci/workflows.mjs", *files)


def audited(*files: Path) -> subprocess.CompletedProcess[str]:
    """Let zizmor look for what could be turned against us; it asks nobody on the network."""
    return ran(ZIZMOR, "--offline", "--no-progress", "--format=plain", *files)


def ran(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def workflows() -> dict[str, Any]:
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}


def test_github_understands_the_workflows():
    found = understood(*FILES)
    assert (found.returncode, found.stderr) == (0, "")


def test_what_github_does_not_understand_is_told_with_its_place(tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text(BROKEN, encoding="utf-8")
    found = understood(broken)
    assert found.returncode == 1
    assert f"{broken}:4:1: Unexpected value 'permissionz'" in found.stderr
    assert f"{broken}:8:12: Value 'nobody' is not valid" in found.stderr
    assert "Unrecognized named-value: 'nothing'" in found.stderr


def test_nobody_can_turn_the_workflows_against_us():
    found = audited(*FILES)
    assert found.returncode == 0, found.stdout


def test_what_could_be_turned_against_us_is_found(tmp_path):
    careless = tmp_path / ".github" / "workflows" / "careless.yml"
    careless.parent.mkdir(parents=True)
    careless.write_text(CARELESS, encoding="utf-8")
    found = audited(careless)
    assert found.returncode > 0
    for finding in ("template-injection", "unpinned-uses", "dangerous-triggers"):
        assert finding in found.stdout


def test_every_action_is_pinned_by_its_commit_and_says_which_release_that_is():
    uses = [line for file in FILES for line in file.read_text().splitlines() if "uses:" in line]
    others = [line for line in uses if "uses: ./" not in line]
    assert len(others) > 5
    for line in others:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_a_job_may_do_nothing_that_it_does_not_say(workflows):
    for workflow in workflows.values():
        assert workflow["permissions"] == {}
    writing = {
        (name, job): {what for what, may in steps.get("permissions", {}).items() if may == "write"}
        for name, workflow in workflows.items()
        for job, steps in workflow["jobs"].items()
    }
    assert {key: may for key, may in writing.items() if may} == {
        ("deploy", "deploy"): {"id-token"},
        ("review", "comment"): {"pull-requests"},
    }


def test_a_pull_request_s_code_never_runs_where_something_may_be_written(workflows):
    steps = workflows["review"]["jobs"]["comment"]["steps"]
    assert not any("checkout" in step.get("uses", "") for step in steps)
    assert not any("make" in step.get("run", "") for step in steps)


def test_one_plant_s_failure_stops_no_other_and_a_deployment_is_never_cut_off(workflows):
    deploy = workflows["deploy"]["jobs"]["deploy"]
    assert deploy["strategy"]["fail-fast"] is False
    assert deploy["concurrency"] == {
        "group": "deploy-${{ matrix.name }}",
        "cancel-in-progress": False,
    }
    assert deploy["environment"] == "${{ matrix.name }}"
    assert set(deploy["needs"]) == {"check", "plants"}


def test_the_pipeline_does_what_a_person_can_do_with_make(workflows):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    runs = [
        step["run"]
        for workflow in workflows.values()
        for job in workflow["jobs"].values()
        for step in job.get("steps", ())
        if "run" in step
    ]
    used = {word for run in runs for word in re.findall(r"\bmake (?:--silent )?([a-z-]+)", run)}
    assert used == {"setup", "diff", "plants", "deploy", "orphans", "audit", "licences"}
    assert used <= targets
    assert ".ci/run" in runs


def test_a_review_begins_with_the_line_that_its_comment_is_found_by(tmp_path, monkeypatch):
    """Nothing but what is not committed yet lies between HEAD and here, so it refuses nothing."""
    if ran("git", "diff", "--quiet", "HEAD", "--", *LOCKS).returncode:
        pytest.skip("HEAD has other libraries: they would be installed first, which takes minutes")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    found = ran(".ci/review", "HEAD")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("<!-- punchclock review -->\n")
    assert "plants/springfield.yaml: valid" in found.stdout
    assert str(tmp_path) not in ran("git", "worktree", "list").stdout
    assert list(tmp_path.iterdir()) == []

"""The CDK app: which stacks a folder of plant files makes, and what a broken file does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PLANT = """
plant: {name}
timezone: Europe/Berlin
region: eu-central-1
shifts:
  early: {{days: Mon-Fri, start: 06:00, end: 14:00}}
models:
  boards: {{service: lookoutvision, project: {project}, version: "1", shifts: [early]}}
"""


def written(folder: Path, file: str, name: str, project: str) -> Path:
    path = folder / f"{file}.yaml"
    path.write_text(PLANT.format(name=name, project=project), encoding="utf-8")
    return path


def synthesized(
    folder: Path, **context: object
) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """Run the app as the CDK does; return how it ended, and the stacks that it made."""
    out = folder / "out"
    words = {"aws:cdk:disable-asset-staging": True, **context}
    ran = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        env={**os.environ, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": json.dumps(words)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran, {each.name.split(".")[0] for each in out.glob("*.template.json")}


@pytest.fixture
def plants(tmp_path: Path) -> Path:
    """Four plants, of which one is broken and one takes a model of the first."""
    written(tmp_path, "a", "alpha", "circuit-boards")
    written(tmp_path, "b", "beta", "x").write_text("plant: beta\ntimezon: UTC\n", encoding="utf-8")
    written(tmp_path, "c", "gamma", "circuit-boards")
    written(tmp_path, "d", "delta", "valves")
    return tmp_path


def test_a_broken_file_breaks_its_own_stack_alone_and_loudly(plants):
    ran, stacks = synthesized(plants, plants=str(plants))
    assert ran.returncode == 1
    assert stacks == {"punchclock-alpha", "punchclock-delta"}
    assert "b.yaml:2:1: timezon: " in ran.stderr
    assert "c.yaml:8:3: models.boards: is the same hosted model" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_one_plant_is_deployed_whatever_the_others_are_like(plants):
    ran, stacks = synthesized(plants, plant=str(plants / "d.yaml"))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert stacks == {"punchclock-delta"}


def test_a_plant_that_takes_another_s_model_is_not_deployed_even_alone(plants):
    ran, stacks = synthesized(plants, plant=str(plants / "c.yaml"))
    assert ran.returncode == 1
    assert stacks == set()
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("context", "sentence"),
    [
        ({"plant": "plants/nowhere.yaml"}, "plants/nowhere.yaml: no such plant file\n"),
        ({"plants": "docs"}, f"{ROOT}/docs: has no *.yaml\n"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(tmp_path, context, sentence):
    ran, stacks = synthesized(tmp_path, **context)
    assert (ran.returncode, ran.stderr, stacks) == (1, sentence, set())

"""What is typed, in the process: the commands as people and pipelines run them."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.main import app

SPRINGFIELD = Path(__file__).parents[2] / "plants" / "springfield.yaml"
ARN = "arn:aws:rekognition:eu-central-1:123456789012:project/NAME"
MODEL = f'service: rekognition, project_version_arn: "{ARN}/version/v1/2", project_arn: "{ARN}/1"'


def typed(*words: object) -> Result:
    """Return what a command answers."""
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: object) -> Any:
    """Return the one JSON document that a command prints, which must end well."""
    result = typed(*words, "--json")
    assert result.exit_code == 0, result.output
    assert not result.stderr
    return json.loads(result.stdout)


def written(folder: Path, text: str, name: str = "plant.yaml") -> Path:
    """Write a plant file of Berlin; ``@name`` stands for the keys that a model needs."""
    head = "plant: demo\ntimezone: Europe/Berlin\nregion: eu-central-1\n"
    lines = []
    for line in text.strip().splitlines():
        before, mark, after = line.partition("@")
        hosted, rest = after.split(",", 1) if mark else ("", "")
        lines.append(f"{before}{MODEL.replace('NAME', hosted)},{rest}" if mark else line)
    file = folder / name
    file.write_text(head + "\n".join(lines) + "\n")
    return file

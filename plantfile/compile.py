"""How does a plant travel to Lambda? As JSON, read there without YAML and without pydantic."""

import json

from punchclock import compiled as form
from punchclock.plants import Plant


def compiled(plant: Plant) -> str:
    """Return a plant as JSON, always the same; ``punchclock.compiled.load`` reads it again."""
    text = json.dumps(form.dump(plant), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text + "\n"

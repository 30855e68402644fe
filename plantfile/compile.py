"""How does a plant travel to Lambda? As JSON, read there without YAML and without pydantic."""

import json

from punchclock import codec
from punchclock.plants import Plant


def compiled(plant: Plant) -> str:
    """Return a plant as JSON, always the same; ``codec.load`` makes it a plant again."""
    return json.dumps(codec.dump(plant), sort_keys=True, ensure_ascii=False, indent=1) + "\n"

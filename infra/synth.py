"""What would be deployed for a plant? Its template, made in this process, without an account."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App

from infra import asset
from infra.flags import FLAGS
from infra.stack import PlantStack
from punchclock.plants import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """A stack as it would be deployed."""

    stack: str
    template: Mapping[str, Any]
    """The CloudFormation template."""
    asset: Path
    """The folder that its functions run in."""


def synthesize(plant: Plant) -> Synthesis:
    """Synthesize a plant's stack. Raises ``WrongVersion`` when a library is not as pinned."""
    built = asset.build(plant)
    with tempfile.TemporaryDirectory(prefix="punchclock-") as folder:
        app = App(
            outdir=folder,
            analytics_reporting=False,
            tree_metadata=False,
            # The CDK's own check of the template takes seconds; a deployment and a test make it.
            builtin_cloud_formation_validation=False,
            # The asset is used where it lies.
            context={**FLAGS, "aws:cdk:disable-asset-staging": True},
        )
        stack = PlantStack(app, plant, built)
        file = Path(app.synth().directory) / stack.template_file
        template = json.loads(file.read_text(encoding="utf-8"))
    return Synthesis(stack=stack.stack_name, template=template, asset=built.path)

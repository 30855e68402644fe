"""The CDK app: one stack for each file in ``plants/``, or in the folder of ``-c plants=``."""

import sys
from pathlib import Path

import infra  # noqa: F401 - it names the Node to use before the CDK starts one

# isort: split
from aws_cdk import App

from infra import asset
from infra.flags import FLAGS
from infra.stack import PlantStack
from plantfile.problems import InvalidFile
from plantfile.reader import read_all

ROOT = Path(__file__).parent


def main() -> int:
    """Synthesize every plant; return 1, after printing what is wrong, when a file does not hold."""
    app = App(analytics_reporting=False, context=FLAGS)
    folder = ROOT / (app.node.try_get_context("plants") or "plants")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        print(f"{folder}: has no plant file (*.yaml)", file=sys.stderr)  # noqa: T201 - likewise
        return 1
    try:
        plants = read_all(files)
    except InvalidFile as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a program
        return 1
    for plant in plants:
        PlantStack(app, plant, asset.build(plant))
    app.synth()
    return 0


sys.exit(main())

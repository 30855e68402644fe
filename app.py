"""The CDK app: one stack for each file in ``plants/``, or in the folder of ``-c plants=``.

With ``-c plant=FILE`` it is the stack of that file alone, and what is wrong with others is theirs.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import infra  # noqa: F401 - it names the Node to use before the CDK starts one

# isort: split
from aws_cdk import App

from infra import asset
from infra.flags import FLAGS
from infra.stack import PlantStack
from plantfile.problems import InvalidFile
from plantfile.reader import read_apart

ROOT = Path(__file__).parent


def main() -> int:
    """Synthesize the plants whose files hold; return 1, after telling what is wrong, if one fails.

    The files beside the one of ``-c plant=`` are read too: a hosted model may be in one file only.
    """
    app = App(analytics_reporting=False, context=FLAGS)
    only = app.node.try_get_context("plant")
    folder = Path(only).parent if only else ROOT / (app.node.try_get_context("plants") or "plants")
    files = sorted(folder.glob("*.yaml"))
    wanted = [str(file) for file in files if not only or file.name == Path(only).name]
    if not wanted:
        return _refuse([f"{only}: no such plant file" if only else f"{folder}: has no *.yaml"])
    try:
        readings, error = read_apart(files)
    except OSError as problem:
        return _refuse([f"{problem.filename}: {problem.strerror}"])
    for reading in readings:
        if reading.file in wanted:
            PlantStack(app, reading.plant, asset.build(reading.plant))
    app.synth()
    return _refuse(_about(wanted, error)) if error else 0


def _about(files: Sequence[str], error: InvalidFile) -> Iterable[str]:
    return [str(problem) for problem in error.problems if problem.file in files]


def _refuse(reasons: Iterable[str]) -> int:
    """Tell what is wrong; return the exit code, which is 0 where nothing is."""
    told = list(reasons)
    for reason in told:
        print(reason, file=sys.stderr)  # noqa: T201 - this is a program
    return 1 if told else 0


sys.exit(main())

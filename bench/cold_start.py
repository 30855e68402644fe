"""How long does ``start_models`` take to begin, beside bare boto3 with the same clients?

Processor time of a fresh process that imports a function and makes its clients, next to one that
imports boto3 and makes the same ones, by turns. Both see the asset and the standard library alone;
the other one has boto3 beside it, which the asset leaves out. The bound: at most 1.25 times as
long. Run it as ``python -m bench.cold_start [--rounds N]``.

*As deployed* is without bytecode: the asset has none, and Lambda's file system takes none.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from bench.factory import plant
from infra import asset

BOUND = 1.25
ROUNDS = 15
MODELS = 20

OURS = """
import os, sys
sys.path.insert(0, sys.argv[1])
import functions.start_models
functions.compose._site()
os._exit(0)
"""
"""What happens before the first event is handled, and nothing of how a process ends."""

BARE = """
import os, sys
sys.path.insert(0, sys.argv[1])
import boto3, botocore.session
from botocore.loaders import Loader
session = botocore.session.Session()
paths = [*session.get_component("data_loader").search_paths, sys.argv[2]]
loader = Loader(extra_search_paths=paths, include_default_search_paths=False)
session.register_component("data_loader", loader)
aws = boto3.Session(botocore_session=session, region_name="eu-central-1")
for name in sys.argv[3:]:
    aws.client(name)
os._exit(0)
"""

CLIENTS = ("dynamodb", "cloudwatch", "lambda", *("lookoutvision", "rekognition") * 2)
"""Those that a function makes: one to read and one to act for each model service."""

FOUND_BY = "functions/services/data"
"""Where botocore finds Lookout for Vision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is measured."""

    name: str
    text: str
    arguments: Sequence[str]


def main() -> None:
    """Measure, and print least and median of each and of their ratio."""
    asked = argparse.ArgumentParser(description="the cold start of start_models")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="punchclock-") as folder:
        ours, bare = Path(folder, "ours"), Path(folder, "bare")
        shutil.copytree(asset.build(plant(MODELS)).path, ours)
        shutil.copytree(ours, bare)
        for library in ("boto3", "s3transfer"):
            installed = Path(str(distribution(library).locate_file(library)))
            shutil.copytree(installed, bare / library, ignore=shutil.ignore_patterns("*.pyc"))
        whole = Path(str(distribution("boto3").locate_file("")))
        programs = [
            Program(name="start_models", text=OURS, arguments=[str(ours)]),
            Program(name="bare boto3", text=BARE, arguments=_bare(bare, bare)),
            Program(name="bare boto3 as installed", text=BARE, arguments=_bare(whole, bare)),
        ]
        environment = {
            "LAMBDA_TASK_ROOT": str(ours),
            "PUNCHCLOCK_PLANT": asset.PLANT,
            "PUNCHCLOCK_TABLE": "ledger",
            "PYTHONTZPATH": "",
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
        }
        print(f"ms of processor time, {rounds} rounds by turns, Python {sys.version.split()[0]}")
        print(f"{'':<42}{'least':>7}{'median':>8}{'start_models takes':>22}")
        _measure("as deployed", ["-B"], programs[:2], environment, rounds)
        _measure("with bytecode", [], programs, environment, rounds)


def _bare(libraries: Path, descriptions: Path) -> Sequence[str]:
    return [str(libraries), str(descriptions / FOUND_BY), *CLIENTS]


def _measure(
    title: str,
    options: Sequence[str],
    programs: Sequence[Program],
    environment: Mapping[str, str],
    rounds: int,
) -> None:
    # The first round is not counted: it warms the file system's cache, and writes bytecode.
    taken: list[list[float]] = [[] for _ in programs]
    for turn in range(rounds + 1):
        numbered = list(enumerate(programs))
        for number, program in numbered if turn % 2 else reversed(numbered):
            taken[number].append(_seconds(program, options, environment))
    ours = taken[0][1:]
    for program, each in zip(programs, taken, strict=True):
        theirs = each[1:]
        pairs = [own / other for own, other in zip(ours, theirs, strict=True)]
        times = f"{min(theirs) * 1000:>7.0f}{statistics.median(theirs) * 1000:>8.0f}"
        ratio = f"{min(ours) / min(theirs):.2f} / {statistics.median(pairs):.2f} times"
        compared = "" if program is programs[0] else f"{ratio:>22}"
        bound = f" (bound {BOUND})" if program is programs[1] else ""
        print(f"{title + ': ' + program.name:<42}{times}{compared}{bound}")


def _seconds(program: Program, options: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a program in a process of its own and return its processor time."""
    # -I: no environment of Python's and no user's packages; -S: none of the site either.
    command = [sys.executable, "-I", "-S", *options, "-c", program.text, *program.arguments]
    process = os.posix_spawn(sys.executable, command, dict(environment))
    _, status, used = os.wait4(process, 0)
    if status:
        sys.exit(f"{program.name} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()

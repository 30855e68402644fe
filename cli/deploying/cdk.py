"""The CDK's own command line, and the assemblies that it deploys.

An assembly is a folder that ``cdk synth`` writes: templates, and what is to be published for them.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import infra  # noqa: F401 - it names the Node that comes with the package
from cli.aws.obstacles import Unreachable
from cli.aws.stacks import Stack

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"


class CdkFailed(Exception):
    """The CDK ended with an error, which it has told itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdk:
    """The command line, as ``make setup`` installs it."""

    command: Sequence[str]

    def synthesize(self, file: Path, folder: Path) -> None:
        """Write the assembly of one plant file to a folder, in place of what was there.

        Raises ``CdkFailed``.
        """
        shutil.rmtree(folder, ignore_errors=True)
        plant = f"plant={file.resolve()}"
        self._run("synth", "--quiet", "--output", str(folder), "--context", plant)

    def deploy(self, folder: Path, stack: str, watch: Sequence[str]) -> None:
        """Deploy a stack of an assembly; ``watch`` are words about when to roll back.

        Raises ``CdkFailed`` where CloudFormation has rolled back, or has not begun.
        """
        self._run("deploy", stack, "--app", str(folder), "--require-approval", "never", *watch)

    def _run(self, verb: str, *words: str) -> None:
        ran = subprocess.run(  # noqa: S603 - a list of words, to the program of our own lock file
            [*self.command, verb, *words],
            cwd=ROOT,
            # Node brings its own list of certificate authorities; a company's proxy has another.
            env={"NODE_USE_SYSTEM_CA": "1", **os.environ},
            check=False,
        )
        if ran.returncode:
            raise CdkFailed(f"cdk {verb} ended with {ran.returncode}")


def installed() -> Cdk:
    """Return the command line of this checkout. Raises ``Unreachable`` where it has none."""
    if not PROGRAM.exists():
        raise Unreachable(f"{PROGRAM} is not there: make setup installs it")
    return Cdk(command=(os.environ["JSII_NODE"], str(PROGRAM)))


def as_it_was(folder: Path, before: Stack, template: Mapping[str, Any], assembly: Path) -> None:
    """Write to a folder the assembly that takes a stack back to a template and tags of before.

    It is like ``assembly``, the one that was deployed since; what else the template needs has been
    published when it was deployed for the first time.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    manifest = _read(assembly / "manifest.json")
    artifacts = {
        name: manifest["artifacts"][name] for name in (before.name, f"{before.name}.assets")
    }
    stack, assets = (each["properties"] for each in artifacts.values())
    text = json.dumps(template, indent=1)
    digest = sha256(text.encode()).hexdigest()
    files = _read(assembly / assets["file"])
    old, entry = next(
        (key, each)
        for key, each in files["files"].items()
        if each["source"]["path"] == stack["templateFile"]
    )
    for place in entry["destinations"].values():
        place["objectKey"] = place["objectKey"].replace(old, digest)
    stack["stackTemplateAssetObjectUrl"] = stack["stackTemplateAssetObjectUrl"].replace(old, digest)
    stack["tags"] = dict(before.tags)
    del artifacts[before.name]["additionalMetadataFile"]
    (folder / stack["templateFile"]).write_text(text, encoding="utf-8")
    _write(folder / assets["file"], {**files, "files": {digest: entry}})
    _write(folder / "manifest.json", {**manifest, "artifacts": artifacts})


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever JSON it is
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")

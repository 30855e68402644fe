"""Are vulnerabilities known of what we lock? ``python -m infra.audit``, which ``make audit`` runs.

pip-audit asks a service on the network. What that does not answer about, it passes over and ends
well, so a mirror that has no such service looks like a clean bill: here, nobody's answer is a no.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.pieces import ROOT

LOCK = ROOT / "requirements-dev.txt"
"""Everything that runs, here or in Lambda."""

UNKNOWN = 2
"""Exit code: nobody could be asked about some of it."""


def verdict(found: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return what to say of pip-audit's findings, and the exit code."""
    packages = found["dependencies"]
    bad = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {_mended(flaw)}"
        for each in packages
        for flaw in each.get("vulns", ())
    ]
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    known = len(packages) - len(unknown)
    lines = bad or ([f"{known} packages, no known vulnerability"] if known else [])
    if unknown:
        lines.append(
            f"nothing could be found out about {len(unknown)} of {len(packages)} packages"
            f" ({', '.join(unknown[:3])}, ...): the service does not know them."
            " Is this a mirror? Then try from a network that reaches pypi.org or osv.dev"
        )
    return lines, 1 if bad else UNKNOWN if unknown else 0


def _mended(flaw: Mapping[str, Any]) -> str:
    return ", ".join(flaw["fix_versions"]) or "no release yet"


def main(arguments: Sequence[str]) -> int:
    """Audit, with further words for pip-audit; print what is found and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="punchclock-") as folder:
        answer = Path(folder, "found.json")
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip"]
        command += ["--require-hashes", "--progress-spinner=off", "--format=json"]
        ran = subprocess.run(  # noqa: S603 - a list of words, to a program of our own lock file
            [*command, "--output", str(answer), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        if not answer.exists():
            last = (ran.stderr.strip().splitlines() or ["it said nothing"])[-1]
            _say([f"the vulnerability service could not be asked: {last}"])
            return UNKNOWN
        lines, code = verdict(json.loads(answer.read_text(encoding="utf-8")))
    _say(lines)
    return code


def _say(lines: Sequence[str]) -> None:
    print("\n".join(lines))  # noqa: T201 - this is a program


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

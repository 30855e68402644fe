"""No secret is in the repository, and nobody's account."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SECRETS = {
    "an access key of AWS": r"\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{16}\b",
    "a secret key of AWS": r"(?i)secret_?access_?key\W{1,5}[A-Za-z0-9/+]{40}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,})",
    "a token of Slack": r"\bxox[abposr]-[A-Za-z0-9-]{10,}",
    "a web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "a password in an address": r"\b[a-z]+://[^/\s:@'\"{}]+:[^/\s:@'\"{}]+@",
}

NOBODY = {"123456789012", "210987654321", "000000000000", *(digit * 12 for digit in "123456789")}
"""Numbers that AWS's own examples use, or that nobody can take for an account."""


def found(text: str) -> Iterator[str]:
    """Yield what in a text is a secret or somebody's account."""
    for name, pattern in SECRETS.items():
        if re.search(pattern, text):
            yield name
    for number in re.findall(r"(?<=:)[0-9]{12}(?=:)|(?<=://)[0-9]{12}(?=[./])", text):
        if number not in NOBODY:
            yield f"account {number}"


def texts() -> Iterator[tuple[str, str]]:
    """Yield every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="replace")


def test_no_file_has_a_secret_or_somebody_s_account():
    told = [f"{name}: {what}" for name, text in texts() for what in found(text)]
    assert told == []


@pytest.mark.parametrize(
    "planted",
    [
        "AKIA" + "Q" * 16,
        'aws_secret_access_key = "' + "a1/B" * 10 + '"',
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "ghp_" + "x" * 36,
        "xoxb-" + "1234567890",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3.x",
        "https://me:" + "hunter2@example.com",
        "arn:aws:iam::4815" + "16234200:role/x",
    ],
)
def test_each_kind_is_found_where_it_is_planted(planted):
    assert len(list(found(f"before {planted} after"))) == 1

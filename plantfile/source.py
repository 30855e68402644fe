"""Is this file a text at all?"""

import re
from pathlib import Path

from plantfile.problems import WHOLE_FILE, InvalidFile, Problem

MOST_BYTES = 4 * 1024 * 1024
"""A plant of 2,000 models has about 0.7 MB."""

_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.2 does not allow in a file, section 5.1 of its specification."""


def text_of(path: Path) -> str:
    """Return the text of a file, without its byte order mark.

    Raises ``InvalidFile`` where it is too big, binary or not UTF-8; ``OSError`` where there is no
    such file.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    return decoded(data, str(path))


def decoded(data: bytes, name: str) -> str:
    """Return bytes as a text; raise ``InvalidFile`` like ``text_of``."""
    if len(data) > MOST_BYTES:
        raise _invalid(name, "", f"is bigger than {MOST_BYTES} bytes: split the plant")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8 text"
        raise _invalid(name, before, message) from error
    odd = _NO_TEXT.search(text)
    if odd is not None:
        message = f"character U+{ord(odd[0]):04X} does not belong in a text file: is it binary?"
        raise _invalid(name, text[: odd.start()], message)
    return text


def _invalid(name: str, before: str, message: str) -> InvalidFile:
    lines = re.split("\r\n|\r|\n", before)
    return InvalidFile(
        [
            Problem(
                file=name,
                line=len(lines),
                column=len(lines[-1]) + 1,
                key=WHOLE_FILE,
                value=None,
                message=message,
            )
        ]
    )

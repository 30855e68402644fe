"""The commands that people are told to type: do they exist?"""

import re
from functools import cache

import botocore.session
from botocore import xform_name

from cli.main import app
from functions.services import descriptions

OF_THE_CLI_ITSELF = {("logs", "tail")}
"""Commands that the AWS CLI has beside the operations of its services."""


def unknown(text: str) -> list[str]:
    """Return the commands in a text that neither the AWS CLI nor ``punchclock`` knows."""
    ours = [name for name in re.findall(r"\bpunchclock ([a-z]+)", text) if name not in commands()]
    theirs = [
        f"{service} {operation}"
        for service, operation in re.findall(r"\baws ([a-z]+) ([a-z-]+)", text)
        if (service, operation) not in OF_THE_CLI_ITSELF and operation not in operations(service)
    ]
    return ours + theirs


def count(text: str) -> int:
    """Return how many commands a text has."""
    return len(re.findall(r"\b(?:aws [a-z]+|punchclock) [a-z-]+", text))


def commands() -> set[str]:
    return {each.callback.__name__ for each in app.registered_commands if each.callback}


@cache
def operations(service: str) -> set[str]:
    session = botocore.session.get_session()
    descriptions.add(session)
    names = session.get_service_model(service).operation_names
    return {xform_name(name, "-") for name in names}

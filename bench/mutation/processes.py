"""Processes that begin with all that this one has prepared."""

import os
from collections.abc import Callable


def fork(work: Callable[[], int]) -> int:
    """Do work in a process of its own, in silence; return the process's id."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        be_silent()
        code = work()
    finally:
        os._exit(code)


def be_silent() -> None:
    """Write nothing from here on."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def ended_well(status: int) -> bool:
    """Whether a process has ended by itself and without an error."""
    return os.waitstatus_to_exitcode(status) == 0

"""What takes a while says so to people, and to nobody else."""

import io

from cli.progress import working


class Terminal(io.StringIO):
    """Somebody who watches."""

    def isatty(self) -> bool:
        return True


def test_somebody_who_watches_is_told_what_goes_on():
    terminal = Terminal()
    with working("reading the ledger", terminal):
        pass
    assert "reading the ledger" in terminal.getvalue()


def test_a_file_or_a_pipe_is_told_nothing():
    file = io.StringIO()
    with working("reading the ledger", file):
        pass
    assert not file.getvalue()

"""How does a long table look? Aligned columns of plain text, a hundred thousand rows a second.

``rich`` measures and styles each cell, which takes a minute for a year of a large plant; here
nothing is styled, cut or wrapped.
"""

from collections.abc import Iterator, Sequence

_GAP = "  "
RULE: tuple[str, ...] = ()
"""A row that stands for a blank line between groups."""


def aligned(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the lines of a table; the columns named in ``right`` hold numbers."""
    widths = [len(column) for column in columns]
    for row in rows:
        widths = [max(width, len(cell)) for width, cell in zip(widths, row, strict=False)] or widths
    pads = [str.rjust if column in right else str.ljust for column in columns]
    yield title
    for row in (columns, *rows):
        cells = (pad(cell, width) for pad, cell, width in zip(pads, row, widths, strict=False))
        yield _GAP.join(cells).rstrip()

"""Find where JSON values begin and end by their brackets, also where the text is damaged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Extent", "elements", "extent", "next_opening", "skip_blank"]

_TOKEN = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|[\[\]{}]')
_BLANK = re.compile(rb"[ \t\r\n]*+")
_SEPARATOR = re.compile(rb"[ \t\r\n,]*+")
_BOUNDARY = re.compile(rb"\}\s*,\s*(?=\{)")
_OPENING = re.compile(rb"\n(?=[{\[])")


class Extent(NamedTuple):
    """Where an element of a list begins and ends, and whether its brackets match."""

    start: int
    end: int
    balanced: bool


def skip_blank(text: bytes, position: int) -> int:
    """Return the position of the next byte that is no white space."""
    return _BLANK.match(text, position).end()  # type: ignore[union-attr]


def next_opening(text: bytes, position: int) -> int:
    """Return where the next line that begins with a bracket begins; else the end."""
    found = _OPENING.search(text, position)
    return found.end() if found else len(text)


def extent(text: bytes, position: int) -> int | None:
    """Return where the bracket that opens here is closed; null if it never is.

    Brackets within strings do not count. A string ends with its line at the latest, so that a
    missing quote cannot swallow the lines after it.

    Examples
    --------
    >>> extent(b'{"a": "}"} rest', 0)
    10
    """
    depth = 0
    for token in _TOKEN.finditer(text, position):
        match text[token.start()]:
            case 0x5B | 0x7B:
                depth += 1
            case 0x5D | 0x7D:
                depth -= 1
                if depth <= 0:
                    return token.end()
    return None


def elements(text: bytes, start: int) -> Iterator[Extent]:
    """Yield the records of the list that opens at `start`, whole ones and damaged ones.

    After damage it goes on where the next record seems to begin: behind ``},`` and before ``{``.
    A list that never ends yields a last, unbalanced extent up to the end of the text, which is
    empty where the list was cut off between two records.
    """
    position = start + 1
    while True:
        position = _SEPARATOR.match(text, position).end()  # type: ignore[union-attr]
        if text[position : position + 1] == b"]":
            return
        end = _element_end(text, position)
        if end is None:
            boundary = _BOUNDARY.search(text, position)
            yield Extent(position, boundary.start() + 1 if boundary else len(text), balanced=False)
            if not boundary:
                return
            position = boundary.end()
        else:
            yield Extent(position, end, balanced=True)
            position = end


_SCALAR = re.compile(rb'(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|[^\[\]{},"\s]++)(?=\s*[,\]])')


def _element_end(text: bytes, position: int) -> int | None:
    if text[position : position + 1] in (b"{", b"["):
        return extent(text, position)
    scalar = _SCALAR.match(text, position)
    return scalar.end() if scalar else None

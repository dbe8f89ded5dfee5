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
_SCALAR = re.compile(rb'(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|[^\[\]{},"\s]++)(?=\s*[,\]])')
_OPENING = re.compile(rb"\n(?=[{\[])")

_NEAR = 2**18
"""How far the end of an element is looked for, before what follows it is looked at."""


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


def extent(text: bytes, position: int, stop: int | None = None) -> int | None:
    """Return where the bracket that opens here is closed; null if it is not before `stop`.

    Brackets within strings do not count. A string ends with its line at the latest, so that a
    missing quote cannot swallow the lines after it.

    Examples
    --------
    >>> extent(b'{"a": "}"} rest', 0)
    10
    """
    depth = 0
    for token in _TOKEN.finditer(text, position, len(text) if stop is None else stop):
        match text[token.start()]:
            case 0x5B | 0x7B:
                depth += 1
            case 0x5D | 0x7D:
                depth -= 1
                if depth <= 0:
                    return token.end()
    return None


def elements(text: bytes, start: int) -> Iterator[Extent]:
    """Yield the elements of the list that opens at `start`, whole ones and damaged ones.

    After damage it goes on where the next record seems to begin: behind ``},`` and before ``{``.
    A list that never ends yields a last, unbalanced extent up to the end of the text, which is
    empty where the list was cut off between two records.
    """
    position = start + 1
    while True:
        position = _SEPARATOR.match(text, position).end()  # type: ignore[union-attr]
        if text[position : position + 1] == b"]":
            return
        found = _element(text, position)
        yield found
        if not found.balanced and found.end == len(text):
            return
        position = found.end


def _element(text: bytes, start: int) -> Extent:
    if text[start : start + 1] not in (b"{", b"["):
        scalar = _SCALAR.match(text, start)
        return Extent(start, scalar.end(), balanced=True) if scalar else _damaged(text, start)
    end = extent(text, start, start + _NEAR)
    if end is None and not _goes_on(text, start):
        end = extent(text, start)
    return _damaged(text, start) if end is None else Extent(start, end, balanced=True)


def _damaged(text: bytes, start: int) -> Extent:
    boundary = _BOUNDARY.search(text, start)
    return Extent(start, boundary.start() + 1 if boundary else len(text), balanced=False)


def _goes_on(text: bytes, start: int) -> bool:
    """Tell whether a large element is damage behind which sound ones follow.

    It is looked at before searching the whole text for the end of it, since many damaged
    elements in a large text would take for ever.
    """
    boundary = _BOUNDARY.search(text, start, start + _NEAR)
    if boundary is None:
        return False
    return extent(text, boundary.end(), boundary.end() + _NEAR) is not None

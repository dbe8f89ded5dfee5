"""Read a document's text in stretches, so that a large one need not be held whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Document

__all__ = ["STRETCH", "Stream", "together", "whole"]

STRETCH = 4 * 2**20
"""How many bytes of a document are looked at together."""


class Stream:
    """What is at hand of a document's text, and where in the document that begins.

    ``text`` are the bytes at hand, of which the first is byte ``start`` of the document, on line
    ``line`` (from 1); ``ended`` tells that nothing follows them. ``problems`` says what is wrong
    with the document as a whole, as far as it was read.
    """

    def __init__(self, document: Document) -> None:
        self._pieces = _pieces(document)
        self.text = b""
        self.start = 0
        self.line = 1
        self.ended = False
        self.problems: list[Problem] = []

    def fill(self, size: int = 0) -> None:
        """Have at least so many bytes, or `STRETCH`, at hand, or all that there are."""
        have = [self.text] if self.text else []
        length = len(self.text)
        while length < (size or STRETCH) and not self.ended:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
            elif isinstance(piece, Problem):
                self.problems.append(piece)
            else:
                have.append(piece)
                length += len(piece)
        self.text = have[0] if len(have) == 1 else b"".join(have)

    def skip(self, size: int, lines: int | None = None) -> None:
        """Leave bytes behind, which hold so many line ends."""
        self.line += self.text.count(b"\n", 0, size) if lines is None else lines
        self.text = self.text[size:]
        self.start += size

    def rest(self) -> bytes:
        """Return everything from here to the end."""
        while not self.ended:
            self.fill(2 * len(self.text) + STRETCH)
        return self.text


def _pieces(document: Document) -> Iterator[bytes | Problem]:
    data = document.data
    if len(data) <= 2 * STRETCH:
        yield data
    else:
        for position in range(0, len(data), STRETCH):
            yield data[position : position + STRETCH]
    if document.more is not None:
        yield from document.more
    if document.problem:
        yield document.problem


def whole(document: Document) -> Document:
    """Return the document with all of its bytes at hand."""
    if document.more is None:
        return document
    pieces, problems = [document.data], []
    for piece in document.more:
        if isinstance(piece, Problem):
            problems.append(piece)
        else:
            pieces.append(piece)
    return document._replace(data=b"".join(pieces), more=None, problem=together(problems))


def together(problems: list[Problem]) -> Problem | None:
    """Say in one problem what is wrong in several places; the first one is told in full."""
    if len(problems) < 2:
        return problems[0] if problems else None
    more = f"{problems[0].detail} There are {len(problems) - 1} more such places."
    return problems[0]._replace(detail=more)

"""Documents that stand on lines of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .extents import extent, next_opening
from .lists import is_page, pieces_of_page
from .replies import spans_of_reply
from .runs import Rest, Stretch, run_of_lines
from .salvage import spans_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .replies import Span
    from .runs import Piece
    from .stream import Stream

__all__ = ["is_lines", "pieces_of_lines", "spans_of_lines"]

_TRIED_LINES = 20


class _Chunk(NamedTuple):
    start: int
    text: bytes


def is_lines(text: bytes) -> bool:
    """Tell whether at least half of the first lines are documents of their own."""
    tried = whole = 0
    for _, line in _chunks(text):
        tried += 1
        whole += line.lstrip()[:1] in (b"{", b"[") and spans_of_reply(line, 0, 0) is not None
        if tried == _TRIED_LINES:
            break
    return 2 * whole >= tried and tried > 1


def pieces_of_lines(stream: Stream) -> Iterator[Piece]:
    """Yield runs of lines; of lines that are pages, each page's list.

    Where a document stands on several lines, all that follows is read with care.
    """
    while stream.text:
        block = _whole_lines(stream)
        stretch = Stretch(block, stream.start, stream.line)
        lines = block.count(b"\n")
        if is_page(block):
            yield from _pages(stretch)
        else:
            run = run_of_lines(stretch, lines)
            if any(run.records[n].strip() in (b"{", b"[") for n in run.unsound):
                rest = stretch._replace(text=stream.rest())
                yield Rest(rest, spans_of_lines(rest.text, rest.start))
                stream.skip(len(rest.text))
                return
            yield run
        stream.skip(len(block), lines)
        stream.fill()


def _whole_lines(stream: Stream) -> bytes:
    """Return the lines at hand that are there to their end."""
    while not stream.ended and b"\n" not in stream.text:
        stream.fill(2 * len(stream.text))
    end = stream.text.rfind(b"\n") + 1
    return stream.text if stream.ended or end == len(stream.text) else stream.text[:end]


def _pages(block: Stretch) -> Iterator[Piece]:
    position = 0
    for number, line in enumerate(block.text.splitlines(keepends=True)):
        stretch = Stretch(line, block.start + position, block.line + number)
        found = pieces_of_page(stretch)
        if found is not None:
            yield from found
        elif not line.isspace():
            yield Rest(stretch, spans_of_text(line, stretch.start, 0))
        position += len(line)


def spans_of_lines(text: bytes, start: int) -> Iterator[Span]:
    """Yield the records of documents that stand on one line each, or on several."""
    reply = 0
    for position, chunk in _chunks(text):
        for span in spans_of_text(chunk, start + position, reply):
            reply = max(reply, span.reply)
            yield span
        reply += 1


def _chunks(text: bytes) -> Iterator[_Chunk]:
    """Yield each line; one that only opens a bracket is taken with all that it holds."""
    start = 0
    while start < len(text):
        end = _behind(text, text.find(b"\n", start))
        line = text[start:end]
        if line.strip() in (b"{", b"["):
            opening = start + len(line) - len(line.lstrip())
            closed = extent(text, opening)
            found = text.find(b"\n", closed) if closed else next_opening(text, opening) - 1
            end = _behind(text, found)
            line = text[start:end]
        if not line.isspace():
            yield _Chunk(start, line)
        start = end


def _behind(text: bytes, newline: int) -> int:
    return len(text) if newline < 0 else newline + 1

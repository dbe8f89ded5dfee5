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

    from .runs import Piece, Run
    from .stream import Stream

__all__ = ["is_lines", "pieces_of_lines"]

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

    A document on several lines among them is read with care.
    """
    while stream.text:
        block = _whole_lines(stream)
        stretch = Stretch(block, stream.start, stream.line)
        lines = block.count(b"\n")
        if is_page(block[: block.find(b"\n") + 1] or block):
            yield from _pages(stretch)
            stream.skip(len(block), lines)
        else:
            run = run_of_lines(stretch, lines)
            opener = next((n for n in sorted(run.unsound) if _opens(run, n)), None)
            if opener is None:
                yield run
                stream.skip(len(block), lines)
            else:
                yield from _around(stream, run, opener)
        stream.fill()


def _opens(run: Run, number: int) -> bool:
    """Tell a line with which a document on several lines begins; no object begins with another."""
    line = run.records[number].strip()
    following = number + 1
    in_object = following < len(run.records) and following not in run.unsound
    return line == b"[" or (line == b"{" and not in_object)


def _around(stream: Stream, run: Run, opener: int) -> Iterator[Piece]:
    """Yield the lines before a document on several lines, and that document."""
    begin = stream.text.rfind(b"\n", 0, run.positions([opener])[0] + 1) + 1
    if begin:
        before = Stretch(stream.text[:begin], stream.start, stream.line)
        yield run_of_lines(before, opener)
        stream.skip(begin)
    stream.fill()
    _, chunk = next(_chunks(stream.text))
    while len(chunk) == len(stream.text) and not stream.ended:
        stream.fill(2 * len(stream.text))
        _, chunk = next(_chunks(stream.text))
    place = Stretch(chunk, stream.start, stream.line)
    yield Rest(place, spans_of_text(chunk, place.start, 0))
    stream.skip(len(chunk))


def _whole_lines(stream: Stream) -> bytes:
    """Return the lines at hand that are there to their end."""
    while not stream.ended and b"\n" not in stream.text:
        stream.fill(2 * len(stream.text))
    end = stream.text.rfind(b"\n") + 1
    return stream.text if stream.ended or end == len(stream.text) else stream.text[:end]


def _pages(block: Stretch) -> Iterator[Piece]:
    position = number = 0
    while position < len(block.text):
        end = _behind(block.text, block.text.find(b"\n", position))
        line = block.text[position:end]
        stretch = Stretch(line, block.start + position, block.line + number)
        found = pieces_of_page(stretch)
        if found is not None:
            yield from found
        elif not line.isspace():
            yield Rest(stretch, spans_of_text(line, stretch.start, 0))
        position, number = end, number + 1


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

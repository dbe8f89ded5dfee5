"""Long lists of records, bare or in an envelope, split without decoding what they hold."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from .replies import LISTS, spans_of_reply
from .runs import Rest, Run, Stretch, elements_of
from .salvage import spans_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .replies import Span
    from .runs import Piece
    from .stream import Stream

__all__ = ["is_page", "pieces_of_list", "pieces_of_page"]

_OPENING = re.compile(
    rb'\s*(?:\{\s*(?:"data"\s*:\s*(?:\{\s*)?)?(?:"(?:%s)"\s*:\s*)?)?\[\s*(?=\{)'
    % b"|".join(name.encode() for name in LISTS)
)
_LEAD = re.compile(rb'\{\s*"[^"\\]*"\s*:')
_SHORT = 8
"""So many records are not worth to be taken apart from their envelope."""

_RECORD = b'{"id":0}'
"""Stands for the records of a list where it is asked what is around them."""

_LONGEST_TAIL = 200
"""What is longer behind a list is no plain end of an envelope."""

_TRIES = 8
_BLANK = (b" ", b"\t", b"\r", b"\n")


def is_page(text: bytes) -> bool:
    """Tell whether a text begins as a list of records does, bare or in an envelope."""
    return _OPENING.match(text) is not None


def pieces_of_page(page: Stretch) -> list[Piece] | None:
    """Split a document that is one list into a run of its records.

    Where the envelope holds more than that, the last record is read with care together with it, as
    if it were the only one. Null if it is not one sound document, or too short to be worth it.
    """
    text = page.text
    opening = _OPENING.match(text)
    if opening is None:
        return None
    begin = opening.end()
    end, elements = _last_part(text, begin)
    if len(elements) < _SHORT:
        return None
    if around := _envelope(text[:begin], text[end:]):
        return [Run(_part(page, begin, end), elements, together=True, more=around.more)]
    last = bytes(elements[-1])
    cut = text.rfind(last, begin, end)
    spans = list(spans_of_reply(text[:begin] + text[cut:], page.start, 0) or ())
    if not spans or spans[0].raw != last or any(span.problem for span in spans):
        return None
    return [
        Run(_part(page, begin, cut), elements[:-1], together=True),
        Rest(page, _moved(spans, page.start + begin, cut - begin), continued=True),
    ]


def pieces_of_list(stream: Stream) -> Iterator[Piece]:
    """Split a list that is longer than what is at hand, stretch by stretch.

    Where it is damaged, all that follows is read with care.
    """
    opening = _OPENING.match(stream.text)
    head = opening[0] if opening else b""
    lead = _LEAD.match(stream.text, len(head))
    first = Stretch(head, stream.start, stream.line)
    stream.skip(len(head))
    continued = False
    while lead and not stream.ended:
        end, elements = _next_part(stream.text, lead[0])
        if not elements:
            break
        stretch = Stretch(stream.text[:end], stream.start, stream.line)
        yield Run(stretch, elements, together=True, continued=continued)
        continued = True
        stream.skip(end)
        stream.fill()
    yield from _end_of_list(stream, first, continued=continued)


def _end_of_list(stream: Stream, first: Stretch, *, continued: bool) -> Iterator[Piece]:
    text = stream.rest()
    here = Stretch(text, stream.start, stream.line)
    end, elements = _last_part(text, 0)
    if elements and (around := _envelope(first.text, text[end:])):
        run = _part(here, 0, end)
        yield Run(run, elements, together=True, continued=continued, more=around.more)
        stream.skip(len(text))
        return
    cut = 0
    if elements:
        cut = text.rfind(bytes(elements[-1]), 0, end)
    if len(elements) > 1:
        yield Run(_part(here, 0, cut), elements[:-1], together=True, continued=continued)
    spans = spans_of_text(first.text + text[cut:], first.start, 0)
    behind = first.start + len(first.text)
    gap = here.start + cut - behind
    yield Rest(here, _moved(spans, behind, gap), continued=len(elements) > 1 or continued)
    stream.skip(len(text))


def _envelope(head: bytes, tail: bytes) -> Span | None:
    """Return what is read of a list with one record, if that is all there is to it."""
    return _plain_envelope(head, tail) if len(tail) <= _LONGEST_TAIL else None


@lru_cache(maxsize=64)
def _plain_envelope(head: bytes, tail: bytes) -> Span | None:
    spans = list(spans_of_reply(head + _RECORD + tail, 0, 0) or ())
    return spans[0] if [(span.raw, span.problem) for span in spans] == [(_RECORD, None)] else None


def _next_part(text: bytes, lead: bytes) -> tuple[int, Sequence[bytes]]:
    """Return where an element begins, as late as can be, and the sound elements before it."""
    begin = len(text)
    for _ in range(_TRIES):
        begin = text.rfind(lead, 0, begin)
        if begin < 0:
            break
        comma = begin - 1
        while text[comma : comma + 1] in _BLANK:
            comma -= 1
        if text[comma : comma + 1] == b"," and (elements := elements_of(text[:comma])):
            return begin, elements
    return 0, ()


def _last_part(text: bytes, begin: int) -> tuple[int, Sequence[bytes]]:
    """Return where the list ends that was opened before, and its sound elements."""
    end = len(text)
    for _ in range(_TRIES):
        end = text.rfind(b"]", begin, end)
        if end < 0:
            break
        if elements := elements_of(text[begin:end]):
            return end, elements
    return 0, ()


def _part(stretch: Stretch, begin: int, end: int) -> Stretch:
    text, start, line = stretch
    return Stretch(text[begin:end], start + begin, line + text.count(b"\n", 0, begin))


def _moved(spans: Iterator[Span] | list[Span], behind: int, gap: int) -> Iterator[Span]:
    """Say of spans that were found beside a gap where they lie in the document."""
    for span in spans:
        yield span._replace(start=span.start + gap) if span.start >= behind else span

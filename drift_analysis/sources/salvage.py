"""Get the good records out of a damaged document, and say where the bad ones are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .decoding import why_not
from .extents import elements, extent, next_opening, skip_blank
from .records import Problem
from .replies import LISTS, Span, span_of, spans_of_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["spans_of_damaged"]

_LIST = re.compile(
    rb'\s*(?:\{(?:[^\[]{0,2000}?)"(?:data|%s)"\s*:\s*(?:\{\s*"(?:%s)"\s*:\s*)?)?(?=\[)'
    % (b"|".join(name.encode() for name in LISTS), b"|".join(name.encode() for name in LISTS))
)


def spans_of_damaged(text: bytes, start: int, reply: int) -> Iterator[Span]:
    """Yield the records of a text that is not one sound document, and the damage between them.

    The text may be several documents one after another, of which some are damaged.
    """
    position = skip_blank(text, 0)
    while position < len(text):
        end = extent(text, position) if text[position : position + 1] in (b"{", b"[") else None
        piece = text[position : end or next_opening(text, position)]
        yield from _document(piece, start + position, reply, balanced=end is not None)
        reply += 1
        position = skip_blank(text, position + len(piece))


def _document(piece: bytes, start: int, reply: int, *, balanced: bool) -> Iterator[Span]:
    sound = spans_of_reply(piece, start, reply)
    opening = _LIST.match(piece)
    if sound is not None:
        yield from sound
    elif opening:
        yield from _elements(piece, opening.end(), start, reply, balanced=balanced)
    else:
        problem = why_not(piece) if balanced or piece[:1] not in (b"{", b"[") else _CUT_OFF
        yield Span(start, piece, reply, problem=problem)


_CUT_OFF = Problem("truncated", "It has no end: the text stops within it.")


def _elements(
    piece: bytes, opening: int, start: int, reply: int, *, balanced: bool
) -> Iterator[Span]:
    whole = 0
    ended = True
    for begin, end, is_balanced in elements(piece, opening):
        raw = piece[begin:end]
        if is_balanced:
            whole += 1
            yield span_of(raw, start + begin, reply)
        elif _LIST.match(raw):
            ended = end < len(piece)
            yield from _document(raw, start + begin, reply, balanced=False)
        elif end == len(piece):
            ended = False
            yield Span(start + begin, raw, reply, problem=_no_end(whole))
        else:
            yield Span(start + begin, raw, reply, problem=why_not(raw))
    if ended and not balanced:
        yield Span(start + len(piece), b"", reply, problem=_no_end(whole))


def _no_end(whole: int) -> Problem:
    return Problem(
        "truncated", f"The list has no end: the text stops behind {whole} whole record(s)."
    )

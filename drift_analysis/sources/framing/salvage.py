"""Get the good records out of a damaged document, and say where the bad ones are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .extents import elements, extent, is_sound, next_opening, skip_blank, skip_separators
from .records import Problem
from .replies import LISTS, Span, span_of, spans_of_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DEPTH", "spans_of_damaged", "spans_of_text"]

MAX_DEPTH = 8
"""How deep damaged lists may lie in one another."""

_LIST = re.compile(
    rb'\s*(?:\{(?:[^\[]{0,2000}?)"(?:data|%s)"\s*:\s*(?:\{\s*"(?:%s)"\s*:\s*)?)?(?=\[)'
    % (b"|".join(name.encode() for name in LISTS), b"|".join(name.encode() for name in LISTS))
)


def spans_of_text(text: bytes, start: int, reply: int) -> Iterator[Span]:
    """Yield the records of a text, whether it is one sound document or not."""
    whole = spans_of_reply(text, start, reply)
    return spans_of_damaged(text, start, reply) if whole is None else whole


def spans_of_damaged(text: bytes, start: int, reply: int) -> Iterator[Span]:
    """Yield the records of a text that is not one sound document, and the damage between them.

    The text may be several documents one after another, of which some are damaged.
    """
    position = skip_blank(text, 0)
    while position < len(text):
        end = extent(text, position) if text[position : position + 1] in (b"{", b"[") else None
        stop = next_opening(text, position) if end is None else _end_of_piece(text, end)
        piece = text[position:stop]
        yield from _document(piece, start + position, reply, balanced=end is not None)
        reply += 1
        position = skip_blank(text, position + len(piece))


def _end_of_piece(text: bytes, end: int) -> int:
    """Return where a piece ends: what stands between it and the next bracket belongs to it."""
    behind = skip_blank(text, end)
    return end if text[behind : behind + 1] in (b"{", b"[", b"") else next_opening(text, end)


def _document(
    piece: bytes, start: int, reply: int, *, balanced: bool, depth: int = 0
) -> Iterator[Span]:
    if depth == MAX_DEPTH:
        yield Span(start, piece, reply, problem=_TOO_DEEP)
        return
    sound = spans_of_reply(piece, start, reply)
    opening = _LIST.match(piece)
    if sound is not None:
        yield from sound
    elif opening:
        yield from _elements(piece, opening.end(), start, reply, balanced=balanced, depth=depth)
    elif balanced or piece[:1] not in (b"{", b"["):
        yield span_of(piece.rstrip(), start, reply)
    else:
        yield Span(start, piece, reply, problem=_CUT_OFF)


_TOO_DEEP = Problem(
    "unreadable",
    f"Lists without end lie more than {MAX_DEPTH} deep in one another, the limit "
    "drift_analysis.sources.framing.salvage.MAX_DEPTH.",
)
_CUT_OFF = Problem("truncated", "It has no end: the text stops within it.")


_NO_ENVELOPE = Problem("not_json", "What stands behind the list does not belong to it.")


def _elements(
    piece: bytes, opening: int, start: int, reply: int, *, balanced: bool, depth: int
) -> Iterator[Span]:
    whole = 0
    behind = opening + 1
    for begin, end, ended in elements(piece, opening):
        raw = piece[begin:end]
        behind = end if ended else 0
        if ended:
            whole += 1
            sound = spans_of_reply(raw, start + begin, reply)
            yield from sound or [span_of(raw, start + begin, reply)]
        elif raw[:1] == b"{" and _LIST.match(raw):
            yield from _document(raw, start + begin, reply, balanced=False, depth=depth + 1)
        else:
            yield Span(start + begin, raw, reply, problem=_no_end(whole))
    if behind:
        cut = None if balanced else _no_end(whole)
        yield from _behind_list(piece, opening, behind, Span(start, b"", reply), cut)


def _behind_list(
    piece: bytes, opening: int, behind: int, place: Span, cut: Problem | None
) -> Iterator[Span]:
    """Yield what stands behind a list, unless it is the sound end of its envelope."""
    closing = skip_separators(piece, behind) + 1
    rest = piece[closing:].rstrip()
    if is_sound(piece[:opening].strip() + b"[]" + rest):
        return
    if cut and _open(piece[:opening] + b"[" + piece[behind:]):
        yield place._replace(start=place.start + closing, raw=rest, problem=cut)
    elif rest:
        yield place._replace(start=place.start + closing, raw=rest, problem=_NO_ENVELOPE)


def _open(around: bytes) -> bool:
    """Tell whether what stands around the elements of a list leaves a bracket open."""
    return around.count(b"[") + around.count(b"{") > around.count(b"]") + around.count(b"}")


def _no_end(whole: int) -> Problem:
    return Problem(
        "truncated", f"The list has no end: the text stops behind {whole} whole record(s)."
    )

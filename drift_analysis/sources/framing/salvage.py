"""Get the good records out of a damaged document, and say where the bad ones are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .decoding import why_not
from .extents import closers, elements, extent, is_sound, resumption, skip_separators
from .records import Problem
from .replies import LISTS, Span, span_of, spans_of_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DEPTH", "spans_of_damaged"]

MAX_DEPTH = 8
"""How deep damaged lists may lie in one another."""

_NAMES = "|".join(("data", *LISTS)).encode()
_FIRST = re.compile(rb'\[|\{\s*(?="\d+"\s*:\s*\{)|\{\s*"data"\s*:\s*\{\s*(?="\d+"\s*:\s*\{)')
_LONGEST = 4000
_LONG = 500
_NAMED = re.compile(rb'.{0,%d}?"(?:%s)"\s*:\s*\[' % (_LONGEST, _NAMES), re.DOTALL)
_PAGE = b'{"properties":['
_SOUND = {b"]": b"[", b"]}": _PAGE, b"]}}": b'{"data":{"properties":['}
"""What can stand in place of a beginning that is damaged or long, by its open brackets."""

_CLOSING = re.compile(rb"[\]}]++(?=[\s,]*+(?:[{\[]|\Z))")
_CLOSED = re.compile(rb"[\]},\s]*+(?:[{\[]|\Z)")

_TOO_DEEP = Problem(
    "unreadable",
    f"Lists without end lie more than {MAX_DEPTH} deep in one another, the limit "
    "drift_analysis.sources.framing.salvage.MAX_DEPTH.",
)
_CUT_OFF = Problem("truncated", "It has no end: the text stops within it.")
_NO_ENVELOPE = Problem("not_json", "What stands behind the list does not belong to it.")


def spans_of_damaged(text: bytes, start: int, reply: int) -> Iterator[Span]:
    """Yield the records of a text that is not one sound document, and the damage between them.

    The text may be several documents one after another, also with commas between them, of which
    some are damaged.
    """
    position = skip_separators(text, 0)
    while position < len(text):
        end = extent(text, position) if text[position : position + 1] in (b"{", b"[") else None
        stop = _end_of_piece(text, position, end)
        piece = text[position:stop]
        yield from _document(piece, start + position, reply, balanced=end is not None)
        reply += 1
        position = skip_separators(text, position + len(piece))


def _end_of_piece(text: bytes, start: int, end: int | None) -> int:
    """Return where a piece ends: what stands between it and the next bracket belongs to it.

    Commas and closing brackets do not if the piece is sound: there are lists without brackets, and
    lists of which only the end is left.
    """
    if end is None:
        closing = _CLOSING.match(text, start)
        return closing.end() if closing else resumption(text, start)
    behind = skip_separators(text, end)
    if text[behind : behind + 1] in (b"{", b"[", b"") and b"," not in text[end:behind]:
        return end
    return end if _CLOSED.match(text, end) and is_sound(text[start:end]) else resumption(text, end)


def _document(
    piece: bytes, start: int, reply: int, *, balanced: bool, depth: int = 0
) -> Iterator[Span]:
    sound = spans_of_reply(piece, start, reply)
    if sound is not None:
        yield from sound
    elif (opening := _first_list(piece)) and depth == MAX_DEPTH:
        yield Span(start, piece, reply, problem=_TOO_DEEP)
    elif opening:
        yield from _lists(piece, opening, start, reply, balanced=balanced, depth=depth)
    elif balanced or piece[:1] not in (b"{", b"["):
        yield span_of(piece.rstrip(), start, reply)
    else:
        yield Span(start, piece.rstrip(), reply, problem=_CUT_OFF)


def _first_list(piece: bytes) -> int:
    """Return where the first list of records begins, behind its bracket; 0 if there is none."""
    if found := _FIRST.match(piece):
        return found.end()
    found = _NAMED.match(piece)
    return found.end() if found and not _is_record(found[0]) else 0


def _is_record(opened: bytes) -> bool:
    """Tell whether a sound beginning opens a record, and not an envelope around one."""
    return is_sound(opened + closers(opened)) and not _is_around(opened)


def _is_around(opened: bytes) -> bool:
    """Tell whether a beginning opens a sound envelope, in which nothing is before its list."""
    if opened.endswith(b"{"):
        return True
    spans = spans_of_reply(opened + closers(opened), 0, 0)
    return spans is not None and not any(span.value or span.problem for span in spans)


def _lists(
    piece: bytes, opening: int, start: int, reply: int, *, balanced: bool, depth: int
) -> Iterator[Span]:
    """Yield what the lists of a document hold, and what of its envelope is damaged."""
    around, behind, whole = b"", 0, 0
    while opening:
        before = piece[behind:opening].rstrip()
        if _is_around(around + before):
            around += before
        else:
            yield Span(start + behind, before, reply, problem=why_not(before))
            around = around or _SOUND.get(closers(before), _PAGE)
        if len(around) > _LONG:
            around = _SOUND.get(closers(around), _PAGE)
        behind, whole = opening, 0
        for begin, behind, ended in elements(piece, opening, b"}" if before[-1:] == b"{" else b"]"):
            raw = piece[begin:behind]
            whole += ended
            yield from _element(raw, start + begin, reply, whole, ended=ended, depth=depth)
            if not ended:
                return
        found = _NAMED.match(piece, behind)
        opening = found.end() if found else 0
    cut = None if balanced else _no_end(whole)
    yield from _behind_lists(piece, behind, around, Span(start, b"", reply), cut)


def _element(
    raw: bytes, start: int, reply: int, whole: int, *, ended: bool, depth: int
) -> Iterator[Span]:
    nested = raw[:1] in (b"{", b"[") if ended else raw[:1] == b"{" and _first_list(raw)
    if nested:
        yield from _document(raw, start, reply, balanced=ended, depth=depth + 1)
    elif ended:
        yield span_of(raw, start, reply)
    else:
        yield Span(start, raw.rstrip(), reply, problem=_no_end(whole))


def _behind_lists(
    piece: bytes, behind: int, around: bytes, place: Span, cut: Problem | None
) -> Iterator[Span]:
    """Yield what stands behind the last list, unless it is the sound end of its envelope."""
    closing = skip_separators(piece, behind)
    whole = around + piece[closing:].rstrip()
    sound: Iterator[Span] | None
    if around.endswith(b"{"):
        sound = iter(()) if is_sound(whole) else None
    else:
        sound = spans_of_reply(whole, place.start + closing - len(around), place.reply)
    if sound is not None:
        yield from sound
        return
    begin = skip_separators(piece, closing + 1)
    place = place._replace(start=place.start + begin, raw=piece[begin:].rstrip())
    if cut and _open(whole):
        yield place._replace(problem=cut)
    elif place.raw:
        yield place._replace(problem=_NO_ENVELOPE)


def _open(around: bytes) -> bool:
    """Tell whether what stands around the elements of a list leaves a bracket open."""
    return around.count(b"[") + around.count(b"{") > around.count(b"]") + around.count(b"}")


def _no_end(whole: int) -> Problem:
    return Problem(
        "truncated", f"The list has no end: the text stops behind {whole} whole record(s)."
    )

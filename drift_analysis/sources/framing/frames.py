"""Split bytes into records, each with the place it was found at; damage stays where it is.

Arrays, envelopes, pages, maps keyed by id, detail replies, one record per line, concatenated
and pretty printed documents all end as the same stream of `Framed` records. What is sound is
split by msgspec; only what it refuses goes through `salvage`, bracket by bracket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .decoding import not_json_at_all, unicode_text
from .extents import extent, next_opening
from .records import Framed, Problem
from .replies import Span, spans_of_reply
from .salvage import spans_of_damaged
from .tabular import is_bulk_export, spans_of_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Document

__all__ = ["frames"]

_TRIED_LINES = 20


def frames(document: Document) -> Iterator[Framed]:
    """Yield what a document holds, in order: records, and stretches that are none.

    Parameters
    ----------
    document
        The bytes, after unpacking.

    Returns
    -------
    :
        `Framed` records. `byte_offset` counts the bytes of the text in UTF-8 behind its byte
        order mark; `line` counts from 1, `number` and `reply` from 0.
    """
    text = unicode_text(document.data)
    skipped = len(document.data) - len(text) if document.data.startswith(b"\xef\xbb\xbf") else 0
    if problem := not_json_at_all(text):
        spans: Iterator[Span] = iter([Span(0, text, problem=document.problem or problem)])
    else:
        spans = _spans(text, document.problem)
    return _placed(text, spans, skipped)


def _spans(text: bytes, problem: Problem | None) -> Iterator[Span]:
    if is_bulk_export(text):
        yield from spans_of_csv(text)
    else:
        whole = spans_of_reply(text, 0, 0)
        yield from _spans_of_many(text) if whole is None else whole
    if problem:
        yield Span(len(text), b"", problem=problem)


def _spans_of_many(text: bytes) -> Iterator[Span]:
    chunks = _lines(text) if _is_lines(text) else iter([_Chunk(0, text)])
    reply = 0
    for start, chunk in chunks:
        whole = spans_of_reply(chunk, start, reply)
        found = spans_of_damaged(chunk, start, reply) if whole is None else whole
        for span in found:
            reply = max(reply, span.reply)
            yield span
        reply += 1


class _Chunk(NamedTuple):
    start: int
    text: bytes


def _lines(text: bytes) -> Iterator[_Chunk]:
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


def _is_lines(text: bytes) -> bool:
    """Tell whether at least half of the first lines are documents of their own."""
    tried = whole = 0
    for _, line in _lines(text):
        tried += 1
        whole += line.lstrip()[:1] in (b"{", b"[") and spans_of_reply(line, 0, 0) is not None
        if tried == _TRIED_LINES:
            break
    return 2 * whole >= tried and tried > 1


def _placed(text: bytes, spans: Iterator[Span], skipped: int) -> Iterator[Framed]:
    line, counted, number = 1, 0, 0
    for span in spans:
        line += text.count(b"\n", counted, span.start)
        counted = span.start
        yield Framed(
            raw=span.raw,
            byte_offset=span.start + skipped,
            line=line,
            number=number,
            reply=span.reply,
            alone=span.alone,
            more=span.more,
            value=span.value,
            problem=span.problem,
        )
        number += span.value is not None or span.problem is not None

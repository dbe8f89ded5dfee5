"""Split the CSV of Drift's official bulk export into records, each with its place."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from .records import Problem
from .replies import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_bulk_export", "spans_of_csv"]

_HEADER = re.compile(rb'\s*"?convo_id"?\s*,')
_RECORD = re.compile(rb'(?:[^"\r\n]++|"(?:[^"]++|"")*+")*+(?:\r\n|\n|\r|\Z)')
_RESUME = re.compile(rb'\n(?="?\d+"?,)')
_KIND = "exported conversation"


def is_bulk_export(text: bytes) -> bool:
    """Tell the official export's CSV by the first column of its header."""
    return _HEADER.match(text) is not None


def spans_of_csv(text: bytes, start: int) -> Iterator[Span]:
    """Yield the rows as records of text values, keyed by the header.

    A row that does not have as many fields as the header is a problem, and the next row is
    looked for where a line begins with a number. `start` is where the text begins.
    """
    first = _RECORD.match(text)
    names = _fields(first[0]) if first else None
    position = first.end() if first else 0
    while position < len(text):
        found = _RECORD.match(text, position)
        fields = _fields(found[0]) if found else None
        if found and not found[0].strip():
            position = found.end()
        elif found and fields and names and len(fields) == len(names):
            raw = found[0].rstrip(b"\r\n")
            yield Span(start + position, raw, value=dict(zip(names, fields, strict=True)))
            position = found.end()
        else:
            again = _RESUME.search(text, position)
            end = again.end() if again else len(text)
            raw = text[position:end].rstrip(b"\r\n")
            yield Span(start + position, raw, problem=_unfit(raw, fields, len(names or ())))
            position = end


def _fields(raw: bytes) -> list[str] | None:
    try:
        return next(csv.reader([raw.decode().rstrip("\r\n")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return None


def _unfit(raw: bytes, fields: list[str] | None, wanted: int) -> Problem:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        sentence = f"It holds bytes that are not UTF-8, the first at byte {error.start} of it."
        return Problem("bad_encoding", sentence, _KIND)
    if fields is None:
        return Problem("truncated", "It has no end: a quote in it is never closed.", _KIND)
    sentence = f"It has {len(fields)} field(s) where the header has {wanted}."
    return Problem("not_a_record", sentence, _KIND)

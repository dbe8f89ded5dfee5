"""Take one sound JSON document apart: find the records in the envelope it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from drift_analysis.sources.kinds import is_envelope, kind_of

from .decoding import attempt, decode
from .duplicates import repeated_key
from .records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LISTS", "MAX_RECORD", "Span", "ended", "span_of", "spans_of_element", "spans_of_reply"]

LISTS = (
    *("messages", "accounts", "properties", "conversations", "users", "contacts"),
    *("playbooks", "meetings", "results", "items", "records"),
)
"""The keys under which a reply, or what somebody made of replies, may hold its list of records."""

MAX_RECORD = 64 * 2**20
"""How many bytes one record may take."""

_TOO_LARGE = (
    "It takes more than {:_} bytes, the limit drift_analysis.sources.framing.replies.MAX_RECORD."
)
_MARK = re.compile(rb'"(?:%s)"' % "|".join(("data", *LISTS)).encode())
"""What every envelope holds, and a record very seldom: one without them is taken as it is."""

_LIST_IN_DATA = re.compile(rb'\[|\{\s*"(?:%s)"\s*:\s*\[' % "|".join(LISTS).encode())

_LIST_OF_OBJECTS = re.compile(rb"\[\s*\{")

_split_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_split_map = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_DEEPEST = 4
_ERRORS = ("error", "errors")
_NO_ERROR = frozenset({b"null", b"false", b"[]", b"{}", b'""'})


class Span(NamedTuple):
    """A stretch of a document: a decoded record, or the problem with it."""

    start: int
    raw: bytes
    reply: int = 0
    alone: bool = False
    value: Any = None
    problem: Problem | None = None
    more: bool | None = None


def span_of(raw: bytes, start: int, reply: int, *, alone: bool = False) -> Span:
    """Decode one record."""
    if len(raw) > MAX_RECORD:
        problem = Problem("unreadable", _TOO_LARGE.format(MAX_RECORD))
        return Span(start, raw, reply, alone, problem=problem)
    value = decode(raw)
    if isinstance(value, Problem):
        return Span(start, raw, reply, alone, problem=value)
    if not isinstance(value, dict):
        sentence = f"It is {_name(value)} where a record was expected."
        return Span(start, raw, reply, alone, problem=Problem("not_a_record", sentence))
    return Span(start, raw, reply, alone, value)


def spans_of_reply(text: bytes, start: int, reply: int) -> Iterator[Span] | None:
    """Yield the records of one document; null if it is not one sound document.

    `start` is where the document begins, and `reply` its number: both are handed through.
    """
    bare = text.strip()
    if bare[:1] == b"{" and not _may_be_envelope(bare):
        value = attempt(bare) if len(bare) <= MAX_RECORD else None
        return (
            None
            if value is None
            else iter([Span(start + text.find(bare), bare, reply, value=value)])
        )
    found = _split(text)
    return None if found is None else _spans(found, text, start, reply, 0)


def _may_be_envelope(bare: bytes) -> bool:
    keyed_by_id = bare[1:40].lstrip()[1:2].isdigit()
    return keyed_by_id or _MARK.search(bare) is not None


def _split(text: bytes) -> list[msgspec.Raw] | dict[str, msgspec.Raw] | None:
    try:
        return _split_list(text) if text.lstrip()[:1] == b"[" else _split_map(text)
    except _FAILURES:
        return None


def _spans(found: Any, text: bytes, start: int, reply: int, depth: int) -> Iterator[Span]:
    if isinstance(found, list):
        yield from _of_list(found, text, start, reply, depth)
    elif not is_envelope(found):
        yield from _of_map(found, text, start, reply, depth, alone=False)
    elif key := repeated_key(text, found):
        yield _ambiguous(text, start, reply, key)
    elif "pagination" in found or _LIST_IN_DATA.match(bytes(found["data"])):
        yield from _of_page(found, _of_envelope(found, text, start, reply, depth), start, reply)
    else:
        yield from _of_envelope(found, text, start, reply, depth)


def _of_page(
    found: dict[str, msgspec.Raw], spans: Iterator[Span], start: int, reply: int
) -> Iterator[Span]:
    told = decode(found["pagination"]) if "pagination" in found else None
    more = isinstance(told, dict) and told.get("more") is True
    return ended(spans, Span(start, b"", reply), more=more)


def ended(spans: Iterator[Span], last: Span, *, more: bool) -> Iterator[Span]:
    """Say at the last record of a page, or in place of one, whether another page follows."""
    for count, span in enumerate(spans):
        if count:
            yield last
        last = span
    yield last._replace(more=more)


def _of_envelope(
    found: dict[str, msgspec.Raw], text: bytes, start: int, reply: int, depth: int
) -> Iterator[Span]:
    if any(bytes(found[key]) not in _NO_ERROR for key in _ERRORS if key in found):
        problem = Problem("error_reply", "It holds an error of Drift's beside its data.")
        yield Span(start, b"", reply, problem=problem)
    for name in found:
        value = bytes(found[name])
        place = start + _place(text, name, value)
        if name == "data":
            yield from _of_data(value, place, reply, depth)
        elif _holds_list(name, value):
            yield from _of_list(_split_list(value), value, place, reply, depth)
        elif value[:1] == b"{" and name not in _ERRORS and kind_of(decode(value)):
            yield span_of(value, place, reply)


def _holds_list(name: str, value: bytes) -> bool:
    """Tell whether a key beside or within `data` holds a list of records."""
    if name in LISTS:
        return value[:1] == b"["
    return name not in _ERRORS and _LIST_OF_OBJECTS.match(value) is not None


def _ambiguous(text: bytes, start: int, reply: int, key: str) -> Span:
    named = f"`{key}`" if key in ("data", *LISTS) else "A key"
    sentence = f"{named} stands more than once around the records: which one counts is not told."
    return Span(start, text.strip(), reply, problem=Problem("unreadable", sentence))


def _of_data(data: bytes, start: int, reply: int, depth: int) -> Iterator[Span]:
    found = _split(data) if data[:1] in (b"[", b"{") else None
    if isinstance(found, list):
        yield from _of_list(found, data, start, reply, depth)
    elif found is not None:
        yield from _of_map(found, data, start, reply, depth, alone=True)
    elif data[:1] == b'"':
        problem = Problem("transcript", "It is a transcript as text, without ids.")
        yield Span(start, data, reply, problem=problem)
    else:
        yield span_of(data, start, reply)


def _of_map(
    found: dict[str, msgspec.Raw], text: bytes, start: int, reply: int, depth: int, *, alone: bool
) -> Iterator[Span]:
    by_id = bool(found) and all(key.isdecimal() for key in found)
    lists = [name for name in found if _holds_list(name, bytes(found[name]))]
    holds = by_id or (not set(lists).isdisjoint(LISTS) and "id" not in found)
    if holds and (key := repeated_key(text, found)):
        yield _ambiguous(text, start, reply, key)
        return
    if by_id:
        yield from _by_id(found, text, start, reply)
        return
    if not holds:
        yield span_of(text.strip(), start + len(text) - len(text.lstrip()), reply, alone=alone)
        return
    for name in lists:
        inner = bytes(found[name])
        place = start + _place(text, name, inner)
        yield from _of_list(_split_list(inner), inner, place, reply, depth)


def _by_id(found: dict[str, msgspec.Raw], text: bytes, start: int, reply: int) -> Iterator[Span]:
    position = 0
    for key, value in found.items():
        raw = bytes(value)
        position = text.find(raw, text.find(f'"{key}"'.encode(), position))
        yield span_of(raw, start + position, reply)
        position += len(raw)


def _of_list(
    found: list[msgspec.Raw], text: bytes, start: int, reply: int, depth: int
) -> Iterator[Span]:
    position = 1
    for element in found:
        raw = bytes(element)
        position = text.find(raw, position)
        yield from spans_of_element(raw, start + position, reply, depth)
        position += len(raw)


def spans_of_element(raw: bytes, start: int, reply: int, depth: int = 0) -> Iterator[Span]:
    """Yield what an element of a list is: a record, or a page or a list that holds some."""
    span = span_of(raw, start, reply)
    if depth < _DEEPEST and _holds_records(span, raw):
        yield from _spans(_split(raw), raw, start, reply, depth + 1)
    else:
        yield span


def _holds_records(span: Span, raw: bytes) -> bool:
    """Tell whether an element of a list is itself a page, a detail reply, or a list."""
    if span.value is None:
        return raw[:1] == b"[" and _split(raw) is not None
    return is_envelope(span.value)


def _place(text: bytes, key: str, value: bytes) -> int:
    """Return where in the text the value of a key begins."""
    for found in re.finditer(rb'"%s"\s*:\s*' % re.escape(key.encode()), text):
        if text.startswith(value, found.end()):
            return found.end()
    return 0


def _name(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
    return names.get(type(value), "null")

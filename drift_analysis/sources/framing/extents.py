"""Find where JSON values begin and end by their brackets, also where the text is damaged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from .replies import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Extent",
    "closers",
    "elements",
    "extent",
    "is_sound",
    "next_opening",
    "resumption",
    "skip_separators",
]

_STRING = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_TOKEN = re.compile(_STRING + rb'|"[^\n]*+\Z|[\[\]{}]')
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb'|"[^\n]*+\Z|")*+[\[\]{}]')
_WHOLE_STRING = re.compile(_STRING)
_FOLLOWS_STRING = re.compile(rb"\s*+(?:[,:}\]]|\Z)")
_SEPARATOR = re.compile(rb"(?:[ \t\r\n,]|\xef\xbb\xbf)*+")
_KEY = re.compile(rb'"\d+"\s*:\s*(?=\{)')
_BOUNDARY = re.compile(rb'\}?\s*,\s*(?:"\d+"\s*:\s*)?(?=\{)')
_NAMED_LIST = re.compile(rb'"(?:%s)"\s*:\s*\[\s*(?=\{)' % "|".join(("data", *LISTS)).encode())
_SCALAR = re.compile(rb"(?:" + _STRING + rb'|[^\[\]{},"\s]++)(?=\s*[,\]])')
_JUNK = re.compile(rb'[^\[\]{},"]++(?<!:)(?=\{)')
_STRAY = re.compile(rb"\]\s*\}(?=\s*,\s*\{)")
_LIST_END = re.compile(rb'[\]}]\s*+(?:[\]}]|,(?!\s*(?:\{|"\d+"\s*:))|\Z)')
_FIRST_KEY = re.compile(rb"\{\s*" + _STRING)
_OPENING = re.compile(rb"\n(?=[{\[])")
_RESUMPTION = re.compile(rb"\n(?=[{\[])|\}(?=\{)")
_CLOSES = {0x7D: 0x7B, 0x5D: 0x5B}
_CLOSERS = {0x7B: b"}", 0x5B: b"]"}


class Extent(NamedTuple):
    """Where an element of a list begins and ends, and whether its end was found."""

    start: int
    end: int
    ended: bool


def skip_separators(text: bytes, position: int) -> int:
    """Return the position of the next byte that is no white space, comma or byte order mark."""
    return _SEPARATOR.match(text, position).end()  # type: ignore[union-attr]


def next_opening(text: bytes, position: int) -> int:
    """Return where the next line that begins with a bracket begins; else the end."""
    found = _OPENING.search(text, position)
    return found.end() if found else len(text)


def resumption(text: bytes, position: int) -> int:
    """Return where a document may begin behind a damaged one; else the end."""
    found = _RESUMPTION.search(text, position)
    return found.end() if found else len(text)


def closers(text: bytes) -> bytes:
    """Return the brackets that would close what a text leaves open.

    Examples
    --------
    >>> closers(b'{"data": {"messages": [')
    b']}}'
    """
    opened: list[int] = []
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark in _CLOSERS:
            opened.append(mark)
        elif opened and _CLOSES.get(mark) == opened[-1]:
            opened.pop()
    return b"".join(_CLOSERS[mark] for mark in reversed(opened))


def extent(text: bytes, position: int) -> int | None:
    """Return where the value that begins with the bracket here ends; null if it never does.

    Brackets within strings do not count. A string ends with its line at the latest, so that a
    missing quote cannot swallow the lines after it. Where a bracket is missing, the value ends
    at the first place where it cannot go on: at an object that follows without a key, or at
    the bracket that closes what is around it.

    Examples
    --------
    >>> extent(b'{"a": "}"} rest', 0)
    10
    >>> extent(b'{"a": {"b": 1}, {"a": 2}', 0)
    14
    """
    opened: list[int] = []
    while found := _TO_BRACKET.match(text, position):
        position = found.end()
        mark = text[position - 1]
        if mark in _CLOSERS:
            if opened and opened[-1] == 0x7B and (end := _cannot_follow(text, position - 1)):
                return end
            opened.append(mark)
            continue
        if _CLOSES[mark] not in opened[-1:] and _CLOSES[mark] not in opened:
            return position - 1
        while opened.pop() != _CLOSES[mark]:
            pass
        if not opened:
            return position
    return None


def _cannot_follow(text: bytes, position: int) -> int | None:
    """Return where an object ends that has no key for the value here; null if it has one."""
    before = text[max(0, position - 100) : position].rstrip()
    if before.endswith(b":"):
        return None
    return position - (min(position, 100) - len(before.rstrip(b", \t\r\n")))


def elements(text: bytes, start: int, closer: bytes = b"]") -> Iterator[Extent]:
    """Yield the elements of a list, whole ones and damaged ones.

    A list that never ends yields a last extent without an end up to where the text stops,
    which is empty where the list was cut off between two records.

    Parameters
    ----------
    text
        A document that holds the list.
    start
        The position behind the bracket that opens it.
    closer
        The bracket that closes it: ``}`` for a map keyed by id.
    """
    position = start
    while True:
        position = skip_separators(text, position)
        if key := _KEY.match(text, position):
            position = key.end()
        stray = _STRAY.match(text, position)
        if text[position : position + 1] == closer and not stray and _ends_list(text, position):
            return
        end = stray.end() if stray else _element_end(text, position)
        if end is None:
            yield Extent(position, len(text), ended=False)
            return
        yield Extent(position, end, ended=True)
        position = end


def _ends_list(text: bytes, position: int) -> bool:
    """Tell whether a closing bracket is the list's own, and not one that strayed into a record."""
    return bool(_LIST_END.match(text, position)) or not _BOUNDARY.search(text, position)


def _element_end(text: bytes, start: int) -> int | None:
    if text[start : start + 1] in (b"{", b"["):
        end = extent(text, start)
        return end if is_sound(text[start:end]) else _behind_missing_quote(text, start, end)
    if found := _SCALAR.match(text, start) or _JUNK.match(text, start):
        return found.end()
    found = _BOUNDARY.search(text, start)
    if named := _NAMED_LIST.search(text, start, found.start() if found else len(text)):
        return named.end()
    return max(found.start() + found[0].startswith(b"}"), start + 1) if found else None


def is_sound(element: bytes) -> bool:
    """Tell whether bytes are one JSON value by their grammar."""
    try:
        msgspec.json.decode(element, type=msgspec.Raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _behind_missing_quote(text: bytes, start: int, end: int | None) -> int | None:
    """Return where a damaged element ends: earlier than its brackets tell if it lacks a quote.

    A missing quote turns all strings behind it inside out, so that brackets tell nothing; it
    then ends where one with the same first key begins.
    """
    element = text[start:end]
    strings = _WHOLE_STRING.finditer(element)
    if all(_FOLLOWS_STRING.match(element, string.end()) for string in strings):
        return end
    first = _FIRST_KEY.match(element)
    for boundary in _BOUNDARY.finditer(element) if first else ():
        key = _FIRST_KEY.match(element, boundary.end())
        if first and key and key[0] == first[0]:
            return start + boundary.start() + boundary[0].startswith(b"}")
    return end

"""Decode one JSON value, and say in a sentence why it cannot be decoded."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from drift_analysis.sources.kinds import kind_of

from .records import Problem

__all__ = ["MARK", "attempt", "decode", "is_utf16", "not_json_at_all", "unicode_text", "why_not"]

MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""

_decode = msgspec.json.Decoder().decode
_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OTHERS = {
    b"PAR1": "Parquet",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ\x00": "packed with xz",
    b"\x04\x22\x4d\x18": "packed with lz4",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
    b"SQLite format 3\x00": "an SQLite database",
    b"Obj\x01": "Avro",
    b"\x80\x04\x95": "a pickle",
    b"%PDF-": "PDF",
}
"""How files begin that are no text, and what they are."""

_TRANSCRIPT = re.compile(rb"\w{3} \d{1,2}, \d{1,2}:\d{2}:\d{2}\s[AP]M ")


def attempt(raw: bytes) -> Any:
    """Return the value, or null if there is none, without asking why."""
    try:
        return _decode(raw)
    except _FAILURES:
        return None


def decode(raw: bytes | msgspec.Raw) -> Any:
    """Return the value, or a `Problem` that says why there is none."""
    try:
        return _decode(raw)
    except _FAILURES:
        return why_not(bytes(raw))


def is_utf16(data: bytes) -> bool:
    """Tell text in UTF-16 by its byte order mark, or by the zeros beside its first letters."""
    return data.startswith(tuple(mark for mark, _ in _UTF16)) or _encoding(data) is not None


def _encoding(data: bytes) -> str | None:
    for encoding, high in (("utf-16-le", data[1:8:2]), ("utf-16-be", data[0:8:2])):
        if high and not any(high):
            return encoding
    return None


def unicode_text(data: bytes) -> bytes:
    """Return the same text as UTF-8 without a byte order mark.

    Text that is damaged in UTF-16 gets the replacement character there.
    """
    if data.startswith(MARK):
        return data[len(MARK) :]
    for mark, encoding in _UTF16:
        if data.startswith(mark):
            return data[2:].decode(encoding, "replace").encode()
    told = _encoding(data)
    return data.decode(told, "replace").encode() if told else data


def not_json_at_all(text: bytes) -> Problem | None:
    """Recognise what is often saved in place of JSON, by its first bytes."""
    start = text[:200].lstrip()
    if not start:
        return Problem("not_json", "It is empty.")
    if start.startswith(b"<"):
        return Problem("not_drift", "It is HTML or XML, not JSON: often a page to log in.")
    if _TRANSCRIPT.match(start):
        return Problem("transcript", "It is a transcript in plain text, without years or ids.")
    for begin, name in _OTHERS.items():
        if start.startswith(begin):
            return Problem("unreadable", f"It is {name}, which is not read.")
    return None


def why_not(raw: bytes) -> Problem:
    """Say why a value cannot be decoded: its encoding, its grammar, or a number in it."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        where = f"the first at byte {error.start} of it"
        return Problem("bad_encoding", f"It holds bytes that are not UTF-8, {where}.", _type(raw))
    try:
        value = json.loads(text, parse_constant=_refuse)
    except _Constant as error:
        kind = _type(raw)
        if kind == "report":
            sentence = f"It is of the kind `report`, with {error}, for which there is no table."
            return Problem("no_table", sentence, kind)
        return Problem("not_json", f"It holds {error}, which is no JSON.", kind)
    except json.JSONDecodeError as error:
        where = f"at byte {len(text[: error.pos].encode())} of it"
        return Problem("not_json", f"It is not JSON: {error.msg} {where}.")
    except RecursionError:
        return Problem("unreadable", "It is nested too deeply.")
    except ValueError:
        return Problem("unreadable", "A number in it is too large to be held.")
    kind = kind_of(value)
    if _has_half_characters(value):
        return Problem("bad_encoding", "It holds half of a surrogate pair, no character.", kind)
    return Problem("unreadable", "A number in it is too large to be held.", kind)


class _Constant(ValueError):
    """NaN or Infinity, which Python's reader takes and JSON does not have."""


def _refuse(name: str) -> Any:
    raise _Constant(name)


def _has_half_characters(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _type(raw: bytes) -> str | None:
    try:
        return kind_of(json.loads(raw.decode(errors="replace")))
    except (ValueError, RecursionError):
        return None

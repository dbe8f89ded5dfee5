"""Hide secrets in bytes that are kept: sound JSON, or what is left of it."""

from __future__ import annotations

import re

from .framing.extents import extent

__all__ = ["masked"]

_NAMES = frozenset({b"token", b"access_token", b"refresh_token"})
_KEY = re.compile(rb'"((?:[a-z_]|\\u[0-9a-fA-F]{4}){5,80})"\s*:\s*')
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SCALAR = re.compile(rb"[^,}\]\s]*")
_IN_TEXT = re.compile(
    rb'(\\"(?:token|access_token|refresh_token)\\"\s*:\s*\\").*?(?=\\"|(?<!\\)"|\Z)', re.DOTALL
)
_BEARER = re.compile(rb"\b([Bb]earer\s+)[\w.~+/-]{20,}=*")
_HIDDEN = b'"***"'


def masked(raw: bytes) -> bytes:
    r"""Return the bytes with `***` in place of tokens, also those of a saved `Authorization`.

    A value without end is hidden up to the end of the bytes. Keys may be written with escapes,
    values may be of any type, and JSON may be text within JSON.

    Examples
    --------
    >>> masked(b'{"id": 1, "token": {"v": "abc"}, "x": "{\\"token\\": \\"abc\\"}"}')
    b'{"id": 1, "token": "***", "x": "{\\"token\\": \\"***\\"}"}'
    >>> masked(b'{"id": 1, "t\\u006fken": "ab')
    b'{"id": 1, "t\\u006fken": "***"'
    """
    if b"earer" in raw:
        raw = _BEARER.sub(rb"\1***", raw)
    if b"token" not in raw and b"\\u00" not in raw:
        return raw
    pieces: list[bytes] = []
    position = 0
    for key in _KEY.finditer(raw):
        if key.end() > position and _ESCAPE.sub(_letter, key[1]) in _NAMES:
            end = _value_end(raw, key.end())
            if end > key.end():
                pieces += [raw[position : key.end()], _HIDDEN]
                position = end
    return _IN_TEXT.sub(rb"\1***", b"".join([*pieces, raw[position:]]))


def _letter(escape: re.Match[bytes]) -> bytes:
    return chr(int(escape[1], 16)).encode("utf-8", "replace")


def _value_end(raw: bytes, start: int) -> int:
    if raw[start : start + 1] in (b"{", b"["):
        return extent(raw, start) or len(raw)
    pattern = _STRING if raw[start : start + 1] == b'"' else _SCALAR
    return pattern.match(raw, start).end()  # type: ignore[union-attr]

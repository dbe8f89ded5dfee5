"""Unpack gzip member by member; what is damaged gives all that can be read before the damage."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from .records import Problem

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

__all__ = ["GZIP", "gunzipped"]

GZIP = b"\x1f\x8b"
"""How a gzip file begins."""

_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_STEP = 16 * 2**10
_CHECKS = {"incorrect data check": 4, "incorrect length check": 0}
"""What zlib says of a wrong check sum or length, and how many bytes of the member follow it."""


def gunzipped(packed: bytes) -> Iterator[bytes | Problem]:
    """Yield what the members hold, and a `Problem` for each place where the data is unsound.

    Reading goes on with the next member behind the place. Zeros at the end are padding.
    """
    position = 0
    while position < len(packed):
        if packed.startswith(GZIP, position):
            position = yield from _member(packed, position)
        elif not packed[position:].strip(b"\0"):
            return
        else:
            following = _next(packed, position)
            sentence = f"Bytes {position} to {following} of the packed data are no gzip data."
            yield Problem("unreadable", sentence)
            position = following


def _member(packed: bytes, start: int) -> Generator[bytes | Problem, None, int]:
    """Yield what one member holds, and return where the next one may begin."""
    stream = zlib.decompressobj(wbits=31)
    position = start
    while not stream.eof:
        if position >= len(packed):
            yield Problem("truncated", "The gzip data has no end; what it held was read.")
            return position
        before = stream.copy()
        step = packed[position : position + _STEP]
        try:
            piece = stream.decompress(step)
        except zlib.error:
            return (yield from _up_to_damage(before, packed, position))
        yield piece
        position += len(step) - len(stream.unused_data)
    return position


def _up_to_damage(
    stream: zlib._Decompress, packed: bytes, position: int
) -> Generator[bytes | Problem, None, int]:
    """Go on byte by byte, since a step that fails keeps to itself what it had unpacked."""
    while True:
        try:
            piece = stream.decompress(packed[position : position + 1])
        except zlib.error as error:
            rest = next((n for name, n in _CHECKS.items() if name in str(error)), None)
            break
        if piece:
            yield piece
        position += 1
    if rest is not None:
        sentence = f"The check sum at byte {position} of the gzip data is wrong; all was read."
        yield Problem("unreadable", sentence)
        return position + 1 + rest
    sentence = f"The gzip data is damaged at byte {position}; what came before was read."
    yield Problem("truncated", sentence)
    return _next(packed, position + 1)


def _next(packed: bytes, position: int) -> int:
    found = _MEMBER.search(packed, position)
    return found.start() if found else len(packed)

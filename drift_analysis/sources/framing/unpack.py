"""Unpack gzip and zstandard, told by their first bytes; what is cut off gives what it holds."""

from __future__ import annotations

import re
import sys
from itertools import chain
from typing import TYPE_CHECKING

from drift_analysis.errors import SourceError

from .gzipped import GZIP, gunzipped
from .records import Problem
from .stream import STRETCH, together

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Document

__all__ = ["MAX_BYTES", "MAX_RATIO", "Allowance", "is_squeezed", "unpacked"]

MAX_BYTES = 8 * 2**30
"""How large a packed file may become."""

MAX_RATIO = 250
"""How many times its packed size it may become, once it is larger than 64 MiB."""

_UNSUSPICIOUS = 64 * 2**20
_STEP = 4 * 2**20
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
"""How a frame of zstandard begins that holds nothing for a reader (RFC 8878, 3.1.2)."""


class Allowance:
    """How much one packed file may still become, with all that is packed within it."""

    def __init__(self, packed: int) -> None:
        self._packed = packed
        self._spent = 0

    def spend(self, size: int, source: str) -> None:
        """Count unpacked bytes.

        Raises
        ------
        SourceError
            If they are more than `MAX_BYTES` or `MAX_RATIO` allow.
        """
        self._spent += size
        if self._spent > MAX_BYTES:
            limit, reached = "MAX_BYTES", f"{MAX_BYTES:_} bytes"
        elif self._spent > max(_UNSUSPICIOUS, MAX_RATIO * self._packed):
            limit, reached = "MAX_RATIO", f"{MAX_RATIO} times its packed size"
        else:
            return
        raise SourceError.of(
            f"{source}: it unpacks to more than {reached}.",
            f"The limit is drift_analysis.sources.framing.unpack.{limit}.",
            "a larger limit if you trust the file, or unpack it yourself and load the result.",
        )


def is_squeezed(data: bytes) -> bool:
    """Tell gzip and zstandard by the first bytes."""
    return data.startswith((GZIP, _ZSTD)) or _SKIPPED.match(data) is not None


def unpacked(document: Document, allowance: Allowance | None = None) -> Document:
    """Return the document as it was before it was packed; unchanged if it is not packed.

    Of a large one only the beginning is unpacked at once, the rest as it is asked for.

    Raises
    ------
    SourceError
        If it would grow beyond `MAX_BYTES` or `MAX_RATIO`, as soon as it does.
    """
    if not is_squeezed(document.data):
        return document
    allowed = allowance or Allowance(len(document.data))
    steps = _steps(document, allowed)
    data, problems, ended = _begun(steps)
    if not ended:
        return document._replace(data=data, problem=None, more=chain(problems, steps))
    return document._replace(data=data, problem=together(problems))


def _steps(document: Document, allowance: Allowance) -> Iterator[bytes | Problem]:
    if document.problem:
        yield document.problem
    unpack = gunzipped if document.data.startswith(GZIP) else _unzstandard
    for step in unpack(document.data):
        if isinstance(step, bytes):
            allowance.spend(len(step), document.source)
        yield step


def _begun(steps: Iterator[bytes | Problem]) -> tuple[bytes, list[Problem], bool]:
    """Take the first steps, and tell whether they were all."""
    pieces: list[bytes] = []
    problems: list[Problem] = []
    size = 0
    for step in steps:
        if isinstance(step, Problem):
            problems.append(step)
        else:
            pieces.append(step)
            size += len(step)
            if size > STRETCH:
                return b"".join(pieces), problems, False
    return b"".join(pieces), problems, True


def _unzstandard(packed: bytes) -> Iterator[bytes | Problem]:
    rest = packed
    while rest.startswith(_ZSTD) or _SKIPPED.match(rest):
        stream = zstd.ZstdDecompressor()
        given = rest
        while not stream.eof:
            try:
                piece = stream.decompress(given, _STEP)
            except zstd.ZstdError:
                yield _damaged("zstandard")
                return
            given = b""
            if not piece and stream.needs_input:
                yield _cut_off("zstandard")
                return
            yield piece
        rest = stream.unused_data
    if rest.strip(b"\0"):
        sentence = f"The last {len(rest)} byte(s) of the packed data are no zstandard data."
        yield Problem("unreadable", sentence)


def _damaged(name: str) -> Problem:
    return Problem("truncated", f"The {name} data is damaged; what came before was read.")


def _cut_off(name: str) -> Problem:
    return Problem("truncated", f"The {name} data has no end; what it held was read.")

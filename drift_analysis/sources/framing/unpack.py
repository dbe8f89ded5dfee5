"""Unpack gzip, told by its first bytes; a truncated file gives what it still holds."""

from __future__ import annotations

import zlib

from drift_analysis.errors import SourceError

from .records import Document, Problem

__all__ = ["MAX_BYTES", "MAX_RATIO", "unpacked"]

MAX_BYTES = 8 * 2**30
"""How large a packed file may become."""

MAX_RATIO = 250
"""How many times its packed size it may become, once it is larger than 64 MiB."""

_UNSUSPICIOUS = 64 * 2**20
_STEP = 4 * 2**20
_GZIP = b"\x1f\x8b"


def unpacked(document: Document) -> Document:
    """Return the document as it was before it was packed; unchanged if it is not gzip.

    Raises
    ------
    SourceError
        If it would grow beyond `MAX_BYTES` or `MAX_RATIO`.
    """
    if not document.data.startswith(_GZIP):
        return document
    pieces: list[bytes] = []
    problem = _unpack(document, pieces)
    return document._replace(data=b"".join(pieces), problem=problem)


def _unpack(document: Document, pieces: list[bytes]) -> Problem | None:
    packed, size = document.data, 0
    while packed.startswith(_GZIP):
        stream = zlib.decompressobj(wbits=31)
        while not stream.eof:
            try:
                piece = stream.decompress(packed, _STEP)
            except zlib.error:
                return Problem("truncated", "The gzip data is damaged; what came before was read.")
            packed = stream.unconsumed_tail or stream.unused_data
            if not piece and not packed and not stream.eof:
                return Problem("truncated", "The gzip data has no end; what it held was read.")
            size += len(piece)
            _check(document, size)
            pieces.append(piece)
        packed = stream.unused_data
    return None


def _check(document: Document, size: int) -> None:
    if size > MAX_BYTES:
        limit, reached = "MAX_BYTES", f"{MAX_BYTES:_} bytes"
    elif size > max(_UNSUSPICIOUS, MAX_RATIO * len(document.data)):
        limit, reached = "MAX_RATIO", f"{MAX_RATIO} times its packed size"
    else:
        return
    raise SourceError.of(
        f"{document.source}: it unpacks to more than {reached}.",
        f"The limit is drift_analysis.sources.framing.unpack.{limit}.",
        "a larger limit if you trust the file, or unpack it yourself and load the result.",
    )

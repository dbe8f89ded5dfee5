"""The objects of a PDF in one order, so that the same picture gives the same bytes."""

from __future__ import annotations

import re
from itertools import groupby

__all__ = ["ordered"]

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_ENTRY = re.compile(rb"\s*/\w+ \d+ 0 R")
_PLACE = re.compile(rb"(\d{10}) \d{5} n")
_TRAILER = re.compile(rb"trailer\n(.*?)\nstartxref\n(\d+)\n%%EOF", re.DOTALL)


def ordered(document: bytes) -> bytes:
    r"""Number the objects of a document as they are met from its root on.

    The library that draws keeps fonts and other resources in tables without an order, so that
    the same picture comes out numbered and listed in many ways. Entries of a dictionary that only
    refer to objects are sorted by their names; then objects stand as they refer to each other.

    Parameters
    ----------
    document
        A PDF with a plain table of references, as vl-convert writes it.

    Returns
    -------
    :
        The same document, whose bytes hang on nothing but what it shows.

    Examples
    --------
    >>> from drift_analysis.charts.output.pdf_order import ordered
    >>> parts = [b"%PDF-1.7\n", b"2 0 obj\n<<\n>>\nendobj\n"]
    >>> table = b"xref\n0 3\n0000000000 00000 f \n0000000000 00000 f \n0000000009 00000 n \n"
    >>> end = b"trailer\n<<\n  /Root 2 0 R\n>>\nstartxref\n29\n%%EOF"
    >>> print(ordered(b"".join([*parts, table, end])).decode().partition("xref")[0])
    %PDF-1.7
    1 0 obj
    <<
    >>
    endobj
    """
    found = _TRAILER.search(document)
    if found is None:
        return document
    trailer, table = found[1], int(found[2])
    places = [int(place) for place in _PLACE.findall(document, table)]
    starts = sorted(place for place in places if place)
    bodies: dict[int, bytes] = {}
    for start, end in zip(starts, [*starts[1:], table], strict=True):
        number, _, body = document[start:end].partition(b" 0 obj\n")
        bodies[int(number)] = _sorted(body)
    numbers = _met(trailer, bodies)
    return _written(
        document[: starts[0]],
        [_renumbered(bodies[old], numbers) for old in numbers],
        re.sub(rb"/Size \d+", b"/Size %d" % (len(numbers) + 1), _renumbered(trailer, numbers)),
    )


def _sorted(body: bytes) -> bytes:
    """Sort runs of entries that only refer to objects; a stream is left as it is."""
    head, stream, rest = body.partition(b"\nstream\n")
    runs = groupby(head.split(b"\n"), key=lambda line: bool(_ENTRY.fullmatch(line)))
    lines = [line for is_entry, run in runs for line in (sorted(run) if is_entry else run)]
    return b"\n".join(lines) + stream + rest


def _met(trailer: bytes, bodies: dict[int, bytes]) -> dict[int, int]:
    """Give each object that is referred to a number, in the order of the references."""
    numbers: dict[int, int] = {}
    ahead = [int(old) for old in reversed(_REFERENCE.findall(trailer))]
    while ahead:
        old = ahead.pop()
        if old not in numbers and old in bodies:
            numbers[old] = len(numbers) + 1
            head, _, _ = bodies[old].partition(b"\nstream\n")
            ahead += [int(each) for each in reversed(_REFERENCE.findall(head))]
    return numbers


def _renumbered(body: bytes, numbers: dict[int, int]) -> bytes:
    head, stream, rest = body.partition(b"\nstream\n")
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], head)
    return head + stream + rest


def _written(begin: bytes, bodies: list[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(begin), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n%s\nstartxref\n%d\n%%%%EOF" % (trailer, table))

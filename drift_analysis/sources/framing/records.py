"""What framing hands on: a record or a piece of damage, and the place it was found at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["Document", "Framed", "Problem"]


class Problem(NamedTuple):
    """Why something cannot become a row: a reason of `Rejects`, and a sentence."""

    reason: str
    detail: str
    record_type: str | None = None


class Document(NamedTuple):
    """Bytes with a name: a file, a reply, or what was handed over in memory.

    `located` tells whether the bytes are what the user has, so that lines and byte offsets
    mean something to them; `size` is what the bytes take where they lie, for progress.
    """

    source: str
    data: bytes
    fetched_at: datetime | None = None
    located: bool = True
    size: int = 0
    problem: Problem | None = None
    """What is wrong with the document as a whole; what `data` holds may still be read."""
    more: Iterator[bytes | Problem] | None = None
    """The bytes behind `data`, of a document that is too large to be held."""


class Framed(NamedTuple):
    """One record as it was found, or one stretch of bytes that is none.

    `alone` tells that it came as the only record of its reply, as detail replies do; `reply`
    numbers the replies of a document, since the records of one were seen at the same moment;
    `more`, at the end of a page, tells whether the page says that another one follows.
    """

    raw: bytes
    byte_offset: int
    line: int
    number: int
    reply: int
    alone: bool = False
    more: bool | None = None
    value: Any = None
    problem: Problem | None = None

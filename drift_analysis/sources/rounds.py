"""Read documents in rounds: what can be by columns, the rest record by record, all in order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from .framing.pieces import pieces
from .framing.runs import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from .columnar.batch import Batch
    from .columnar.sieve import Seen
    from .framing.records import Document
    from .framing.runs import Piece

__all__ = ["Part", "Round", "rounds"]

AT_ONCE = 4 * 2**20
"""How many bytes of records are read together."""

MANY = 1000
"""How many records it takes for columns to be worth it; fewer are read one by one."""

_WORKERS = 3
"""One more than there are rounds that two processors work on, so that neither waits."""


class Part(NamedTuple):
    """A piece of a document; or none, where a document begins."""

    document: Document
    piece: Piece | None
    begins: bool = False


class Round(NamedTuple):
    """Parts in order, and what was read of their runs by columns, numbered among the runs."""

    parts: list[Part]
    batches: list[Batch]


def rounds(documents: Iterable[Document]) -> Iterator[Round]:
    """Take documents apart, and read their runs by columns in other threads, some rounds ahead."""
    waiting: deque[tuple[list[Part], Future[list[Batch]]]] = deque()
    workers = ThreadPoolExecutor(_WORKERS)
    read = _Reader()
    try:
        for parts in _gathered(documents):
            waiting.append((parts, workers.submit(read.batches, parts)))
            if len(waiting) >= _WORKERS:
                given, batches = waiting.popleft()
                yield Round(given, batches.result())
        for given, batches in waiting:
            yield Round(given, batches.result())
    finally:
        workers.shutdown(cancel_futures=True)


def _gathered(documents: Iterable[Document]) -> Iterator[list[Part]]:
    parts: list[Part] = []
    size = 0
    for document in documents:
        parts.append(Part(document, None, begins=True))
        for piece in pieces(document):
            parts.append(Part(document, piece))
            if isinstance(piece, Run) or not piece.continued:
                size += len(piece.stretch.text)
            if size >= AT_ONCE:
                yield parts
                parts, size = [], 0
    yield parts


class _Reader:
    """Reads by columns where that is worth it; only then is Arrow loaded."""

    def __init__(self) -> None:
        self._seen: Seen | None = None

    def batches(self, parts: list[Part]) -> list[Batch]:
        runs = [part.piece for part in parts if isinstance(part.piece, Run)]
        if sum(len(run.records) for run in runs) < MANY:
            return []
        from .columnar.batch import batches
        from .columnar.sieve import Seen

        self._seen = self._seen or Seen()
        return batches(runs, self._seen)

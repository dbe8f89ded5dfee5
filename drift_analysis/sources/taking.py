"""Number what rounds have read as it lies in its documents, and tell what needs care."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from .columnar import NUMBER, RUN
from .framing.frames import Placing
from .framing.runs import Run
from .tables import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .columnar.batch import Batch, Kept
    from .framing.records import Document, Framed
    from .reading import Reading
    from .rounds import Round

__all__ = ["Taking"]


class Taking:
    """Takes rounds one by one: rows that were read by columns as they are, the rest with care."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._placing = Placing()
        self._size = 0
        self._scale = 0.0
        self._done = 0

    def done(self, byte_offset: int | None = None) -> int:
        """Return how many bytes were read, up to a place in the document."""
        return self._done + (
            self._size if byte_offset is None else round(byte_offset * self._scale)
        )

    def careful(self, given: Round) -> Iterator[tuple[Document, Framed]]:
        """Yield, in order, what has to be taken record by record; then take the rest at once."""
        runs: list[dict[str, Any]] = []
        kept = {run: (batch, of) for batch in given.batches for run, of in batch.kept.items()}
        for document, piece, begins in given.parts:
            if begins:
                self._begin(document)
                self._placing = Placing(self._placing.reply)
            if isinstance(piece, Run):
                first = self._placing.first_reply(piece)
                found = kept.get(len(runs))
                runs.append(_origin(document, piece, first))
                for framed in self._of_run(piece, first, found):
                    yield document, framed
            elif piece is not None:
                for framed in self._placing.each(piece):
                    yield document, framed
        for batch in given.batches:
            self._reading.take_rows(batch.form, _rows(batch, runs))

    def _begin(self, document: Document) -> None:
        self._reading.begin(document)
        self._done += self._size
        self._size = document.size
        self._scale = 1.0 if document.more else document.size / max(1, len(document.data))

    def _of_run(self, run: Run, first: int, found: tuple[Batch, Kept] | None) -> Iterator[Framed]:
        """Yield the records of a run that are no rows yet, numbered among all of it."""
        placing = self._placing
        if not run.together:
            placing.reply = first + len(run.records)
        left: Sequence[int] = range(len(run.records))
        if found:
            self._see(found)
            left = found[1].left
        begin, further = placing.number, 0
        positions = run.positions(left) if left else []
        for number, position in zip(left, positions, strict=True):
            placing.number = begin + number + further
            yield from placing.one(run, number, position, first)
            further = placing.number - (begin + number + 1)
        placing.number = begin + len(run.records) + further
        if found and len(run.records) - 1 not in left[-1:]:
            self._see(found)
            if run.more is not None:
                self._reading.pages.end(more=run.more)

    def _see(self, found: tuple[Batch, Kept]) -> None:
        batch, kept = found
        self._reading.pages.see(batch.form.table, {"conversation_id": kept.conversation_id})


def _origin(document: Document, run: Run, reply: int) -> dict[str, Any]:
    return {
        "source": document.source,
        "_fetched_at": document.fetched_at,
        "_reply": reply,
        "_step": not run.together,
    }


def _rows(batch: Batch, origins: list[dict[str, Any]]) -> pl.DataFrame:
    """Say of each row where it is from, when it was fetched, and with which reply it came."""
    told = pl.DataFrame(origins, schema=_ORIGIN, orient="row").to_dict()
    run = batch.rows[RUN]
    found = {
        name: pl.lit(column.item(), column.dtype) if len(origins) == 1 else column.gather(run)
        for name, column in told.items()
    }
    step = pl.when(found.pop("_step")).then(NUMBER).otherwise(0)
    reply = (found.pop("_reply") + step).cast(WORKING["_reply"])
    own = pl.exclude(RUN, NUMBER)
    return batch.rows.select(own, **found, _reply=reply, _webhook=pl.lit(value=False))


_ORIGIN = {
    "source": pl.String,
    "_fetched_at": WORKING["_fetched_at"],
    "_reply": WORKING["_reply"],
    "_step": pl.Boolean,
}

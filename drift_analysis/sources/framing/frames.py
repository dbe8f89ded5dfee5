"""Turn a document into records, each with the place it was found at; damage stays where it is.

Arrays, envelopes, pages, maps keyed by id, detail replies, one record per line, concatenated
and pretty printed documents all end as the same stream of `Framed` records. What is sound is
split by msgspec; only what it refuses goes through `salvage`, bracket by bracket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pieces import pieces
from .records import Framed
from .runs import Rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Document
    from .replies import Span
    from .runs import Piece, Run, Stretch

__all__ = ["Placing", "frames"]


def frames(document: Document) -> Iterator[Framed]:
    """Yield what a document holds, in order: records, and stretches that are none.

    Parameters
    ----------
    document
        The bytes, after unpacking.

    Returns
    -------
    :
        `Framed` records. `byte_offset` counts the bytes of the text in UTF-8; `line` counts from
        1, `number` and `reply` from 0.
    """
    placing = Placing()
    for piece in pieces(document):
        yield from placing.each(piece)


class Placing:
    """Says where in its document a record lies, and which of how many it is.

    ``number`` records and ``reply`` replies came before, of which replies are counted over
    several documents.
    """

    def __init__(self, reply: int = 0) -> None:
        self.number = 0
        self.reply = reply
        self._lines: tuple[Stretch, int, int] | None = None

    def each(self, piece: Piece) -> Iterator[Framed]:
        """Frame all that a piece holds, with all care."""
        first = self.first_reply(piece)
        if isinstance(piece, Rest):
            yield from self._framed(piece.stretch, piece.spans, first)
            return
        for number, position in enumerate(piece.positions(range(len(piece.records)))):
            yield from self.one(piece, number, position, first)

    def one(self, run: Run, number: int, position: int, first: int) -> Iterator[Framed]:
        """Frame one record of a run, which begins there, with all care."""
        reply = first if run.together else self.reply
        if run.every_line:
            self._lines = (run.stretch, position, run.stretch.line + number)
        yield from self._framed(run.stretch, run.spans(number, position), reply)

    def first_reply(self, piece: Piece) -> int:
        """Number the reply with which a piece begins; its further ones have the next numbers."""
        if piece.continued:
            return self.reply - 1
        self.reply += 1
        return self.reply - 1

    def _framed(self, stretch: Stretch, spans: Iterator[Span], reply: int) -> Iterator[Framed]:
        for span in spans:
            self.reply = max(self.reply, reply + span.reply + 1)
            yield Framed(
                raw=span.raw,
                byte_offset=span.start,
                line=self._line(stretch, span.start),
                number=self.number,
                reply=reply + span.reply,
                alone=span.alone,
                more=span.more,
                value=span.value,
                problem=span.problem,
            )
            self.number += span.value is not None or span.problem is not None

    def _line(self, stretch: Stretch, start: int) -> int:
        """Count the lines up to a place, from where the last count stopped."""
        position = max(0, start - stretch.start)
        last, counted, line = self._lines or (stretch, 0, stretch.line)
        if last is not stretch or position < counted:
            counted, line = 0, stretch.line
        line += stretch.text.count(b"\n", counted, position)
        self._lines = (stretch, position, line)
        return line

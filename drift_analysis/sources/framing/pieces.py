"""Take a document apart: lines and lists into runs of records, anything else with all care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .decoding import MARK, is_utf16, not_json_at_all, unicode_text
from .lines import is_lines, pieces_of_lines
from .lists import is_page, pieces_of_list, pieces_of_page
from .replies import Span, spans_of_reply
from .runs import Rest, Stretch
from .salvage import spans_of_text
from .stream import Stream, together
from .tabular import is_bulk_export, spans_of_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Document
    from .runs import Piece

__all__ = ["pieces"]


def pieces(document: Document) -> Iterator[Piece]:
    """Yield what a document holds, in order.

    Parameters
    ----------
    document
        The bytes, after unpacking. Text in UTF-16 is turned into UTF-8, and places count in that.

    Returns
    -------
    :
        Runs of records that were only split, and stretches whose spans were found with all care.
    """
    stream = Stream(document)
    stream.fill()
    while stream.text.isspace() and not stream.ended:
        stream.fill(2 * len(stream.text))
    if is_utf16(stream.text):
        stream.text = unicode_text(stream.rest())
    elif stream.text.startswith(MARK):
        stream.skip(len(MARK), 0)
    if problem := not_json_at_all(stream.text):
        text = stream.rest()
        told = together(stream.problems) or problem
        yield _all(stream, iter([Span(stream.start, text, problem=told)]))
        return
    yield from _pieces(stream)
    if problem := together(stream.problems):
        end = Span(stream.start, b"", problem=problem)
        yield Rest(Stretch(b"", stream.start, stream.line), iter([end]))


def _pieces(stream: Stream) -> Iterator[Piece]:
    if is_bulk_export(stream.text):
        yield _all(stream, spans_of_csv(stream.rest(), stream.start))
    elif _begins_as_lines(stream):
        yield from pieces_of_lines(stream)
    elif is_page(stream.text) and not stream.ended:
        yield from pieces_of_list(stream)
    else:
        page = Stretch(stream.rest(), stream.start, stream.line)
        found = pieces_of_page(page)
        if found is None:
            yield _all(stream, spans_of_text(page.text, page.start, 0))
        else:
            yield from found
            stream.skip(len(page.text))


def _begins_as_lines(stream: Stream) -> bool:
    """Tell lines, each a document of its own, from one document on several lines."""
    text = stream.text if stream.ended else stream.text[: stream.text.rfind(b"\n") + 1]
    if not is_lines(text):
        return False
    first = text.lstrip().partition(b"\n")[0]
    return spans_of_reply(first, 0, 0) is not None or spans_of_reply(stream.rest(), 0, 0) is None


def _all(stream: Stream, spans: Iterator[Span]) -> Rest:
    rest = Stretch(stream.rest(), stream.start, stream.line)
    stream.skip(len(rest.text))
    return Rest(rest, spans)

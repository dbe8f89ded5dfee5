"""What framing finds in a stretch of text: a run of records, or spans found with all care."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from .replies import Span, ended, spans_of_element
from .salvage import spans_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Piece", "Rest", "Run", "Stretch", "elements_of", "run_of_lines"]

_decode_lines = msgspec.json.Decoder(msgspec.Raw).decode_lines
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder(msgspec.Raw).decode
_FAILURES = (msgspec.MsgspecError, RecursionError)


class Stretch(NamedTuple):
    """Part of the text of a document, where it begins, and on which line."""

    text: bytes
    start: int
    line: int


class Run(NamedTuple):
    """Records that lie one after another in a stretch of text.

    Each is one sound JSON value, but for those whose number is in `unsound`. `together` tells
    that they are elements of one list, so of one reply; else each is a line and a reply of its
    own. What is of the same reply as the piece before is `continued`, and `more` tells, at the
    end of a page, whether the page says that another one follows. Where
    `every_line` is a record, the numbers are those of the lines.
    """

    stretch: Stretch
    records: Sequence[bytes]
    together: bool
    unsound: frozenset[int] = frozenset()
    continued: bool = False
    more: bool | None = None
    every_line: bool = False

    def positions(self, numbers: Sequence[int]) -> list[int]:
        """Return where in the stretch records begin, of which the numbers ascend."""
        if not self._is_tight():
            every = self._searched()
            return [every[number] for number in numbers]
        found: list[int] = []
        position = before = 0
        for number in numbers:
            passed = self.records[before:number]
            position += sum(map(len, passed)) + len(passed)
            found.append(position)
            before = number
        return found

    def _is_tight(self) -> bool:
        """Tell whether nothing but one comma or line end stands between the records."""
        if self.every_line:
            return True
        separator = b"," if self.together else b"\n"
        between = len(self.records) - 1 + self.stretch.text.endswith(separator)
        return sum(map(len, self.records)) + between == len(self.stretch.text)

    def _searched(self) -> list[int]:
        found: list[int] = []
        position = 0
        for record in self.records:
            raw = bytes(record)
            position = self.stretch.text.find(raw, position)
            found.append(position)
            position += len(raw)
        return found

    def spans(self, number: int, position: int) -> Iterator[Span]:
        """Frame one of the records, which begins there, with all care."""
        raw = bytes(self.records[number])
        start = self.stretch.start + position
        if self.together:
            found = spans_of_element(raw, start, 0)
            is_end = self.more is not None and number == len(self.records) - 1
            return ended(found, Span(start, b""), more=bool(self.more)) if is_end else found
        newline = self.stretch.text.startswith(b"\n", position + len(raw))
        return spans_of_text(raw + b"\n" if newline else raw, start, 0)


class Rest(NamedTuple):
    """A stretch of text of which the spans were found with all care."""

    stretch: Stretch
    spans: Iterator[Span]
    continued: bool = False


Piece: TypeAlias = "Run | Rest"


def run_of_lines(stretch: Stretch, lines: int) -> Run:
    """Take each of so many lines as a record; those not one sound value are `unsound`."""
    text = stretch.text
    try:
        records: Sequence[bytes] = _decode_lines(text)
    except _FAILURES:
        records = ()
    if len(records) == lines + (not text.endswith(b"\n")):
        return Run(stretch, records, together=False)
    every = text.split(b"\n")
    if not every[-1]:
        every.pop()
    bad = _unsound(every)
    blank = {number for number in bad if not every[number].strip()}
    if blank:
        kept = [number for number in range(len(every)) if number not in blank]
        every = [every[number] for number in kept]
        found = set(bad)
        bad = [place for place, number in enumerate(kept) if number in found]
    return Run(stretch, every, together=False, unsound=frozenset(bad), every_line=not blank)


def _unsound(lines: Sequence[bytes]) -> list[int]:
    """Number the lines that are not one sound value."""
    found = []
    for number, line in enumerate(lines):
        try:
            _decode(line)
        except _FAILURES:
            found.append(number)
    return found


def elements_of(text: bytes) -> Sequence[bytes] | None:
    """Split what stands between the brackets of a list; null if that is not sound."""
    try:
        return _decode_list(b"[" + text + b"]")
    except _FAILURES:
        return None

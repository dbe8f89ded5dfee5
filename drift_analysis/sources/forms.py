"""Fill in the row of a table from one record, by a declared form; keep what has no column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .fields import Unfit
from .framing.duplicates import Repeated
from .framing.records import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    Read = Callable[[Any, list[str]], Any]
    Row = dict[str, Any]

__all__ = ["ONCE", "ByColumns", "Field", "Filled", "Form", "Note", "Records", "Shape", "fill"]


ONCE = "given only once"
"""What the value of a key has to be where an object holds the key several times."""


class Field(NamedTuple):
    """A key whose value goes into a column."""

    column: str
    read: Read


class Records(NamedTuple):
    """A key whose value is a list of small records, which go into one column."""

    column: str
    shape: Shape
    required: tuple[str, ...] = ()


Shape = Mapping[str, "Field | Records | Shape"]
"""The keys of a record that have a place in a table; a nested one stands for an object."""


class Note(NamedTuple):
    """Something about a value that should be reported: a code, and the key it is about."""

    code: str
    key: str


class ByColumns(NamedTuple):
    """What `finish` does to one row, for many rows at once.

    `derived` are the columns that rest on others, and `fits` tells the rows for which that is all
    there is to do; the others are read one by one. `made` are columns that are worked out of one
    other as a whole. Where the column `tells` is false, it may be that one of the keys `telling`
    was there with null, which columns do not show.
    """

    derived: Mapping[str, pl.Expr]
    fits: pl.Expr
    made: Mapping[str, tuple[str, Callable[[pl.Series], pl.Series]]] = {}
    tells: str | None = None
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Form:
    """How a record becomes a row of one table.

    Attributes
    ----------
    table
        The name of the table in a `Dataset`.
    kind
        What the record is called in rejects.
    shape
        The keys and their columns.
    required
        The columns that may not be null, each with the key it comes from.
    finish
        Works out the columns that rest on others; gives the rows, usually the one it was given.
    by_columns
        The same for many records at once; null for kinds of which there are never many.
    """

    table: str
    kind: str
    shape: Shape
    required: Mapping[str, str]
    finish: Callable[[Row, Row, list[Note]], list[Row]]
    by_columns: ByColumns | None = None


class Filled(NamedTuple):
    """The rows of a record, what had no place in them, and what is to be reported."""

    rows: list[Row]
    extra: Row
    notes: list[Note]


def fill(form: Form, record: Mapping[str, Any]) -> Filled | Problem:
    """Read a record by its form.

    A value that does not fit loses its column, not its record: it goes to what is kept beside
    the table. Only a required one that is absent or does not fit makes a `Problem`.
    """
    row: Row = {}
    notes: list[Note] = []
    extra = _read(form.shape, record, row, notes, "")
    for column, key in form.required.items():
        if column not in row:
            return _lacking(form.kind, key, notes)
    return Filled(form.finish(row, extra, notes), extra, notes)


def _read(shape: Shape, record: Mapping[str, Any], row: Row, notes: list[Note], path: str) -> Row:
    """Put the values of a record into the row, and return what of it has no place."""
    extra: Row = {}
    repairs: list[str] = []
    for key, value in record.items():
        place = shape.get(key)
        if place is None:
            extra[key] = value
        elif value is not None:
            try:
                rest = _take(place, value, row, notes, repairs, path + key)
            except Unfit as error:
                notes.append(Note(f"unfit:{error}", path + key))
                rest = value
            if rest is not None:
                extra[key] = rest
            if repairs:
                notes += [Note(code, path + key) for code in repairs]
                repairs.clear()
    return extra


def _take(
    place: Any, value: Any, row: Row, notes: list[Note], repairs: list[str], path: str
) -> Any:
    """Put one value into its place, and return what of it has none; null if all has."""
    if type(value) is Repeated:
        raise Unfit(ONCE)
    if type(place) is Field:
        column, read = place
        if column in row:
            return value
        row[column] = read(value, repairs)
        return None
    if type(place) is Records:
        return _take_records(place, value, row, notes, path)
    return _read(place, _object(value), row, notes, path + ".") or None


def _object(value: Any) -> Row:
    if isinstance(value, dict):
        return value
    raise Unfit("an object")


def _take_records(place: Records, value: Any, row: Row, notes: list[Note], path: str) -> Any:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Unfit("a list of objects")
    if place.column in row:
        return value
    taken: list[Row] = []
    rests: list[Row] = []
    for item in value:
        small: Row = {}
        rests.append(_read(place.shape, item, small, notes, path + "[]."))
        if any(column not in small for column in place.required):
            raise Unfit(f"a list of objects with {', '.join(place.required)}")
        taken.append(small)
    row[place.column] = taken
    return rests if any(rests) else None


def _lacking(kind: str, key: str, notes: list[Note]) -> Problem:
    for code, path in notes:
        if code.startswith("unfit:") and (key == path or key.startswith(path + ".")):
            return Problem("wrong_type", f"`{path}` is not {code[6:]}.", kind)
    return Problem("missing_field", f"`{key}` is missing.", kind)

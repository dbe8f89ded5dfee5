"""Part records that fit a form by columns from those that need care."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from ..forms import Field, Records
from . import NUMBER
from .fields import COLUMNS
from .forms import optional, planned
from .strict import read_strictly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..forms import Form, Shape
    from .forms import Plan

__all__ = ["Seen", "sieved"]

_FEW = 64
"""Of so many records, of which some do not fit, all are read with care."""


_plan = lru_cache(planned)


class Seen:
    """The keys that were never seen so far, by form: Arrow is faster without them."""

    def __init__(self) -> None:
        self._absent: dict[str, frozenset[str]] = {}

    def plan(self, form: Form) -> Plan:
        """Return a plan without what was never seen; all of the form until anything was."""
        absent = self._absent.get(form.kind)
        return _plan(form, absent) if absent else _plan(form)

    def see(self, form: Form, raw: pl.DataFrame) -> None:
        """Take notice of the keys that records have; of no use are those that have only null."""
        absent = self._absent.get(form.kind)
        if absent is None:
            self._absent[form.kind] = optional(form).difference(_have(raw))
        elif absent:
            left = absent.difference(_have(raw))
            self._absent[form.kind] = left if left != absent else frozenset()


def _have(raw: pl.DataFrame, path: str = "") -> Iterator[str]:
    """Name the keys with a value, by their paths; of an object without any, all of its keys."""
    for column in raw:
        if column.null_count() < raw.height:
            yield path + column.name
            if column.dtype == pl.Struct:
                inner = column.drop_nulls().struct.unnest()
                within = f"{path}{column.name}."
                yield from list(_have(inner, within)) or (within + name for name in inner.columns)


def sieved(
    records: Sequence[bytes], text: bytes, form: Form, seen: Seen, *, in_lines: bool = False
) -> pl.DataFrame | None:
    """Return the rows of those records that lose nothing when they are read by columns.

    Parameters
    ----------
    records, text
        Objects that are sound JSON, and the same on lines of their own.
    form
        One that has `by_columns`.
    seen
        What was seen of such records so far.
    in_lines
        Whether it is known that no record takes several lines.

    Returns
    -------
    :
        The columns of the form's table that records fill, and `NUMBER`, in which the records
        that need care are missing; null if that is all of them.
    """
    n = len(records)
    plan = tried = seen.plan(form)
    whole = _plan(form)
    raw = read_strictly(text, n, plan.schema, in_lines=in_lines)
    if raw is None and plan is not whole:
        plan, raw = whole, read_strictly(text, n, whole.schema, in_lines=in_lines)
    if raw is not None:
        if plan is whole and tried is seen.plan(form):
            seen.see(form, raw)
        return _rows(raw, range(n), text, plan, form)
    fits = _fitting(form)
    numbers = [number for number, record in enumerate(records) if fits(record)]
    found = list(_halved(records, numbers, whole, form))
    return pl.concat(found) if found else None


def _halved(
    records: Sequence[bytes], numbers: Sequence[int], plan: Plan, form: Form
) -> Iterator[pl.DataFrame]:
    """Read those records together, or else either half of them, until there are few left."""
    if not numbers:
        return
    text = b"\n".join([records[number] for number in numbers])
    raw = read_strictly(text, len(numbers), plan.schema)
    if raw is not None:
        yield _rows(raw, numbers, text, plan, form)
    elif len(numbers) > _FEW:
        half = len(numbers) // 2
        yield from _halved(records, numbers[:half], plan, form)
        yield from _halved(records, numbers[half:], plan, form)


def _rows(
    raw: pl.DataFrame, numbers: Sequence[int], text: bytes, plan: Plan, form: Form
) -> pl.DataFrame:
    by_columns = form.by_columns
    assert by_columns is not None
    known = [pl.col(name).is_not_null() for name in form.required]
    fits = [pl.col("_fits"), by_columns.fits, *known]
    if by_columns.tells and _may_tell(text, by_columns.telling):
        fits.append(by_columns.derived[by_columns.tells])
    number = pl.Series(NUMBER, numbers, dtype=pl.UInt32)
    rows = raw.select_seq(number, _fits=pl.all_horizontal(plan.fits), **plan.columns)
    rows = rows.with_columns_seq(**by_columns.derived, _fits=pl.all_horizontal(fits))
    if not rows["_fits"].all(ignore_nulls=False):
        rows = rows.filter("_fits")
    made = [make(rows[of]).alias(name) for name, (of, make) in by_columns.made.items()]
    return rows.drop("_fits").with_columns(made)


def _may_tell(text: bytes, telling: frozenset[str]) -> bool:
    return b"\\u00" in text or any(b'"%s"' % key.encode() in text for key in telling)


@lru_cache
def _fitting(form: Form) -> Any:
    """Return what tells whether a record has only keys of the form, with values of their types."""
    decode = msgspec.json.Decoder(_struct(form.kind, form.shape)).decode

    def fits(record: bytes) -> bool:
        try:
            decode(record)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return False
        return True

    return fits


def _struct(name: str, shape: Shape) -> type[msgspec.Struct]:
    types, keys = [], {}
    for n, (key, place) in enumerate(shape.items()):
        found = _type(place)
        if found is not None:
            types.append((f"f{n}", found | None, None))
            keys[f"f{n}"] = key
    return msgspec.defstruct(name, types, rename=keys, forbid_unknown_fields=True, gc=False)


def _type(place: Any) -> Any:
    if isinstance(place, Field):
        return COLUMNS[place.read].python if place.read in COLUMNS else None
    if isinstance(place, Records):
        return list[_struct("record", place.shape)]  # type: ignore[misc]
    return _struct("object", place)

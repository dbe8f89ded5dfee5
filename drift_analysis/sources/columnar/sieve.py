"""Part records that fit a form by columns from those that need care."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from ..forms import Field, Records
from . import NUMBER
from .fields import COLUMNS
from .forms import planned
from .strict import read_strictly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..forms import Form, Shape
    from .forms import Plan

__all__ = ["sieved"]

_FEW = 64
"""Of so many records, of which some do not fit, all are read with care."""


def sieved(records: Sequence[bytes], form: Form) -> pl.DataFrame | None:
    """Return the rows of those records that lose nothing when they are read by columns.

    Parameters
    ----------
    records
        Objects that are sound JSON.
    form
        One that has `by_columns`.

    Returns
    -------
    :
        The columns of the form's table that records fill, and `NUMBER`, in which the records
        that need care are missing; null if that is all of them.
    """
    plan = _plan(form)
    found = list(_read(records, plan, form))
    return pl.concat(found) if found else None


_plan = lru_cache(planned)


def _read(records: Sequence[bytes], plan: Plan, form: Form) -> Iterator[pl.DataFrame]:
    """Read records together, if need be without those that, one by one, turn out not to fit."""
    text = b"\n".join(records)
    raw = read_strictly(text, len(records), plan.schema)
    if raw is not None:
        yield _rows(raw, range(len(records)), text, plan, form)
    else:
        fits = _fitting(form)
        numbers = [number for number, record in enumerate(records) if fits(record)]
        yield from _halved(records, numbers, plan, form)


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
    fits = [
        pl.col("_fits"),
        by_columns.fits,
        *(pl.col(name).is_not_null() for name in form.required),
    ]
    told = b"\\u00" in text or any(b'"%s"' % key.encode() in text for key in by_columns.telling)
    if by_columns.tells and told:
        fits.append(pl.col(by_columns.tells))
    number = pl.Series(NUMBER, numbers, dtype=pl.UInt32)
    rows = raw.select(number, _fits=pl.all_horizontal(plan.fits), **plan.columns)
    return rows.with_columns(**by_columns.derived).filter(fits).drop("_fits")


@lru_cache
def _fitting(form: Form) -> Any:
    """Return what tells whether a record has only keys of the form, with values of their types."""
    decode = msgspec.json.Decoder(_struct(form.kind, form.shape)).decode

    def fits(record: bytes) -> bool:
        try:
            decode(record)
        except msgspec.MsgspecError:
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

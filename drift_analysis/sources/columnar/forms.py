"""A form by columns: Arrow's schema of its keys, and the columns of the table out of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pyarrow as pa

from ..forms import Field, Records
from .fields import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..forms import Form, Shape

__all__ = ["Plan", "optional", "planned"]


class Plan(NamedTuple):
    """How records of one kind become rows.

    ``schema`` are the keys and their types, ``columns`` the columns of the table by their names,
    and ``fits`` what must hold for a row whose values Arrow has taken.
    """

    schema: pa.Schema
    columns: dict[str, pl.Expr]
    fits: list[pl.Expr]


class _Place(NamedTuple):
    column: str
    value: pl.Expr
    fits: pl.Expr | None


def planned(form: Form, without: frozenset[str] = frozenset()) -> Plan:
    """Work out how records of a form are read by columns, if some keys, by path, are in none."""
    shape = _pruned(form.shape, without)
    columns: dict[str, pl.Expr] = {}
    fits: list[pl.Expr] = []
    for place in _places(shape, None):
        if place.fits is not None:
            fits.append(place.fits)
        if (before := columns.get(place.column)) is not None:
            fits.append(before.is_null() | place.value.is_null())
            columns[place.column] = pl.coalesce(before, place.value)
        else:
            columns[place.column] = place.value
    return Plan(pa.schema(_arrow(shape)), columns, fits)


def optional(form: Form) -> frozenset[str]:
    """Name the keys of a form on which nothing else rests, by their paths: `context.title`."""
    by_columns = form.by_columns
    assert by_columns is not None
    used = {*form.required, *by_columns.fits.meta.root_names()}
    used.update(of for of, _ in by_columns.made.values())
    for column in by_columns.derived.values():
        used.update(column.meta.root_names())
    return frozenset(_unused(form.shape, used))


def _unused(shape: Shape, used: set[str], path: str = "") -> Iterator[str]:
    for key, place in shape.items():
        if used.isdisjoint(column.column for column in _places({key: place}, None)):
            yield path + key
        if isinstance(place, Mapping):
            yield from _unused(place, used, f"{path}{key}.")


def _pruned(shape: Shape, without: frozenset[str], path: str = "") -> Shape:
    return {
        key: _pruned(place, without, f"{path}{key}.") if isinstance(place, Mapping) else place
        for key, place in shape.items()
        if path + key not in without
    }


def _arrow(shape: Shape) -> list[pa.Field]:
    """Name the keys of a shape that can be read by columns, with their types."""
    fields = []
    for key, place in shape.items():
        if isinstance(place, Field):
            if place.read in COLUMNS:
                fields.append(pa.field(key, COLUMNS[place.read].type))
        elif isinstance(place, Records):
            fields.append(pa.field(key, pa.list_(pa.struct(_arrow(place.shape)))))
        else:
            fields.append(pa.field(key, pa.struct(_arrow(place))))
    return fields


def _places(shape: Shape, parent: pl.Expr | None) -> Iterator[_Place]:
    for key, place in shape.items():
        value = pl.col(key) if parent is None else parent.struct.field(key)
        if isinstance(place, Field):
            if place.read in COLUMNS:
                column = COLUMNS[place.read]
                fits = column.fits(value)
                known = None if fits is None else fits | value.is_null()
                yield _Place(place.column, column.value(value), known)
        elif isinstance(place, Records):
            yield _of_records(place, value)
        else:
            yield from _places(place, value)


def _of_records(place: Records, value: pl.Expr) -> _Place:
    """Turn a list of objects into a list of structs; a null among them does not fit."""
    inner = list(_places(place.shape, pl.element()))
    fits = [pl.element().is_not_null(), *(part.fits for part in inner if part.fits is not None)]
    fits += [part.value.is_not_null() for part in inner if part.column in place.required]
    struct = pl.struct([part.value.alias(part.column) for part in inner])
    fitting = value.list.eval(pl.all_horizontal(fits)).list.all()
    return _Place(place.column, value.list.eval(struct), fitting | value.is_null())

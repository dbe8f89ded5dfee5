"""What is on show as files: rows and ids, without what tells who somebody is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.masking import masked
from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["without_formulas", "write_ids", "write_rows"]

_FORMULA = "^([=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])"


def write_rows(frame: pl.DataFrame, path: str | Path, *, reveal: bool) -> Path:
    """Write a `Conversations` table to a ``.csv`` or ``.parquet`` file.

    What Drift sent beyond the columns (``extra``) may tell anything, so it is left empty unless
    `reveal` is on. In a CSV the items of a list stand in one cell, and a text that a spreadsheet
    would take for a formula begins with an apostrophe.
    """
    target = Path(path)
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        what = f"{target.suffix!r} is no way to save rows."
        raise InputError.of(what, "", f"one of {', '.join(_WRITERS)}.")
    extra = Conversations.extra
    kept = frame if reveal else frame.with_columns(pl.lit(None, extra.dtype).alias(extra.name))
    write(kept, target, reveal)
    return target


def write_ids(ids: pl.Series, path: str | Path) -> Path:
    """Write ids to a text file, one on each line."""
    target = Path(path)
    target.write_text("".join(f"{each}\n" for each in ids), "utf-8")
    return target


def without_formulas(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return text.str.replace(_FORMULA, "'$1")


def _write_csv(frame: pl.DataFrame, target: Path, reveal: bool) -> None:  # noqa: FBT001
    c = Conversations
    names = pl.element().struct.field("name")
    flat = frame.with_columns(
        c.tags.col.list.eval(names).list.join("; "),
        c.participants.col.list.eval(pl.element().cast(pl.String)).list.join("; "),
    )
    if not reveal:
        hidden = [c.tags.name, c.status_raw.name]
        flat = flat.with_columns(masked(pl.col(hidden)))
    flat.with_columns(without_formulas(pl.col(pl.String))).write_csv(target)


def _write_parquet(frame: pl.DataFrame, target: Path, _reveal: bool) -> None:  # noqa: FBT001
    frame.write_parquet(target)


_WRITERS: dict[str, Callable[[pl.DataFrame, Path, bool], None]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}

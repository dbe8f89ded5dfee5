"""Any table as a file, without what tells who somebody is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.masking import masked
from drift_analysis.errors import InputError

from ..exports import without_formulas

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["free_path", "write_table"]


def write_table(frame: pl.DataFrame, path: str | Path, *, reveal: bool) -> Path:
    """Write a table to a ``.csv`` or ``.parquet`` file.

    In a CSV the items of a list stand in one cell, lengths of time are in seconds, a text that a
    spreadsheet would take for a formula begins with an apostrophe, and e-mail addresses,
    telephone and network numbers are hidden unless `reveal` is on.

    Raises
    ------
    InputError
        If it is another kind of file.
    """
    target = Path(path)
    if target.suffix.lower() not in _WRITERS:
        what = f"{target.suffix!r} is no way to save rows."
        raise InputError.of(what, "", f"one of {', '.join(_WRITERS)}.")
    texts = pl.col(pl.String)
    hidden = frame if reveal else frame.with_columns(masked(texts))
    _WRITERS[target.suffix.lower()](hidden, target)
    return target


def free_path(name: str, suffix: str) -> Path:
    """Return a path in the working folder that is not taken."""
    paths = (Path(f"{name}-{n}.{suffix}") for n in range(1, 100_000))
    return next(path for path in paths if not path.exists())


def _write_csv(frame: pl.DataFrame, target: Path) -> None:
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    joined = [pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists]
    lengths = pl.col(pl.Duration).dt.total_seconds(fractional=True)
    flat = frame.with_columns(*joined, lengths)
    flat.with_columns(without_formulas(pl.col(pl.String))).write_csv(target)


def _write_parquet(frame: pl.DataFrame, target: Path) -> None:
    frame.write_parquet(target)


_WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}

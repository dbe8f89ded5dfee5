"""Pick one table out of everything that a source holds."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING

from drift_analysis.errors import SourceError

from .framing.files import name_of
from .load import load
from .reading import FORMS
from .tables import TABLES

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from drift_analysis.schemas import Dataset

    from .framing.files import Source

__all__ = ["load_one"]


def load_one(
    name: str, source: Source, fetched_at: datetime | None, *, strict: bool
) -> pl.DataFrame:
    """Load a source and return one table; say so if it holds everything but that.

    Warns where records of its kind were rejected, since the table alone cannot tell.

    Raises
    ------
    SourceError
        As for `load`; and if something was read, but nothing for this table.
    """
    dataset = load(source, fetched_at=fetched_at, strict=strict)
    table: pl.DataFrame = getattr(dataset, name)
    if table.is_empty() and (found := _found(dataset)):
        raise _holds_others(name, source, found)
    kinds = [form.kind for form in FORMS.values() if form.table == name]
    lost = dataset.rejects.filter(dataset.rejects["record_type"].is_in(kinds)).height
    if lost:
        total = "record was" if lost == 1 else "records were"
        message = f"{name_of(source)}: {lost} {total} rejected; load(...).rejects lists them."
        warnings.warn(message, stacklevel=3)
    return table


def _found(dataset: Dataset[pl.DataFrame]) -> list[str]:
    """Say what a data set holds: tables by their size, rejects by their reason."""
    sizes = {name: getattr(dataset, name).height for name in TABLES}
    reasons = Counter(dataset.rejects["reason"].to_list())
    return [f"{size} {name}" for name, size in sizes.items() if size] + [
        f"{n} rejected ({reason})" for reason, n in sorted(reasons.items())
    ]


def _holds_others(name: str, source: Source, found: list[str]) -> SourceError:
    others = [
        f"load_{table}(...)" for table in TABLES if any(f.endswith(f" {table}") for f in found)
    ]
    return SourceError.of(
        f"{name_of(source)}: no {name} in it.",
        f"Found: {', '.join(found)}.",
        f"{', '.join([*others, 'load(...)'])} for what it does hold.",
    )

"""The numbers of a review as files for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.charts.kit.format import zone
from drift_analysis.charts.output.numbers import as_csv, as_xlsx, plain
from drift_analysis.errors import InputError

from .writing import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["save_numbers"]


def save_numbers(
    numbers: pl.DataFrame | Mapping[str, pl.DataFrame], path: str | Path, *, tz: str = "UTC"
) -> Path:
    """Write the numbers behind a picture, or several, for a spreadsheet.

    No cell is a formula: text that a spreadsheet would take for one gets an apostrophe in front.
    Lengths of time become seconds, and the heading says so; moments and days become ISO 8601 text
    in the time zone; ids become text, since spreadsheets round long numbers.

    Parameters
    ----------
    numbers
        A frame; for ``.xlsx`` also several by the names of their sheets.
    path
        Where to; its suffix, ``.csv`` or ``.xlsx``, says as what. An existing file is replaced.
    tz
        The time zone of moments.

    Returns
    -------
    :
        The path that was written.

    Raises
    ------
    InputError
        If the suffix is neither, several frames are to become one CSV, there is no such time
        zone, or the file cannot be written.
    MissingExtra
        If ``.xlsx`` is asked for and xlsxwriter is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import timedelta
    >>> from pathlib import Path
    >>> import polars as pl
    >>> from drift_analysis.report import save_numbers
    >>> frame = pl.DataFrame({"tag": ["=1+1"], "wait": [timedelta(minutes=1)]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(save_numbers(frame, Path(folder) / "waits.csv").read_text().lstrip(chr(0xFEFF)))
    "tag","wait (s)"
    "'=1+1",60.0
    """
    path = Path(path)
    zone(tz)
    sheets = {"numbers": numbers} if isinstance(numbers, pl.DataFrame) else dict(numbers)
    tables = {name: plain(frame, tz=tz) for name, frame in sheets.items()}
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx") or (suffix == ".csv" and len(tables) != 1):
        raise InputError.of(
            f"{path.name}: {len(tables)} table(s) cannot be written as this.",
            f"The suffix is {path.suffix!r}; .csv holds one table, .xlsx any number.",
            "'numbers.csv' or 'numbers.xlsx'.",
        )
    with writing(path):
        if suffix == ".csv":
            path.write_bytes(as_csv(next(iter(tables.values()))))
        else:
            path.write_bytes(as_xlsx(tables))
    return path

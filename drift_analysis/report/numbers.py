"""Numbers for a spreadsheet: plain values, and no text that it would take for a formula."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.charts.format import zone
from drift_analysis.errors import InputError, MissingExtra

from .deterministic import WRITTEN, same_bytes
from .writing import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["plain", "save_numbers", "unformulated"]

_BEGINS = re.compile(r"^[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n|%]|^[\t\r\n]")
_WITHIN = re.compile(r"([;,\t\r\n|])(\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SHEET = re.compile(r"[\[\]:*?/\\']")


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
            path.write_bytes(_csv(next(iter(tables.values()))))
        else:
            path.write_bytes(_xlsx(tables))
    return path


def plain(frame: pl.DataFrame, *, tz: str = "UTC") -> pl.DataFrame:
    """Return a frame of numbers, yes or no, and text that is no formula.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.report.numbers import plain
    >>> plain(pl.DataFrame({"user_id": [2**60], "tags": [["@a", "b"]]})).row(0)
    ('1152921504606846976', "'@a; b")
    """
    columns = [_plain(frame[name], tz) for name in frame.columns]
    named: dict[str, pl.Series] = {}
    for column in columns:
        name = unformulated(column.name)
        while name in named:
            name += "_"
        named[name] = column
    return pl.DataFrame(named)


def unformulated(text: str) -> str:
    """Put an apostrophe where a spreadsheet would begin to compute.

    That is at the beginning; and behind each character that a spreadsheet may take for the end
    of a cell, since it may cut lines at others than ours.

    Examples
    --------
    >>> from drift_analysis.report.numbers import unformulated
    >>> unformulated("=1+1"), unformulated("a;@b"), unformulated("-5 %"), unformulated("a = b")
    ("'=1+1", "a;'@b", "'-5 %", 'a = b')
    """
    inert = _WITHIN.sub(r"\1'\2", _CONTROL.sub(" ", text))
    return f"'{inert}" if _BEGINS.match(inert) else inert


def _plain(column: pl.Series, tz: str) -> pl.Series:
    dtype, name = column.dtype, column.name
    if isinstance(dtype, pl.Duration):
        return (column.dt.total_microseconds() / 1_000_000).rename(f"{name} (s)")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        column = column.dt.convert_time_zone(tz).dt.to_string("iso:strict")
    if dtype.is_float():
        return column.set(~column.is_finite(), None)
    if dtype == pl.Boolean or (dtype.is_integer() and not name.endswith("_id")):
        return column
    texts = [None if value is None else unformulated(_text(value)) for value in column]
    return pl.Series(name, texts, dtype=pl.String)


def _text(value: Any) -> str:
    if isinstance(value, pl.Series | list):
        return "; ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(_text(each) for each in value.values())
    return str(value)


def _csv(table: pl.DataFrame) -> bytes:
    """Write a table with a mark of its encoding, without which spreadsheets misread letters."""
    text = table.write_csv(quote_style="non_numeric", include_bom=True, line_terminator="\r\n")
    return text.encode()


def _xlsx(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Return a workbook in which each cell is told what it is, so that none becomes a formula."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra.needed("xlsxwriter", "A workbook (.xlsx)", "xlsx") from None
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": WRITTEN})
        bold = book.add_format({"bold": True})
        taken: set[str] = set()
        for name, table in tables.items():
            sheet = book.add_worksheet(_sheet_name(name, taken))
            for at, column in enumerate(table.iter_columns()):
                sheet.write_string(0, at, column.name, bold)
                sheet.set_column(at, at, min(60, max(10, len(column.name) + 2)))
                for row, value in enumerate(column, start=1):
                    _write_cell(sheet, row, at, value)
            sheet.freeze_panes(1, 0)
    return same_bytes(out.getvalue())


def _write_cell(sheet: Any, row: int, at: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    elif value is not None:
        sheet.write_string(row, at, value[:32_767])


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a workbook allows and that no other sheet has."""
    short = _SHEET.sub(" ", name)[:28].strip() or "numbers"
    found, n = short, 1
    while found.lower() in taken:
        n += 1
        found = f"{short} {n}"
    taken.add(found.lower())
    return found

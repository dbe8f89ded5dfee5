"""Numbers for a spreadsheet: plain values, and no text that it would take for a formula."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.errors import MissingExtra

from .deterministic import WRITTEN, same_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_csv", "as_xlsx", "plain", "unformulated"]

_BEGINS = re.compile(r"^[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n|%]|^[\t\r\n]")
_WITHIN = re.compile(r"([;,\t\r\n|])(\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SHEET = re.compile(r"[\[\]:*?/\\']")


def plain(frame: pl.DataFrame, *, tz: str = "UTC") -> pl.DataFrame:
    """Return a frame of numbers, yes or no, and text that is no formula.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.charts.output.numbers import plain
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
    >>> from drift_analysis.charts.output.numbers import unformulated
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


def as_csv(table: pl.DataFrame) -> bytes:
    """Write a plain table with a mark of its encoding, without which letters are misread."""
    text = table.write_csv(quote_style="non_numeric", include_bom=True, line_terminator="\r\n")
    return text.encode()


def as_xlsx(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Write plain tables as a workbook; each cell is told what it is, so none is a formula.

    Raises
    ------
    MissingExtra
        If xlsxwriter is not installed.
    """
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

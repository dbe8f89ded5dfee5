from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from drift_analysis.charts.output.numbers import plain
from drift_analysis.errors import InputError, MissingExtra
from drift_analysis.report import Review, save_numbers
from report.hostile import BODY, CANARIES, FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterator

LIVE = re.compile("^\\s*[=+@\uff1d\uff0b\uff20-]")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def of_everything() -> pl.DataFrame:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    return pl.DataFrame(
        {
            "user_id": [2**60 + 1],
            "n": [-5],
            "share": [float("nan")],
            "wait": [timedelta(seconds=1.5)],
            "at": [moment],
            "day": [date(2026, 3, 1)],
            "yes": [True],
            "tags": [["a", "=b"]],
            "color": [{"a": 1, "b": None}],
            "none": [None],
            "kind": pl.Series(["open"], dtype=pl.Enum(["open"])),
        }
    )


def cells_of_a_csv(path: Path, delimiter: str) -> Iterator[str]:
    text = path.read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield from row


def sheets(path: Path) -> dict[str, ET.Element]:
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if name.endswith((".xml", ".rels"))]
        return {name: ET.fromstring(book.read(name)) for name in names}


def texts_of_a_workbook(path: Path) -> list[str]:
    shared = sheets(path)["xl/sharedStrings.xml"]
    return ["".join(each.itertext()) for each in shared.iter(f"{NAMES}si")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_text_is_a_formula_in_a_csv_however_it_is_cut(delimiter: str, tmp_path: Path) -> None:
    hostile = pl.DataFrame({FORMULAS[0]: FORMULAS, "b": FORMULAS[::-1]})

    path = save_numbers(hostile, tmp_path / "numbers.csv")

    cells = list(cells_of_a_csv(path, delimiter))
    assert len(cells) >= len(FORMULAS)
    assert [cell for cell in cells if LIVE.match(cell) and not NUMBER.fullmatch(cell)] == []


def test_no_text_is_a_formula_in_a_workbook(tmp_path: Path) -> None:
    hostile = pl.DataFrame({FORMULAS[0]: FORMULAS, "b": FORMULAS[::-1]})

    path = save_numbers({"=1+1": hostile, "[b]:*": hostile, "b": hostile}, tmp_path / "n.xlsx")

    found = sheets(path)
    assert [name for name in found if "externalLink" in name or "connection" in name.lower()] == []
    for sheet in found.values():
        assert list(sheet.iter(f"{NAMES}f")) == []
        assert list(sheet.iter(f"{NAMES}hyperlink")) == []
        assert {cell.get("t", "n") for cell in sheet.iter(f"{NAMES}c")} <= {"s", "n", "b"}
    texts = texts_of_a_workbook(path)
    assert len(texts) >= len(set(FORMULAS))
    assert [text for text in texts if LIVE.match(text)] == []


def test_values_are_numbers_yes_or_no_and_text() -> None:
    found = plain(of_everything(), tz="Asia/Tokyo")

    assert found.columns == [
        *("user_id", "n", "share", "wait (s)", "at", "day"),
        *("yes", "tags", "color", "none", "kind"),
    ]
    assert found.row(0) == (
        *("1152921504606846977", -5, None, 1.5, "2026-03-02T08:30:00.000000+09:00", "2026-03-01"),
        *(True, "a;' =b", "1; None", None, "open"),
    )


def test_headings_that_become_the_same_are_told_apart() -> None:
    assert plain(pl.DataFrame({"=a": [1], "'=a": [2]})).columns == ["'=a", "'=a_"]


def test_a_workbook_holds_what_the_frame_does_and_the_same_bytes(tmp_path: Path) -> None:
    one = save_numbers(of_everything(), tmp_path / "one.xlsx")
    other = save_numbers({"numbers": of_everything()}, tmp_path / "other.xlsx")

    assert one.read_bytes() == other.read_bytes()
    sheet = sheets(one)["xl/worksheets/sheet1.xml"]
    cells = [cell for cell in sheet.iter(f"{NAMES}c") if cell.get("t") != "s"]
    assert [cell.findtext(f"{NAMES}v") for cell in cells] == ["-5", "1.5", "1"]
    assert "1152921504606846977" in texts_of_a_workbook(one)


@pytest.mark.parametrize("name", ["numbers.ods", "numbers"])
def test_another_kind_of_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save_numbers(of_everything(), tmp_path / name)

    assert str(caught.value) == (
        f"{name}: 1 table(s) cannot be written as this.\n"
        f"The suffix is {Path(name).suffix!r}; .csv holds one table, .xlsx any number.\n"
        "Try: 'numbers.csv' or 'numbers.xlsx'."
    )


def test_two_tables_are_no_csv_and_a_missing_folder_is_told(tmp_path: Path) -> None:
    both = {"a": of_everything(), "b": of_everything()}

    with pytest.raises(InputError, match=r"2 table\(s\) cannot be written"):
        save_numbers(both, tmp_path / "numbers.csv")
    with pytest.raises(InputError, match="No such file or directory"):
        save_numbers(of_everything(), tmp_path / "missing" / "numbers.csv")


def test_without_xlsxwriter_a_workbook_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtra) as caught:
        save_numbers(of_everything(), tmp_path / "numbers.xlsx")

    assert str(caught.value) == (
        "A workbook (.xlsx) needs xlsxwriter, which is not installed.\n"
        "Try: pip install 'drift_analysis[xlsx]'"
    )


def test_the_numbers_of_a_hostile_review_are_dead_and_tell_nobody(
    hostile: Review, tmp_path: Path
) -> None:
    folder = hostile.csv(tmp_path / "numbers")
    book = hostile.xlsx(tmp_path / "numbers.xlsx")

    files = sorted(path.stem for path in folder.iterdir())
    assert files == sorted(hostile.numbers)
    cells: list[str] = [
        cell for path in folder.iterdir() for cell in cells_of_a_csv(path, ",")
    ] + texts_of_a_workbook(book)
    assert [cell for cell in cells if LIVE.match(cell) and not NUMBER.fullmatch(cell)] == []
    told: Any = " ".join(cells)
    assert [canary for canary in (BODY, *CANARIES) if canary in told] == []
    assert not any(list(sheet.iter(f"{NAMES}f")) for sheet in sheets(book).values())

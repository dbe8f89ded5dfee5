from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import altair as alt
import polars as pl
import pytest

from charts.tables import AS_OF, tags
from drift_analysis import charts
from drift_analysis.charts.output.drawn_numbers import in_one, numbers_of
from drift_analysis.errors import InputError
from report.hostile import FORMULAS

if TYPE_CHECKING:
    from pathlib import Path

LIVE = re.compile("^\\s*[=+@\uff1d\uff0b\uff20-]")
NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_numbers_of_a_picture_are_those_it_draws() -> None:
    rows = [{"tag": "pricing", "conversations": 40}, {"tag": "demo", "conversations": 10}]
    chart = charts.tag_frequency(tags(*rows), as_of=AS_OF)

    found = numbers_of(chart.to_dict())

    assert list(found) == ["numbers"]
    assert found["numbers"].select("name", pl.col("share", "lo", "hi").round(6)).rows() == [
        ("pricing", 0.4, 0.35, 0.45),
        ("demo", 0.1, 0.05, 0.15),
    ]


def test_rows_of_the_same_columns_are_one_table_each_once_and_the_largest_is_first() -> None:
    few = alt.Chart(pl.DataFrame({"x": [1], "y": ["a\nb"]})).mark_point()
    same = alt.Chart(pl.DataFrame({"x": [1, 2], "y": ["a\nb", "c"]})).mark_point()
    other = alt.Chart(pl.DataFrame({"n": [1, 2, 3], "m": [4.5, None, -6]})).mark_point()
    line = alt.Chart(pl.DataFrame({"at": [5]})).mark_rule()

    found = numbers_of(((few + same + line) & other).to_dict())

    assert [(name, table.rows()) for name, table in found.items()] == [
        ("numbers", [(1, 4.5), (2, None), (3, -6.0)]),
        ("numbers 2", [(1, "a b"), (2, "c")]),
    ]
    assert in_one(found).rows() == [
        (1, 1, 4.5, None, None),
        (1, 2, None, None, None),
        (1, 3, -6.0, None, None),
        (2, None, None, 1, "a b"),
        (2, None, None, 2, "c"),
    ]


def test_a_heading_that_is_taken_is_no_second_time_there() -> None:
    both = {"a": pl.DataFrame({"table": ["x"]}), "b": pl.DataFrame({"y": [1]})}

    assert in_one(both).columns == ["table_", "table", "y"]


def test_numbers_that_stand_where_they_are_drawn_are_found() -> None:
    spec = {"layer": [{"data": {"values": [{"a": 1, "b": 2}]}}, {"data": {"url": "x.csv"}}]}

    assert numbers_of(spec)["numbers"].rows() == [(1, 2)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_chart_without_numbers_says_so(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        charts.save(alt.Chart("data.csv").mark_point(), tmp_path / f"numbers{suffix}")

    assert str(raised.value) == (
        "This chart draws no numbers of its own.\n"
        "It holds no rows of data.\n"
        "Try: the frame that it was made of: da.report.save_numbers(frame, path)."
    )


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_name_of_a_chart_is_a_formula(suffix: str, tmp_path: Path) -> None:
    rows = [{"tag": formula, "conversations": 40 - n} for n, formula in enumerate(FORMULAS)]
    picture = charts.tag_frequency(tags(*rows), as_of=AS_OF, limit=len(FORMULAS))
    frame = pl.DataFrame({FORMULAS[0]: FORMULAS, "n": range(len(FORMULAS))})

    for chart in (picture, picture | alt.Chart(frame).mark_point()):
        path = charts.save(chart, tmp_path / f"numbers{suffix}")

        texts = texts_of_a_csv(path) if suffix == ".csv" else texts_of_a_workbook(path)
        assert len([text for text in texts if "1+1" in text or "1,1" in text]) >= 20
        assert [text for text in texts if LIVE.match(text) and not is_number(text)] == []


def texts_of_a_csv(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def texts_of_a_workbook(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        parts = {name: ET.fromstring(book.read(name)) for name in book.namelist()}
    assert [name for name, part in parts.items() if list(part.iter(f"{NAMES}f"))] == []
    shared = parts["xl/sharedStrings.xml"]
    return ["".join(each.itertext()) for each in shared.iter(f"{NAMES}si")]


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text) is not None

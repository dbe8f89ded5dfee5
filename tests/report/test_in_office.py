from __future__ import annotations

import csv
import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import polars as pl
import pptx
import pypdfium2
import pytest

from drift_analysis.charts.numbers import unformulated
from drift_analysis.report import save_numbers
from report.hostile import FORMULAS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.office

INCH = 72
Rect = tuple[float, float, float, float]


NAMES = ("a_period", "hostile", "long_names", "one", "nobody")


@pytest.fixture(scope="module")
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Let LibreOffice print all decks, in one run with a profile of its own."""
    folder = tmp_path_factory.mktemp("office")
    for name in NAMES:
        content: bytes = request.getfixturevalue(f"deck_of_{name}")
        (folder / f"{name}.pptx").write_bytes(content)
    converted("pdf", [folder / f"{name}.pptx" for name in NAMES])
    return {name: folder / f"{name}.pdf" for name in NAMES}


def converted(kind: str, paths: list[Path]) -> None:
    """Let LibreOffice turn files into others beside them, with a profile of its own."""
    folder = paths[0].parent
    office = shutil.which("soffice")
    assert office, "No LibreOffice was found."
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


def lines_of(page: pypdfium2.PdfPage) -> list[Rect]:
    text = page.get_textpage()
    found = [text.get_rect(n) for n in range(text.count_rects())]
    return [each for each in found if each[2] - each[0] > 1]


@pytest.mark.parametrize("name", NAMES)
def test_as_printed_no_text_is_cut_off_or_lies_on_another(
    name: str, printed: dict[str, Path]
) -> None:
    with pypdfium2.PdfDocument(printed[name]) as document:
        assert len(document) == len(
            pptx.Presentation(str(printed[name].with_suffix(".pptx"))).slides
        )
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            lines = lines_of(page)
            assert lines, number
            for left, bottom, right, top in lines:
                assert left >= 0.5 * INCH - 2, number
                assert right <= width - 0.4 * INCH, number
                assert 0.1 * INCH <= bottom < top <= height - 0.3 * INCH, number
            for at, one in enumerate(lines):
                for other in lines[at + 1 :]:
                    wide = min(one[2], other[2]) - max(one[0], other[0])
                    tall = min(one[3], other[3]) - max(one[1], other[1])
                    assert wide < 2 or tall < 4, (number, one, other)


@pytest.mark.parametrize("name", NAMES)
def test_as_printed_every_picture_is_there_and_ends_before_the_edge(
    name: str, printed: dict[str, Path]
) -> None:
    with pypdfium2.PdfDocument(printed[name]) as document:
        for number, page in list(enumerate(document))[2:-1]:
            drawn = page.render(scale=1, grayscale=True).to_pil()
            picture = drawn.crop((0.55 * INCH, 1.6 * INCH, 8.5 * INCH, 6.85 * INCH))
            assert picture.getextrema()[0] < 128, number
            width, height = drawn.size
            frame = [
                (0, 0, width, 0.3 * INCH),
                (0, height - 8, width, height),
                (0, 0, 0.45 * INCH, height),
                (width - 0.4 * INCH, 0, width, height),
            ]
            assert min(drawn.crop(side).getextrema()[0] for side in frame) > 250, number


def test_a_spreadsheet_computes_none_of_forty_formulas(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": range(len(FORMULAS)), "text": FORMULAS})
    book = save_numbers(frame, tmp_path / "numbers.xlsx")

    converted("csv", [book])

    opened = (tmp_path / "numbers.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(opened, newline="")))
    shown = [" ".join(row[1].split()) for row in rows[1:]]
    assert shown == [" ".join(unformulated(each).split()) for each in FORMULAS]

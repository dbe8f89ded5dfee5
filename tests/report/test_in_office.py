from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pypdfium2
import pytest

import drift_analysis as da
from drift_analysis.report import Review
from report.awkward import of_everything_awkward

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.office

INCH = 72
Rect = tuple[float, float, float, float]


NAMES = ("everything", "awkward")
SECTIONS = 25


@pytest.fixture(scope="module")
def reviews() -> dict[str, Review]:
    """Give every section of the sample, and of names and a title that are hard to place."""
    return {
        "everything": Review(da.load("data/sample"), sections="all"),
        "awkward": of_everything_awkward(),
    }


@pytest.fixture(scope="module")
def printed(
    reviews: dict[str, Review], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Let LibreOffice print all decks, in one run with a profile of its own."""
    folder = tmp_path_factory.mktemp("office")
    decks = [review.deck(folder / f"{name}.pptx") for name, review in reviews.items()]
    converted("pdf", decks)
    return {name: folder / f"{name}.pdf" for name in NAMES}


@pytest.fixture(scope="module")
def papers(reviews: dict[str, Review], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("papers")
    return {name: review.pdf(folder / f"{name}.pdf") for name, review in reviews.items()}


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
        # A title and a summary come first, and what the data cannot say comes last.
        assert len(document) == SECTIONS + 3
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            lines = lines_of(page)
            assert lines, number
            for left, bottom, right, top in lines:
                assert left >= 0.5 * INCH - 2, number
                assert right <= width - 0.4 * INCH, number
                assert 0.1 * INCH <= bottom < top <= height - 0.3 * INCH, number
            assert apart(lines), number


def apart(lines: list[Rect]) -> bool:
    """Whether no line of text lies on another."""
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            wide = min(one[2], other[2]) - max(one[0], other[0])
            tall = min(one[3], other[3]) - max(one[1], other[1])
            if wide >= 2 and tall >= 4:
                return False
    return True


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


@pytest.mark.parametrize("name", NAMES)
def test_on_paper_no_text_lies_on_another_and_no_picture_is_cut_off(
    name: str, papers: dict[str, Path], reviews: dict[str, Review]
) -> None:
    told = []
    with pypdfium2.PdfDocument(papers[name]) as document:
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            text = page.get_textpage()
            told.append(" ".join(text.get_text_bounded().split()))
            lines = [text.get_rect(n) for n in range(text.count_rects())]
            for left, bottom, right, top in lines:
                assert left >= 30, number
                assert right <= width - 30, number
                assert 30 <= bottom <= top <= height - 30, number
            drawn = page.render(scale=1, grayscale=True).to_pil()
            frame = [(0, 0, 30, height), (width - 30, 0, width, height), (0, 0, width, 30)]
            assert min(drawn.crop(side).getextrema()[0] for side in frame) == 255, number
    text = " ".join(told)
    assert len(reviews[name].sections) == SECTIONS
    assert [each.name for each in reviews[name].sections if each.question not in text] == []

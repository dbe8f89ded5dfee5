from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pypdfium2
import pytest

import drift_analysis as da
from drift_analysis.errors import MissingExtra
from drift_analysis.report import Review
from drift_analysis.report.pdf import pdf
from report.awkward import of_long_names
from report.hostile import BODY, CANARIES, PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image


@pytest.fixture(scope="module")
def of_a_period(compared: Review) -> bytes:
    return pdf(compared.story)


@pytest.fixture(scope="module")
def of_hostile(hostile: Review, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = hostile.pdf(tmp_path_factory.mktemp("pdf") / "review.pdf")
    return path.read_bytes()


@pytest.fixture(scope="module")
def of_long_words() -> bytes:
    return pdf(of_long_names().story)


@pytest.fixture(params=["of_a_period", "of_hostile", "of_long_words"])
def content(request: pytest.FixtureRequest) -> bytes:
    found: bytes = request.getfixturevalue(request.param)
    return found


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def pages_of(content: bytes) -> list[Image]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=1, grayscale=True).to_pil() for page in document]


def test_paper_tells_what_the_page_does(of_a_period: bytes, compared: Review) -> None:
    told = text_of(of_a_period)

    for number in compared.key_numbers:
        assert number.sentence in told
        assert number.change in told
    for section in compared.sections:
        assert section.question in told, section.name
        assert section.definition[:60] in told
    for part in (*compared.story.when, compared.story.sure, *compared.story.limits):
        assert part in told
    assert "The numbers behind the pictures" in told


def test_paper_has_headings_and_descriptions_for_those_who_do_not_see_it(
    of_a_period: bytes,
) -> None:
    assert b"/StructTreeRoot" in of_a_period
    with pypdfium2.PdfDocument(of_a_period) as document:
        assert document.get_metadata_dict()["Title"] == "Review of Drift conversations"
        headings = [each.get_title().replace("\xa0", " ") for each in document.get_toc()]
    assert headings[:2] == [
        "Review of Drift conversations",
        "Half of the contacts get a human answer within 8 h 52 min",
    ]


def test_nothing_reaches_the_edge_of_the_paper(content: bytes) -> None:
    for number, page in enumerate(pages_of(content), start=1):
        width, height = page.size
        edge = 30
        frame = [
            (0, 0, width, edge),
            (0, height - edge, width, height),
            (0, 0, edge, height),
            (width - edge, 0, width, height),
        ]
        darkest = [page.crop(side).getextrema()[0] for side in frame]
        assert min(darkest) == 255, number


def test_paper_runs_and_loads_nothing(of_hostile: bytes) -> None:
    for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction"):
        assert not re.search(word + rb"\b", of_hostile), word


def test_paper_shows_hostile_names_as_text_and_tells_nobody(of_hostile: bytes) -> None:
    told = text_of(of_hostile).replace(" ", "")

    assert PAYLOADS[0].replace(" ", "") in told
    assert '#eval("1")' in told
    assert [canary for canary in (BODY, *CANARIES) if canary in told] == []


def test_the_same_review_gives_the_same_bytes() -> None:
    data = da.load("data/sample")
    one, other = (pdf(Review(data, sections=["playbooks"]).story) for _ in range(2))

    assert one == other


def test_a_review_of_nothing_is_one_that_says_so(tmp_path: Path) -> None:
    path = Review(da.load([]), title="Nothing").pdf(tmp_path / "nothing.pdf")

    assert "No conversations." in text_of(path.read_bytes())


def test_without_typst_paper_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(MissingExtra) as caught:
        pdf(Review(da.load([])).story)

    assert str(caught.value) == (
        "A review as PDF needs typst, which is not installed.\n"
        "Try: pip install 'drift_analysis[pdf]'"
    )

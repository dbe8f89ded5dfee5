from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pptx
import pytest
from pptx.util import Emu

import drift_analysis as da
from drift_analysis.charts.kit.text import wrap
from drift_analysis.errors import MissingExtra
from drift_analysis.report import Review
from drift_analysis.report.deck import deck
from drift_analysis.report.slides import Box, fitted
from report.hostile import BODY, CANARIES, PAYLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

SAFE = {"png", "xml", "rels", "jpeg"}


def opened(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def lines_of(frame: Any, width: float) -> Iterator[tuple[int, float]]:
    """Return for each paragraph how many lines it takes, and how tall one is, in points."""
    for paragraph in frame.paragraphs:
        size = paragraph.runs[0].font.size.pt if paragraph.runs else 12
        after = paragraph.space_after.pt if paragraph.space_after is not None else 0
        n = len(wrap(paragraph.text, width, size=size))
        yield n, size * 1.2 + after / n


DECKS = ("a_period", "hostile", "long_names", "one", "nobody")


@pytest.fixture(params=[f"deck_of_{name}" for name in DECKS])
def content(request: pytest.FixtureRequest) -> bytes:
    found: bytes = request.getfixturevalue(request.param)
    return found


def test_every_section_has_a_slide_that_states_its_finding(
    deck_of_a_period: bytes, compared: Review
) -> None:
    slides = opened(deck_of_a_period).slides

    titles = [slide.shapes.title.text.replace("\xa0", " ") for slide in slides]
    assert titles[:2] == ["Review of Drift conversations", "What moved most"]
    assert titles[-1] == "What this data cannot say"
    assert titles[2] == "Half of the contacts get a human answer within 8 h 52 min"
    assert "Half leave open within 4 h 41 min, pending within 2 d" in titles
    for slide, section in zip(list(slides)[2:-1], compared.sections, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert section.definition in notes
        assert "\t".join(section.numbers.columns) in notes
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        described = picture._element.nvPicPr.cNvPr.get("descr")
        assert described == section.chart.description


def test_the_summary_says_the_five_numbers_and_how_sure_they_are(
    deck_of_a_period: bytes, compared: Review
) -> None:
    summary = opened(deck_of_a_period).slides[1]
    text = "\n".join(shape.text for shape in summary.shapes if shape.has_text_frame)
    assert "16\xa0% more" in text
    text = text.replace("\xa0", " ")

    for number in compared.key_numbers:
        assert number.value in text
        assert f"{number.label}: {number.change}" in text
        assert number.sentence in text
        assert number.proof in text
    assert compared.story.sure in text


def test_everything_is_on_its_slide_and_nothing_overlaps(content: bytes) -> None:
    presentation = opened(content)
    wide, high = presentation.slide_width, presentation.slide_height
    for number, slide in enumerate(presentation.slides):
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= wide, number
            assert 0 <= top < bottom <= high, number
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                above = one[3] <= other[1] or other[3] <= one[1]
                assert apart or above, (number, one, other)


def test_every_text_fits_its_box(content: bytes) -> None:
    for slide in opened(content).slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text.strip():
                assert shape.text_frame.word_wrap
                width, height = (Emu(each).pt for each in (shape.width, shape.height))
                needed = sum(n * tall for n, tall in lines_of(shape.text_frame, width - 2))
                assert needed <= height + 1, shape.text[:80]


def test_a_deck_holds_pictures_and_text_and_nothing_that_runs_or_loads(
    deck_of_hostile: bytes,
) -> None:
    with zipfile.ZipFile(io.BytesIO(deck_of_hostile)) as parts:
        names = parts.namelist()
        relations = [ET.fromstring(parts.read(n)) for n in names if n.endswith(".rels")]
        slides = [parts.read(n).decode() for n in names if n.startswith("ppt/slides/slide")]
    assert {name.rpartition(".")[2] for name in names} <= SAFE | {"bin"}
    assert [n for n in names if "vba" in n.lower() or "embed" in n.lower()] == []
    external = [each for tree in relations for each in tree if each.get("TargetMode") == "External"]
    assert external == []
    assert [each for each in slides if "hlinkClick" in each or "<a:hlink" in each] == []


def test_a_deck_shows_hostile_names_as_text_and_tells_nobody(deck_of_hostile: bytes) -> None:
    slides = opened(deck_of_hostile).slides

    text = "\n".join(
        [shape.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
        + [slide.notes_slide.notes_text_frame.text for slide in slides]
    )

    assert PAYLOADS[0] in text
    assert len([payload for payload in PAYLOADS if payload in text]) >= 25
    assert [canary for canary in (BODY, *CANARIES) if canary in text] == []


def test_the_same_review_gives_the_same_bytes() -> None:
    one, other = (
        deck(Review(da.load("data/sample"), sections=["playbooks"]).story) for _ in range(2)
    )

    assert one == other


def test_a_review_of_nothing_has_a_deck_that_says_so() -> None:
    slides = opened(deck(Review(da.load([]), title="Nothing").story)).slides

    assert [slide.shapes.title.text for slide in slides] == ["Nothing", "What this data cannot say"]
    assert "No conversations." in slides[0].shapes[1].text


def test_without_python_pptx_a_deck_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)

    with pytest.raises(MissingExtra) as caught:
        deck(Review(da.load([])).story)

    assert str(caught.value) == (
        "A deck needs python-pptx, which is not installed.\nTry: pip install 'drift_analysis[deck]'"
    )


def test_text_gets_the_largest_size_that_fits_else_an_ellipsis() -> None:
    box = Box(0, 0, 3, 0.5)

    assert fitted("short", box, (28, 8))[0] == 28
    size, (text,) = fitted("long " * 60, box, (28, 8), lines=2)
    assert size == 8
    assert text.endswith("…")
    assert fitted("a\x0bb\nc", box, (12, 8)) == (12, ["a b", "c"])

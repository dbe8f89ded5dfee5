from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest
import vl_convert

from charts.samples import pictures
from drift_analysis.charts.output.pdf_order import ordered
from drift_analysis.charts.output.render import svg


@pytest.fixture(scope="module")
def drawn() -> list[bytes]:
    drawing = svg(pictures()["calendar"]().to_dict()).decode()
    return [bytes(vl_convert.svg_to_pdf(drawing)) for _ in range(6)]


def pixels(document: bytes) -> Any:
    pdf = pypdfium2.PdfDocument(document)
    try:
        return pdf[0].render(scale=1).to_pil().tobytes()
    finally:
        pdf.close()


def test_many_arrangements_of_a_picture_become_one(drawn: list[bytes]) -> None:
    assert len(set(drawn)) > 1
    assert len({ordered(document) for document in drawn}) == 1


def test_the_picture_stays_the_same(drawn: list[bytes]) -> None:
    assert pixels(ordered(drawn[0])) == pixels(drawn[0])


def test_the_table_says_where_each_object_begins(drawn: list[bytes]) -> None:
    document = ordered(drawn[0])
    table = document.rindex(b"\nxref\n") + 1
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", document[table:])]

    assert document.endswith(b"startxref\n%d\n%%%%EOF" % table)
    assert f"/Size {len(places) + 1}\n".encode() in document[table:]
    for number, place in enumerate(places, 1):
        assert document[place:].startswith(b"%d 0 obj\n" % number)
    assert ordered(document) == document


def test_what_is_no_such_document_is_left_alone() -> None:
    assert ordered(b"%PDF-1.7") == b"%PDF-1.7"

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

import drift_analysis as da
from browser.lab import PATIENCE, ROOT
from charts.gallery import KINDS, drawings

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from browser.lab import Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=2 * PATIENCE)

NAME = "every_picture.ipynb"
DRAWN = ".jp-OutputArea-output :is(canvas, svg.marks)"
INKS = """canvas => {
    const { width, height } = canvas;
    const pixels = new Uint32Array(
        canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
    return new Set(pixels).size;
}"""


def notebook() -> dict[str, Any]:
    """Keep every picture of the gallery as a notebook does that showed it and was saved."""
    cells = []
    for kind, draw in drawings(da.load(ROOT / "data" / "sample")).items():
        bundle, metadata = draw()._repr_mimebundle_()
        output = {"output_type": "display_data", "data": bundle, "metadata": metadata}
        cell = {"cell_type": "code", "id": kind.replace("_", "-"), "source": kind, "metadata": {}}
        cells.append({**cell, "execution_count": None, "outputs": [output]})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def saved(folder: Path) -> Path:
    path = folder / "notebooks" / NAME
    path.write_text(json.dumps(notebook()), encoding="utf-8")
    return path


def bundles(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    return [{**output["data"], "metadata": output["metadata"]} for output in outputs]


def test_every_picture_is_drawn_without_a_network_and_without_a_kernel(
    visit: Visit, saved: Path
) -> None:
    page = visit.page
    page.goto(f"{visit.url}/lab/tree/notebooks/{saved.name}?reset")
    pictures = page.locator(DRAWN)
    expect(pictures).to_have_count(len(KINDS))
    for picture in pictures.all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 600
        assert box["height"] > 250
        assert picture.evaluate(INKS) > 5


def test_what_a_saved_notebook_holds_is_shown_where_there_is_no_vega(
    saved: Path,
) -> None:
    found = bundles(saved)

    assert len(found) == len(KINDS)
    for bundle in found:
        with Image.open(BytesIO(b64decode(bundle["image/png"]))) as picture:
            picture.load()
            assert picture.width >= 1280
            assert len(set(picture.convert("L").resize((64, 64)).tobytes())) > 5
        assert bundle["metadata"]["image/png"]["alt"] == bundle["text/plain"]
        assert "text/html" not in bundle


def test_ten_pictures_stay_below_two_megabytes(saved: Path) -> None:
    largest = sorted((len(json.dumps(bundle)) for bundle in bundles(saved)), reverse=True)

    assert sum(largest[:10]) < 2_000_000


def test_as_a_page_the_notebook_shows_every_picture_offline(browser: Browser, saved: Path) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level=ERROR", str(saved)]
    subprocess.run(command, check=True, cwd=saved.parent)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(saved.with_suffix(".html").as_uri(), wait_until="domcontentloaded")

    pictures = page.locator(".jp-RenderedImage img")
    expect(pictures).to_have_count(len(KINDS))
    shown = "image => image.decode().then(() => image.naturalWidth)"
    assert all(picture.evaluate(shown) >= 1280 for picture in pictures.all())
    assert all(picture.get_attribute("alt") for picture in pictures.all())
    context.close()

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl
import pytest
from PIL import Image

import drift_analysis as da
from charts.gallery import KINDS
from charts.looks import TOLERANCE, difference, small, thumbnail
from charts.tables import caption, title
from drift_analysis.charts.kit.theme import DARK, config
from drift_analysis.charts.output import render
from report.hostile import BODY, CANARIES, PAYLOADS

if TYPE_CHECKING:
    from functools import partial

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
FILES = (".png", ".pdf", ".svg", ".html", ".csv", ".xlsx")
SHAPES = ("svg", "rect", "g", "path", "text", "tspan", "defs", "line", "clippath")
LIVE_ATTRIBUTES = ("href", "xlink:href", "src", "srcset", "action", "data", "style")
DIGESTS = """
import json, sys
from pathlib import Path
sys.path.insert(0, "tests")
from charts.gallery import drawings
from charts.test_gallery import SAMPLE, da, digests
pictures = {kind: draw() for kind, draw in drawings(da.load(SAMPLE)).items()}
print(json.dumps(digests(pictures, Path(sys.argv[1]))))
"""


class Elements(HTMLParser):
    """What a browser would make of a drawing: its elements, and attributes that run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.live: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.live += [
            each for each in attrs if each[0].startswith("on") or each[0] in LIVE_ATTRIBUTES
        ]


def digests(pictures: dict[str, Any], folder: Path) -> dict[str, list[str]]:
    """Save every picture as text, and by turns as another kind of file; return the sums."""
    found = {}
    for n, (kind, picture) in enumerate(pictures.items()):
        suffixes = (".json", FILES[n % len(FILES)])
        files = [da.charts.save(picture, folder / f"{kind}{suffix}") for suffix in suffixes]
        found[kind] = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return found


def test_the_gallery_draws_every_picture_there_is(drawn: dict[str, partial[Any]]) -> None:
    assert sorted(drawn) == sorted(KINDS)
    assert len(KINDS) == 34


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_the_gallery_is_as_it_is_drawn(kind: str, pictures: dict[str, Any]) -> None:
    with Image.open(ROOT / "docs" / "gallery" / f"{kind}.png") as shown:
        stored = small(shown)

    assert difference(stored, thumbnail(pictures[kind], scale=1.5)) <= TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_holds_few_rows_domains_and_all_its_words(
    kind: str, pictures: dict[str, Any]
) -> None:
    spec = pictures[kind].to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows]

    assert len(rows) < 500
    assert len(json.dumps(spec)) < 60_000
    assert title(spec)
    assert "As of 1 Jun 2026" in caption(spec)
    assert title(spec) in str(pictures[kind].description).replace("\u00a0", " ")
    numbers = [value for row in rows for value in row.values() if isinstance(value, float)]
    assert all(abs(number) < 1e12 for number in numbers)
    assert not any(isinstance(value, list | dict) for row in rows for value in row.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_can_be_put_together_with_others_and_keeps_its_words(
    kind: str, drawn: dict[str, partial[Any]], pictures: dict[str, Any]
) -> None:
    picture = pictures[kind]
    dots = alt.Chart(pl.DataFrame({"x": [1, 2]})).mark_point().encode(x="x:Q")
    dots = dots.properties(description="Two dots.")
    half = drawn[kind](size="half", title="Half a page")
    own = {"title": title(picture.to_dict()), "caption": caption(picture.to_dict())}

    below = picture & dots
    with da.charts.use_theme("dark"):
        beside = (half | dots).properties(spacing=30)
        spec = render.described(beside.to_dict())
    drawing = render.svg(spec).decode()

    parts = below.to_dict()["vconcat"]
    assert {"title": title({"vconcat": parts}), "caption": caption({"vconcat": parts})} == own
    assert title(spec["hconcat"][0]) == "Half a page"
    assert spec["config"] == config(DARK)
    assert spec["description"] == f"{half.description} Two dots."
    assert "Half a page" in drawing
    assert 'aria-label="' in drawing


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_notebook_it_shows_without_vega(kind: str, pictures: dict[str, Any]) -> None:
    bundle, metadata = pictures[kind]._repr_mimebundle_()

    with Image.open(BytesIO(b64decode(bundle["image/png"]))) as picture:
        assert picture.width >= 1280
        assert len(set(picture.convert("L").resize((64, 64)).tobytes())) > 5
    assert metadata["image/png"]["alt"] == bundle["text/plain"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_stay_text_in_every_file(
    kind: str, hostile: dict[str, partial[Any]], tmp_path: Path
) -> None:
    words = {"title": " ".join(PAYLOADS[:75]), "subtitle": " ".join(PAYLOADS[75:])}
    picture = hostile[kind](**words)
    files = {
        suffix: da.charts.save(picture, tmp_path / f"a{suffix}").read_text(encoding="utf-8")
        for suffix in (".svg", ".html", ".json", ".csv")
    }
    drawing, page = Elements(), Elements()
    drawing.feed(files[".svg"])
    library, _, rest = files[".html"].partition('<script id="spec"')
    page.feed(library.partition("<script>")[0] + '<script id="spec"' + rest)

    assert drawing.names <= {
        "svg",
        "rect",
        "g",
        "path",
        "text",
        "tspan",
        "defs",
        "line",
        "clippath",
    }
    assert drawing.live == []
    assert page.names == {
        *("html", "head", "meta", "title", "body", "figure", "div", "script"),
    }
    assert [each for each in page.live if each[0] != "style"] == []
    assert rest.count("</script") == 2
    assert json.loads(files[".json"])
    told = " ".join(files.values())
    assert [canary for canary in (BODY, *CANARIES) if canary in told] == []


def test_the_same_data_gives_the_same_bytes_in_another_process(
    pictures: dict[str, Any], tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", DIGESTS, str(there)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as other:
        ours = digests(pictures, here)
        told, _ = other.communicate()

    assert json.loads(told) == ours
    assert len({digest for each in ours.values() for digest in each}) == 2 * len(KINDS)

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import altair as alt
import pytest
from PIL import Image

from charts.tables import AS_OF, caption, minutes_open, playbooks, tags, times, title
from drift_analysis import charts
from drift_analysis.charts.output.render import png_size
from drift_analysis.charts.output.save import SUFFIXES
from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "</script><script>window.PWNED=1</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def chart() -> Any:
    return charts.tag_frequency(tags({"tag": HOSTILE, "conversations": 40}), as_of=AS_OF)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_chart_gives_the_same_bytes(tmp_path: Path, chart: Any, suffix: str) -> None:
    one = charts.save(chart, tmp_path / f"one{suffix}")
    other = charts.save(chart, str(tmp_path / f"other{suffix}"))

    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_size > 100


def test_each_kind_is_what_its_suffix_says(tmp_path: Path, chart: Any) -> None:
    begins = {
        suffix: charts.save(chart, tmp_path / f"chart{suffix.upper()}").read_bytes()[:15]
        for suffix in SUFFIXES
    }

    assert begins[".png"].startswith(b"\x89PNG")
    assert begins[".svg"].startswith(b"<svg")
    assert begins[".pdf"].startswith(b"%PDF")
    assert begins[".html"] == b"<!doctype html>"
    assert begins[".json"].startswith(b"{")
    assert begins[".csv"].startswith(b'\xef\xbb\xbf"row"')
    assert begins[".xlsx"].startswith(b"PK")


def test_scale_and_resolution_make_a_picture_larger(tmp_path: Path, chart: Any) -> None:
    def width(**options: float) -> int:
        return png_size(charts.save(chart, tmp_path / "a.png", **options).read_bytes())[0]

    assert width(scale=1) == 650
    assert width() == 1_300
    assert width(scale=1, ppi=144) == 1_300


def test_names_of_tags_are_text_wherever_they_stand(tmp_path: Path, chart: Any) -> None:
    page = charts.save(chart, tmp_path / "a.html").read_text()
    picture = charts.save(chart, tmp_path / "a.svg").read_text()

    after_the_library = page.partition('<script id="spec"')[2]
    assert page.count("</script") == 3
    assert "PWNED" in after_the_library
    assert "<script>window" not in page
    assert "<img" not in after_the_library
    assert "<script" not in picture
    assert "<img" not in picture


def test_a_page_needs_no_network(tmp_path: Path, chart: Any) -> None:
    page = charts.save(chart, tmp_path / "a.html").read_text()

    assert "default-src 'none'" in page
    assert re.findall(r"<(?:script|link)[^>]+(?:src|href)=", page) == []
    assert page.count("vegaEmbed(") == 1


def test_a_specification_can_be_read_again(tmp_path: Path, chart: Any) -> None:
    written = charts.save(chart, tmp_path / "a.json").read_text()

    assert json.loads(written) == chart.to_dict()
    assert alt.Chart.from_json(written).to_dict()["vconcat"]


def test_the_alternative_text_is_in_svg_and_page(tmp_path: Path) -> None:
    chart = charts.tag_frequency(tags({"tag": "a", "conversations": 40}), as_of=AS_OF)

    for suffix in (".svg", ".html"):
        written = charts.save(chart, tmp_path / f"a{suffix}").read_text()
        assert f'aria-label="{chart.description}"' in written


def test_a_png_is_small_whole_and_carries_the_alternative_text(tmp_path: Path, chart: Any) -> None:
    path = charts.save(chart, tmp_path / "a.png")

    with Image.open(path) as picture:
        picture.load()
        assert picture.info["Description"] == chart.description
    assert path.stat().st_size < 100_000


def test_pictures_compose_and_each_keeps_its_words(tmp_path: Path) -> None:
    one = charts.time_in_status(times(*minutes_open(*range(1, 9))), as_of=AS_OF)
    other = charts.playbook_attribution(
        playbooks({"playbook_name": "A", "conversations": 10, "engaged": 5}), as_of=AS_OF
    )

    below, beside = (one & other), (one | other)

    first, first_caption, second = below.to_dict()["vconcat"]
    assert title({"vconcat": [first]}) == title(one.to_dict())
    assert caption({"vconcat": [first, first_caption]}) == caption(one.to_dict())
    assert (title(second), caption(second)) == (title(other.to_dict()), caption(other.to_dict()))
    assert [first["description"], second["description"]] == [one.description, other.description]
    assert [title(part) for part in beside.to_dict()["hconcat"]] == [
        title(one.to_dict()),
        title(other.to_dict()),
    ]
    assert png_size(charts.save(beside, tmp_path / "a.png", scale=1).read_bytes())[0] < 1_340


@pytest.mark.parametrize("suffix", [".html", ".svg", ".json"])
def test_pictures_side_by_side_and_below_each_other_keep_every_alternative_text(
    tmp_path: Path, suffix: str
) -> None:
    one = charts.tag_frequency(tags({"tag": "one", "conversations": 40}), as_of=AS_OF)
    other = charts.tag_frequency(tags({"tag": "other", "conversations": 30}), as_of=AS_OF)
    both = f"{one.description} {other.description}"

    for chart in (one & other, one | other):
        written = charts.save(chart, tmp_path / f"a{suffix}").read_text()
        assert both in written or suffix == ".svg"
        assert all(str(each.description) in written for each in (one, other))
        assert charts.mimebundle(chart.to_dict())[0]["text/plain"] == both


def test_pictures_below_each_other_begin_at_the_same_edge(tmp_path: Path) -> None:
    long = charts.tag_frequency(tags({"tag": "I" * 40, "conversations": 40}), as_of=AS_OF)
    short = charts.tag_frequency(tags({"tag": "I", "conversations": 40}), as_of=AS_OF)
    path = charts.save(long & short, tmp_path / "a.png", scale=1)

    with Image.open(path) as picture:
        dark = picture.convert("L").point(lambda level: 255 * (level < 200))
    half = dark.height // 2
    above, below = dark.crop((0, 0, 650, half)), dark.crop((0, half, 650, dark.height))
    edges = [box[0] for box in (above.getbbox(), below.getbbox()) if box]
    assert len(edges) == 2
    assert edges[0] == pytest.approx(edges[1], abs=3)


def test_an_unknown_suffix_is_refused(tmp_path: Path, chart: Any) -> None:
    with pytest.raises(InputError) as raised:
        charts.save(chart, tmp_path / "chart.bmp")

    assert str(raised.value) == (
        "chart.bmp: no kind of picture that can be written.\n"
        "The suffix is '.bmp'.\n"
        "Try: one of .png, .svg, .pdf, .html, .json, .csv, .xlsx."
    )


def test_a_missing_folder_is_refused(tmp_path: Path, chart: Any) -> None:
    folder = tmp_path / "missing"
    with pytest.raises(InputError) as raised:
        charts.save(chart, folder / "chart.json")

    assert str(raised.value) == (
        "chart.json: its folder does not exist.\n"
        f"The folder is {str(folder)!r}.\n"
        "Try: Path(...).mkdir(parents=True) first."
    )


def test_a_place_that_is_taken_is_refused(tmp_path: Path, chart: Any) -> None:
    (tmp_path / "chart.json").mkdir()
    with pytest.raises(InputError) as raised:
        charts.save(chart, tmp_path / "chart.json")

    assert str(raised.value) == (
        "chart.json: cannot be written.\n"
        "The system says: Is a directory.\n"
        "Try: another place, or remove what stands there."
    )


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_a_scale_that_means_nothing_is_refused(tmp_path: Path, chart: Any, scale: float) -> None:
    with pytest.raises(InputError) as raised:
        charts.save(chart, tmp_path / "chart.png", scale=scale)

    assert str(raised.value) == f"scale={scale!r} is not above 0.\nTry: scale=2."

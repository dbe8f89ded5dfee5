from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import altair as alt
import pytest

from drift_analysis import charts
from drift_analysis.charts.kit.color import DARK_GROUND, GREY, LIGHT_GROUND, contrast
from drift_analysis.charts.kit.theme import (
    ACCENT,
    DARK,
    DASHES,
    LIGHT,
    SERIES_COLORS,
    Palette,
    config,
)
from drift_analysis.errors import InputError
from drift_analysis.schemas import AUTHOR_KINDS, LIFE_ORDER

if TYPE_CHECKING:
    from pathlib import Path

SERIES = {f"series {n}": color for n, color in enumerate(SERIES_COLORS)}
EVERY = {**charts.STATUS_COLORS, **charts.AUTHOR_COLORS, **SERIES, "accent": ACCENT, "grey": GREY}

# G. M. Machado, M. M. Oliveira and L. Fernandes, IEEE Transactions on Visualization and Computer
# Graphics 15 (2009): severity 1.0, on linear light.
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TRITANOPIA = (
    (1.255528, -0.076749, -0.178779),
    (-0.078411, 0.930809, 0.147602),
    (0.004733, 0.691367, 0.303900),
)
FULL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

Triple = tuple[float, float, float]


def linear(color: str) -> Triple:
    def channel(at: int) -> float:
        value = int(color[at : at + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def seen(color: str, matrix: tuple[Triple, Triple, Triple]) -> Triple:
    """Return what an eye sees of a colour, in CIELAB."""
    light = linear(color)
    r, g, b = (
        min(1.0, max(0.0, sum(w * c for w, c in zip(row, light, strict=True)))) for row in matrix
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: Triple, other: Triple) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


@pytest.mark.parametrize(("name", "color"), EVERY.items())
def test_every_colour_is_seen_by_day_and_by_night(name: str, color: str) -> None:
    assert contrast(color, LIGHT_GROUND) >= 3, name
    assert contrast(color, DARK_GROUND) >= 3, name


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_can_be_read_on_both_grounds(palette: Palette) -> None:
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.muted, palette.ground) >= 4.5
    assert [palette.ground for palette in (LIGHT, DARK)] == [LIGHT_GROUND, DARK_GROUND]


@pytest.mark.parametrize(
    ("matrix", "least"),
    [
        pytest.param(FULL, 40, id="full"),
        pytest.param(PROTANOPIA, 20, id="protanopia"),
        pytest.param(DEUTERANOPIA, 18, id="deuteranopia"),
        pytest.param(TRITANOPIA, 12, id="tritanopia"),
    ],
)
@pytest.mark.parametrize(
    "palette", [charts.STATUS_COLORS, charts.AUTHOR_COLORS, SERIES], ids=["status", "author", "n"]
)
def test_colours_are_told_apart_without_seeing_red_green_or_blue(
    palette: dict[str, str], matrix: tuple[Triple, Triple, Triple], least: float
) -> None:
    known = {name: color for name, color in palette.items() if name != "unknown"}

    for (one, first), (other, second) in combinations(known.items(), 2):
        assert distance(seen(first, matrix), seen(second, matrix)) >= least, (one, other)


@pytest.mark.parametrize(
    "palette", [charts.STATUS_COLORS, charts.AUTHOR_COLORS, SERIES], ids=["status", "author", "n"]
)
def test_colours_differ_in_grey_print(palette: dict[str, str]) -> None:
    lightness = [seen(color, FULL)[0] for name, color in palette.items() if name != "unknown"]

    assert min(abs(a - b) for a, b in combinations(lightness, 2)) >= 3.5


def test_statuses_that_follow_one_another_differ_in_grey() -> None:
    lightness = [seen(charts.STATUS_COLORS[status], FULL)[0] for status in LIFE_ORDER]

    assert all(abs(a - b) > 3.5 for a, b in pairwise(lightness))


def test_colours_of_groups_have_a_kind_of_line_each_too() -> None:
    assert len(DASHES) == len(SERIES_COLORS) == len({tuple(dash) for dash in DASHES})


def test_a_theme_is_that_of_every_picture_drawn_under_it() -> None:
    chart = alt.Chart().mark_point()

    with charts.use_theme("dark"):
        assert (chart | chart).to_dict()["config"] == config(DARK)
    assert chart.to_dict()["config"] == config(LIGHT)
    charts.use_theme("dark")
    assert chart.to_dict()["config"] == config(DARK)
    charts.use_theme("light")
    assert chart.to_dict()["config"] == config(LIGHT)


def test_a_page_saved_under_a_theme_has_its_ground(tmp_path: Path) -> None:
    with charts.use_theme("dark"):
        page = charts.save(alt.Chart().mark_point(), tmp_path / "a.html").read_text()
    by_day = charts.save(alt.Chart().mark_point(), tmp_path / "a.html").read_text()

    assert '<body style="background: #111111">' in page
    assert '<body style="background: #FFFFFF">' in by_day


def test_another_ground_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        charts.use_theme("sepia")  # type: ignore[arg-type]

    what, remedy = str(raised.value).splitlines()
    assert what == "ground='sepia' is not a choice."
    assert remedy == "Try: one of 'light', 'dark'."


def test_every_status_and_every_kind_of_author_has_a_colour() -> None:
    assert list(charts.STATUS_COLORS) == list(LIFE_ORDER)
    assert list(charts.AUTHOR_COLORS) == list(AUTHOR_KINDS)


def test_the_theme_is_on_once_charts_are_imported() -> None:
    assert alt.theme.active == "drift_analysis"
    assert alt.Chart().mark_point().to_dict()["config"] == config(LIGHT)


def test_no_text_is_smaller_than_12_pixels() -> None:
    def sizes(node: object) -> list[float]:
        if not isinstance(node, dict):
            return []
        own = [value for key, value in node.items() if str(key).lower().endswith("fontsize")]
        return own + [size for value in node.values() for size in sizes(value)]

    assert min(sizes(config(LIGHT))) >= 12

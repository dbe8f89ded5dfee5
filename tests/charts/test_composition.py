from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl
import pytest

from charts.gallery import KINDS
from charts.tables import caption, title
from drift_analysis import charts
from drift_analysis.charts.output.render import described, svg
from drift_analysis.errors import InputError

if TYPE_CHECKING:
    from functools import partial

PANELS = ("playbook_trend", "tag_trend")
RED = "#ff0000"
LINE = alt.Chart(pl.DataFrame({"own": [1]})).mark_rule(color=RED).encode(y=alt.value(50))


@pytest.mark.parametrize("kind", KINDS)
def test_something_can_be_drawn_upon_the_plot_and_the_words_stay(
    kind: str, pictures: dict[str, Any]
) -> None:
    picture = pictures[kind]
    before = picture.to_dict()

    changed = charts.change_plot(picture, lambda plot: plot + LINE).properties(title="Mine")
    spec = changed.to_dict()

    assert (title(spec), caption(spec)) == (title(before), caption(before))
    assert spec["title"] == "Mine"
    assert changed.description == picture.description
    n_red = svg(described(spec)).decode().count(RED)
    assert n_red > 1 if kind in PANELS else n_red == 1
    assert picture.to_dict() == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_plot_can_be_moved_with_a_mouse(kind: str, pictures: dict[str, Any]) -> None:
    spec = charts.change_plot(pictures[kind], lambda plot: plot.interactive(bind_y=False)).to_dict()

    (moved,) = spec["params"]
    assert moved["bind"] == "scales"
    assert moved["select"]["encodings"] == ["x"]


def test_a_picture_itself_is_put_together_and_cannot_be_layered(pictures: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Concatenated charts cannot be layered"):
        pictures["backlog"] + LINE


def test_two_changed_pictures_stand_side_by_side(drawn: dict[str, partial[Any]]) -> None:
    one = charts.change_plot(drawn["backlog"](size="half"), lambda plot: plot + LINE)
    both = one | drawn["net_flow"](size="half")

    assert svg(described(both.to_dict())).decode().count(RED) == 1


def test_what_is_no_picture_has_no_plot_to_change() -> None:
    with pytest.raises(InputError) as caught:
        charts.change_plot(LINE, lambda plot: plot)

    what, evidence, remedy = str(caught.value).splitlines()
    assert what == "change_plot() takes a picture of da.charts."
    assert evidence == "Got Chart."
    assert remedy.startswith("Try: da.charts.change_plot(")

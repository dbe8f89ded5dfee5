from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from charts.looks import TOLERANCE, difference, looks_as_stored, thumbnail
from charts.samples import HOSTILE, pictures
from charts.tables import calm_sentence, caption, row_count, subtitle, title
from drift_analysis import charts
from drift_analysis.charts.kit.color import DARK_GROUND
from drift_analysis.charts.output.render import described, svg
from drift_analysis.errors import InputError, SchemaError

DRAWN = pictures()
KINDS = list(DRAWN)
NAMED = ["survival_curve", "cumulative_incidence", "time_in_status_by", "cohort_trend"]
GROUPLESS = ["cumulative_incidence", "flow", "ageing", "calendar", "transitions", "variants"]


def strings(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    if isinstance(node, list):
        return [text for value in node for text in strings(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_looks_as_it_did(kind: str) -> None:
    assert looks_as_stored(DRAWN[kind](), kind) <= TOLERANCE


def test_a_dark_picture_looks_as_it_did() -> None:
    with charts.use_theme("dark"):
        assert looks_as_stored(DRAWN["net_flow"](), "net_flow-dark") <= TOLERANCE


def test_a_picture_that_lost_something_is_told_from_the_one_before() -> None:
    whole = DRAWN["survival_curve"]()
    spec = whole.to_dict()
    plot = spec["vconcat"][0]["hconcat"][1]
    plot["layer"] = plot["layer"][1:2]
    bare = type(whole).from_dict(spec)

    assert difference(thumbnail(whole), thumbnail(bare)) > TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_says_what_it_shows_and_what_it_rests_on(kind: str) -> None:
    chart = DRAWN[kind](tz="Europe/Berlin")
    spec = chart.to_dict()

    assert title(spec)
    assert str(chart.description).count(title(spec)) == 1
    assert "n = " in caption(spec) or kind in ("flow", "backlog", "net_flow")
    assert caption(spec).endswith("As of 31 Mar 2026, 14:00 (Europe/Berlin).")
    assert row_count(spec) < 400


@pytest.mark.parametrize("kind", KINDS)
def test_own_words_take_the_place_of_the_finding(kind: str) -> None:
    spec = DRAWN[kind](title="Mine", subtitle="Too").to_dict()

    assert (title(spec), subtitle(spec)) == ("Mine", "Too")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_a_calm_sentence_and_a_plan_is_as_good_as_a_frame(kind: str) -> None:
    chart = DRAWN[kind](how=lambda frame: frame.clear().lazy(), title="Mine")
    spec = chart.to_dict()

    assert calm_sentence(spec)
    assert title(spec) == "Mine"
    assert str(chart.description).startswith("No picture: ")


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_page_is_half_as_wide_and_dark_if_wanted(kind: str) -> None:
    with charts.use_theme("dark"):
        chart = DRAWN[kind](size="half")
        drawing = svg(described(chart.to_dict())).decode()
        assert (chart | chart).to_dict()["hconcat"]

    width = re.search(r'width="(\d+)', drawing)
    assert width
    assert 310 <= int(width[1]) <= 340
    painted = re.sub(r"<text[^>]*/>", "", drawing)
    inks = {ink.lower() for ink in re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{6}|black)', painted)}
    assert DARK_GROUND in inks
    assert inks & {"#1b1f24", "#5b616a", "#e3e5e8", "#ffffff", "black"} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_makes_no_picture_is_refused(kind: str) -> None:
    with pytest.raises(InputError):
        DRAWN[kind](as_of=datetime(2026, 3, 31))  # noqa: DTZ001
    with pytest.raises(InputError):
        DRAWN[kind](size="double")
    with pytest.raises(InputError):
        DRAWN[kind](tz="Mars")
    with pytest.raises(SchemaError):
        DRAWN[kind](how=lambda frame: frame.select(pl.lit(1).alias("a")))


@pytest.mark.parametrize("kind", GROUPLESS)
def test_a_picture_of_one_group_refuses_several(kind: str) -> None:
    def twice(frame: pl.DataFrame) -> pl.DataFrame:
        return pl.concat(frame.with_columns(inbox=pl.lit(n)) for n in (1, 2))

    with pytest.raises(SchemaError) as raised:
        DRAWN[kind](how=twice)

    what, evidence, remedy = str(raised.value).splitlines()
    assert what.endswith(": this is a table of 2 groups.")
    assert evidence == "The picture shows one."
    assert remedy == "Try: frame.filter(...) to one of them, or compute it without by=."


@pytest.mark.parametrize("kind", NAMED)
def test_names_are_text_wherever_they_stand(kind: str) -> None:
    spec = described(pictures(HOSTILE)[kind]().to_dict())
    drawing = svg(spec).decode()
    spread = json.dumps(spec, ensure_ascii=False)
    programs = re.findall(r'"(?:labelExpr|expr|signal|calculate|filter)": "([^"]*)', spread)

    assert any("script" in text for text in strings(spec["datasets"]))
    assert [text for text in programs if "script" in text or "alert" in text] == []
    assert "<script" not in drawing
    assert "&lt;script" in drawing or "&lt;/script" in drawing
    assert "<" not in charts.inline_json(spec)

from __future__ import annotations

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import altair as alt
import pytest
from PIL import Image

from charts.tables import AS_OF, tags
from drift_analysis import charts

HOSTILE = "</script><script>window.PWNED=1</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def chart() -> Any:
    return charts.tag_frequency(tags({"tag": HOSTILE, "conversations": 40}), as_of=AS_OF)


def bundle_of(chart: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    bundle, metadata = chart._repr_mimebundle_()
    return bundle, metadata


def test_a_notebook_gets_a_picture_words_and_a_specification_but_no_html(chart: Any) -> None:
    assert alt.renderers.active == "drift_analysis"
    bundle, _ = bundle_of(chart)

    assert sorted(bundle) == ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]


def test_the_picture_is_shown_at_half_its_size(chart: Any) -> None:
    bundle, metadata = bundle_of(chart)
    shown = metadata["image/png"]
    with Image.open(BytesIO(b64decode(bundle["image/png"]))) as picture:
        assert (picture.width // 2, picture.height // 2) == (shown["width"], shown["height"])
        assert len(set(picture.convert("L").resize((64, 64)).tobytes())) > 10
    assert 640 <= shown["width"] <= 660


def test_the_alternative_text_comes_along(chart: Any) -> None:
    bundle, metadata = bundle_of(chart)

    assert bundle["text/plain"] == chart.description
    assert metadata["image/png"]["alt"] == chart.description


def test_the_specification_is_for_the_vega_lite_that_jupyterlab_carries(chart: Any) -> None:
    bundle, metadata = bundle_of(chart)
    spec = bundle["application/vnd.vegalite.v5+json"]

    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert metadata["application/vnd.vegalite.v5+json"] == {"embed_options": {"actions": False}}


def test_nothing_in_a_bundle_can_end_a_script(chart: Any) -> None:
    bundle, _ = bundle_of(chart)

    escaped = charts.inline_json(bundle)
    assert "<" not in escaped
    assert ">" not in escaped
    assert json.loads(escaped) == bundle


def test_any_chart_of_altair_can_be_shown() -> None:
    bundle, _ = charts.mimebundle(alt.Chart().mark_point().to_dict())

    assert bundle["text/plain"] == "A chart."

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pytest

from drift_analysis import charts
from report.hostile import PAYLOADS
from report.test_in_browser import opened

if TYPE_CHECKING:
    from functools import partial
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_page_of_every_picture_with_hostile_names_does_nothing_but_draw(
    hostile: dict[str, partial[Any]], browser: Browser, tmp_path: Path
) -> None:
    said = [
        {"title": " ".join(PAYLOADS[n : n + 4]), "subtitle": PAYLOADS[-n - 1]}
        for n in range(len(hostile))
    ]
    named = [draw(**words) for draw, words in zip(hostile.values(), said, strict=True)]
    path = charts.save(alt.vconcat(*named), tmp_path / "every.html")

    page, asked, wrong = opened(browser, path.as_uri())
    page.wait_for_selector("#chart svg", timeout=60_000)

    assert page.locator("#chart svg text").count() > 34 * 10
    assert PAYLOADS[0] in page.locator("#chart").inner_text().replace("\xa0", " ")
    assert page.evaluate("window.PWNED") is None
    assert asked == [path.as_uri()]
    # Vega-Lite warns of what it finds unusual; nothing else is said, and nothing fails.
    assert [each for each in wrong if not each.startswith("WARN ")] == []
    # The library itself puts an empty form below a chart, for controls that ours do not have.
    assert page.locator("img, iframe, object, embed, form *").count() == 0

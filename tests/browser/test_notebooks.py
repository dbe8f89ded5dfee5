from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser.lab import PATIENCE

if TYPE_CHECKING:
    from browser.lab import Visit

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


def test_the_quickstart_draws_three_charts(visit: Visit) -> None:
    visit.run("notebooks/00_quickstart.ipynb")

    charts = visit.page.locator(".jp-OutputArea-output").locator("canvas, svg.marks, img")
    expect(charts).to_have_count(3)
    for chart in charts.all():
        box = chart.bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 150


def test_the_explorer_notebook_runs_and_shows_what_it_says(visit: Visit) -> None:
    visit.run("notebooks/01_explore.ipynb")

    expect(visit.page.locator(".drift-table tbody tr")).to_have_count(15)
    expect(visit.page.locator(".drift-chart svg")).to_be_visible()

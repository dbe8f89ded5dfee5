from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from drift_analysis.charts.kit.color import contrast
from drift_analysis.report import inks
from report.test_review import Page

if TYPE_CHECKING:
    from pathlib import Path

READABLE = 4.5


@pytest.fixture
def page(of_the_sample: Path) -> Page:
    return Page(of_the_sample / "review.html")


def test_headings_follow_one_another_without_a_gap(page: Page) -> None:
    levels = [int(each[1]) for each in page.elements if re.fullmatch(r"h[1-6]", each)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_page_says_its_language_and_has_one_main_part_which_comes_at_once(page: Page) -> None:
    assert ("html", "lang", "en") in page.attributes
    assert page.elements.count("main") == 1
    # There is no navigation to skip: nothing stands between the title and what it says.
    assert "nav" not in page.elements
    assert "a" not in page.elements


def test_each_picture_is_described_and_each_table_has_a_name_and_headed_columns(page: Page) -> None:
    pictures = page.elements.count("figure")
    described = [v for tag, name, v in page.attributes if (tag, name) == ("svg", "aria-label")]
    assert len(described) == pictures
    assert min(map(len, described)) > 40
    tables = page.elements.count("table")
    named = [v for tag, name, v in page.attributes if (tag, name) == ("table", "aria-label")]
    assert len(named) + page.elements.count("caption") == tables
    assert page.values("scope") == ["col"] * page.elements.count("th")


@pytest.mark.parametrize("ink", ["ink", "muted", "accent"])
def test_text_is_readable_by_day_and_by_night(ink: str) -> None:
    modes = re.findall(r":root \{([^}]*)\}", inks.style())

    assert len(modes) == 2
    for mode in modes:
        colors = dict(re.findall(r"--([a-z]+): (#[0-9A-Fa-f]{6})", mode))
        assert contrast(colors[ink], colors["ground"]) >= READABLE
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)

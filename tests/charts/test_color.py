from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift_analysis.charts.kit.color import DARK_GROUND, GREY, LIGHT_GROUND, contrast, readable

HEX = st.text("0123456789abcdefABCDEF", min_size=6, max_size=6)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#FFFFFF", "#777777") == 4.48
    assert contrast("#777777", "#FFFFFF") == 4.48
    assert contrast("#123456", "#123456") == 1


@settings(max_examples=100, deadline=None)
@given(HEX)
def test_every_colour_becomes_one_that_is_seen_by_day_and_by_night(color: str) -> None:
    changed = readable(color)

    assert contrast(changed, LIGHT_GROUND) >= 3
    assert contrast(changed, DARK_GROUND) >= 3


@settings(max_examples=50, deadline=None)
@given(HEX)
def test_a_colour_that_is_seen_stays_as_it_is(color: str) -> None:
    once = readable(color)

    assert readable(once) == once


@pytest.mark.parametrize("color", [None, "", "red", "12345", "1234567", '"><script>', "url(x)"])
def test_what_is_no_colour_is_grey(color: str | None) -> None:
    assert readable(color) == GREY


def test_a_hue_survives_the_adjustment() -> None:
    changed = readable("FFEE00")

    red, green, blue = (int(changed[at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue == 0

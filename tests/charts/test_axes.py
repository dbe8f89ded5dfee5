from __future__ import annotations

from typing import Any

import pytest

from drift_analysis.charts.kit.axes import TICKS, TimeScale


@pytest.mark.parametrize(
    ("seconds", "first", "last"),
    [
        ([], 1, 2),
        ([None], 1, 2),
        ([0.0, 0.2], 1, 2),
        ([70.0, 3_000.0], 60, 3_600),
        ([70.0, 4_000.0], 60, 4_400),
        ([2.0, 1e9], 1, 1.1e9),
    ],
)
def test_an_axis_spans_what_it_is_given(
    seconds: list[float | None], first: float, last: float
) -> None:
    scale = TimeScale(seconds)

    assert scale.first == first
    assert scale.last == pytest.approx(last)


def test_ticks_keep_their_distance() -> None:
    scale = TimeScale([1.0, 4e8])

    assert scale.ticks(10_000) == list(TICKS)
    assert [TICKS[tick] for tick in scale.ticks(200)] == ["1 s", "10 min", "1 d", "1 y"]


def test_an_axis_is_logarithmic_and_says_times() -> None:
    spec: Any = TimeScale([70.0, 3_000.0]).x("wait", 400).to_dict()

    assert spec["scale"] == {"type": "log", "domain": [60.0, 3600.0], "nice": False}
    assert spec["axis"]["values"] == [60.0, 600.0, 3600.0]
    assert "datum.value == 3600 ? '1 h'" in spec["axis"]["labelExpr"]

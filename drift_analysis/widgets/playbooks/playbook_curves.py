"""Two curves in one picture, as places on its axes: how many are not there yet after each time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import anywidget
import polars as pl
import traitlets

from drift_analysis.charts.kit.axes import TICKS, TimeScale
from drift_analysis.charts.kit.format import exact_count, human_duration, human_share, plural
from drift_analysis.charts.kit.frame import FEW
from drift_analysis.charts.kit.theme import SERIES_COLORS

__all__ = ["Curves", "curve_panel"]

_HERE = Path(__file__).parent
_STEPS, _WIDTH, _HALF = 240, 360, 0.5


class Curves(anywidget.AnyWidget):
    """Pictures of curves side by side; every text is set as text in the browser."""

    _esm = _HERE / "playbook_curves.js"
    _css = _HERE / "playbook_curves.css"

    panels = traitlets.List(traitlets.Dict()).tag(sync=True)


def curve_panel(
    curves: pl.DataFrame, names: tuple[str, str], *, heading: str, ended: str
) -> dict[str, Any]:
    """Return what the browser is told of two curves.

    Parameters
    ----------
    curves
        A `SurvivalCurve` table with ``side``.
    names
        What the sides are called, the first one first.
    heading
        What the picture is about.
    ended
        What has happened to those that left a curve, as it follows "have".

    Returns
    -------
    :
        ``heading``, ``sentence``; ``ticks`` (``at`` from 0 to 1, ``text``, and how many are
        ``left`` of each side); ``series`` (``name``, ``color``, ``points`` of x, y, lo and hi
        from 0 to 1, ``half``). A side of fewer than five has no curve.
    """
    parts = {
        name: part
        for name in names
        if not (part := curves.filter(pl.col("side") == name).sort("t")).is_empty()
    }
    told = [_told(name, parts.get(name), ended) for name in names]
    seconds = curves["t"].dt.total_milliseconds() / 1000
    known = seconds.filter(seconds > 0)
    scale = TimeScale([known.min(), known.max()])  # type: ignore[list-item]  # of numbers
    drawn = {n: parts[n] for n in names if n in parts and parts[n]["at_risk"].max() >= FEW}  # type: ignore[operator]
    ticks = [
        {
            "at": _place(tick, scale),
            "text": TICKS[tick],
            "left": [exact_count(_left(part, tick, scale)) for part in drawn.values()],
        }
        for tick in scale.ticks(_WIDTH)
    ]
    series = [
        {
            "name": name,
            "color": SERIES_COLORS[names.index(name)],
            "points": _points(part, scale),
            "half": None if (half := _half(part)) is None else _place(half, scale),
        }
        for name, part in drawn.items()
    ]
    sentence = f"{told[0]}; {told[1]}."
    return {"heading": heading, "sentence": sentence, "ticks": ticks, "series": series}


def _told(name: str, part: pl.DataFrame | None, ended: str) -> str:
    if part is None:
        return f"{name}: nothing to measure"
    n, running = int(part["at_risk"][0]), int(part["censored"].sum())
    counts = f"n {exact_count(n)}, {plural(running, 'not yet', 'not yet')}"
    half = _half(part)
    if n < FEW:
        return f"{name}: {exact_count(n - running)} of {exact_count(n)} have {ended}"
    if half is None:
        gone = human_share(1 - part["survival"][-1])
        return f"{name}: half is not reached, {gone} have {ended} ({counts})"
    return f"{name}: half have {ended} within {human_duration(1000 * half)} ({counts})"


def _half(part: pl.DataFrame) -> float | None:
    reached = part.filter(pl.col("survival") <= _HALF + 1e-12)["t"]
    return None if reached.is_empty() else reached[0].total_seconds()


def _place(seconds: float, scale: TimeScale) -> float:
    inside = min(max(seconds, scale.first), scale.last)
    return math.log(inside / scale.first) / math.log(scale.last / scale.first)


def _left(part: pl.DataFrame, tick: float, scale: TimeScale) -> int:
    """Count those that last at least as long as a tick; all of them at the first."""
    if tick <= scale.first:
        return int(part["at_risk"][0])
    later = part.filter(pl.col("t").dt.total_milliseconds() >= 1000 * tick)
    return 0 if later.is_empty() else int(later["at_risk"][0])


def _points(part: pl.DataFrame, scale: TimeScale) -> list[list[float | None]]:
    """Keep the last of all steps that are too close to be seen apart."""
    seconds = part["t"].dt.total_milliseconds() / 1000
    inside = seconds.clip(scale.first, scale.last)
    at = (inside / scale.first).log() / math.log(scale.last / scale.first)
    rows = part.select(x=at.round(4), y="survival", lo="lo", hi="hi").with_columns(
        pl.col("lo", "hi").forward_fill()
    )
    place = (pl.col("x") * _STEPS).floor()
    is_last = (place != place.shift(-1)).fill_null(value=True)
    is_first = pl.int_range(pl.len()) == 0
    kept = rows.filter(is_last | is_first).with_columns(pl.col("y", "lo", "hi").round(4))
    return [list(row) for row in kept.rows()]

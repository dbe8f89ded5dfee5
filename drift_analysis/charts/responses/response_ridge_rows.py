"""The ridges of first responses as numbers: groups, curves, medians, and heights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.metrics.statistics.incidence import cumulative_incidence

from ..kit.format import plural
from ..kit.frame import FEW
from .response_ridge_words import wait_told

if TYPE_CHECKING:
    from ..kit.axes import TimeScale

__all__ = ["FOOT", "answer_curves", "folded", "ridge_rows", "ridges_of"]

FOOT = 0.93
"""Where in its row a ridge stands."""

_HALF = 0.5 - 1e-12
_BINS, _HIGH = 72, 0.84
_SMOOTH = (1, 2, 3, 4, 5, 4, 3, 2, 1)
_REACH = len(_SMOOTH) // 2


def folded(known: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Let the small groups be one, and say how many they are."""
    counts = known.group_by("label").agg(n=pl.len()).sort("n", "label", descending=[True, False])
    shown = counts["label"].head(limit).to_list()
    n_others = counts.height - len(shown)
    if n_others == 1:
        shown = counts["label"].to_list()
    others = pl.lit(plural(n_others, "other group"))
    return known.with_columns(
        label=pl.when(pl.col("label").is_in(shown)).then("label").otherwise(others),
        is_others=~pl.col("label").is_in(shown),
    )


def answer_curves(merged: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each group that is answered by each time, in seconds."""
    curves = cumulative_incidence(merged, duration="wait", outcome="outcome", by="label")
    answered = curves.filter(pl.col("outcome") == "answered")
    return answered.with_columns(t=pl.col("t").dt.total_seconds(fractional=True))


def ridge_rows(merged: pl.DataFrame, curves: pl.DataFrame) -> pl.DataFrame:
    """Order the groups by their median, those without one after them, and the rest last."""
    counts = merged.group_by("label", "is_others").agg(
        n=pl.len(), n_answered=(pl.col("outcome") == "answered").sum()
    )
    halves = [
        curves.filter(pl.col(bound) >= _HALF).group_by("label").agg(pl.col("t").min().alias(name))
        for bound, name in (("incidence", "at"), ("hi", "lo"), ("lo", "hi"))
    ]
    last = curves.group_by("label").agg(answered=pl.col("incidence").max())
    for frame in (*halves, last):
        counts = counts.join(frame, on="label", how="left")
    enough = pl.col("n") >= FEW
    rows = counts.with_columns(pl.when(enough).then(pl.col("at", "lo", "hi"))).sort(
        "is_others", ~enough, "at", "answered", "label", nulls_last=True
    )
    return rows.with_columns(
        row=pl.int_range(pl.len()),
        value=pl.Series([wait_told(row) for row in rows.to_dicts()], dtype=pl.String),
    )


def ridges_of(rows: pl.DataFrame, curves: pl.DataFrame, scale: TimeScale) -> pl.DataFrame:
    """Put the steps of each curve into places of the axis, and smooth them a little."""
    width = math.log(scale.last / scale.first) / _BINS
    place = ((pl.col("t").clip(scale.first) / scale.first).log() / width).floor()
    steps = (
        curves.sort("label", "t")
        .with_columns(step=pl.col("incidence").diff().over("label").fill_null(pl.col("incidence")))
        .group_by("label", bin=place.cast(pl.Int64).clip(0, _BINS - 1))
        .agg(pl.col("step").sum())
    )
    places = pl.DataFrame({"bin": range(-_REACH, _BINS + _REACH)})
    grid = rows.filter(pl.col("n") >= FEW).select("label", "row").join(places, how="cross")
    filled = grid.join(steps, on=["label", "bin"], how="left").sort("row", "bin")
    step = pl.col("step").fill_null(0.0)
    parts = (
        weight * step.shift(shift, fill_value=0.0).over("row")
        for shift, weight in zip(range(-_REACH, _REACH + 1), _SMOOTH, strict=True)
    )
    ridges = filled.with_columns(high=pl.sum_horizontal(parts) / sum(_SMOOTH))
    ridges = ridges.filter(pl.col("bin").is_between(0, _BINS - 1))
    foot, top = pl.col("row") + FOOT, pl.max_horizontal(pl.col("high").max(), 1e-12)
    return ridges.select(
        "row",
        t=scale.first * ((pl.col("bin") + 0.5) * width).exp(),
        foot=foot,
        top=foot - _HIGH * pl.col("high") / top,
    )

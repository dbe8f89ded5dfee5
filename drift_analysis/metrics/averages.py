"""Averages of lengths of time, to the nearest millisecond: those of polars cut off what is left."""

from __future__ import annotations

import polars as pl

from drift_analysis.schemas.columns import LENGTH

__all__ = ["mean_length", "median_length", "whole_length"]


def mean_length(length: pl.Expr) -> pl.Expr:
    """Return the mean of lengths; null of none.

    The sum is one of whole numbers, so that the order of the rows cannot matter.
    """
    milliseconds, n = length.dt.total_milliseconds(), length.count()
    return whole_length(milliseconds.sum() / pl.when(n > 0).then(n))


def median_length(length: pl.Expr) -> pl.Expr:
    """Return the median of lengths, that is the mean of the two in the middle; null of none."""
    return whole_length(length.dt.total_milliseconds().median())


def whole_length(milliseconds: pl.Expr) -> pl.Expr:
    """Return the length that is nearest to a number of milliseconds."""
    return milliseconds.round().cast(pl.Int64).cast(LENGTH)

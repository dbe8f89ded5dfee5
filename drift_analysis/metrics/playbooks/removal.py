"""What a touch adds to the chance of a conversion, in a chain of touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ..statistics.resampling import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..statistics.resampling import Draws

    Matrix = NDArray[np.float64]

__all__ = ["removal_credits"]

_HERE, _NEXT, _END = "here", "next", "converted"


def removal_credits(rows: pl.LazyFrame, draws: Draws) -> pl.LazyFrame:
    """Divide conversions by the removal effects of an absorbing Markov chain.

    The chain goes from a start through the touches of each journey to its end. The effect of a
    touch is how much of the chance of a conversion is lost if whoever comes to it is lost. With
    N = (I - Q)^-1, the visits to expect, s the chances of a first touch and r those of a
    conversion right after a touch: whoever starts comes to touch i at all with the chance
    (sN)_i / N_ii, and then converts with the chance (Nr)_i. Their product is what is lost.

    Takes journeys; returns ``touch``, and its credit in each of the draws.
    """
    steps = rows.with_row_index("row").explode("touches")
    same = pl.col("row") == pl.col("row").shift(1)
    before = pl.when(same).then(pl.col("touches").shift(1)).alias(_HERE)
    moves = steps.with_columns(before, pl.col("touches").alias(_NEXT))
    ends = rows.with_columns(pl.col("touches").list.last().alias(_HERE))
    counts = [
        draws.sums(moves, [_HERE, _NEXT], pl.col("n")),
        draws.sums(ends, [_HERE, _END], pl.col("n")),
    ]
    schema = {"touch": pl.String, **dict.fromkeys(draws.names, pl.Float64)}
    return whole(pl.concat(counts, how="diagonal"), _credits, schema)


def _credits(counts: pl.DataFrame) -> pl.DataFrame:
    """Solve a chain for each column of counts."""
    names = counts.get_column(_NEXT).drop_nulls().unique().sort()
    chains = [name for name in counts.columns if name not in (_HERE, _NEXT, _END)]
    effects = _effects(_chances(counts, names, chains), len(names), len(chains))
    totals = effects.sum(axis=1, keepdims=True)
    won = counts.filter(_END).select(pl.col(chains).sum()).to_numpy().reshape(-1, 1)
    found = effects / np.where(totals > 0, totals, 1) * won
    given = dict(zip(chains, found, strict=True))
    return pl.DataFrame({"touch": names, **given}, schema_overrides={"touch": pl.String})


def _chances(counts: pl.DataFrame, names: pl.Series, chains: list[str]) -> pl.DataFrame:
    """Return the chance of each move: `here` is null at the start, `next` is null at the end."""
    touch, chain = pl.Enum(names), pl.Enum(chains)
    at = pl.col(_HERE, _NEXT).cast(touch).to_physical().cast(pl.Int64)
    return (
        counts.with_columns(at, pl.col(_END).fill_null(value=False))
        .unpivot(chains, index=[_HERE, _NEXT, _END], variable_name="chain", value_name="n")
        .with_columns(pl.col("chain").cast(chain).to_physical().cast(pl.Int64))
        .with_columns((pl.col("n") / pl.col("n").sum().over("chain", _HERE)).alias("chance"))
    )


def _effects(moves: pl.DataFrame, size: int, n_chains: int) -> Matrix:
    """Return the removal effect of each touch: a row for each chain."""
    starts, stops = pl.col(_HERE).is_null(), pl.col(_NEXT).is_null()
    passed = _laid_out(moves.filter(~starts & ~stops), [_HERE, _NEXT], (n_chains, size, size))
    first = _laid_out(moves.filter(starts), [_NEXT], (n_chains, size))
    won = _laid_out(moves.filter(_END), [_HERE], (n_chains, size))
    visits = np.linalg.inv(np.eye(size) - passed)
    came = np.einsum("ci,cij->cj", first, visits)
    goes = np.einsum("cij,cj->ci", visits, won)
    effects: Matrix = came * goes / np.diagonal(visits, axis1=1, axis2=2)
    return effects


def _laid_out(moves: pl.DataFrame, places: list[str], shape: tuple[int, ...]) -> Matrix:
    """Write the chances of each chain at their places, and 0 everywhere else."""
    chances = np.zeros(shape)
    at = tuple(moves.get_column(name).to_numpy() for name in ("chain", *places))
    chances[at] = moves.get_column("chance").to_numpy()
    return chances

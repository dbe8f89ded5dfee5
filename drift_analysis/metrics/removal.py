"""What a touch adds to the chance of a conversion, in a chain of touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .matrices import inverses
from .resampling import whole

if TYPE_CHECKING:
    from .resampling import Draws

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
    """Solve a chain for each column of counts; they lie one after another."""
    names = counts.get_column(_NEXT).drop_nulls().unique().sort()
    chains = [name for name in counts.columns if name not in (_HERE, _NEXT, _END)]
    effects = _effects(_chances(counts, names, chains), len(names), len(chains))
    won = counts.filter(_END).select(pl.col(chains).sum()).row(0)
    found = {}
    for k, (name, conversions) in enumerate(zip(chains, won, strict=True)):
        effect = effects.slice(k * len(names), len(names))
        found[name] = effect * (conversions / (effect.sum() or 1.0))
    return pl.DataFrame({"touch": names, **found}, schema_overrides={"touch": pl.String})


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


def _effects(moves: pl.DataFrame, size: int, n_chains: int) -> pl.Series:
    """Return the removal effect of each touch, of one chain after the other."""
    here, after = (pl.col("chain") * size + pl.col(name) for name in (_HERE, _NEXT))
    starts, stops = pl.col(_HERE).is_null(), pl.col(_NEXT).is_null()
    states = n_chains * size
    inner = moves.filter(~starts & ~stops)
    passed = _laid_out(inner, here * size + pl.col(_NEXT), states * size)
    first = pl.lit(_laid_out(moves.filter(starts), after, states))
    won = pl.lit(_laid_out(moves.filter(_END), here, states))
    cell = pl.int_range(states * size, eager=True).alias("cell").to_frame()
    row, column = pl.col("cell") // size, pl.col("cell") // size**2 * size + pl.col("cell") % size
    cells = cell.select(row.alias("row"), column.alias("column")).with_columns(passed)
    own = pl.col("row") == pl.col("column")
    visits = inverses(cells.select(own.cast(pl.Float64) - pl.col("chance")).to_series(), size)
    cells = cells.with_columns(visits.alias("visits"))
    came = pl.col("visits") * first.gather(pl.col("row"))
    goes = pl.col("visits") * won.gather(pl.col("column"))
    coming = cells.group_by(state="column").agg(came.sum().alias("came"))
    going = cells.group_by(state="row").agg(
        goes.sum().alias("goes"), pl.col("visits").filter(own).sum().alias("own")
    )
    effect = pl.col("came") * pl.col("goes") / pl.col("own")
    return coming.join(going, on="state").sort("state").select(effect).to_series()


def _laid_out(moves: pl.DataFrame, place: pl.Expr, length: int) -> pl.Series:
    """Write chances at their places, and 0 everywhere else."""
    places, chances = moves.select(place.alias("place"), "chance").get_columns()
    return pl.repeat(0.0, length, eager=True).scatter(places, chances).alias("chance")

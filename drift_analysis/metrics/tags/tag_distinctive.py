"""Which tags set two groups of conversations apart."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Literal

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, TagDistinctive
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.tags import VARIANCES

from .tag_names import CONVERSATION, SAME, TAGS, most_frequent, tag_rows, tag_uses

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["sides_of", "tag_distinctive"]

_FIRST, _SECOND = "first", "second"


def tag_distinctive(
    conversations: Frame,
    *,
    first: pl.Expr,
    second: pl.Expr | None = None,
    prior: float = 10.0,
    variance: Literal["full", "leading"] = "full",
) -> Frame:
    """Tell which tags belong more to some conversations than to others.

    Differences of shares favour frequent tags, and ratios favour rare ones. Here the odds of a
    tag on either side are pulled towards those of both together, the more the fewer uses there
    are, and the log of their ratio is given in standard errors: ``z`` beyond 2 or so stands out.
    Zero counts are fine.

    Parameters
    ----------
    conversations
        A `Conversations` table. Conversations whose tags are unknown are in no count.
    first, second
        Boolean expressions over the columns of the conversations: two groups
        (``pl.col("inbox_id") == 7``) or two periods (``pl.col("created_at") < day``). Without
        `second` it is all others. Null is false; what is on both sides cannot set them apart
        and is left out.
    prior
        How many uses of tags the prior is worth, spread over the tags as all uses of both sides
        are. More pull harder.
    variance
        ``"full"``: ``1/(y + a) + 1/(n + a0 - y - a)`` of either side, added up. ``"leading"``:
        ``1/(y + a)`` only, as most programs have it, which is the same where tags are rare. Here
        y of the n uses of a side are the tag's, and a of the a0 uses of the prior.

    Returns
    -------
    :
        A `TagDistinctive` table: ``tag``, ``first``, ``second``, ``n_first``, ``n_second``,
        ``n_unknown``, ``prior``, ``log_odds``, ``variance``, ``variance_formula``, ``z``. One row
        per tag that either side has, those of the first side on top: sorted by ``z``
        descending, then tag. With a single tag there are no odds, and they are null.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If `first` or `second` is no condition, `prior` is not a number above 0, or `variance` is
        no choice.

    References
    ----------
    B. L. Monroe, M. P. Colaresi and K. M. Quinn, "Fightin' words", Political Analysis 16 (2008),
    372-403, equations 15 and 16: the log-odds ratio with an informative Dirichlet prior.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_distinctive import tag_distinctive
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> said = [(7, "demo"), (7, "demo"), (7, "price"), (8, "price"), (8, "bug")]
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": n, "created_at": made, "inbox_id": i, "tags": [{"name": t}]}
    ...         for n, (i, t) in enumerate(said)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> found = tag_distinctive(conversations, first=pl.col("inbox_id") == 7, prior=5)
    >>> found.select("tag", "first", "second", pl.col("log_odds", "z").round(2))
    shape: (3, 5)
    ┌───────┬───────┬────────┬──────────┬───────┐
    │ tag   ┆ first ┆ second ┆ log_odds ┆ z     │
    │ ---   ┆ ---   ┆ ---    ┆ ---      ┆ ---   │
    │ str   ┆ u32   ┆ u32    ┆ f64      ┆ f64   │
    ╞═══════╪═══════╪════════╪══════════╪═══════╡
    │ demo  ┆ 2     ┆ 0      ┆ 0.92     ┆ 0.84  │
    │ price ┆ 1     ┆ 1      ┆ -0.22    ┆ -0.21 │
    │ bug   ┆ 0     ┆ 1      ┆ -1.03    ┆ -0.76 │
    └───────┴───────┴────────┴──────────┴───────┘
    """
    _require_prior(prior)
    if variance not in VARIANCES:
        name = "variance"
        raise InputError.unknown_choice(name, variance, VARIANCES)
    for name, condition in ((_FIRST, first), (_SECOND, second)):
        _require_condition(Conversations.require(conversations), name, condition)
    rows = sides_of(conversations.lazy(), first, second)
    spelled = tag_uses(rows, [_FIRST, _SECOND])
    counts = (
        spelled.select(SAME, CONVERSATION, _FIRST, _SECOND)
        .unique()
        .group_by(SAME)
        .agg(pl.col(_FIRST, _SECOND).sum())
    )
    measured = (
        _measured(counts, prior, variance)
        .join(rows.select(_sizes()), how="cross")
        .join(most_frequent(spelled, "tag"), on=SAME)
        .with_columns(pl.lit(variance).cast(pl.Enum(VARIANCES)).alias("variance_formula"))
        .sort("z", SAME, descending=[True, False], nulls_last=True)
    )
    return as_given(TagDistinctive.conform(measured), conversations)


def _require_condition(frame: Frame, name: str, condition: pl.Expr | None) -> None:
    if condition is None:
        return
    try:
        dtype = frame.lazy().select(condition).collect_schema().dtypes()
    except (pl.exceptions.PolarsError, TypeError) as error:
        evidence = f"It cannot be computed: {type(error).__name__}."
    else:
        if dtype == [pl.Boolean]:
            return
        evidence = f"It gives {', '.join(map(str, dtype))}."
    what = f"{name} is no condition on the conversations."
    raise InputError.of(what, evidence, "pl.col('inbox_id') == 7.") from None


def _require_prior(prior: float) -> None:
    number: object = prior
    if not isinstance(number, int | float) or not (isfinite(number) and number > 0):
        what = f"prior={prior!r} is not a number above 0."
        raise InputError.of(what, "It is how many uses of tags the prior is worth.", "prior=10.")


def sides_of(conversations: pl.LazyFrame, first: pl.Expr, second: pl.Expr | None) -> pl.LazyFrame:
    """Return the conversations of one side only, each once."""
    one = first.fill_null(value=False)
    other = ~one if second is None else second.fill_null(value=False)
    sided = conversations.with_columns(one.alias(_FIRST), other.alias(_SECOND))
    return tag_rows(sided.filter(pl.col(_FIRST) != pl.col(_SECOND)), [_FIRST, _SECOND])


def _sizes() -> list[pl.Expr]:
    """Count the conversations of either side, and those of both whose tags are unknown."""
    ids, known = pl.col(CONVERSATION), pl.col(TAGS).is_not_null()
    return [
        ids.filter(known & pl.col(_FIRST)).n_unique().alias("n_first"),
        ids.filter(known & pl.col(_SECOND)).n_unique().alias("n_second"),
        ids.filter(~known).n_unique().alias("n_unknown"),
    ]


def _measured(counts: pl.LazyFrame, prior: float, variance: str) -> pl.LazyFrame:
    """Add the log-odds ratio of each tag, its variance, and their quotient."""
    y, other_y = (pl.col(side).cast(pl.Float64) for side in (_FIRST, _SECOND))
    added = prior * (y + other_y) / (y + other_y).sum()
    ours, theirs = y + added, other_y + added
    our_rest, their_rest = y.sum() + prior - ours, other_y.sum() + prior - theirs
    log_odds = (ours / our_rest).log() - (theirs / their_rest).log()
    spread = 1 / ours + 1 / theirs
    if variance == "full":
        spread = spread + 1 / our_rest + 1 / their_rest
    several = pl.len() > 1
    return counts.with_columns(
        added.alias("prior"),
        pl.when(several).then(log_odds).alias("log_odds"),
        pl.when(several).then(spread).alias("variance"),
    ).with_columns((pl.col("log_odds") / pl.col("variance").sqrt()).alias("z"))

"""Whether conversations with a tag take longer than the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import Conversations, TagSurvival
from drift_analysis.schemas.base import as_given

from ..arguments import require_columns, require_duration, require_flag
from ..statistics.life_tables import EVENT, EVERYTHING, hazards, observations
from ..statistics.p_values import benjamini_hochberg, normal_p
from ..statistics.proportions import normal_quantile
from ..statistics.survival import survival_quantiles
from .tag_names import CONVERSATION, SAME, TAGS, most_frequent, tag_rows, tag_uses

if TYPE_CHECKING:
    from drift_analysis.schemas.base import Frame

__all__ = ["seen_of", "tag_survival"]

_SMALL = 1e-9
"""The part of a variance below which what is left of it is rounding."""

_Z = normal_quantile(0.95)


def tag_survival(
    waits: Frame, conversations: Frame, *, duration: str = "wait", censored: str = "censored"
) -> Frame:
    """Compare how long conversations with a tag take with the rest, for every tag.

    Read it with care: **tags come after the fact.** People tag a conversation once they know how
    it went, often when they close it, so a tag may be there *because* it took long, or because
    it ended at all. What still runs has had less time to be tagged. This describes tagged
    conversations; it predicts nothing, and shows no cause.

    Parameters
    ----------
    waits
        One row per conversation: ``conversation_id``, and how long it took, such as the
        table of `first_response`. Rows whose duration is null or negative, or of which it is not
        known whether they ended, are not at risk.
    conversations
        A `Conversations` table, for the tags.
    duration, censored
        The columns of `waits`, as for `survival_curve`. A `FirstResponse` table is not censored
        where a conversation was closed without an answer; for the time to an *answer*, make
        a column of ``pl.col("outcome") != "answered"``.

    Returns
    -------
    :
        A `TagSurvival` table, one row per tag of the conversations at risk: ``tag``, ``n``,
        ``n_rest``, ``n_unknown``, ``events``, ``expected``, ``median`` with ``median_lo`` and
        ``median_hi``, ``median_all``, ``hazard_ratio`` with ``hazard_ratio_lo`` and
        ``hazard_ratio_hi``, ``chi2``, ``p``, ``q``. Most conversations first, then by tag.

    Raises
    ------
    SchemaError
        If `conversations` is no such table.
    InputError
        If a column is not there or has another dtype.

    Notes
    -----
    The log-rank test of each tag against the rest, as `log_rank` gives it. All that it needs
    are sums over the conversations with the tag: with H(t) the hazard of all added up until t, H
    of their times adds up to the ends that are expected of them, and their variance likewise. So
    many tags cost no more than few. The hazard ratio is Peto's, exp((events - expected) /
    variance): good for ratios near 1, too near to 1 for large ones.

    References
    ----------
    R. Peto and J. Peto, Journal of the Royal Statistical Society A 135 (1972); S. Yusuf et al.,
    Progress in Cardiovascular Diseases 27 (1985), for the ratio.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> import polars as pl
    >>> from drift_analysis.metrics.tags.tag_survival import tag_survival
    >>> from drift_analysis.schemas import Conversations
    >>> made = datetime(2026, 1, 5, tzinfo=UTC)
    >>> conversations = pl.DataFrame(
    ...     [
    ...         {"conversation_id": n, "created_at": made, "tags": [{"name": "vip"}] * (n < 3)}
    ...         for n in range(6)
    ...     ],
    ...     schema=Conversations.schema(),
    ... )
    >>> waits = pl.DataFrame({
    ...     "conversation_id": range(6),
    ...     "wait": [timedelta(minutes=m) for m in (1, 2, 3, 4, 5, 6)],
    ...     "censored": [False] * 6,
    ... })
    >>> found = tag_survival(waits, conversations)
    >>> found.select("tag", "n", "events", "expected", "median", pl.col("chi2", "p").round(3))
    shape: (1, 7)
    ┌─────┬─────┬────────┬──────────┬──────────────┬───────┬───────┐
    │ tag ┆ n   ┆ events ┆ expected ┆ median       ┆ chi2  ┆ p     │
    │ --- ┆ --- ┆ ---    ┆ ---      ┆ ---          ┆ ---   ┆ ---   │
    │ str ┆ u32 ┆ u32    ┆ f64      ┆ duration[ms] ┆ f64   ┆ f64   │
    ╞═════╪═════╪════════╪══════════╪══════════════╪═══════╪═══════╡
    │ vip ┆ 3   ┆ 3      ┆ 1.15     ┆ 2m           ┆ 5.052 ┆ 0.025 │
    └─────┴─────┴────────┴──────────┴──────────────┴───────┴───────┘
    """
    key = Conversations.conversation_id.name
    require_columns(waits, [key, duration, censored])
    require_flag(require_duration(waits, duration), censored)
    _require_ids(waits, key)
    rows = tag_rows(Conversations.require(conversations).lazy(), [])
    # Sums and medians ask for other columns, and without the cache for other rows.
    spelled = tag_uses(rows, []).cache()
    seen = seen_of(waits.lazy(), duration, censored)
    known = seen.join(rows.drop_nulls(TAGS), on=CONVERSATION, how="semi").cache()
    uses = seen.join(spelled.select(CONVERSATION, SAME).unique(), on=CONVERSATION).cache()
    everyone = seen.select(pl.len().alias("n_seen"))
    result = (
        _scores(uses, known)
        .join(_medians(uses, SAME).drop("n_all"), on=SAME)
        .join(_medians(known, EVERYTHING).select("n_all", median_all="median"), how="cross")
        .join(everyone, how="cross")
        .join(most_frequent(spelled, "tag"), on=SAME)
        .with_columns(
            (pl.col("n_all") - pl.col("n")).alias("n_rest"),
            (pl.col("n_seen") - pl.col("n_all")).alias("n_unknown"),
            *_tests(),
        )
        .with_columns(benjamini_hochberg("p"))
        .sort("n", SAME, descending=[True, False])
    )
    return as_given(TagSurvival.conform(result), waits)


def _require_ids(waits: Frame, key: str) -> None:
    dtype = waits.collect_schema()[key]
    if not dtype.is_integer():
        what = f"{key!r} holds no ids of conversations."
        raise InputError.of(what, f"Its dtype is {dtype}.", f"pl.col({key!r}).cast(pl.Int64).")


def seen_of(waits: pl.LazyFrame, duration: str, censored: str) -> pl.LazyFrame:
    """Return the conversations at risk, how long they were seen, and whether they ended."""
    named = waits.with_columns(
        pl.col(Conversations.conversation_id.name).cast(pl.Int64).alias(CONVERSATION),
        pl.lit(0, pl.Int8).alias(EVERYTHING),
    )
    seen = observations(
        named, duration=duration, event=~pl.col(censored), keys=[EVERYTHING, CONVERSATION]
    )
    return seen.drop_nulls([CONVERSATION, EVENT]).unique()


def _scores(uses: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Add up, for every tag, its ends, those expected of it, and their variance.

    Of the m with the tag that are at risk at a time, the variance takes m and m squared. Added up
    over all times, m counts each of them until its own time, and m squared each pair until the
    shorter of the two: the r-th longest is that in 2 r - 1 ordered pairs.
    """
    sums = [
        pl.col(name).cum_sum().over(EVERYTHING, order_by="t")
        for name in ("hazard", "linear", "square")
    ]
    until = hazards(known, [EVERYTHING]).select("t", *sums)
    longest = pl.col("t").rank("ordinal", descending=True).over(SAME).cast(pl.Float64)
    square = (pl.col("square") * (2 * longest - 1)).alias("square")
    return (
        uses.join(until, on="t")
        .with_columns(square)
        .group_by(SAME)
        .agg(
            pl.len().alias("n"),
            pl.col(EVENT).sum().alias("events"),
            pl.col("hazard").sum().alias("expected"),
            pl.col("linear").sum(),
            pl.col("square").sum(),
        )
    )


def _tests() -> list[pl.Expr]:
    """Return the log-rank test of each tag against the rest, and Peto's hazard ratio."""
    score, variance = pl.col("events") - pl.col("expected"), pl.col("linear") - pl.col("square")
    log_ratio, error = score / variance, 1 / variance.sqrt()
    found = {
        "hazard_ratio": log_ratio.exp(),
        "hazard_ratio_lo": (log_ratio - _Z * error).exp(),
        "hazard_ratio_hi": (log_ratio + _Z * error).exp(),
        "chi2": score**2 / variance,
        "p": normal_p(score * error),
    }
    can_tell = variance > _SMALL * pl.col("linear")
    return [pl.when(can_tell).then(each).alias(name) for name, each in found.items()]


def _medians(rows: pl.LazyFrame, group: str) -> pl.LazyFrame:
    censored = rows.with_columns(pl.col("t").alias("__t"), (~pl.col(EVENT)).alias("__censored"))
    found = survival_quantiles(
        censored.drop("t"), duration="__t", censored="__censored", by=group, q=[0.5]
    )
    names = {"n": "n_all", "p50": "median", "p50_lo": "median_lo", "p50_hi": "median_hi"}
    return found.select(group, *names).rename(names)

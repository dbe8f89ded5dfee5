"""Whether a playbook does better than before: its engagement or its share, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics.statistics.proportions import wilson
from drift_analysis.schemas import PlaybookAttribution
from drift_analysis.schemas.base import require_moment

from ..kit.format import zone
from ..kit.frame import FEW, Picture, Size, Space, by_size, calm, framed, limit_of
from ..kit.panels import PANELS_LEFT, period_ends, trend_panels
from ..kit.periods import latest_periods, with_earlier
from ..kit.prepare import collected
from ..kit.theme import ACCENT
from ..kit.words import as_of_sentence, period
from .playbook_rows import PLAYBOOK_LABEL
from .playbook_trend_words import playbook_trend_words

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["playbook_trend"]

Of = Literal["engagement", "starts"]


def playbook_trend(
    attribution: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    of: Of = "engagement",
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw how a share of each playbook changes: small panels on one scale.

    The band is the 95 % interval (Wilson). A period that `as_of` has not passed yet is incomplete
    and hollow; one in which fewer than five conversations are counted has no point.

    Parameters
    ----------
    attribution
        `PlaybookAttribution` tables of several periods below each other, with a column ``period``
        (Date), the first day of each: ``playbook_attribution(week, ...)`` of the conversations of
        each week, ``.with_columns(period=...)``, and ``pl.concat``.
    as_of
        The moment that the tables were computed for, with a time zone.
    of
        ``"engagement"``: the share of the playbook's conversations in which the contact engaged;
        ``"starts"``: the share of all conversations with a known playbook that it started.
    tz
        The time zone in which the periods were cut.
    limit
        How many playbooks to show: those with the most conversations, 6 or in half size 4 if not
        given.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `attribution` is no `PlaybookAttribution` table, or has no ``period``.
    InputError
        If `as_of` has no time zone, or there is no such share, size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> nothing = schemas.PlaybookAttribution.empty().with_columns(period=pl.lit(None, pl.Date))
    >>> charts.playbook_trend(nothing, as_of=noon).description
    'No picture: no playbook started a conversation until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    zone(tz)
    if of not in get_args(Of):
        raise InputError.unknown_choice("of", of, get_args(Of))
    _require_period(attribution)
    table = collected(attribution, PlaybookAttribution, "period")
    table, earlier = latest_periods(table.filter(pl.col("period").is_not_null()))
    rows = _rows(table, limit_of(limit, size, full=6, half=4), of, (as_of, tz))
    when = (period(None, as_of, tz), as_of_sentence(as_of, tz))
    words = playbook_trend_words(rows, table, of, when, as_of.astimezone(zone(tz)).date())
    words = with_earlier(words.but(title, subtitle), earlier)
    if rows.is_empty() or rows["solid"].null_count() == rows["pale"].null_count() == rows.height:
        return calm(f"{words.title}.", words, size)
    space = Space.of(size, left=PANELS_LEFT)
    return framed(trend_panels(rows, space, by_size(size, full=3, half=2)), words, space)


def _require_period(attribution: pl.DataFrame | pl.LazyFrame) -> None:
    have = PlaybookAttribution.require(attribution.lazy()).collect_schema()
    if have.get("period") != pl.Date:
        raise SchemaError.of(
            "PlaybookAttribution: missing 'period', of dtype Date.",
            f"The frame has {', '.join(map(repr, have))}.",
            "playbook_attribution(...).with_columns(period=...) for each period, and pl.concat.",
        )


def _rows(table: pl.DataFrame, limit: int, of: Of, when: tuple[datetime, str]) -> pl.DataFrame:
    """Keep the largest playbooks, a row per period, also of those in which they started none."""
    known = table.filter(pl.col("attribution") != "unknown")
    all_of = known.group_by("period").agg(n_known=pl.col("conversations").sum().cast(pl.Int64))
    books = known.filter(pl.col("attribution") == "playbook", pl.col("conversations") > 0)
    ranked = books.group_by("playbook_id").agg(
        PLAYBOOK_LABEL.sort_by("period").last(), n=pl.col("conversations").sum()
    )
    ranked = ranked.sort("n", "playbook_id", descending=[True, False]).head(limit)
    panels = ranked.select("playbook_id", "label").with_row_index("panel")
    grid = panels.join(all_of, how="cross").join(
        books.select("playbook_id", "period", "conversations", "engaged"),
        on=["playbook_id", "period"],
        how="left",
    )
    counts = pl.col("conversations", "engaged").fill_null(0).cast(pl.Int64)
    hits, trials = (
        ("engaged", "conversations") if of == "engagement" else ("conversations", "n_known")
    )
    lo, hi = wilson(hits, trials)
    solid, enough = pl.col("is_complete"), pl.col(trials) >= FEW
    ends = period_ends(table["period"].unique().sort(), *when)
    return (
        grid.with_columns(counts)
        .join(ends, on="period")
        .sort("panel", "period")
        .with_columns(
            share=pl.when(pl.col(trials) > 0).then(pl.col(hits) / pl.col(trials)),
            share_lo=pl.when(solid & enough).then(lo),
            share_hi=pl.when(solid & enough).then(hi),
            trials=pl.col(trials),
            color=pl.lit(ACCENT),
        )
        .with_columns(
            solid=pl.when(solid & enough).then("share"), pale=pl.when(~solid & enough).then("share")
        )
    )

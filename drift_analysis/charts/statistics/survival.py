"""How long until it ends: falling curves with bands, and how many are left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from drift_analysis.schemas import SurvivalCurve
from drift_analysis.schemas.base import require_moment

from ..kit.curves import AT_RISK, Line, curves
from ..kit.format import human_duration, human_share
from ..kit.frame import FEW, Picture, Space, by_size, calm, framed, limit_of, names, names_width
from ..kit.groups import in_groups
from ..kit.points import few_points
from ..kit.text import wrap
from ..kit.theme import ACCENT, SERIES_COLORS
from ..kit.words import as_of_sentence, period
from .survival_words import medians, nothing, survival_words

if TYPE_CHECKING:
    from datetime import datetime

    from ..kit.frame import Size, Words

__all__ = ["MOST", "curve_space", "each_length", "few_lengths", "survival_curve"]

MOST = 4
"""How many curves a picture holds at most."""

_FOOT = 60


def survival_curve(
    curve: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    ended: str = "ended",
    since: datetime | None = None,
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share that goes on after each time, with its band, for one or several groups.

    The curve falls whenever something ends (Kaplan-Meier); what still runs counts as far as it
    got. The median is where the curve crosses the broken line at one half; where it never does,
    the words say so. Under the axis stands how many are left at each time. A group of fewer than
    five has no curve; if all are so small, each length of time is drawn, hollow where it runs.

    Parameters
    ----------
    curve
        A `SurvivalCurve` table. Columns that it does not have are those of groups.
    as_of
        The moment that the table was computed for, with a time zone.
    ended
        What has happened to those that left the curve, as it follows "have": ``"closed"``,
        ``"been answered"``.
    since
        When the period began, for the subtitle.
    tz
        The time zone of the dates in the words.
    limit
        How many groups to draw, the largest first: 4 at most, which is what is drawn if not
        given (2 in half size). The others are counted in the caption.
    title, subtitle
        Words of your own in place of the finding, and of the measure.
    size
        ``"full"`` (640 x 320, higher with groups) or ``"half"`` (310 x 240).

    Returns
    -------
    :
        A chart that composes with ``|`` and ``&``.

    Raises
    ------
    SchemaError
        If `curve` is no `SurvivalCurve` table.
    InputError
        If `as_of` has no time zone, `limit` is below 1, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> chart = charts.survival_curve(schemas.SurvivalCurve.empty(), as_of=noon)
    >>> chart.description
    'No picture: there is nothing to measure until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    when = (period(since, as_of, tz), as_of_sentence(as_of, tz))
    most = min(MOST, limit_of(limit, size, full=MOST, half=2))
    rows = in_groups(curve, SurvivalCurve)
    if rows.is_empty():
        return calm("Nothing to measure.", nothing(when).but(title, subtitle), size)
    groups = _groups(rows)
    is_few = groups["n"].max() < FEW  # type: ignore[operator]
    shown = groups if is_few else groups.filter(pl.col("n") >= FEW)
    shown = shown.head(most).with_row_index("series")
    rows = rows.join(shown.select("group", "series"), on="group").sort("series", "t")
    found = shown.join(medians(rows), on="series", maintain_order="left")
    words = survival_words(found, groups, ended, when).but(title, subtitle)
    if is_few:
        each = each_length(rows, pl.col("events"), pl.col("censored"))
        return few_lengths(each, words, size, ended)
    lines = _lines(found, by_size(size, full=136, half=76))
    risk = rows.select("t", "at_risk", row="series", said=pl.col("name").replace("", "still on"))
    alone = by_size(size, full=84, half=70)
    right = alone if len(lines) == 1 else by_size(size, full=158, half=96)
    space = curve_space(size, found["name"].to_list(), right=right)
    return framed(curves(rows.with_columns(share="survival"), lines, risk, space), words, space)


def _lines(groups: pl.DataFrame, width: int) -> list[Line]:
    """Say at the end of each curve when it came to one half, or, if it is alone, how many go on."""
    if groups.height == 1:
        group = groups.row(0, named=True)
        half = group["p50"]
        told = "" if half is None else f"half by {human_duration(half)}"
        said = f"still on\n{human_share(group['left'])}"
        return [Line(group["left"], said, ACCENT, half, told)]
    return [
        Line(group["left"], _label(group, width), color, group["p50"])
        for group, color in zip(groups.to_dicts(), SERIES_COLORS, strict=False)
    ]


def _groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the groups, the largest first: how many, how many still run, how many went on."""
    return (
        rows.group_by("group", maintain_order=True)
        .agg(
            pl.col("name").first(),
            n=pl.col("at_risk").max().cast(pl.Int64),
            running=pl.col("censored").sum().cast(pl.Int64),
            left=pl.col("survival").last(),
        )
        .sort("n", "group", descending=[True, False])
    )


def _label(group: dict[str, Any], width: int) -> str:
    half = group["p50"]
    said = "half not reached" if half is None else f"half by {human_duration(half)}"
    name = wrap(group["name"], width, size=12, lines=2)
    return "\n".join([*name, *wrap(said, width, size=12)])


def curve_space(size: str, texts: list[str], *, right: int) -> Space:
    """Make room for a row of numbers per group, and for their names at the left edge."""
    left = max(66, names_width(texts, most=by_size(size, full=132, half=76)) + 16)
    space = Space.of(size, left=left, right=right, foot=_FOOT)
    more = AT_RISK * (len(texts) - 1)
    return replace(space, height=space.height + more, foot=space.foot + more)


def each_length(rows: pl.DataFrame, ended: pl.Expr, running: pl.Expr) -> pl.DataFrame:
    """Return a row for each length of time, where they are few."""
    parts = [
        rows.select("series", "name", "t", times=times.cast(pl.Int64), ended=pl.lit(value=is_end))
        for times, is_end in ((ended, True), (running, False))
    ]
    each = pl.concat(parts).filter(pl.col("times") > 0)
    repeated = each.with_columns(pl.int_ranges(0, "times").alias("times")).explode("times")
    return repeated.sort("series", "t", "ended", descending=[False, False, True])


def few_lengths(each: pl.DataFrame, words: Words, size: str, ended: str) -> Picture:
    """Draw each length of time, with the name of its group or what became of it."""
    state = pl.when("ended").then(pl.lit(ended or "ended")).otherwise(pl.lit("still on"))
    named = each.with_columns(
        pl.when(pl.col("name") == "").then(state).otherwise("name").alias("name"),
        pl.Series("said", [human_duration(t) for t in each["t"]], dtype=pl.String),
    )
    texts = named["name"].to_list()
    space = Space.for_rows(size, texts, rows=each.height, right=70, foot=26)
    rows = named.with_columns(pl.Series("name", names(texts, space))).with_row_index("row")
    return framed(few_points(rows, space), words, space)

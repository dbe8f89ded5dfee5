"""Whether it gets better: the share that ended within a fixed time, period by period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from drift_analysis.errors import SchemaError
from drift_analysis.schemas import CohortTrend
from drift_analysis.schemas.base import require_moment

from ..kit.axes import share_axis
from ..kit.format import exact_count, human_share
from ..kit.frame import FEW, Drawing, Picture, Space, by_size, calm, framed, limit_of
from ..kit.groups import GROUP, in_groups
from ..kit.periods import latest_periods, period_x, with_earlier
from ..kit.prepare import drawn
from ..kit.text import wrap
from ..kit.words import as_of_sentence
from .cohorts_words import cohort_words, no_cohorts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ..kit.frame import Size

__all__ = ["cohort_trend"]

_LEFT, _GAP, _HEAD, _FOOT = 46, 22, 30, 26
_N_ROOM = 34


def cohort_trend(
    trend: pl.DataFrame | pl.LazyFrame,
    *,
    as_of: datetime,
    ended: str = "ended",
    tz: str = "UTC",
    limit: int | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    size: Size = "full",
) -> Picture:
    """Draw the share that ended within the horizon, for what began in each period.

    All are looked at after the same time, so that young periods do not dip. A period of which
    the horizon has not passed for all is immature: pale and hollow, on a shaded ground with that
    word. The thin lines are 95 % intervals. Groups have a panel each, on one scale, the largest
    first. A period with fewer than five has no point.

    Parameters
    ----------
    trend
        A `CohortTrend` table with its column ``period``. Further columns are those of groups.
    as_of
        The moment that the table was computed for, with a time zone.
    ended
        What has happened to those that count, as it follows "have": ``"closed"``, ``"been
        answered"``.
    tz
        The time zone in which the periods were cut.
    limit
        How many groups to draw; 6, or 2 in half size, if not given. The others are counted in
        the caption.
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
        If `trend` is no `CohortTrend` table, or has no ``period``.
    InputError
        If `as_of` has no time zone, `limit` is below 1, or there is no such size or time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis import charts, schemas
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> nothing = schemas.CohortTrend.empty().with_columns(period=pl.lit(None, pl.Date))
    >>> charts.cohort_trend(nothing, as_of=noon).description
    'No picture: there is nothing to follow until 1 Mar 2026.'
    """
    as_of = require_moment(as_of)
    told = as_of_sentence(as_of, tz)
    most = limit_of(limit, size, full=6, half=2)
    _require_period(trend)
    table, earlier = latest_periods(in_groups(trend, CohortTrend, "period"))
    rows = _rows(table)
    panels = _panels(rows)
    rows = rows.join(panels.head(most).select(GROUP, "panel"), on=GROUP).sort("panel", "place")
    if rows["solid"].null_count() == rows["pale"].null_count() == rows.height:
        words = no_cohorts(rows, as_of, tz).but(title, subtitle)
        return calm(f"{words.title}.", words, size)
    words = cohort_words(rows, panels.height, ended, (as_of, tz, told)).but(title, subtitle)
    words = with_earlier(words, earlier)
    right = 14 if panels.height > 1 else by_size(size, full=60, half=50)
    space = Space.of(size, left=_LEFT, right=right, foot=_FOOT)
    if rows["panel"].n_unique() > 1:
        return framed(_small(rows, space, by_size(size, full=3, half=1)), words, space)
    return framed(_large(rows, replace(space, foot=_FOOT + _N_ROOM)), words, space)


def _require_period(trend: pl.DataFrame | pl.LazyFrame) -> None:
    have = trend.collect_schema().names()
    if "period" not in have:
        raise SchemaError.of(
            "CohortTrend: missing 'period'.",
            f"The frame has {', '.join(map(repr, have))}.",
            'cohort_trend(frame, ..., every="1w").',
        )


def _rows(table: pl.DataFrame) -> pl.DataFrame:
    """Number the periods, and tell which of them count."""
    known = table.filter(pl.col("period").is_not_null())
    solid, enough = pl.col("is_mature"), pl.col("n") >= FEW
    return known.with_columns(
        pl.when(enough).then(pl.col("share", "lo", "hi")),
        place=pl.col("period").rank("dense").cast(pl.Int64) - 1,
        solid=pl.when(solid & enough).then("share"),
        pale=pl.when(~solid & enough).then("share"),
    )


def _panels(rows: pl.DataFrame) -> pl.DataFrame:
    sizes = rows.group_by(GROUP).agg(pl.col("n").sum())
    return sizes.sort("n", GROUP, descending=[True, False]).with_row_index("panel")


def _large(rows: pl.DataFrame, space: Space) -> Drawing:
    """Draw one trend, with how many there are under each period that is named."""
    periods = rows["period"].to_list()
    x = period_x("place", periods, space.plot_width)
    data = _data(rows)
    base = alt.Chart(data).encode(x=x)
    solid = alt.Chart(data.filter(pl.col("solid").is_not_null()).tail(1))
    last = solid.mark_text(style="strong", align="right", dx=-8, dy=_beside(rows["solid"]))
    pale = alt.Chart(data.tail(1).filter(pl.col("pale").is_not_null()))
    so_far = pale.mark_text(style="note", align="left", baseline="middle", lineBreak="\n")
    axis: Any = x.to_dict()
    named: list[int] = axis["axis"]["values"]
    count = base.mark_text(style="note").encode(y=alt.value(space.plot_height + 40), text="n:N")
    head = alt.Chart(pl.DataFrame({"n": ["n"]})).mark_text(style="note", align="left")
    return alt.layer(
        *_immature(rows, space.plot_width, space.plot_height),
        *_marks(base),
        last.encode(x=x, y=_y("solid"), text="share_text:N"),
        so_far.encode(x=alt.value(space.plot_width + 6), y=_y("pale"), text="so_far:N"),
        count.properties(data=data.filter(pl.col("place").is_in(named))),
        head.encode(x=alt.value(-space.left), y=alt.value(space.plot_height + 40), text="n:N"),
    ).properties(width=space.plot_width, height=space.plot_height)


def _beside(shares: pl.Series) -> int:
    """Return where a number stands off its line: below where it fell, above where it rose."""
    ends: list[float] = shares.drop_nulls().tail(2).to_list()
    return 12 if ends[-1:] < ends[:1] else -8


def _small(rows: pl.DataFrame, space: Space, columns: int) -> Drawing:
    """Draw a small panel per group, all on one scale."""
    n_panels = rows["panel"].n_unique()
    columns = min(columns, n_panels)
    lines = -(-n_panels // columns)
    width = (space.plot_width - (columns - 1) * (_GAP + 8)) // columns
    height = (space.plot_height - lines * _HEAD) // lines
    periods: Sequence[date] = rows["period"].unique().sort().to_list()
    x = period_x("place", periods, width)
    data = _data(rows, width)
    base = alt.Chart().encode(x=x)
    first = base.mark_text(style="strong", align="left", baseline="bottom")
    layers = alt.layer(
        *_immature(rows, width, height, said=False),
        *_marks(base),
        first.encode(x=alt.value(0), y=alt.value(-6), text="head:N"),
    ).properties(width=width, height=height)
    facet = alt.Facet("panel", type="ordinal").header(
        title=None, labelExpr="''", labelFontSize=1, labelPadding=0
    )
    drawing: Drawing = layers.facet(
        facet, data=data, columns=columns, spacing={"row": _HEAD, "column": _GAP + 8}
    )
    return drawing


def _data(rows: pl.DataFrame, width: int = 0) -> pl.DataFrame:
    first = pl.col("place") == pl.col("place").min().over("panel")
    heads = [wrap(name, width, size=13, lines=1)[0] if width else "" for name in rows["name"]]
    texts = {
        "head": heads,
        "share_text": [human_share(share) for share in rows["share"]],
        "n": [exact_count(n) for n in rows["n"]],
    }
    shown = rows.with_columns(
        pl.Series(name, said, dtype=pl.String) for name, said in texts.items()
    )
    shown = shown.with_columns(
        pl.when(first).then("head").otherwise(pl.lit("")),
        so_far=pl.col("share_text") + "\nso far",
    )
    columns = ["panel", "place", "solid", "pale", "lo", "hi", "share_text", "so_far", "n", "head"]
    return drawn(shown, *columns)


def _marks(base: alt.Chart) -> list[alt.Chart]:
    tooltip = [alt.Tooltip("share_text:N", title="share"), alt.Tooltip("n:N", title="n")]
    return [
        base.mark_rule(style="interval", opacity=0.5).encode(y=_y("lo"), y2="hi:Q"),
        base.mark_line(strokeWidth=2).encode(y=_y("solid")),
        base.mark_point(filled=True, size=45, opacity=1).encode(y=_y("solid"), tooltip=tooltip),
        base.mark_point(filled=False, size=50, opacity=1, strokeWidth=1.5).encode(
            y=_y("pale"), tooltip=tooltip
        ),
    ]


def _immature(rows: pl.DataFrame, width: int, height: int, *, said: bool = True) -> list[alt.Chart]:
    """Shade the periods whose horizon has not passed for all, and say so."""
    young = rows.filter(~pl.col("is_mature"))["place"]
    if young.is_empty():
        return []
    n = rows["place"].n_unique()
    left = width * min(young.to_list()) / n
    none = pl.DataFrame({"said": ["immature"]})
    shade = alt.Chart(none).mark_rect(style="track", opacity=0.45)
    word = alt.Chart(none).mark_text(style="note", align="right")
    return [
        shade.encode(x=alt.value(left), x2=alt.value(width), y=alt.value(0), y2=alt.value(height)),
        *([word.encode(x=alt.value(width - 4), y=alt.value(10), text="said:N")] if said else []),
    ]


def _y(field: str) -> alt.Y:
    shares = alt.Y(field, type="quantitative").scale(domain=[0, 1], nice=False)
    return shares.axis(share_axis()).title(None)
